import nock from 'nock'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/jwt/token.js'
import {
  askSdk,
  createApp,
  forgets,
  NOW,
  requestWith,
  type TestApp,
} from '../support/supertokens-app.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

describe('a session of another issuer', () => {
  const modes = [
    ['learned', {}],
    ['declared', { provider: { requiredClaims: {} } }],
  ] as const

  describe.each(modes)('rules %s', (_mode, options) => {
    const foreign = (app: TestApp, claims: JsonObject = { iss: 'https://old.example/auth' }) =>
      app.core.issue({ claims }).accessToken

    it.each([
      ['in a cookie', 'cookie'],
      ['in a header', 'bearer'],
    ])('%s is forgotten, and not refreshed for ever', async (_says, carrier) => {
      const app = createApp(options)
      const token = foreign(app)
      const guarded = app.auth.requireAuth(() => new Response('in'))
      const response = await guarded(requestWith({ [carrier]: token }))
      expect(response.status).toBe(401)
      expect(await response.clone().json()).toMatchObject({
        code: 'token_invalid',
        message: 'unauthorised',
      })
      expect(forgets(response)).toBe(true)
      expect(app.core.calls.filter((call) => !call.includes('jwks'))).toEqual([])
    })

    it.each([
      ['no issuer', { iss: undefined }],
      ['an issuer of null', { iss: null }],
      ['a list of issuers', { iss: ['http://localhost/auth'] }],
      ['a trailing slash', { iss: 'http://localhost/auth/' }],
      ['another case', { iss: 'http://LOCALHOST/auth' }],
      ['another path', { iss: 'http://localhost/api/auth' }],
      ['a number', { iss: 1 }],
    ])('%s is another issuer', async (_says, claims) => {
      const app = createApp(options)
      const bearer = foreign(app, claims)
      expect(await app.auth.getAuth(requestWith({ bearer }))).toMatchObject({
        reason: 'token_invalid',
      })
      expect(await askSdk(requestWith({ bearer }))).toMatchObject({ userId: 'user-1' })
    })

    it('is one of ours where the options say that it was', async () => {
      const legacyIssuers = ['https://old.example/auth']
      const app = createApp({
        provider: { ...('provider' in options && options.provider), legacyIssuers },
      })
      const bearer = foreign(app)
      expect(await app.auth.getAuth(requestWith({ bearer }))).toMatchObject({ userId: 'user-1' })
    })

    it('that is missing is accepted only where the options say so', async () => {
      const provider = { ...('provider' in options && options.provider), allowMissingIssuer: true }
      const app = createApp({ provider })
      const bearer = foreign(app, { iss: undefined })
      expect(await app.auth.getAuth(requestWith({ bearer }))).toMatchObject({ userId: 'user-1' })
      for (const iss of [null, '', 'https://old.example/auth']) {
        const other = foreign(app, { iss })
        expect((await app.auth.getAuth(requestWith({ bearer: other }))).isAuthenticated).toBe(false)
      }
    })
  })

  it('that nobody signed is not worth loading the SDK for', async () => {
    const recipes = vi.fn(async () => ({ recipeList: [] }))
    const { auth, core } = createApp({ provider: { requiredClaims: {}, recipes } })
    const genuine = core.issue({ claims: { iss: 'https://old.example/auth' } }).accessToken
    const bearer = `${genuine.slice(0, -8)}AAAAAAAA`
    expect(await auth.getAuth(requestWith({ bearer }))).toMatchObject({ reason: 'token_invalid' })
    expect(recipes).not.toHaveBeenCalled()
  })
})

describe('tenants', () => {
  it.each([
    [undefined, 'public', true],
    [undefined, 'other', false],
    ['other', 'other', true],
    ['other', 'public', false],
    [['public', 'other'], 'other', true],
    [['public', 'other'], 'third', false],
  ])('accepting %j, a session of %j is in: %j', async (tenant, tenantId, isIn) => {
    const { auth, core } = createApp({
      provider: { requiredClaims: {}, ...(tenant !== undefined && { tenant }) },
    })
    const { accessToken: bearer } = core.issue({ tenantId })
    const seen = await auth.getAuth(requestWith({ bearer }))
    expect(seen).toMatchObject(isIn ? { tenantId } : { reason: 'token_invalid' })
    // The rule is ours: the SDK takes a session of any tenant.
    await auth.checkAuthConfig()
    expect(await askSdk(requestWith({ bearer }))).toMatchObject({ outcome: 'accepted', tenantId })
  })
})
