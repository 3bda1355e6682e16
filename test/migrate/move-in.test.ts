import { describe, expect, it } from 'vitest'
import type { MigrationEvent } from '../../src/migrate/events.js'
import { type IdentityMap, memoryIdentityMap } from '../../src/migrate/identity-map.js'
import { createMoveIn, type MoveInPlan, type MoveInResult } from '../../src/migrate/move-in.js'
import type { Creation, NewUser, ProviderUsers, UserAccount } from '../../src/provider-users.js'
import { activate, fakeProvider } from '../support/core-provider.js'

const EMAIL = 'ada@example.com'

const ada: UserAccount = {
  id: 'ada',
  emails: [{ address: EMAIL, verified: true, isIdentifier: true }],
  phone: null,
  name: 'Ada',
  imageUrl: null,
  createdAt: new Date(0),
  metadata: {},
  isBlocked: false,
  hasPassword: true,
  hasSecondFactor: false,
}

/** What the new vendor keeps, and what it answers. */
interface World {
  readonly map?: IdentityMap
  readonly create?: (user: NewUser) => Promise<Creation>
  readonly subjectOf?: ProviderUsers['subjectOf']
  readonly account?: Partial<UserAccount>
  readonly home?: string
  readonly users?: Partial<ProviderUsers>
}

function world({ map, create, subjectOf, account, home = 'new', users }: World = {}) {
  const events: MigrationEvent[] = []
  const made: NewUser[] = []
  const someone = { ...ada, ...account }
  const from = activate(
    fakeProvider({
      users: {
        get: async () => null,
        findByEmail: async (address) => (address === EMAIL ? [someone] : []),
        verifyPassword: async (_, password) => (password === 'right' ? someone : null),
        create: async () => ({ outcome: 'refused', reason: 'unused' }),
      },
    }),
    'old',
  )
  const to = activate(
    fakeProvider({
      users: {
        get: async () => null,
        findByEmail: async () => [],
        verifyPassword: async () => null,
        subjectOf: subjectOf ?? (async () => null),
        create:
          create ??
          (async (user) => {
            made.push(user)
            return { outcome: 'created', subject: 's1' }
          }),
        ...users,
      },
    }),
    'new',
  )
  const plan: MoveInPlan = {
    sides: () => ({ from, to }),
    signInProvider: () => home,
    subjectOf: (active, userId) =>
      map
        ? map.findSubject('new', userId)
        : (active.provider.users?.subjectOf?.(userId) ?? Promise.resolve(null)),
    map,
    onEvent: (event) => void events.push(event),
    now: () => 0,
  }
  return { ...createMoveIn(plan), events, made }
}

const moved = { outcome: 'moved', userId: 'ada' }

describe('moving in', () => {
  it('writes the user into the map of the app', async () => {
    const map = memoryIdentityMap()
    const { signIn, made } = world({ map })
    expect(await signIn(EMAIL, 'right')).toEqual(moved)
    expect(await map.find({ provider: 'new', subject: 's1' })).toBe('ada')
    expect(made).toMatchObject([{ appId: 'ada', password: { plain: 'right' } }])
  })

  it('goes on where the map failed after the user was made', async () => {
    const kept = memoryIdentityMap()
    let isDown = true
    const map: IdentityMap = {
      ...kept,
      link: async (principal, userId) => {
        if (isDown) throw new TypeError('connection lost')
        return kept.link(principal, userId)
      },
    }
    let count = 0
    const { signIn } = world({
      map,
      create: async () =>
        count++ === 0 ? { outcome: 'created', subject: 's1' } : { outcome: 'exists' },
      subjectOf: async () => (count > 0 ? 's1' : null),
    })
    await expect(signIn(EMAIL, 'right')).rejects.toThrow('connection lost')
    isDown = false
    expect(await signIn(EMAIL, 'right')).toEqual(moved)
    expect(await kept.findSubject('new', 'ada')).toBe('s1')
  })

  it('is done when another process has done it just now', async () => {
    let isThere = false
    const { signIn } = world({
      create: async () => {
        isThere = true
        return { outcome: 'exists' }
      },
      subjectOf: async () => (isThere ? 's1' : null),
    })
    expect(await signIn(EMAIL, 'right')).toEqual(moved)
  })

  it('is one for many tabs, and again for who comes after a failure', async () => {
    let count = 0
    const { signIn } = world({
      create: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        if (count++ === 0) throw new TypeError('down')
        return { outcome: 'created', subject: 's1' }
      },
    })
    const first = await Promise.allSettled([signIn(EMAIL, 'right'), signIn(EMAIL, 'right')])
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(count).toBe(1)
    expect(await Promise.all([signIn(EMAIL, 'right'), signIn(EMAIL, 'right')])).toEqual([
      moved,
      moved,
    ])
    expect(count).toBe(2)
  })

  type Step = readonly [way: 'signIn' | 'reset', password: string | null, outcome: string]
  const races: [string, readonly Step[], string | null][] = [
    [
      'who signs in while they are made without a password',
      [
        ['reset', null, 'moved'],
        ['signIn', 'right', 'moved'],
      ],
      'right',
    ],
    [
      'who is made without a password while they sign in',
      [
        ['signIn', 'right', 'moved'],
        ['reset', null, 'unchanged'],
      ],
      'right',
    ],
    [
      'who chooses a password while they sign in with the old one',
      [
        ['signIn', 'right', 'moved'],
        ['reset', 'chosen', 'unchanged'],
      ],
      'right',
    ],
    [
      'who signs in with the old password while they choose one',
      [
        ['reset', 'chosen', 'moved'],
        ['signIn', 'right', 'unchanged'],
      ],
      'chosen',
    ],
    [
      'who is made without a password twice',
      [
        ['reset', null, 'moved'],
        ['reset', null, 'moved'],
      ],
      null,
    ],
  ]
  it.each(races)(
    'tells nobody that their password counts unless it does: %s',
    async (_, steps, kept) => {
      const there: { password: string | null }[] = []
      const tick = () => new Promise<void>((resolve) => setTimeout(resolve))
      let open = () => {}
      const gate = new Promise<void>((resolve) => {
        open = resolve
      })
      const { signIn, reset } = world({
        users: {
          findByEmail: async () =>
            there.map(({ password }) => ({ ...ada, id: 's1', hasPassword: password !== null })),
          subjectOf: async () => (there.length > 0 ? 's1' : null),
          async create({ password }) {
            await gate
            if (there.length > 0) return { outcome: 'exists' }
            there.push({ password: password && 'plain' in password ? password.plain : null })
            return { outcome: 'created', subject: 's1' }
          },
          async setPassword(_subject, password) {
            there[0] = { password }
            return true
          },
        },
      })
      const calls: Promise<MoveInResult>[] = []
      for (const [way, password] of steps) {
        calls.push(way === 'reset' ? reset(EMAIL, password) : signIn(EMAIL, password ?? ''))
        await tick()
      }
      open()
      const results = await Promise.all(calls)
      expect(results.map(({ outcome }) => outcome)).toEqual(steps.map(([, , outcome]) => outcome))
      expect(there).toEqual([{ password: kept }])
    },
  )

  it.each([
    ['a wrong password', 'wrong'],
    ['no password', ''],
  ])('is not tried more than ten times a minute with %s', async (_, password) => {
    const { signIn } = world()
    const attempt = () => signIn(EMAIL, password)
    for (let count = 0; count < 10; count++)
      expect(await attempt()).toEqual({ outcome: 'unchanged' })
    expect(await attempt()).toEqual({ outcome: 'limited', retryAfterSeconds: 60 })
    expect(await signIn(` ${EMAIL.toUpperCase()}`, 'right')).toMatchObject({ outcome: 'limited' })
    expect(await signIn('grace@example.com', password)).toEqual({ outcome: 'unchanged' })
  })

  const refusals: [string, World, string][] = [
    ['is kept out', { account: { isBlocked: true } }, 'blocked'],
    ['has a second factor', { account: { hasSecondFactor: true } }, 'second_factor'],
    ['shares an address', { create: async () => ({ outcome: 'exists' }) }, 'taken'],
    ['is not taken', { create: async () => ({ outcome: 'refused', reason: 'x' }) }, 'not_accepted'],
    [
      'is somebody else’s in the map',
      { map: memoryIdentityMap([{ provider: 'new', subject: 's1', userId: 'bob' }]) },
      'taken',
    ],
  ]
  it.each(refusals)(
    'refuses who %s, and tells only whoever has proven who they are',
    async (_, given, reason) => {
      const { signIn, events } = world(given)
      expect(await signIn(EMAIL, 'wrong')).toEqual({ outcome: 'unchanged' })
      expect(events).toEqual([])
      expect(await signIn(EMAIL, 'right')).toEqual({ outcome: 'refused', reason })
      expect(events).toMatchObject([{ type: 'move-in-refused', userId: 'ada', reason }])
    },
  )

  it.each([
    ['belongs to the old vendor', { home: 'old' }],
    [
      'has no verified address',
      { account: { emails: [{ address: EMAIL, verified: false, isIdentifier: true }] } },
    ],
    ['is kept out', { account: { isBlocked: true } }],
  ])('sends no new password to who %s', async (_, given) => {
    expect(await world(given).findResettable(EMAIL)).toBeNull()
  })
})
