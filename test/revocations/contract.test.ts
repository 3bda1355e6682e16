/** One table of cases for every kind of list. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type EndedSession,
  type EndedUser,
  memoryRevocations,
  type Revocations,
  redisRevocations,
} from '../../src/revocations/index.js'
import { findRedis, libraries, noServer, type OpenClient } from '../support/redis-server.js'

const KEEP_SECONDS = 3600

interface Subject {
  readonly name: string
  readonly subject: string
  readonly sessionId: string
  /** Seconds from when the list was told. */
  readonly issuedAfter: number
}

const ada: Subject = { name: 'clerk', subject: 'ada', sessionId: 'one', issuedAfter: -60 }

interface Case {
  readonly says: string
  readonly ended: readonly (EndedSession | EndedUser)[]
  readonly presented: Partial<Subject>
  /** `null` where the session counts. */
  readonly code: string | null
}

const ofAda = { provider: 'clerk', providerUserId: 'ada' }
const session = (sessionId: string, provider = 'clerk') => ({ provider, sessionId })

const cases: readonly Case[] = [
  { says: 'nothing ended', ended: [], presented: {}, code: null },
  { says: 'an ended session', ended: [session('one')], presented: {}, code: 'session_revoked' },
  {
    says: 'an ended session with a token of after that',
    ended: [session('one')],
    presented: { issuedAfter: 30 },
    code: 'session_revoked',
  },
  {
    says: 'a session ended twice',
    ended: [session('one'), session('one')],
    presented: {},
    code: 'session_revoked',
  },
  {
    says: 'a session ended among others',
    ended: [session('zero'), session('one'), session('two')],
    presented: {},
    code: 'session_revoked',
  },
  { says: 'another session of the user', ended: [session('two')], presented: {}, code: null },
  {
    says: 'the same id at another vendor',
    ended: [session('one', 'supertokens')],
    presented: {},
    code: null,
  },
  { says: 'all of the user', ended: [ofAda], presented: {}, code: 'session_revoked' },
  {
    says: 'all of the user, in the same second',
    ended: [ofAda],
    presented: { issuedAfter: 0 },
    code: 'session_revoked',
  },
  {
    says: 'all of the user, signed in again since',
    ended: [ofAda],
    presented: { issuedAfter: 2, sessionId: 'two' },
    code: null,
  },
  {
    says: 'all of the user, at a time that is none',
    ended: [ofAda],
    presented: { issuedAfter: Number.NaN },
    code: 'session_revoked',
  },
  {
    says: 'all of another user',
    ended: [{ ...ofAda, providerUserId: 'eve' }],
    presented: {},
    code: null,
  },
  {
    says: 'all of a user of another vendor',
    ended: [{ ...ofAda, provider: 'supertokens' }],
    presented: {},
    code: null,
  },
  {
    says: 'a session with the id of a user',
    ended: [session('ada')],
    presented: {},
    code: null,
  },
  {
    says: 'a user with the id of a session',
    ended: [{ ...ofAda, providerUserId: 'one' }],
    presented: {},
    code: null,
  },
  {
    says: 'an auth object, which names session and user',
    ended: [{ ...ofAda, sessionId: 'two' } as EndedSession],
    presented: {},
    code: null,
  },
  {
    says: 'names that run into one another',
    ended: [session('b:one', 'a'), session(':one', 'a:b'), session('one', '3:a:b')],
    presented: { name: 'a:b', sessionId: 'one' },
    code: null,
  },
  ...['"', "'; DROP", 'a\r\nb', '\0', '*', ' ', 'ü😀', '\ud800', '__proto__', 'x'.repeat(8000)].map(
    (id): Case => ({
      says: `the odd name ${JSON.stringify(id).slice(0, 20)}`,
      ended: [session(id, `vendor${id.slice(0, 9)}`)],
      presented: { sessionId: id, name: `vendor${id.slice(0, 9)}` },
      code: 'session_revoked',
    }),
  ),
  {
    says: 'a token older than the list',
    ended: [],
    presented: { issuedAfter: -KEEP_SECONDS - 2 },
    code: 'token_expired',
  },
  {
    says: 'a token about as old as the list',
    ended: [],
    presented: { issuedAfter: -KEEP_SECONDS + 30 },
    code: null,
  },
]

const misuses: readonly (readonly [string, object])[] = [
  ['no vendor', { sessionId: 'one' }],
  ['neither session nor user', { provider: 'clerk' }],
  ['an empty id', { provider: 'clerk', sessionId: '', providerUserId: 'ada' }],
  ['no id', { provider: 'clerk', sessionId: null, providerUserId: 'ada' }],
  ['a name that is no text', { provider: 'clerk', providerUserId: 7 }],
]

async function codeOf(check: () => unknown): Promise<unknown> {
  try {
    await check()
    return null
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

/** @param open Lists of the same store; every instance of an app has one. */
function describeRevocations(kind: string, open: () => Promise<readonly Revocations[]>): void {
  describe(`revocations in ${kind}`, () => {
    it.each(cases)('$says → $code', async ({ ended, presented, code }) => {
      const lists = await open()
      const { name, issuedAfter, ...rest } = { ...ada, ...presented }
      const second = Math.floor(Date.now() / 1000)
      for (const each of ended) await lists[0]?.revoke(each)
      const facts = { ...rest, issuedAt: second + issuedAfter }
      for (const list of lists) {
        expect(await codeOf(() => list.check(name, facts, Date.now()))).toBe(code)
      }
    })

    it.each(misuses)('refuses to end %s', async (_, ended) => {
      const [list] = await open()
      await expect(list?.revoke(ended as EndedSession)).rejects.toMatchObject({
        code: 'config_invalid',
      })
    })

    it('waits for nothing where nothing is to be asked', async () => {
      const [list] = await open()
      const facts = { ...ada, issuedAt: Math.floor(Date.now() / 1000) }
      await list?.check('clerk', facts, Date.now())
      expect(list?.check('clerk', facts, Date.now())).toBeUndefined()
    })
  })
}

describeRevocations('memory', async () => [memoryRevocations({ keepSeconds: KEEP_SECONDS })])

if (noServer) console.warn(`skipped: revocations in Redis, because ${noServer}`)

describe.runIf(noServer === null).each(Object.entries(libraries))('with %s', (library, connect) => {
  let server: Awaited<ReturnType<typeof findRedis>>
  let open: OpenClient
  const keys: string[] = []
  beforeAll(async () => {
    server = await findRedis()
    open = await connect(server.url)
  })
  afterAll(async () => {
    await open.send('DEL', ...keys)
    open.close()
    await server.stop()
  })

  describeRevocations(`Redis by ${library}`, async () => {
    const key = `authmux:test:${library}:${crypto.randomUUID()}`
    keys.push(key)
    const options = { key, keepSeconds: KEEP_SECONDS, onError: () => undefined }
    return [redisRevocations(open.client, options), redisRevocations(open.client, options)]
  })
})
