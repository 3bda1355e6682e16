import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSuperTokensTestCore } from '../../providers/supertokens/testing.js'
import { createTestKey, type TestKey } from '../../src/testing/index.js'
import {
  askSdk,
  createApp,
  createAuthOver,
  ISSUER,
  NOW,
  ORIGIN,
  recipeListOf,
  resetSdk,
} from '../support/supertokens-app.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

const dynamic = await createTestKey('d-1')
const fixed = await createTestKey('s-1')

/** An app whose core publishes the key of the kit. */
async function createKit(key: TestKey) {
  const isStatic = key === fixed
  const app = createApp({ session: { useDynamicAccessTokenSigningKey: !isStatic } })
  const kit = await createSuperTokensTestCore({ issuer: ISSUER, isStatic, key, now: Date.now })
  app.core.extraKeys.push({ publicJwk: kit.jwks.keys[0] } as never)
  await app.auth.checkAuthConfig()
  return { ...app, kit }
}

describe('the kit signs what the SDK itself accepts', () => {
  it.each([
    ['with a dynamic key', dynamic],
    ['with the static key', fixed],
  ])('%s', async (_says, key) => {
    const { kit, auth } = await createKit(key)
    const session = await kit.signedIn({
      userId: 'user-1',
      sessionId: 'session-1',
      role: 'admin',
      permission: ['read', 'write'],
      claims: { plan: 'pro' },
    })
    expect(await askSdk(session.request('/'))).toMatchObject({
      userId: 'user-1',
      handle: 'session-1',
      tenantId: 'public',
    })
    expect(await auth.getAuth(session.request('/'))).toMatchObject({
      userId: 'user-1',
      roles: ['admin'],
      permissions: ['read', 'write'],
      claims: { plan: 'pro' },
    })
    const headers = { cookie: session.cookie }
    expect(await auth.getAuth(new Request(ORIGIN, { headers }))).toMatchObject({ userId: 'user-1' })
  })

  it('and is all the core that checkAuthConfig and a verdict need', async () => {
    const kit = await createSuperTokensTestCore({ issuer: ISSUER, key: dynamic, now: Date.now })
    resetSdk()
    vi.stubGlobal('fetch', kit.fetch)
    const auth = createAuthOver(recipeListOf({ recipes: [], session: {} }))
    await auth.checkAuthConfig()
    const session = await kit.signedIn({ userId: 'user-1' })
    expect(await auth.getAuth(session.request('/'))).toMatchObject({ userId: 'user-1' })
    vi.unstubAllGlobals()
  })

  it.each([
    ['a session that has expired', { userId: 'user-1', expiresInSeconds: -1 }, 'token_expired'],
    ['a session of another tenant', { userId: 'user-1', tenantId: 'other' }, 'token_invalid'],
    ['a session of nobody', { userId: '' }, 'token_invalid'],
  ])('or what authmux refuses: %s', async (_says, session, reason) => {
    const { kit, auth } = await createKit(dynamic)
    const credentials = await kit.signedIn(session)
    expect(await auth.getAuth(credentials.request('/'))).toMatchObject({ reason })
  })
})

describe('the kit', () => {
  it('is all the internet there is', async () => {
    const kit = await createSuperTokensTestCore({ issuer: ISSUER, key: dynamic })
    const answer = await kit.fetch('https://any.test/.well-known/jwks.json')
    expect(await answer.json()).toEqual({ keys: [dynamic.publicJwk] })
    expect((await kit.fetch('https://any.test/recipe/session')).status).toBe(404)
  })

  it.each([
    ['with a key of its own', undefined],
    ['with a key it is given', dynamic],
  ])('does not exist in production: %s', async (_says, key) => {
    vi.stubEnv('NODE_ENV', 'production')
    const kit = createSuperTokensTestCore({ issuer: ISSUER, ...(key && { key }) })
    await expect(kit).rejects.toMatchObject({ code: 'config_invalid' })
  })
})
