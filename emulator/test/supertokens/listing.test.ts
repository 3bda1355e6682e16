import { describe, expect, it } from 'vitest'
import type { User } from '../../src/supertokens/store.js'
import { type Listing, listUsers, toPaginationToken } from '../../src/supertokens/users/listing.js'

function user(id: string, timeJoined: number, rest: Partial<User> = {}): User {
  const empty = { email: undefined, phoneNumber: undefined, thirdParty: undefined }
  return { id, timeJoined, recipeId: 'emailpassword', passwordHash: undefined, ...empty, ...rest }
}

const everything: Listing = {
  order: 'ASC',
  limit: 100,
  recipeIds: [],
  search: { email: [], phone: [], provider: [] },
}

function ids(users: readonly User[], listing: Partial<Listing>): string {
  return listUsers(users, { ...everything, ...listing })
    .users.map(({ id }) => id)
    .join(' ')
}

/** Three of them joined at the same time. */
const users = [user('a', 1), user('b', 5), user('c', 5), user('d', 5), user('e', 9)]

describe('order', () => {
  it.each([
    ['ASC', 'a d c b e'],
    ['DESC', 'e d c b a'],
  ] as const)('%s is by time, and within it by id downwards', (order, expected) => {
    expect(ids([...users].reverse(), { order })).toBe(expected)
  })
})

describe('pages', () => {
  it.each([
    ['ASC', 1],
    ['ASC', 2],
    ['ASC', 3],
    ['DESC', 1],
    ['DESC', 2],
    ['DESC', 4],
  ] as const)('%s of %i hold every user once, in order', (order, limit) => {
    const seen: string[] = []
    let paginationToken: string | undefined
    do {
      const page = listUsers(users, { ...everything, order, limit, paginationToken })
      expect(page.users.length).toBeLessThanOrEqual(limit)
      seen.push(...page.users.map(({ id }) => id))
      expect(seen.length).toBeLessThanOrEqual(users.length)
      expect(page.users).not.toEqual([])
      paginationToken = page.nextPaginationToken
    } while (paginationToken)
    expect(seen.join(' ')).toBe(ids(users, { order }))
  })

  it.each([
    ['one more than fits', 4, true],
    ['as many as fit', 5, false],
    ['fewer than fit', 6, false],
  ])('of %s: next is %s', (_, limit, hasNext) => {
    const page = listUsers(users, { ...everything, limit })
    expect('nextPaginationToken' in page).toBe(hasNext)
  })

  it('begin with the user the token names', () => {
    const paginationToken = toPaginationToken({ id: 'c', time: 5 })
    expect(Buffer.from(paginationToken, 'base64').toString()).toBe('c;5')
    expect(ids(users, { paginationToken })).toBe('c b e')
  })

  it('go on where a user was that is gone', () => {
    const paginationToken = toPaginationToken({ id: 'cc', time: 5 })
    expect(ids(users, { paginationToken })).toBe('c b e')
  })

  it.each(['', 'bad', btoa('no-semicolon'), btoa('a;b'), btoa('a;1;2'), btoa(';')])(
    'of token "%s" are refused',
    (paginationToken) => {
      const list = () => listUsers(users, { ...everything, paginationToken })
      expect(list).toThrow('invalid pagination token')
    },
  )
})

describe('search', () => {
  const found = [
    user('a', 1, { email: 'ann@one.example' }),
    user('b', 2, { email: 'bob@two.example', thirdParty: { id: 'github', userId: 'x' } }),
    user('c', 3, { phoneNumber: '+431234', recipeId: 'passwordless' }),
    user('d', 4, { email: 'one@three.example', recipeId: 'thirdparty' }),
  ]
  const search = (input: Partial<Listing['search']>) => ({
    search: { ...everything.search, ...input },
  })

  it.each([
    ['the beginning of an address', search({ email: ['bob'] }), 'b'],
    ['the beginning of a domain or of an address', search({ email: ['one'] }), 'a d'],
    ['the middle of an address', search({ email: ['nn@'] }), ''],
    ['one of two beginnings', search({ email: ['ann', 'bob'] }), 'a b'],
    ['a number', search({ phone: ['+43'] }), 'c'],
    ['the end of a number', search({ phone: ['234'] }), ''],
    ['a provider', search({ provider: ['git'] }), 'b'],
    ['an address and a provider', search({ email: ['bob'], provider: ['git'] }), 'b'],
    ['an address and the wrong provider', search({ email: ['ann'], provider: ['git'] }), ''],
    ['a recipe', { recipeIds: ['passwordless', 'thirdparty'] }, 'c d'],
    ['a recipe nobody signs in with', { recipeIds: ['webauthn'] }, ''],
  ])('by %s', (_, listing, expected) => {
    expect(ids(found, listing)).toBe(expected)
  })

  it('is answered whole, without a next page', () => {
    const page = listUsers(found, { ...everything, ...search({ email: ['one', 'bob'] }), limit: 1 })
    expect(page.users).toHaveLength(3)
    expect(page).not.toHaveProperty('nextPaginationToken')
  })
})
