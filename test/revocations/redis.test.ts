/** Lists of several instances on a real Redis: delays, outages, what others write, and how much there is. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuthFunctions } from '../../src/auth.js'
import { createAuth } from '../../src/auth.js'
import type { AuthError } from '../../src/errors.js'
import {
  type RedisClient,
  type RedisRevocationsOptions,
  type Revocations,
  redisRevocations,
} from '../../src/revocations/index.js'
import { createTestKey, memoryProvider, type TestCredentials } from '../../src/testing/index.js'
import { ORIGIN } from '../support/core-auth.js'
import { type Clock, frozenClock, SECOND } from '../support/core-clock.js'
import {
  libraries,
  noServerOfOurOwn,
  type OpenClient,
  type RedisServer,
  startRedis,
} from '../support/redis-server.js'

const KEY = 'authmux:revocations'
const key = await createTestKey()

/** One instance of an app: its own `createAuth` and list; vendor and store are shared. */
interface Instance {
  readonly auth: AuthFunctions
  readonly revocations: Revocations
  /** Commands sent to the store. */
  readonly commands: string[]
  /** What operators were told by the list. */
  readonly errors: AuthError[]
  /** `in`, or the reason or code. */
  verdict(credentials: TestCredentials): Promise<string>
}

if (noServerOfOurOwn) console.warn(`skipped: instances on one Redis, because ${noServerOfOurOwn}`)

describe.runIf(noServerOfOurOwn === null).each(Object.entries(libraries))(
  'instances on one Redis, by %s',
  (_library, connect) => {
    let server: RedisServer
    let open: OpenClient
    let clock: Clock
    let provider: ReturnType<typeof memoryProvider>

    beforeAll(async () => {
      server = await startRedis()
      open = await connect(server.url)
    })
    beforeEach(async () => {
      await open.send('FLUSHALL')
      // The store has a clock of its own, which nobody can freeze.
      clock = frozenClock(Math.floor(Date.now() / SECOND) * SECOND)
      provider = memoryProvider({ now: clock.now, key, origin: ORIGIN })
    })
    afterAll(async () => {
      open.close()
      await server.stop()
    })

    function instance(options: RedisRevocationsOptions = {}): Instance {
      const commands: string[] = []
      const errors: AuthError[] = []
      const counted: RedisClient = {
        call(command, ...parameters) {
          commands.push(command)
          return open.send(command, ...parameters)
        },
      }
      const revocations = redisRevocations(counted, {
        now: clock.now,
        timeoutMs: 300,
        onError: (error) => errors.push(error),
        ...options,
      })
      const auth = createAuth({
        providers: { memory: () => provider },
        origins: [ORIGIN],
        now: clock.now,
        onError: () => undefined,
        revocations,
      })
      const verdict: Instance['verdict'] = async (credentials) => {
        try {
          const seen = await auth.getAuth(credentials.request('/'))
          return seen.isAuthenticated ? 'in' : seen.reason
        } catch (error) {
          return String((error as { code?: unknown }).code)
        }
      }
      return { auth, revocations, commands, errors, verdict }
    }

    const signIn = (sessionId: string, userId = 'ada') =>
      provider.signedIn({ userId, sessionId, expiresInSeconds: 7200 })

    it('a sign-out on one counts there at once, and on the other within the delay', async () => {
      const [a, b] = [instance(), instance()]
      const credentials = await signIn('one')
      expect([await a.verdict(credentials), await b.verdict(credentials)]).toEqual(['in', 'in'])
      await a.auth.signOut(credentials.request('/'), new Response())
      expect(await a.verdict(credentials)).toBe('session_revoked')
      clock.advance(4999)
      expect(await b.verdict(credentials)).toBe('in')
      clock.advance(1)
      expect(await b.verdict(credentials)).toBe('session_revoked')
      const guarded = b.auth.requireAuth(() => new Response('secret'))
      const answer = await guarded(credentials.request('/'))
      expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'session_revoked' }])
    })

    it('a sign-out everywhere ends the other devices, and not the next sign-in', async () => {
      const [a, b] = [instance(), instance({ checkEverySeconds: 0 })]
      const [phone, laptop] = [await signIn('phone'), await signIn('laptop')]
      const other = await signIn('other', 'eve')
      await a.auth.signOutEverywhere(phone.request('/'), new Response())
      clock.advance(2 * SECOND)
      const again = await signIn('again')
      const verdicts = await Promise.all([phone, laptop, other, again].map(b.verdict))
      expect(verdicts).toEqual(['session_revoked', 'session_revoked', 'in', 'in'])
    })

    it('without a delay where every verdict asks', async () => {
      const [a, b] = [instance(), instance({ checkEverySeconds: 0 })]
      const credentials = await signIn('one')
      expect(await b.verdict(credentials)).toBe('in')
      await a.revocations.revoke({ provider: 'memory', sessionId: 'one' })
      expect(await b.verdict(credentials)).toBe('session_revoked')
      expect(b.commands).toEqual(['XRANGE', 'XRANGE'])
    })

    it('one question for a hundred verdicts at once, and none for visitors', async () => {
      const a = instance()
      const credentials = await signIn('one')
      await a.auth.getAuth(new Request(ORIGIN))
      expect(a.commands).toEqual([])
      await Promise.all(Array.from({ length: 100 }, () => a.verdict(credentials)))
      expect(a.commands).toEqual(['XRANGE'])
    })

    it('an instance that was frozen, or has just begun, knows before it answers', async () => {
      const [a, frozen] = [instance(), instance()]
      const credentials = await signIn('one')
      await frozen.verdict(credentials)
      await a.revocations.revoke({ provider: 'memory', sessionId: 'one' })
      clock.advance(3600 * SECOND)
      expect(await frozen.verdict(credentials)).toBe('session_revoked')
      expect(await instance().verdict(credentials)).toBe('session_revoked')
    })

    it('an outage: the grace, then 503, then all is well; a sign-out in between fails', async () => {
      const [a, b] = [instance({ staleIfErrorSeconds: 30 }), instance()]
      const [ended, alive] = [await signIn('ended'), await signIn('alive')]
      const leaving = await signIn('leaving')
      await a.auth.signOut(ended.request('/'), new Response())
      await a.verdict(alive)
      await server.stop()
      clock.advance(29 * SECOND)
      expect([await a.verdict(alive), await a.verdict(ended)]).toEqual(['in', 'session_revoked'])
      expect(a.errors).toMatchObject([{ code: 'provider_unavailable' }])
      const signOut = a.auth.signOut(leaving.request('/'), new Response())
      await expect(signOut).rejects.toMatchObject({ code: 'provider_unavailable' })
      clock.advance(SECOND)
      expect(await a.verdict(alive)).toBe('provider_unavailable')
      const guarded = b.auth.requireAuth(() => new Response('secret'))
      const answer = await guarded(alive.request('/'))
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
      await server.start()
      await reconnected(open)
      clock.advance(SECOND)
      expect([await a.verdict(alive), await b.verdict(alive)]).toEqual(['in', 'in'])
      // Clients may have kept what they could not send: it counts then, or when it is tried again.
      await a.auth.signOut(leaving.request('/'), new Response())
      expect(await a.verdict(leaving)).toBe('session_revoked')
    })

    it('what a store forgets, instances that knew remember', async () => {
      const a = instance()
      const credentials = await signIn('one')
      await a.revocations.revoke({ provider: 'memory', sessionId: 'one' })
      await open.send('FLUSHALL')
      clock.advance(10 * SECOND)
      expect(await a.verdict(credentials)).toBe('session_revoked')
      // And go on listening, also where the store begins with earlier times.
      await open.send('XADD', KEY, `${Date.now() - 1500}-0`, 'ended', entry('two'))
      clock.advance(10 * SECOND)
      expect(await a.verdict(await signIn('two'))).toBe('session_revoked')
    })

    it('ten thousand ended sessions, and each of them known', async () => {
      const sessions = Array.from({ length: 10_000 }, (_, index) => `session-${index}`)
      const a = instance({ timeoutMs: 5000 })
      await Promise.all(
        sessions.map((sessionId) => a.revocations.revoke({ provider: 'memory', sessionId })),
      )
      const b = instance()
      expect(await b.verdict(await signIn('alive'))).toBe('in')
      expect(b.commands).toHaveLength(11)
      // What was read is not read again.
      clock.advance(10 * SECOND)
      expect(await b.verdict(await signIn('alive'))).toBe('in')
      expect(b.commands).toHaveLength(12)
      const facts = { subject: 'ada', issuedAt: clock.now() / SECOND }
      const missing = sessions.filter((sessionId) => {
        try {
          return b.revocations.check('memory', { ...facts, sessionId }, clock.now()) === undefined
        } catch {
          return false
        }
      })
      expect(missing).toEqual([])
    })

    it('takes away what no token is old enough for, and no more', async () => {
      const keepSeconds = 3600
      const now = Date.now()
      const ages = [keepSeconds + 3600, keepSeconds + 65, keepSeconds + 55, 60]
      for (const [index, age] of ages.entries()) {
        await open.send('XADD', KEY, `${now - age * SECOND}-0`, 'ended', entry(`old-${index}`))
      }
      const a = instance({ keepSeconds })
      await a.revocations.revoke({ provider: 'memory', sessionId: 'new' })
      await a.revocations.revoke({ provider: 'memory', sessionId: 'newer' })
      const kept = (await open.send('XRANGE', KEY, '-', '+')) as [string, string[]][]
      expect(kept.map(([, [, text]]) => JSON.parse(text ?? '').sessionId)).toEqual([
        'old-2',
        'old-3',
        'new',
        'newer',
      ])
      expect(a.commands).toEqual(['XADD', 'XTRIM', 'XADD'])
    })

    it.each<[string, ...string[]]>([
      ['no JSON', 'ended', '{'],
      ['JSON of something else', 'ended', '[1]'],
      ['nobody', 'ended', '{"provider":"memory"}'],
      ['a name that is no text', 'ended', '{"provider":"memory","sessionId":{"$ne":1}}'],
      ['a name that is too long', 'ended', entry('x'.repeat(9000))],
      ['another field', 'session', 'one'],
      ['a megabyte', 'ended', 'x'.repeat(1_000_000)],
    ])('leaves out an entry of %s, and says so once', async (_, ...fields) => {
      const a = instance()
      const [ended, alive] = [await signIn('ended'), await signIn('alive')]
      await open.send('XADD', KEY, '*', ...fields)
      await open.send('XADD', KEY, '*', 'ended', entry('ended'))
      expect([await a.verdict(alive), await a.verdict(ended)]).toEqual(['in', 'session_revoked'])
      clock.advance(10 * SECOND)
      expect([await a.verdict(alive), await a.verdict(ended)]).toEqual(['in', 'session_revoked'])
      expect(a.errors).toMatchObject([{ code: 'provider_unavailable', message: /: 1 entries$/ }])
    })

    it('reads what a client gives as bytes', async () => {
      await open.send('XADD', KEY, '*', 'ended', entry('one'))
      const client = {
        call: async (...command: string[]) => toBytes(await open.send(...command)),
      }
      const revocations = redisRevocations(client, { now: clock.now })
      await revocations.revoke({ provider: 'memory', sessionId: 'two' })
      for (const sessionId of ['one', 'two']) {
        const facts = { subject: 'ada', sessionId, issuedAt: clock.now() / SECOND }
        const check = async () => revocations.check('memory', facts, clock.now())
        await expect(check()).rejects.toMatchObject({ code: 'session_revoked' })
      }
    })

    it('lets nobody in while the key holds something else', async () => {
      await open.send('SET', KEY, 'mine')
      const a = instance()
      expect(await a.verdict(await signIn('one'))).toBe('provider_unavailable')
      const revoked = a.revocations.revoke({ provider: 'memory', sessionId: 'one' })
      await expect(revoked).rejects.toMatchObject({ code: 'provider_unavailable' })
    })

    it('is part of the check of the configuration', async () => {
      const a = instance()
      await a.auth.checkAuthConfig()
      expect(a.commands).toEqual(['XRANGE'])
      await server.stop()
      clock.advance(3600 * SECOND)
      await expect(a.auth.checkAuthConfig()).rejects.toMatchObject({ code: 'provider_unavailable' })
      await server.start()
      await reconnected(open)
    })
  },
)

/** An answer of a client that is set up to give bytes. */
function toBytes(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value)
  return Array.isArray(value) ? value.map(toBytes) : value
}

const entry = (sessionId: string) => JSON.stringify({ provider: 'memory', sessionId })

async function reconnected(client: OpenClient): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isThere = await Promise.race([
      client.send('PING').catch(() => null),
      new Promise((resolve) => setTimeout(resolve, 50, null)),
    ])
    if (isThere === 'PONG') return
  }
  expect.unreachable('the client does not reconnect')
}
