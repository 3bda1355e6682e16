import { describe, expect, it } from 'vitest'
import { cutOver } from '../../src/migrate/cut-over.js'
import type { MigrationEvent } from '../../src/migrate/events.js'
import { type IdentityMap, memoryIdentityMap } from '../../src/migrate/identity-map.js'
import type { LinkByVerifiedEmail } from '../../src/migrate/verified-email.js'
import type { UserAccount } from '../../src/provider-users.js'
import { activate, fakeProvider } from '../support/core-provider.js'
import { NEW, OLD } from '../support/migrate-two-sides.js'

interface Someone extends Partial<UserAccount> {
  readonly id: string
  readonly addresses: Readonly<Record<string, boolean>>
  /** What the vendor keeps as the app's id. */
  readonly appId?: string
}

function accountOf({ id, addresses, appId: _, ...more }: Someone): UserAccount {
  return {
    id,
    emails: Object.entries(addresses).map(([address, verified]) => ({
      address,
      verified,
      isIdentifier: true,
    })),
    phone: null,
    name: null,
    imageUrl: null,
    createdAt: new Date(0),
    metadata: {},
    isBlocked: false,
    hasPassword: true,
    hasSecondFactor: false,
    ...more,
  }
}

function vendor(name: string, people: readonly Someone[], asked: string[] = []) {
  const accounts = people.map(accountOf)
  return activate(
    fakeProvider({
      users: {
        get: async (subject) => accounts.find(({ id }) => id === subject) ?? null,
        appId: async (subject) => people.find(({ id }) => id === subject)?.appId ?? null,
        subjectOf: async (appId) => people.find((its) => its.appId === appId)?.id ?? null,
        async findByEmail(address) {
          asked.push(address)
          // As a vendor that folds too much would answer.
          const wanted = address.normalize('NFKC').toLowerCase()
          return accounts.filter(({ emails }) =>
            emails.some((its) => its.address.normalize('NFKC').toLowerCase() === wanted),
          )
        },
      },
    }),
    name,
  )
}

interface World {
  readonly old?: readonly Someone[]
  readonly next?: readonly Someone[]
  readonly map?: IdentityMap
  readonly decide?: LinkByVerifiedEmail
  readonly step?: string
}

const ada: Someone = { id: 'ada', addresses: { 'ada@example.com': true } }
const newAda: Someone = { id: 's1', addresses: { 'ada@example.com': true } }

function world({ old = [ada], next = [newAda], decide = true, step, ...more }: World = {}) {
  const events: MigrationEvent[] = []
  const asked: string[] = []
  const map = more.map ?? memoryIdentityMap()
  let now = 0
  const plan = cutOver({
    from: OLD,
    to: NEW,
    step: step ?? 'dual-new-primary',
    identity: { map, linkByVerifiedEmail: decide },
    onEvent: (event) => void events.push(event),
    now: () => now,
  })
  const active = [vendor(OLD, old, asked), vendor(NEW, next)]
  plan.attach(active)
  const to = active[1] as (typeof active)[number]
  return {
    map,
    asked,
    events,
    at(ms: number) {
      now = ms
    },
    userIdOf: async (subject = 's1') =>
      plan.identify(to, { subject, claims: {} } as Parameters<typeof plan.identify>[1], now),
  }
}

describe('two users with one address that both vendors have verified', () => {
  it('become one, once, and it is written down', async () => {
    const { userIdOf, map, events, asked } = world()
    expect(await Promise.all([userIdOf(), userIdOf()])).toEqual(['ada', 'ada'])
    expect(await map.find({ provider: NEW, subject: 's1' })).toBe('ada')
    expect(events).toMatchObject([
      { type: 'user-linked', userId: 'ada', from: OLD, to: NEW, reason: null },
    ])
    expect(JSON.stringify(events)).not.toContain('@')
    const other = world({ map })
    expect(await other.userIdOf()).toBe('ada')
    expect(other.events).toEqual([])
    expect(asked).toHaveLength(1)
  })

  it('are shown to the app first, where it wants to decide', async () => {
    const seen: unknown[] = []
    const { userIdOf } = world({
      decide: async (candidate) => {
        seen.push(candidate)
        return true
      },
    })
    expect(await userIdOf()).toBe('ada')
    expect(seen).toEqual([
      { userId: 'ada', provider: NEW, subject: 's1', email: 'ada@example.com' },
    ])
  })

  const refusals: [string, World, string][] = [
    [
      'the new vendor has not verified it',
      { next: [{ id: 's1', addresses: { 'ada@example.com': false } }] },
      'unverified',
    ],
    [
      'the old vendor has not verified it',
      { old: [{ id: 'ada', addresses: { 'ada@example.com': false } }] },
      'unverified',
    ],
    [
      'each vendor has verified another of two',
      {
        old: [{ id: 'ada', addresses: { 'a@example.com': true, 'b@example.com': false } }],
        next: [{ id: 's1', addresses: { 'a@example.com': false, 'b@example.com': true } }],
      },
      'unverified',
    ],
    [
      'two users of the old vendor have it',
      { old: [ada, { id: 'bob', addresses: { 'ada@example.com': false } }] },
      'ambiguous',
    ],
    [
      'two users of the new vendor have it',
      { next: [newAda, { id: 's2', addresses: { 'ada@example.com': false } }] },
      'ambiguous',
    ],
    [
      'their addresses are those of two users',
      {
        old: [ada, { id: 'bob', addresses: { 'bob@example.com': true } }],
        next: [{ id: 's1', addresses: { 'ada@example.com': true, 'bob@example.com': true } }],
      },
      'ambiguous',
    ],
    [
      'the vendor keeps another id of the app for them',
      { next: [{ ...newAda, appId: 'carol' }] },
      'taken',
    ],
    [
      'the vendor keeps that id for somebody else',
      { next: [newAda, { id: 's2', addresses: {}, appId: 'ada' }] },
      'taken',
    ],
    [
      'the map has somebody else for that id',
      { map: memoryIdentityMap([{ provider: NEW, subject: 's2', userId: 'ada' }]) },
      'taken',
    ],
    ['the app says no', { decide: () => false }, 'declined'],
    ['the app says something else', { decide: (() => 'yes') as never }, 'declined'],
    ['the old vendor keeps them out', { old: [{ ...ada, isBlocked: true }] }, 'blocked'],
    ['they have a second factor', { old: [{ ...ada, hasSecondFactor: true }] }, 'second_factor'],
    [
      'the address only looks like it',
      {
        old: [{ id: 'ada', addresses: { 'ada@example.com': true } }],
        next: [{ id: 's1', addresses: { 'ada\uFF20example.com': true } }],
      },
      'unverified',
    ],
    [
      'the address has letters that look like others',
      {
        old: [{ id: 'ada', addresses: { 'ad\u0430@example.com': true } }],
        next: [{ id: 's1', addresses: { 'ad\u0430@example.com': true } }],
      },
      'ambiguous',
    ],
  ]

  it.each(refusals)('stay two when %s', async (_, given, reason) => {
    const { userIdOf, map, events, at } = world(given)
    await expect(userIdOf()).rejects.toMatchObject({ code: 'forbidden' })
    expect(await map.find({ provider: NEW, subject: 's1' })).toBeNull()
    expect(events).toMatchObject([{ type: 'link-refused', reason }])
    // Asked again, nobody is told again for a while.
    at(10_000)
    await expect(userIdOf()).rejects.toMatchObject({ code: 'forbidden' })
    expect(events).toHaveLength(1)
  })

  it.each([
    ['nobody has the address', { old: [] }],
    ['the user is gone', { next: [] }],
    ['only the new vendor counts', { step: 'new-only' }],
  ])('are not looked for, without a word, when %s', async (_, given: World) => {
    const { userIdOf, events } = world(given)
    await expect(userIdOf()).rejects.toMatchObject({ code: 'forbidden' })
    expect(events).toEqual([])
  })

  it('wait while the map does not answer', async () => {
    const map: IdentityMap = {
      ...memoryIdentityMap(),
      link: async () => {
        throw new TypeError('connection lost')
      },
    }
    const { userIdOf, events } = world({ map })
    await expect(userIdOf()).rejects.toMatchObject({ code: 'provider_unavailable' })
    expect(events).toEqual([])
  })

  it('are linked by whoever is quicker, of two processes', async () => {
    const map = memoryIdentityMap()
    const [one, two] = [world({ map }), world({ map })]
    expect(await Promise.all([one.userIdOf(), two.userIdOf()])).toEqual(['ada', 'ada'])
  })
})

it('linking needs a map, and is off by default', async () => {
  const options = { from: OLD, to: NEW, step: 'dual-new-primary' } as const
  const withoutMap = () => cutOver({ ...options, identity: { linkByVerifiedEmail: true } })
  expect(withoutMap).toThrow(/identity\.map/)
  const off = cutOver({ ...options, identity: { map: memoryIdentityMap() } })
  const to = vendor(NEW, [newAda])
  off.attach([vendor(OLD, [ada]), to])
  const found = async () =>
    off.identify(to, { subject: 's1', claims: {} } as Parameters<typeof off.identify>[1], 0)
  await expect(found()).rejects.toMatchObject({ code: 'forbidden' })
})
