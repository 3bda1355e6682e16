import nock from 'nock'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTestResponse } from '../../src/testing/node-response.js'
import {
  askSdk,
  cookiesOf,
  createApp,
  NOW,
  ORIGIN,
  requestWith,
  type TestApp,
} from '../support/supertokens-app.js'
import type { IssuedSession } from '../support/supertokens-core.js'
import { payloadOf } from '../support/supertokens-tokens.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

const modes = [
  ['declared', { provider: { requiredClaims: {} } }],
  ['learned', {}],
] as const

const VERIFY = '/recipe/session/verify'

/** A session whose tokens have just been refreshed and never used. */
function refreshed({ core }: TestApp): IssuedSession {
  return core.refresh(core.issue().refreshToken) as IssuedSession
}

const parentOf = (token: string | null | undefined) =>
  payloadOf(token ?? '').parentRefreshTokenHash1

describe.each(modes)('the first use of a refreshed token, rules %s', (_mode, options) => {
  it.each(['cookie', 'bearer'] as const)('replaces it in a Response: %s', async (carrier) => {
    const app = createApp(options)
    const { accessToken } = refreshed(app)
    const guarded = app.auth.requireAuth((request) => Response.json(request.auth))
    const response = await guarded(requestWith({ [carrier]: accessToken }))
    expect(response.status).toBe(200)
    const fresh =
      carrier === 'cookie'
        ? cookiesOf(response.headers).get('sAccessToken')?.value
        : response.headers.get('st-access-token')
    expect(parentOf(fresh)).toBeNull()
    expect(response.headers.get('front-token')).toMatch(/^[\w+/=]{50,}$/)
    expect(response.headers.get('access-control-expose-headers')).toContain('front-token')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.getSetCookie()).toHaveLength(carrier === 'cookie' ? 1 : 0)
    expect(app.core.count(VERIFY)).toBe(1)
    // From now on the new token is judged on the spot.
    await app.auth.getAuth(requestWith({ [carrier]: fresh }))
    expect(app.core.count(VERIFY)).toBe(1)
  })

  it('replaces it in a Node response, next to what the handler sets', async () => {
    const app = createApp(options)
    const { accessToken } = refreshed(app)
    const guarded = app.auth.requireAuth((_request: object, response: { end(): void }) => {
      response.end()
    })
    const response = createTestResponse()
    response.setHeader('set-cookie', 'theme=dark')
    const headers = { host: 'localhost', cookie: `sAccessToken=${accessToken}` }
    await (guarded as (...rest: object[]) => Promise<void>)(
      { method: 'GET', url: '/', headers },
      response,
    )
    const [theme, replaced] = response.getHeader('set-cookie') as string[]
    expect(theme).toBe('theme=dark')
    expect(replaced).toMatch(/^sAccessToken=.*Path=\/.*HttpOnly.*SameSite=Lax/i)
    expect(response.getHeader('front-token')).toEqual(expect.any(String))
  })

  it('replaces it where getAuth is told of a response', async () => {
    const app = createApp(options)
    const { accessToken: cookie } = refreshed(app)
    const response = new Response()
    await app.auth.getAuth(requestWith({ cookie }), response)
    expect(cookiesOf(response.headers).get('sAccessToken')).toBeDefined()
  })

  it('replaces it in a redirect, whose headers cannot be changed', async () => {
    const app = createApp(options)
    const { accessToken: cookie } = refreshed(app)
    const guarded = app.auth.requireAuth(() => Response.redirect(`${ORIGIN}/next`, 303))
    const response = await guarded(requestWith({ cookie }))
    expect(response.status).toBe(303)
    expect(cookiesOf(response.headers).get('sAccessToken')).toBeDefined()
  })

  it('replaces it even when somebody has looked before, without a response at hand', async () => {
    const app = createApp(options)
    const { accessToken: cookie } = refreshed(app)
    const request = requestWith({ cookie })
    await app.auth.getAuth(request)
    const response = await app.auth.requireAuth(() => new Response())(request)
    expect(cookiesOf(response.headers).get('sAccessToken')).toBeDefined()
    expect(app.core.count(VERIFY)).toBe(1)
  })

  it('costs a call each time while the client keeps the old token', async () => {
    const app = createApp(options)
    const { accessToken: cookie } = refreshed(app)
    for (let turn = 1; turn <= 3; turn++) {
      await app.auth.getAuth(requestWith({ cookie }))
      expect(app.core.count(VERIFY)).toBe(turn)
    }
  })

  it('is refused when the session has ended in between', async () => {
    const app = createApp(options)
    const { accessToken: cookie, handle } = refreshed(app)
    app.core.revoke(handle)
    expect(await app.auth.getAuth(requestWith({ cookie }))).toMatchObject({
      reason: 'session_revoked',
    })
  })

  it('gives the new token to the handler, too', async () => {
    const app = createApp(options)
    const { accessToken: bearer } = refreshed(app)
    const auth = await app.auth.getAuth(requestWith({ bearer }))
    expect(parentOf(await auth.getToken())).toBeNull()
  })
})

describe.each(modes)('a policy that asks the vendor, rules %s', (_mode, options) => {
  it('lets a live session in with one call', async () => {
    const app = createApp(options)
    const guarded = app.auth.requireAuth(() => new Response('in'), { revocation: 'session' })
    const { accessToken: bearer } = app.core.issue()
    expect((await guarded(requestWith({ bearer }))).status).toBe(200)
    expect(app.core.bodies.at(-1)).toMatchObject({ checkDatabase: true })
    expect(app.core.count(VERIFY)).toBe(1)
  })

  it.each([
    ['revocation', { revocation: 'session' }],
    ['checkDatabase', { vendor: { supertokens: { checkDatabase: true } } }],
  ] as const)(
    'keeps an ended session out, and clears what the SDK clears: %s',
    async (_says, policy) => {
      const app = createApp(options)
      const { accessToken: cookie, handle } = app.core.issue()
      app.core.revoke(handle)
      const guarded = app.auth.requireAuth(() => new Response('in'), policy)
      const response = await guarded(requestWith({ cookie }))
      expect(response.status).toBe(401)
      expect(await response.clone().json()).toMatchObject({
        code: 'session_revoked',
        message: 'unauthorised',
      })
      expect(await app.auth.getAuth(requestWith({ cookie }))).toMatchObject({ userId: 'user-1' })
      expect(response.headers.get('front-token')).toBe('remove')
      expect(cookiesOf(response.headers).get('sAccessToken')?.value).toBe('')
    },
  )

  it('tells how long ago the session began, and not how old its token is', async () => {
    const app = createApp(options)
    const first = app.core.issue()
    vi.setSystemTime(NOW + 900_000)
    const { accessToken: bearer } = app.core.refresh(first.refreshToken) as IssuedSession
    const within = (maxAuthAgeSeconds: number) =>
      app.auth.requireAuth(({ auth }) => Response.json(auth), { maxAuthAgeSeconds })
    const fresh = await within(901)(requestWith({ bearer }))
    expect(await fresh.json()).toMatchObject({ authenticatedAt: new Date(NOW).toISOString() })
    const stale = await within(899)(requestWith({ bearer }))
    expect(stale.status).toBe(403)
    expect(stale.headers.get('www-authenticate')).toContain('max_age="899"')
    expect(await stale.json()).toMatchObject({
      claimValidationErrors: [
        { id: 'maxAuthAgeSeconds', reason: { message: 'requirement not met' } },
      ],
    })
  })

  it('takes a session the core does not know for ended, where its age is asked for', async () => {
    const app = createApp(options)
    const { accessToken: bearer, handle } = app.core.issue()
    app.core.revoke(handle)
    const guarded = app.auth.requireAuth(() => new Response('in'), { maxAuthAgeSeconds: 60 })
    expect((await guarded(requestWith({ bearer }))).status).toBe(401)
  })
})

describe.each(modes)("the vendor's own session object, rules %s", (_mode, options) => {
  async function signedIn() {
    const app = createApp(options)
    const { accessToken } = app.core.issue()
    const response = new Response()
    const request = requestWith({ cookie: accessToken })
    const auth = await app.auth.getAuth(request, response)
    if (!auth.isAuthenticated || auth.provider !== 'supertokens') throw new Error('signed out')
    return { app, auth, response, accessToken }
  }

  it('is the one the SDK gives', async () => {
    const { auth, accessToken, app } = await signedIn()
    const session = await auth.native()
    expect(session.getUserId()).toBe('user-1')
    expect(session.getHandle()).toBe(auth.sessionId)
    expect(session.getAccessToken()).toBe(accessToken)
    expect(await session.getTimeCreated()).toBe(NOW)
    expect(app.core.count(VERIFY)).toBe(0)
  })

  it('writes changed claims to the answer', async () => {
    const { auth, response } = await signedIn()
    const session = await auth.native()
    await session.mergeIntoAccessTokenPayload({ plan: 'pro' })
    const cookie = cookiesOf(response.headers).get('sAccessToken')?.value ?? ''
    expect(payloadOf(cookie)).toMatchObject({ plan: 'pro', sessionHandle: auth.sessionId })
    expect(await askSdk(requestWith({ cookie }))).toMatchObject({ outcome: 'accepted' })
  })

  it('writes them from inside a handler', async () => {
    const { app, accessToken } = await signedIn()
    const guarded = app.auth.requireAuth(async ({ auth }) => {
      if (auth.provider !== 'supertokens') throw new Error('another provider')
      await (await auth.native()).mergeIntoAccessTokenPayload({ plan: 'pro' })
      return new Response()
    })
    const { headers } = await guarded(requestWith({ bearer: accessToken }))
    expect(payloadOf(headers.get('st-access-token') ?? '')).toMatchObject({ plan: 'pro' })
  })

  it('is the same one each time, so that no change undoes another', async () => {
    const { auth, response } = await signedIn()
    await (await auth.native()).mergeIntoAccessTokenPayload({ first: 1 })
    await (await auth.native()).mergeIntoAccessTokenPayload({ second: 2 })
    const cookies = response.headers.getSetCookie()
    const last = cookies.at(-1)?.match(/^sAccessToken=([^;]*)/)?.[1] ?? ''
    expect(payloadOf(last)).toMatchObject({ first: 1, second: 2 })
  })

  it('lets apps change the payload it shows', async () => {
    const app = createApp(options)
    const { refreshToken } = app.core.issue({ claims: { nested: { list: [1] } } })
    const { accessToken: bearer } = app.core.refresh(refreshToken) as IssuedSession
    const seen = await app.auth.getAuth(requestWith({ bearer }))
    if (seen.provider !== 'supertokens') throw new Error('signed out')
    const payload = (await seen.native()).getAccessTokenPayload()
    expect(() => payload.nested.list.push(2)).not.toThrow()
    expect(seen.claims.nested).toEqual({ list: [1] })
    expect(() => (seen.claims.nested as { list: number[] }).list.push(3)).toThrow(TypeError)
  })

  it('does not bring the process down when the answer has gone already', async () => {
    const { app, accessToken } = await signedIn()
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const response = createTestResponse()
    const { setHeader } = response
    response.setHeader = (name, value) => {
      if (response.headersSent) throw new Error('ERR_HTTP_HEADERS_SENT')
      return setHeader(name, value)
    }
    const headers = { host: 'localhost', cookie: `sAccessToken=${accessToken}` }
    const seen = await app.auth.getAuth({ method: 'GET', url: '/', headers }, response)
    if (seen.provider !== 'supertokens') throw new Error('signed out')
    response.end()
    const session = await seen.native()
    await session.mergeIntoAccessTokenPayload({ plan: 'pro' }).catch(() => undefined)
    await new Promise((done) => setImmediate(done))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('who somebody is', () => {
  it('is asked of the core, once per use', async () => {
    const { auth, core } = createApp()
    core.users.add({ id: 'user-1', verified: true, metadata: { first_name: 'Jo' } })
    const { accessToken: bearer } = core.issue()
    expect(await auth.currentUser(requestWith({ bearer }))).toMatchObject({
      id: 'user-1',
      providerUserId: 'user-1',
      emails: [{ address: 'jo@example.com', verified: true }],
      name: 'Jo',
    })
  })

  it.each([
    ['nobody is signed in', false, 0],
    ['the session has expired', true, 7200],
    ['the user no longer exists', true, 0],
  ])('is null when %s', async (_says, isSent, seconds) => {
    const { auth, core } = createApp()
    const { accessToken } = core.issue()
    vi.setSystemTime(NOW + seconds * 1000)
    const request = requestWith(isSent ? { bearer: accessToken } : {})
    expect(await auth.currentUser(request)).toBeNull()
  })

  it('is unavailable, and not null, when the core is away', async () => {
    const { auth, core } = createApp()
    const { accessToken: bearer } = core.issue()
    await auth.getAuth(requestWith({ bearer }))
    core.goOffline()
    await expect(auth.currentUser(requestWith({ bearer }))).rejects.toMatchObject({
      code: 'provider_unavailable',
    })
  })
})
