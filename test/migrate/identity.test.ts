import { describe, expect, it } from 'vitest'
import { readCoverage, requireCoverage } from '../../src/migrate/coverage.js'
import { type IdentityOptions, identitiesOf } from '../../src/migrate/identity.js'
import { type IdentityMap, memoryIdentityMap } from '../../src/migrate/identity-map.js'
import { sqlIdentityMap } from '../../src/migrate/sql-identity-map.js'
import type { ProviderUsers } from '../../src/provider.js'
import { activate, fakeProvider } from '../support/core-provider.js'
import { sqlite } from '../support/sqlite.js'

const OLD = activate(fakeProvider(), 'old')

function world(options: IdentityOptions = {}, answers: Record<string, string | null> = {}) {
  const asked: string[] = []
  let fails = false
  const users: ProviderUsers = {
    get: async () => null,
    async appId(subject) {
      asked.push(subject)
      if (fails) throw new TypeError('down')
      return answers[subject] ?? null
    },
    subjectOf: async (id) =>
      Object.keys(answers).find((subject) => answers[subject] === id) ?? null,
  }
  const next = activate(fakeProvider({ users }), 'new')
  const identities = identitiesOf('new', options)
  return {
    asked,
    next,
    identities,
    setFailing: (value: boolean) => {
      fails = value
    },
    of: async (subject: string, claims: object = {}, now = 0) =>
      identities.userIdOf(next, { subject, claims: claims as Record<string, unknown> }, now),
  }
}

describe('the id of a user in the app', () => {
  it('is the old vendor’s, with nobody asked', () => {
    const { identities, asked } = world()
    expect(identities.userIdOf(OLD, { subject: 'u1', claims: {} }, 0)).toBe('u1')
    expect(asked).toEqual([])
  })

  it('comes from a claim, with nobody asked', async () => {
    const { of, asked } = world({ claim: 'app.id' }, { s1: 'other' })
    expect(await of('s1', { app: { id: 'u1' } })).toBe('u1')
    expect(asked).toEqual([])
  })

  it.each([
    ['the vendor’s own id, as a fallback', { id: 's1' }],
    ['nothing', {}],
    ['an empty text', { id: '' }],
    ['a number', { id: 1 }],
    ['a list', { id: ['u9'] }],
    ['a list under a path', { 'id.0': 'u9' }],
  ])('is looked up when the claim is %s', async (_, claims) => {
    const { of, asked } = world({ claim: 'id' }, { s1: 'u1' })
    expect(await of('s1', claims)).toBe('u1')
    expect(asked).toEqual(['s1'])
  })

  it('is looked up once, also by many at once, and again when it has aged', async () => {
    const { of, asked } = world({ cacheSeconds: 10 }, { s1: 'u1' })
    const found = await Promise.all([of('s1'), of('s1'), of('s1')])
    expect(found).toEqual(['u1', 'u1', 'u1'])
    await of('s1', {}, 9999)
    expect(asked).toEqual(['s1'])
    await of('s1', {}, 10_000)
    expect(asked).toEqual(['s1', 's1'])
  })

  it('that is missing is asked for again soon, and one that failed at once', async () => {
    const answers: Record<string, string | null> = {}
    const { of, asked, setFailing } = world({}, answers)
    await expect(of('s1')).rejects.toMatchObject({ code: 'forbidden' })
    answers.s1 = 'u1'
    await expect(of('s1', {}, 4999)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await of('s1', {}, 5000)).toBe('u1')
    setFailing(true)
    await expect(of('s2')).rejects.toThrow('down')
    setFailing(false)
    await expect(of('s2')).rejects.toMatchObject({ code: 'forbidden' })
    expect(asked).toEqual(['s1', 's1', 's2', 's2'])
  })

  it.each([
    ['refuse', undefined],
    ['namespace', 'new:s1'],
  ] as const)('of an unmapped user, by the policy %s, is %s', async (unmapped, expected) => {
    const { of } = world({ unmapped })
    if (expected) expect(await of('s1')).toBe(expected)
    else await expect(of('s1')).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('is nobody’s when it looks like one made up here', async () => {
    const { of, identities } = world({ unmapped: 'namespace', claim: 'id' }, { s1: 'new:s2' })
    await expect(of('s1')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(of('s3', { id: 'new:s2' })).rejects.toMatchObject({ code: 'forbidden' })
    const old = async () => identities.userIdOf(OLD, { subject: 'new:s2', claims: {} }, 0)
    await expect(old()).rejects.toMatchObject({ code: 'forbidden' })
    expect(await identities.subjectOf(OLD, 'new:s2')).toBeNull()
  })

  it('is never that of another user by an equal subject', async () => {
    const { of } = world({}, { s1: 'u1' })
    // The new vendor’s subject is spelled like an id of the app.
    await expect(of('u1')).rejects.toMatchObject({ code: 'forbidden' })
    const { of: named } = world({ unmapped: 'namespace' }, { s1: 'u1' })
    expect(await named('u1')).toBe('new:u1')
  })

  it('is unknown, and nobody’s fault, while the map does not answer', async () => {
    const map: IdentityMap = {
      ...memoryIdentityMap(),
      find: async () => {
        throw new TypeError('connection lost')
      },
      findSubject: async () => {
        throw new TypeError('connection lost')
      },
    }
    const { of, identities, next } = world({ map })
    await expect(of('s1')).rejects.toMatchObject({ code: 'provider_unavailable' })
    const reverse = identities.subjectOf(next, 'u1')
    await expect(reverse).rejects.toMatchObject({ code: 'provider_unavailable' })
    expect(identities.userIdOf(OLD, { subject: 'u1', claims: {} }, 0)).toBe('u1')
  })

  it('needs a place to be found', async () => {
    const { identities } = world()
    const bare = activate(fakeProvider({ users: { get: async () => null } }), 'new')
    const found = async () => identities.userIdOf(bare, { subject: 's1', claims: {} }, 0)
    await expect(found()).rejects.toMatchObject({ code: 'config_invalid' })
  })
})

const query = sqlite(
  'CREATE TABLE authmux_identities (provider VARCHAR(64) NOT NULL, subject VARCHAR(255) NOT NULL, user_id VARCHAR(255) NOT NULL, PRIMARY KEY (provider, subject), UNIQUE (provider, user_id))',
)
const maps: [string, IdentityMap][] = [['memory', memoryIdentityMap()]]
if (query) maps.push(['SQLite', sqlIdentityMap({ query, parameters: '?' })])
else console.warn('skipped: the identity map in SQLite, because python3 with sqlite3 is not here')

describe.each(maps)('an identity map in %s', (_, map) => {
  it('keeps who is who, and lets nobody become two or somebody else', async () => {
    const ada = { provider: 'new', subject: "s'; DROP TABLE authmux_identities; --" }
    expect(await map.find(ada)).toBeNull()
    expect(await map.link(ada, 'ada')).toBe(true)
    expect(await map.link(ada, 'ada')).toBe(true)
    expect(await map.find(ada)).toBe('ada')
    expect(await map.findSubject('new', 'ada')).toBe(ada.subject)
    expect(await map.link(ada, 'bob')).toBe(false)
    expect(await map.link({ provider: 'new', subject: 's2' }, 'ada')).toBe(false)
    expect(await map.find({ provider: 'new', subject: 's2' })).toBeNull()
    expect(await map.link({ provider: 'other', subject: ada.subject }, 'bob')).toBe(true)
    expect(await map.find(ada)).toBe('ada')
  })
})

describe('the map in a database', () => {
  it('passes on what the driver fails with', async () => {
    const failing = sqlIdentityMap({
      query: async () => {
        throw new TypeError('connection lost')
      },
    })
    await expect(failing.find({ provider: 'new', subject: 's1' })).rejects.toThrow(
      'connection lost',
    )
    await expect(failing.link({ provider: 'new', subject: 's1' }, 'u1')).rejects.toThrow()
  })

  it.each(['users; DROP', 'a"b', '', 'a.b.c', '1a'])('takes no table called %s', (table) => {
    expect(() => sqlIdentityMap({ query: async () => [], table })).toThrow(/table/)
  })
})

describe('coverage', () => {
  it('says who is missing', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `u${index}`)
    const find = async (id: string) => (id === 'u3' || id === 'u19' ? null : `s-${id}`)
    expect(await readCoverage(ids, find)).toEqual({
      total: 20,
      mapped: 18,
      unmapped: ['u3', 'u19'],
      isComplete: false,
    })
  })

  it.each([
    [['u1'], true],
    // Nobody to look at is no proof of anything.
    [[], false],
  ])('of %j is complete: %s', async (ids, isComplete) => {
    expect((await readCoverage(ids, async (id) => id)).isComplete).toBe(isComplete)
  })

  it('with a gap is no report', async () => {
    const find = async (): Promise<string | null> => {
      throw new TypeError('down')
    }
    await expect(readCoverage(['u1'], find)).rejects.toThrow('down')
  })

  const read = (total: number, missing: number) =>
    readCoverage(
      Array.from({ length: total }, (_, index) => `u${index}`),
      async (id) => (Number(id.slice(1)) < missing ? null : id),
    )
  it.each([
    ['old-only', 20, 20, 0, null],
    ['dual-old-primary', 20, 20, 0, null],
    ['dual-old-primary', 0, 0, 0, null],
    ['dual-new-primary', 20, 0, 0, null],
    ['new-only', 20, 0, 0, null],
    ['dual-new-primary', 20, 2, 0, /2 of 20 users are not at the new vendor: u0, u1$/],
    ['new-only', 20, 1, 0, /1 of 20 users are not at the new vendor: u0$/],
    ['dual-new-primary', 20, 2, 2, null],
    ['dual-new-primary', 20, 3, 2, /3 of 20/],
    ['dual-new-primary', 200, 120, 0, /120 of 200 .*: u0, u1, u2, u3, u4, u5, u6, u7, u8, u9, …$/],
    ['dual-new-primary', 0, 0, 5, /no user was read/],
  ] as const)('for %s, of %i with %i missing, %i to be left behind: %s', async (...row) => {
    const [step, total, missing, leftBehind, message] = row
    const coverage = await read(total, missing)
    const take = () => requireCoverage(step, coverage, leftBehind)
    if (message === null) expect(take).not.toThrow()
    else
      expect(take).toThrow(
        expect.objectContaining({
          code: 'config_invalid',
          message: expect.stringMatching(message),
        }),
      )
  })
})
