import type nock from 'nock'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthErrorCode } from '../../src/errors.js'
import { createApp, createInstance, errorOf, optionsOf } from '../support/clerk-app.js'
import { backend, isolateNetwork, refusal, sessionRecord } from '../support/clerk-backend.js'

isolateNetwork()

const instance = await createInstance(true)
const options = optionsOf(instance)
const SECRET = options.secretKey ?? ''
const auth = createApp(options)
const credentials = await instance.signedIn({ userId: 'user_1', sessionId: 'sess_1' })
const request = () => credentials.request('/')
const signedIn = () => auth.getAuth(request())
const html = { 'content-type': 'text/html' }

/** Every way the Backend API can fail to answer, and what has to come of it. */
const failures: readonly {
  says: string
  reply: (call: nock.Interceptor) => unknown
  code: AuthErrorCode
  retryAfter?: number
}[] = [
  {
    says: 'a secret key Clerk does not know',
    reply: (call) => call.reply(401, refusal('authentication_invalid')),
    code: 'config_invalid',
  },
  {
    says: 'a secret key that may not do this',
    reply: (call) => call.reply(403, refusal('authorization_invalid')),
    code: 'config_invalid',
  },
  {
    says: 'too many requests',
    reply: (call) => call.reply(429, refusal('too_many_requests'), { 'retry-after': '7' }),
    code: 'provider_unavailable',
    retryAfter: 7,
  },
  {
    says: 'too many requests, until nobody knows when',
    reply: (call) => call.reply(429, refusal('too_many_requests'), { 'retry-after': 'soon' }),
    code: 'provider_unavailable',
  },
  {
    says: 'an internal error',
    reply: (call) => call.reply(500, refusal('internal')),
    code: 'provider_unavailable',
  },
  {
    says: 'a gateway with a page of its own',
    reply: (call) => call.reply(502, '<h1>Bad gateway</h1>', html),
    code: 'provider_unavailable',
  },
  {
    says: 'a gateway whose page says all is well',
    reply: (call) => call.reply(200, '<h1>Maintenance</h1>', html),
    code: 'provider_unavailable',
  },
  {
    says: 'JSON that is none',
    reply: (call) => call.reply(200, '{"object":', { 'content-type': 'application/json' }),
    code: 'provider_unavailable',
  },
  {
    says: 'null',
    reply: (call) => call.reply(200, 'null', { 'content-type': 'application/json' }),
    code: 'provider_unavailable',
  },
  {
    says: 'no network',
    reply: (call) => call.replyWithError('getaddrinfo ENOTFOUND'),
    code: 'provider_unavailable',
  },
]

function expectNoSecret(error: Error): void {
  const told = JSON.stringify([error.message, error.stack, String(error)])
  for (const secret of [SECRET, credentials.token]) expect(told).not.toContain(secret)
}

describe('getToken', () => {
  it('gives the token of the request without asking anybody', async () => {
    expect(await (await signedIn()).getToken()).toBe(credentials.token)
    expect(await (await signedIn()).getToken({})).toBe(credentials.token)
  })

  it('gives nobody a token', async () => {
    const seen = await auth.getAuth(new Request('https://app.example.com/'))
    expect(await seen.getToken({ template: 'supabase' })).toBeNull()
  })

  it.each([
    { asks: { template: 'supabase' }, path: 'tokens/supabase', body: '' },
    {
      asks: { template: 'supabase', expiresInSeconds: 30 },
      path: 'tokens/supabase',
      body: { expires_in_seconds: 30 },
    },
    { asks: { expiresInSeconds: 30 }, path: 'tokens', body: { expires_in_seconds: 30 } },
  ])('asks Clerk for $asks', async ({ asks, path, body }) => {
    backend(SECRET)
      .post(`/v1/sessions/sess_1/${path}`, body)
      .reply(200, { object: 'token', jwt: 'a.b.c' })
    expect(await (await signedIn()).getToken(asks)).toBe('a.b.c')
  })

  it('names a template that does not exist', async () => {
    backend(SECRET)
      .post('/v1/sessions/sess_1/tokens/nope')
      .reply(404, refusal('resource_not_found'))
    const error = await errorOf(async () => (await signedIn()).getToken({ template: 'nope' }))
    expect(error.code).toBe('config_invalid')
    expect(error.message).toContain('nope')
  })

  it('takes no template for a session that has ended', async () => {
    backend(SECRET).post('/v1/sessions/sess_1/tokens').reply(404, refusal('resource_not_found'))
    const error = await errorOf(async () => (await signedIn()).getToken({ expiresInSeconds: 30 }))
    expect(error.code).toBe('session_revoked')
  })

  it.each(['../../users/user_2', '..', '%2e%2e/%2e%2e/users'])(
    'sends the secret key nowhere else: template %s',
    async (template) => {
      const error = await errorOf(async () => (await signedIn()).getToken({ template }))
      expect(error.code).toMatch(/config_invalid|provider_unavailable/)
    },
  )

  it('needs a secret key, and says so before it asks', async () => {
    const { secretKey: _, ...others } = options
    const keyless = await createApp(others).getAuth(request())
    const error = await errorOf(() => keyless.getToken({ template: 'supabase' }))
    expect(error.details.issues?.map(({ name }) => name)).toEqual(['CLERK_SECRET_KEY'])
  })

  for (const { says, reply, code, retryAfter } of failures) {
    it(`fails with ${code} at ${says}`, async () => {
      reply(backend(SECRET).post('/v1/sessions/sess_1/tokens/supabase'))
      const error = await errorOf(async () => (await signedIn()).getToken({ template: 'supabase' }))
      expect([error.code, error.details.retryAfterSeconds]).toEqual([code, retryAfter])
      expectNoSecret(error)
    })
  }
})

describe("revocation: 'session'", () => {
  const guarded = auth.requireAuth(({ auth }) => Response.json({ userId: auth.userId }), {
    revocation: 'session',
  })
  const asked = () => backend(SECRET).get('/v1/sessions/sess_1')

  async function answerOf(answer: Response) {
    return [answer.status, (await answer.json()).code ?? null]
  }

  it('lets an active session in', async () => {
    asked().reply(200, sessionRecord('sess_1', 'user_1'))
    expect(await answerOf(await guarded(request()))).toEqual([200, null])
  })

  it('asks anew for every request', async () => {
    asked().reply(200, sessionRecord('sess_1', 'user_1'))
    asked().reply(200, sessionRecord('sess_1', 'user_1', 'revoked'))
    expect((await guarded(request())).status).toBe(200)
    expect((await guarded(request())).status).toBe(401)
  })

  it.each([
    'ended',
    'removed',
    'revoked',
    'replaced',
    'expired',
    'abandoned',
    'pending',
    'Active',
    '',
  ])('keeps a session out that is %s', async (status) => {
    asked().reply(200, sessionRecord('sess_1', 'user_1', status))
    expect(await answerOf(await guarded(request()))).toEqual([401, 'session_revoked'])
  })

  it('keeps a session out that belongs to somebody else', async () => {
    asked().reply(200, sessionRecord('sess_1', 'user_2'))
    expect(await answerOf(await guarded(request()))).toEqual([401, 'session_revoked'])
  })

  it('keeps a session out that Clerk does not know', async () => {
    asked().reply(404, refusal('resource_not_found'))
    expect(await answerOf(await guarded(request()))).toEqual([401, 'session_revoked'])
  })

  it('does not bother Clerk with what is refused anyhow', async () => {
    const late = await instance.signedIn({ userId: 'user_1', expiresInSeconds: -60 })
    const pending = await instance.signedIn({ userId: 'user_1', claims: { sts: 'pending' } })
    const forged = request()
    forged.headers.set('authorization', `Bearer ${credentials.token.slice(0, -8)}AAAAAAAA`)
    for (const refused of [late.request('/'), pending.request('/'), forged]) {
      expect((await guarded(refused)).status).toBe(401)
    }
  })

  it('is not asked for by other policies', async () => {
    const plain = auth.requireAuth(() => new Response('in'), { revocation: 'token' })
    expect((await plain(request())).status).toBe(200)
  })

  for (const { says, reply, code, retryAfter } of failures) {
    it(`ends in ${code}, never in a refusal, at ${says}`, async () => {
      reply(asked())
      const answer = await guarded(request())
      const status = code === 'config_invalid' ? 500 : 503
      const seconds = status === 503 ? String(retryAfter ?? 1) : null
      expect(answer.headers.get('retry-after')).toBe(seconds)
      const text = await answer.text()
      expect([answer.status, JSON.parse(text).code]).toEqual([status, code])
      for (const secret of [SECRET, credentials.token]) expect(text).not.toContain(secret)
    })
  }
})

describe('a Clerk that does not answer in time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    { says: 'a token', call: async () => (await signedIn()).getToken({ template: 'x' }) },
    { says: 'a user', call: () => auth.currentUser(request()) },
    { says: 'the end of a session', call: () => auth.signOut(request()) },
    { says: 'the end of them all', call: () => auth.signOutEverywhere(request()) },
  ])('is given up on after five seconds: $says', async ({ call }) => {
    const scope = backend(SECRET)
    for (const method of ['get', 'post'] as const) {
      scope[method](/.*/).optionally().delay(60_000).reply(200, {})
    }
    const failure = errorOf(call)
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0))
    await vi.advanceTimersByTimeAsync(5000)
    expect((await failure).code).toBe('provider_unavailable')
  })
})
