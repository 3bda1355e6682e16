/**
 * What Clerk's own integration leaves open, and authmux closes. Two more are elsewhere: the pinned
 * key in settings.test.ts (4), webhooks at Pages Router handlers in webhooks.test.ts (9).
 */

import { createClerkClient } from '@clerk/backend'
import { NextRequest } from 'next/server.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clerk } from '../../providers/clerk/index.js'
import { type AuthFunctions, createAuth } from '../../src/auth.js'
import type { RequestSource } from '../../src/request.js'
import { createTestKey } from '../../src/testing/key.js'
import { createTestResponse } from '../../src/testing/node-response.js'
import {
  createApp,
  createInstance,
  errorOf,
  NOW,
  NOW_SECONDS,
  ORIGIN,
  optionsOf,
  remoteOptionsOf,
} from '../support/clerk-app.js'
import { BACKEND, backend, isolateNetwork, refusal } from '../support/clerk-backend.js'
import { navigationHeaders } from '../support/clerk-browser.js'
import { carriers, draftRequest, renderRequest } from '../support/clerk-draft.js'
import { createBenches } from '../support/clerk-oracle.js'
import { requestChanges } from '../support/clerk-request-changes.js'
import { tokenChanges } from '../support/clerk-token-changes.js'
import { createRandom, seed } from '../support/random.js'

isolateNetwork()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const instance = await createInstance(true)
const options = optionsOf(instance)

describe('opening 1: no middleware has to run before a request is judged', () => {
  const auth = createApp(options)

  const shapes: Readonly<Record<string, (headers: Record<string, string>) => RequestSource>> = {
    'a Request': (headers) => new Request(ORIGIN, { headers }),
    'a NextRequest': (headers) => new NextRequest(ORIGIN, { headers }),
    'a Node request': (headers) => ({ method: 'GET', url: '/', headers }),
    'the context of getServerSideProps': (headers) => ({
      req: { method: 'GET', url: '/', headers },
      res: createTestResponse(),
    }),
  }

  for (const [shape, toSource] of Object.entries(shapes)) {
    it(`${shape} is enough, by bearer token and by cookie`, async () => {
      const { token, cookie } = await instance.signedIn({ userId: 'user_1', sessionId: 'sess_1' })
      for (const headers of [{ authorization: `Bearer ${token}` }, { cookie }]) {
        const seen = await auth.getAuth(toSource(headers))
        expect(seen).toMatchObject({ isAuthenticated: true, userId: 'user_1', sessionId: 'sess_1' })
      }
      expect((await auth.getAuth(toSource({}))).reason).toBe('no_credentials')
    })

    it(`${shape} is refused with a forged signature`, async () => {
      const { token } = await instance.signedIn({ userId: 'user_1' })
      const forged = `${token.slice(0, -8)}AAAAAAAA`
      const { reason } = await auth.getAuth(toSource({ authorization: `Bearer ${forged}` }))
      expect(reason).toBe('token_invalid')
    })
  }
})

describe('opening 2: whatever is sent, the answer is a refusal and never an error', () => {
  it('where a cookie of nulls makes the SDK throw', async () => {
    const { publishableKey = '', secretKey = '', jwtKey = '' } = options
    const client = createClerkClient({
      publishableKey,
      secretKey,
      jwtKey,
      telemetry: { disabled: true },
    })
    const cookie = '__session=bnVsbA.bnVsbA.bnVsbA; __client_uat=1'
    const request = new Request(ORIGIN, { headers: { cookie } })
    await expect(client.authenticateRequest(request)).rejects.toThrow(TypeError)
    expect((await createApp(options).getAuth(request)).reason).toBe('token_invalid')
  })

  it('where a correctly signed claim makes the SDK throw', async () => {
    const claims = { v: 2, fea: 'no-scope', o: { id: 'org_1', per: 'a', fpm: '1' } }
    const { request } = await instance.signedIn({ userId: 'user_1', claims })
    expect((await createApp(options).getAuth(request('/'))).reason).toBe('token_invalid')
  })

  it('over a thousand malformed requests', async () => {
    const random = createRandom(seed)
    const benches = createBenches()
    const bytes = () =>
      String.fromCharCode(...Array.from({ length: random.below(40) }, () => 32 + random.below(95)))
    for (let index = 0; index < 1000; index++) {
      const { instance, auth } = random.pick(benches)
      const draft = draftRequest(instance, random.pick(carriers))
      const changes = [random.pick(tokenChanges), random.pick(requestChanges)]
      for (const change of changes) change.apply(draft, instance)
      const name = random.pick(['authorization', 'cookie', 'origin', 'accept', 'sec-fetch-mode'])
      const request = renderRequest(draft, instance)
      request.headers.append(name, bytes())
      const answer = await auth.requireAuth(() => new Response('in'))(request)
      const says = `seed ${seed}, ${index}: ${changes.map((change) => change.says)}`
      expect([200, 307, 401, 403], says).toContain(answer.status)
    }
  })
})

describe('opening 3: an API is told 401 and 403, a person is sent to sign in', () => {
  const auth = createApp(options)
  const page = auth.requireAuth(() => new Response('in'))
  const strict = auth.requireAuth(() => new Response('in'), { orgRole: 'org:admin' })

  it.each([
    { says: 'a script', headers: { accept: 'application/json' } },
    { says: 'a script that says nothing', headers: {} },
    { says: 'a page of ours', headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } },
    {
      says: 'a script that takes HTML',
      headers: { ...navigationHeaders, 'sec-fetch-mode': 'cors' },
    },
    { says: 'the router', headers: { ...navigationHeaders, rsc: '1' } },
    { says: 'a prefetch', headers: { ...navigationHeaders, 'sec-purpose': 'prefetch' } },
    {
      says: 'whoever brings a token',
      headers: { ...navigationHeaders, authorization: 'Bearer garbage' },
    },
  ])('$says is told so in JSON', async ({ headers }) => {
    const answer = await page(new Request(ORIGIN, { headers: headers as Record<string, string> }))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      401,
      'application/problem+json',
    ])
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="app\.example\.com"/)
  })

  it('a person comes to the sign-in page, and back', async () => {
    const answer = await page(new Request(`${ORIGIN}/a?b=1`, { headers: navigationHeaders }))
    expect([answer.status, answer.headers.get('location')]).toEqual([
      307,
      '/sign-in?returnTo=%2Fa%3Fb%3D1',
    ])
  })

  it('a person who is signed in and may not is told so, too', async () => {
    const { cookie } = await instance.signedIn({ userId: 'user_1' })
    const request = new Request(ORIGIN, { headers: { ...navigationHeaders, cookie } })
    const answer = await strict(request)
    expect([answer.status, (await answer.json()).code]).toEqual([403, 'forbidden'])
  })
})

describe('opening 5: keys are fetched when needed, and no more often', async () => {
  const remote = remoteOptionsOf(instance)
  const jwks = () => backend(remote.secretKey ?? '').get('/v1/jwks')
  const tokenOf = async (kid: string) =>
    instance.sign(
      {
        iss: instance.issuer,
        sub: 'user_1',
        sid: 'sess_1',
        iat: NOW_SECONDS,
        exp: NOW_SECONDS + 100_000,
      },
      { typ: 'JWT', kid },
    )
  const bearer = (token: string) =>
    new Request(ORIGIN, { headers: { authorization: `Bearer ${token}` } })
  const known = await tokenOf('ins_authmux_test')

  it('once for many requests at a cold start', async () => {
    jwks().delay(20).reply(200, instance.jwks)
    const auth = createApp(remote)
    const seen = await Promise.all(Array.from({ length: 50 }, () => auth.getAuth(bearer(known))))
    expect(seen.every(({ isAuthenticated }) => isAuthenticated)).toBe(true)
  })

  it('once in thirty seconds for keys nobody knows', async () => {
    jwks().twice().reply(200, instance.jwks)
    const auth = createApp(remote)
    await auth.getAuth(bearer(known))
    for (let index = 0; index < 100; index++) {
      vi.setSystemTime(NOW + 300 * index)
      const { reason } = await auth.getAuth(bearer(await tokenOf(`ins_${index}`)))
      expect(reason).toBe('token_invalid')
    }
    vi.setSystemTime(NOW + 30_000)
    await auth.getAuth(bearer(await tokenOf('ins_x')))
  })

  it('at once for a key that is new', async () => {
    const other = await createTestKey('ins_rotated')
    jwks().reply(200, instance.jwks)
    jwks().reply(200, { keys: [...instance.jwks.keys, other.publicJwk] })
    const auth = createApp(remote)
    await auth.getAuth(bearer(known))
    vi.setSystemTime(NOW + 31_000)
    const claims = {
      iss: instance.issuer,
      sub: 'user_2',
      sid: 'sess_2',
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 60,
    }
    const seen = await auth.getAuth(bearer(await other.sign(claims, { typ: 'JWT' })))
    expect(seen.userId).toBe('user_2')
  })

  // A secret key that is refused is a mistake of the configuration.
  it.each([
    [401, 500, 'config_invalid'],
    [403, 500, 'config_invalid'],
    [429, 503, 'provider_unavailable'],
    [500, 503, 'provider_unavailable'],
    [503, 503, 'provider_unavailable'],
  ])('once, as a failure, when Clerk answers %i: %i %s', async (status, ours, code) => {
    jwks().reply(status, refusal('no'))
    const auth = createApp(remote)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => auth.requireAuth(() => new Response())(bearer(known))),
    )
    for (const answer of answers) {
      expect(answer.status).toBe(ours)
      expect(Number(answer.headers.get('retry-after')) > 0).toBe(ours === 503)
    }
    expect((await errorOf(() => auth.getAuth(bearer(known)))).code).toBe(code)
  })

  it.each([
    { says: 'a page', body: '<h1>Hello</h1>' },
    { says: 'no keys', body: { keys: [] } },
    {
      says: 'keys of another kind',
      body: { keys: [{ kty: 'oct', kid: 'ins_authmux_test', k: 'AA' }] },
    },
    {
      says: 'a private key',
      body: { keys: instance.jwks.keys.map((key) => ({ ...key, d: 'AA' })) },
    },
    { says: 'null', body: 'null' },
  ])('without success when the answer is $says', async ({ body }) => {
    jwks().reply(200, body)
    expect((await errorOf(() => createApp(remote).getAuth(bearer(known)))).code).toBe(
      'provider_unavailable',
    )
  })

  it('and go on being good for a day while Clerk does not answer', async () => {
    jwks().reply(200, instance.jwks)
    const auth = createApp(remote)
    await auth.getAuth(bearer(known))
    backend(remote.secretKey ?? '')
      .persist()
      .get('/v1/jwks')
      .replyWithError('down')
    for (const seconds of [60, 600, 3600, 86_300]) {
      vi.setSystemTime(NOW + seconds * 1000)
      expect((await auth.getAuth(bearer(known))).isAuthenticated, `${seconds} s`).toBe(true)
    }
    vi.setSystemTime(NOW + 90_000_000)
    expect((await errorOf(() => auth.getAuth(bearer(known)))).code).toBe('provider_unavailable')
  })

  it('are not taken from one instance for another', async () => {
    const foreignKey = await createTestKey('ins_authmux_test')
    // Without a clock of their own, the two share what the process keeps.
    const [one, two] = ['sk_live_one', 'sk_live_two'].map((secretKey) =>
      createAuth({
        providers: { clerk: () => clerk({ ...remote, secretKey }) },
        origins: [ORIGIN],
      }),
    ) as [AuthFunctions, AuthFunctions]
    backend('sk_live_one').get('/v1/jwks').reply(200, instance.jwks)
    backend('sk_live_two')
      .get('/v1/jwks')
      .reply(200, { keys: [foreignKey.publicJwk] })
    expect((await one.getAuth(bearer(known))).isAuthenticated).toBe(true)
    expect((await two.getAuth(bearer(known))).reason).toBe('token_invalid')
  })

  it.each([
    ['a key that is refused', '', 401, 'CLERK_SECRET_KEY'],
    ['an address with the version in it', '/v1', 404, 'CLERK_API_URL'],
  ])(
    'are checked before the first request, where the app asks for that: %s',
    async (_says, path, status, name) => {
      const apiUrl = BACKEND + path
      backend(remote.secretKey ?? '')
        .get(`${path}/v1/jwks`)
        .reply(status, refusal('no'))
      const error = await errorOf(() => createApp({ ...remote, apiUrl }).checkAuthConfig())
      expect(error.code).toBe('config_invalid')
      expect(error.details.issues?.map((issue) => issue.name)).toEqual([name])
    },
  )
})

describe('opening 6: a session is for this app', () => {
  it.each([
    { says: 'another instance', iss: 'https://clerk.elsewhere.test' },
    { says: 'the same host over http', iss: instance.issuer.replace('https', 'http') },
    { says: 'nobody', iss: undefined },
  ])('not one of $says, although the key is right', async ({ iss }) => {
    const { token } = await instance.signedIn({ userId: 'user_1', claims: { iss } })
    const request = new Request(ORIGIN, { headers: { authorization: `Bearer ${token}` } })
    expect((await createApp(options).getAuth(request)).reason).toBe('token_invalid')
  })

  it.each([
    { azp: ORIGIN, parties: [ORIGIN], reason: null },
    { azp: 'https://evil.test', parties: [ORIGIN], reason: 'token_invalid' },
    { azp: `${ORIGIN}/`, parties: [ORIGIN], reason: 'token_invalid' },
    { azp: '', parties: [ORIGIN], reason: 'token_invalid' },
    { azp: undefined, parties: [ORIGIN], reason: 'token_invalid' },
    { azp: [ORIGIN], parties: [ORIGIN], reason: 'token_invalid' },
    { azp: 'https://evil.test', parties: undefined, reason: null },
    { azp: undefined, parties: undefined, reason: null },
  ])('issued to $azp, with $parties allowed → $reason', async ({ azp, parties, reason }) => {
    const auth = createApp({ ...options, ...(parties && { authorizedParties: parties }) })
    const { token, cookie } = await instance.signedIn({ userId: 'user_1', claims: { azp } })
    for (const headers of [{ authorization: `Bearer ${token}` }, { cookie }]) {
      const seen = await auth.getAuth(
        new Request(ORIGIN, { headers: headers as Record<string, string> }),
      )
      expect(seen.reason).toBe(reason)
    }
  })
})
