import nock from 'nock'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/jwt/token.js'
import {
  askSdk,
  createApp,
  createAuthOver,
  NOW,
  ORIGIN,
  requestWith,
  type TestApp,
} from '../support/supertokens-app.js'
import type { IssuedSession } from '../support/supertokens-core.js'
import { createSigningKey, payloadOf, signToken } from '../support/supertokens-tokens.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

describe('a bearer token authmux does not read', () => {
  /** Another person's session, in a spelling the SDK reads and authmux does not. */
  const disguised = (app: TestApp, claims: JsonObject): string => {
    const { core } = app
    const { accessToken } = core.issue({ userId: 'victim', tenantId: 'other', claims })
    return `${accessToken}==`
  }
  const asking: readonly [string, Parameters<TestApp['auth']['requireAuth']>[1]][] = [
    ['a token is enough', {}],
    ['the vendor is asked', { revocation: 'session' }],
    ['the database is checked', { vendor: { supertokens: { checkDatabase: true } } }],
    [
      'validators are overridden',
      { vendor: { supertokens: { overrideGlobalClaimValidators: (g) => g } } },
    ],
  ]

  it.each(asking)('is refused, also beside an own cookie, where %s', async (_says, policy) => {
    const app = createApp()
    const { accessToken: cookie } = app.core.issue()
    const bearer = disguised(app, { iss: 'https://old.example/auth' })
    const guarded = app.auth.requireAuth(({ auth }) => Response.json(auth), policy)
    const response = await guarded(requestWith({ bearer, cookie }))
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'token_invalid' })
  })

  it('is refused while the cookie is being replaced', async () => {
    const app = createApp()
    const { accessToken: cookie } = app.core.refresh(app.core.issue().refreshToken) as IssuedSession
    const seen = await app.auth.getAuth(requestWith({ bearer: disguised(app, {}), cookie }))
    expect(seen.reason).toBe('token_invalid')
  })

  it('of another vendor changes nothing', async () => {
    const app = createApp()
    const { accessToken: cookie } = app.core.issue()
    const payload = { iss: 'https://clerk.example', sub: 'user_2', sid: 'sess_1' }
    const bearer = signToken(app.core.keys.static, payload)
    for (const [, policy] of asking) {
      const guarded = app.auth.requireAuth(({ auth }) => Response.json(auth), policy)
      const request = new Request(ORIGIN, requestWith({ bearer, cookie }))
      expect(await (await guarded(request)).json()).toMatchObject({ userId: 'user-1' })
    }
  })
})

describe('two access tokens in one Cookie header are never one of them', () => {
  it.each([
    ['one name', 'sAccessToken'],
    ['a name in disguise', '%73AccessToken'],
    ['a name with a blank before it', ' sAccessToken'],
    ['a name with a blank no grammar knows before it', '\u00a0sAccessToken'],
  ])('%s', async (_says, name) => {
    const { auth, core } = createApp()
    const mine = core.issue().accessToken
    const theirs = core.issue({ userId: 'user-2' }).accessToken
    await auth.checkAuthConfig()
    const headers = { cookie: `sAccessToken=${mine};${name}=${theirs}` }
    const request = () => new Request(ORIGIN, { headers })
    expect(await askSdk(request())).toMatchObject({ type: 'TRY_REFRESH_TOKEN' })
    expect(await auth.getAuth(request())).toMatchObject({ reason: 'token_expired' })
  })
})

describe('two apps in one process', () => {
  it('share no keys, though they call them by one name', async () => {
    const { core, auth } = createApp({ provider: { requiredClaims: {} } })
    const other = createSigningKey(core.keys.dynamic.kid)
    nock('http://other.test:3567')
      .persist()
      .get('/.well-known/jwks.json')
      .reply(200, { keys: [other.publicJwk] })
    const provider = { requiredClaims: {}, connectionURI: 'http://other.test:3567' }
    const second = createAuthOver([], { provider })
    const { accessToken: first } = core.issue()
    const foreign = signToken(other, payloadOf(first), { version: '5' })
    for (let turn = 0; turn < 2; turn++) {
      const seen = [auth, second].flatMap((app) =>
        [first, foreign].map(async (bearer) => (await app.getAuth(requestWith({ bearer }))).reason),
      )
      expect(await Promise.all(seen)).toEqual([null, 'token_invalid', 'token_invalid', null])
    }
  })
})
