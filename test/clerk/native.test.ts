import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClerkOptions } from '../../providers/clerk/index.js'
import type { SignedInAuth } from '../../src/session.js'
import {
  createApp,
  createInstance,
  errorOf,
  NOW,
  ORIGIN,
  optionsOf,
  remoteOptionsOf,
} from '../support/clerk-app.js'
import { backend, isolateNetwork } from '../support/clerk-backend.js'
import { draftRequest, renderRequest } from '../support/clerk-draft.js'
import { createBenches } from '../support/clerk-oracle.js'

isolateNetwork()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

const instance = await createInstance(true)

async function signIn(options: ClerkOptions, carrier: 'bearer' | 'cookie' = 'bearer') {
  const credentials = await instance.signedIn({
    userId: 'user_1',
    sessionId: 'sess_1',
    orgId: 'org_1',
    orgRole: 'org:admin',
    orgPermissions: ['org:invoices:read'],
    claims: { fea: 'o:invoices,u:export', pla: 'u:pro' },
  })
  const request =
    carrier === 'bearer'
      ? credentials.request('/')
      : new Request(ORIGIN, { headers: { cookie: credentials.cookie } })
  const auth = await createApp(options).getAuth(request)
  expect(auth.isAuthenticated).toBe(true)
  return { auth: auth as SignedInAuth & { provider: 'clerk' }, token: credentials.token }
}

describe('native()', () => {
  it.each(['bearer', 'cookie'] as const)("is Clerk's own session for a %s", async (carrier) => {
    const { auth, token } = await signIn(optionsOf(instance), carrier)
    const native = await auth.native()
    expect(native).toMatchObject({
      tokenType: 'session_token',
      isAuthenticated: true,
      userId: auth.userId,
      sessionId: auth.sessionId,
      orgId: auth.orgId,
      orgRole: auth.orgRole,
      orgPermissions: auth.orgPermissions,
      sessionClaims: auth.claims,
    })
    expect(await native.getToken()).toBe(token)
    expect([native.has({ role: 'org:admin' }), native.has({ plan: 'pro' })]).toEqual([true, true])
    expect([native.has({ role: 'org:owner' }), native.has({ plan: 'max' })]).toEqual([false, false])
  })

  it('is nothing for nobody', async () => {
    const auth = await createApp(optionsOf(instance)).getAuth(new Request(ORIGIN))
    expect(await auth.native()).toBeNull()
  })

  it('agrees with us under every configuration', async () => {
    for (const { auth, instance } of createBenches()) {
      for (const carrier of ['bearer', 'cookies'] as const) {
        const seen = await auth.getAuth(renderRequest(draftRequest(instance, carrier), instance))
        expect(await seen.native()).toMatchObject({ userId: 'user_1', orgId: 'org_of_user_1' })
      }
    }
  })

  it('needs no secret key while the key is pinned', async () => {
    const { secretKey: _, ...options } = optionsOf(instance)
    const { auth } = await signIn(options)
    expect(await auth.native()).toMatchObject({ userId: 'user_1' })
  })

  it('brings keys of its own where none is pinned', async () => {
    const options = { ...remoteOptionsOf(instance), secretKey: 'sk_live_native_1' }
    backend(options.secretKey).get('/v1/jwks').twice().reply(200, instance.jwks)
    const { auth } = await signIn(options)
    expect(await auth.native()).toMatchObject({ userId: 'user_1' })
  })

  it('is refused once the token has run out', async () => {
    const { auth } = await signIn(optionsOf(instance))
    vi.setSystemTime(NOW + 66_000)
    expect((await errorOf(() => auth.native())).code).toMatch(/^token_/)
  })

  it('is unavailable, not refused, while Clerk does not answer', async () => {
    const options = { ...remoteOptionsOf(instance), secretKey: 'sk_live_native_2' }
    backend(options.secretKey).get('/v1/jwks').reply(200, instance.jwks)
    const { auth } = await signIn(options)
    backend(options.secretKey).persist().get('/v1/jwks').reply(503, '{}')
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: NOW })
    const failure = errorOf(() => auth.native())
    let isOver = false
    void failure.finally(() => {
      isOver = true
    })
    // The SDK tries five times, ever more slowly; nobody has to wait for that here.
    await vi.waitUntil(async () => {
      await vi.advanceTimersByTimeAsync(200)
      return isOver
    })
    expect((await failure).code).toBe('provider_unavailable')
  })
})
