import nock from 'nock'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SuperTokensOptions } from '../../providers/supertokens/settings.js'
import { askSdk, createApp, NOW, requestWith, type TestApp } from '../support/supertokens-app.js'
import { ACCESS_TOKEN_SECONDS } from '../support/supertokens-core.js'
import { payloadOf } from '../support/supertokens-tokens.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

/** Signed in, in an app with one template. */
async function signedIn(create: () => object, app?: TestApp, parts?: Partial<SuperTokensOptions>) {
  const tokens = { reports: create as () => Record<string, unknown> }
  const { auth, core } = app ?? createApp({ provider: { requiredClaims: {}, tokens, ...parts } })
  const isStatic = parts?.session?.useDynamicAccessTokenSigningKey === false
  const bearer = core.issue({ isStatic }).accessToken
  return { auth, core, session: await auth.getAuth(requestWith({ bearer })) }
}

const validityOf = (bodies: readonly Record<string, unknown>[]) => bodies.at(-1)?.validity

describe('a template', () => {
  it('is told who is signed in, and signs what it says', async () => {
    const create = vi.fn(() => ({ plan: 'pro' }))
    const { session } = await signedIn(create)
    const token = (await session.getToken({ template: 'reports' })) ?? ''
    expect(payloadOf(token)).toMatchObject({
      plan: 'pro',
      sub: 'user-1',
      iss: 'http://localhost/auth',
    })
    expect(create).toHaveBeenCalledWith({
      userId: 'user-1',
      sessionId: session.sessionId,
      tenantId: 'public',
      claims: session.claims,
    })
  })

  it.each([
    'iss',
    'sub',
    'iat',
    'exp',
    'nbf',
    'rsub',
    'tId',
    'stt',
    'sessionHandle',
    'refreshTokenHash1',
    'parentRefreshTokenHash1',
    'antiCsrfToken',
  ])('may not set %s', async (name) => {
    const { session, core } = await signedIn(() => ({ [name]: 'x' }))
    await expect(session.getToken({ template: 'reports' })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(name),
    })
    expect(core.count('/recipe/jwt')).toBe(0)
  })

  it.each(['other', 'toString', '__proto__', 'constructor', ''])(
    'called %j is not configured',
    async (template) => {
      const { session } = await signedIn(() => ({}))
      await expect(session.getToken({ template })).rejects.toMatchObject({ code: 'config_invalid' })
    },
  )
})

describe('lifetimes', () => {
  it.each([
    [undefined, 60],
    [1, 1],
    [600, 600],
    [0, 1],
    [-5, 1],
    [86_400, ACCESS_TOKEN_SECONDS],
    [Number.POSITIVE_INFINITY, ACCESS_TOKEN_SECONDS],
    [90.7, 90],
    [0.2, 1],
    [Number.NaN, 60],
  ])('%s s asked for are %s s', async (expiresInSeconds, expected) => {
    const { session, core } = await signedIn(() => ({}))
    const options = expiresInSeconds === undefined ? {} : { expiresInSeconds }
    await session.getToken({ template: 'reports', ...options })
    expect(validityOf(core.bodies)).toBe(expected)
  })

  it('never reach beyond the session', async () => {
    const { session, core } = await signedIn(() => ({}))
    vi.setSystemTime(NOW + (ACCESS_TOKEN_SECONDS - 10) * 1000)
    await session.getToken({ template: 'reports' })
    expect(validityOf(core.bodies)).toBe(10)
  })

  it('there are none once the session is over', async () => {
    const { session, core } = await signedIn(() => ({}))
    vi.setSystemTime(NOW + (ACCESS_TOKEN_SECONDS + 5) * 1000)
    await expect(session.getToken({ template: 'reports' })).rejects.toMatchObject({
      code: 'token_expired',
    })
    expect(core.count('/recipe/jwt')).toBe(0)
  })
})

describe('a token of a template is never a session', () => {
  const fixed = { session: { useDynamicAccessTokenSigningKey: false } }

  it.each([
    ['where the session keys rotate', {}],
    ['where sessions are signed with the same key', fixed],
  ] as const)('%s', async (_says, parts: Partial<SuperTokensOptions>) => {
    const app = createApp({
      session: { useDynamicAccessTokenSigningKey: parts.session === undefined },
      provider: {
        requiredClaims: {},
        tokens: { reports: () => ({ 'st-role': { v: ['admin'] } }) },
        ...parts,
      },
    })
    const { session, auth } = await signedIn(() => ({}), app, parts)
    const token = (await session.getToken({ template: 'reports' })) ?? ''
    for (const request of [{ bearer: token }, { cookie: token }]) {
      expect(await askSdk(requestWith(request))).toMatchObject({ outcome: 'refused' })
      expect(await auth.getAuth(requestWith(request))).toMatchObject({ reason: 'token_invalid' })
    }
  })

  it('not even next to a session that is one', async () => {
    const { session, auth } = await signedIn(() => ({}))
    const bearer = (await session.getToken({ template: 'reports' })) ?? ''
    const cookie = (await session.getToken()) ?? ''
    const seen = await auth.getAuth(requestWith({ bearer, cookie }))
    expect(seen.reason).toBe('token_invalid')
  })
})

describe('when the core does not sign', () => {
  it.each([
    [{ status: 500 }, 'provider_unavailable'],
    [{ status: 401, text: 'Invalid API key' }, 'config_invalid'],
    [
      { status: 200, text: '{"status":"UNSUPPORTED_ALGORITHM_ERROR"}', type: 'application/json' },
      'provider_unavailable',
    ],
  ])('%j is %s', async (fault, code) => {
    const { session, core } = await signedIn(() => ({}))
    core.faults = [[/\/recipe\/jwt$/, fault]]
    await expect(session.getToken({ template: 'reports' })).rejects.toMatchObject({ code })
  })

  it('because it does not like the claims, nobody is signed out for it', async () => {
    const { session, core } = await signedIn(() => ({ big: 1e300 }))
    core.faults = [[/\/recipe\/jwt$/, { status: 400, text: 'Invalid Json Input' }]]
    const refusal = session.getToken({ template: 'reports' })
    await expect(refusal).rejects.not.toMatchObject({ status: 401 })
  })
})
