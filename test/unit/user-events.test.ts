import { describe, expect, it, vi } from 'vitest'
import type { ProviderUser } from '../../src/provider.js'
import type { UserEvent, VendorEvent } from '../../src/user-events/event.js'
import { sqlUserEventStore } from '../../src/user-events/sql-store.js'
import { memoryUserEventStore, type UserEventStore } from '../../src/user-events/store.js'
import {
  createUserEvents,
  type UserEventSource,
  type UserEventsOptions,
} from '../../src/user-events/user-events.js'
import { sqlite } from '../support/sqlite.js'

const CREATE_TABLE =
  'CREATE TABLE authmux_user_events (provider VARCHAR(64) NOT NULL, subject VARCHAR(255) NOT NULL, version VARCHAR(36) NOT NULL, history TEXT NOT NULL, waiting VARCHAR(3) NOT NULL, PRIMARY KEY (provider, subject))'

const user: ProviderUser = {
  id: 'u1',
  emails: [{ address: 'ada@example.com', verified: true }],
  phone: null,
  name: 'Ada',
  imageUrl: null,
  createdAt: new Date(1000),
  metadata: {},
}

/** `created@5` is a `user.created` of that millisecond; `s1+@5` and `s1-@6` begin and end a session. */
function eventOf(text: string): VendorEvent {
  const [what = '', rest = ''] = text.split('@')
  const [at = '', id = text] = rest.split('#')
  const session = /^(s\d)([+-])$/.exec(what)
  const type = session
    ? (`session.${session[2] === '+' ? 'created' : 'ended'}` as const)
    : (`user.${what}` as UserEvent['type'])
  return {
    type,
    subject: 'u1',
    sessionId: session?.[1] ?? null,
    id: at === '' ? null : id,
    at: at === '' ? null : Number(at),
    user: session || what === 'deleted' ? null : user,
  }
}

const nobody: UserEventSource = {
  provider: 'vendor',
  users: { get: async () => user, appId: async () => null },
}

function world(options: Partial<UserEventsOptions> = {}) {
  const told: UserEvent[] = []
  const errors: unknown[] = []
  const events = createUserEvents({
    store: memoryUserEventStore(),
    onUserEvent: (event) => void told.push(event),
    onError: (error) => void errors.push(error),
    now: () => 1000,
    ...options,
  })
  return { told, errors, events, vendor: events.from(nobody) }
}

/** One of each kind, with nothing in it. */
function newStores(): [string, UserEventStore][] {
  const stores: [string, UserEventStore][] = [['memory', memoryUserEventStore()]]
  const query = sqlite(CREATE_TABLE)
  if (!query) {
    console.warn('skipped: user events in SQLite, because python3 with sqlite3 is not here')
  } else stores.push(['SQLite', sqlUserEventStore({ query, parameters: '?' })])
  return stores
}

describe('the order of events', () => {
  it.each([
    ['as they happened', 'created@1 updated@2 deleted@3', 'created@1 updated@2 deleted@3'],
    ['twice', 'created@1 created@1 updated@2 updated@2', 'created@1 updated@2'],
    ['an older record after a newer one', 'created@1 updated@3 updated@2', 'created@1 updated@3'],
    ['the beginning after a change', 'updated@2 created@1', 'updated@2'],
    ['the beginning after the end', 'deleted@2 created@1 updated@1', 'deleted@2'],
    ['anything after the end', 'created@1 deleted@3 updated@4 deleted@5', 'created@1 deleted@3'],
    [
      'a return',
      'created@1 deleted@2 created@3 updated@4',
      'created@1 deleted@2 created@3 updated@4',
    ],
    [
      'one moment',
      'created@1 updated@1#a updated@1#b updated@1#a',
      'created@1 updated@1#a updated@1#b',
    ],
    ['one moment, the wrong way round', 'updated@1 created@1', 'updated@1'],
    ['a session beside a newer record', 'updated@9 s1+@3 s1-@4', 'updated@9 s1+@3 s1-@4'],
    ['a session that began after its end', 's1-@2 s1+@1', 's1-@2'],
    ['a session that ends twice', 's1+@1 s1-@2#revoked s1-@3#removed', 's1+@1 s1-@2#revoked'],
    ['a session that begins twice', 's1+@1#a s1+@1#b s2+@1', 's1+@1#a s2+@1'],
    ['a session of somebody gone', 's1+@1 deleted@2 s1-@3 s2+@4', 's1+@1 deleted@2'],
    ['a session of somebody who is back', 'deleted@2 created@3 s2+@4', 'deleted@2 created@3 s2+@4'],
  ])('%s: %s', async (_, sent, expected) => {
    const { told, vendor } = world()
    for (const text of sent.split(' ')) await vendor.accept(eventOf(text))
    expect(told.map(({ id }) => id)).toEqual(expected.split(' ').map((text) => eventOf(text).id))
  })

  it('is that of their arrival where the vendor says nothing of time, whatever the clock does', async () => {
    let now = 1000
    const { told, vendor } = world({ now: () => now })
    await vendor.take(eventOf('created@'))
    now = 10
    await vendor.take(eventOf('updated@'))
    await vendor.take(eventOf('updated@'))
    const places = told.map(({ id, occurredAt }) => [id, occurredAt.getTime()])
    expect(places).toEqual([
      ['user.created:u1:1000', 1000],
      ['user.updated:u1:1001', 1001],
      ['user.updated:u1:1002', 1002],
    ])
  })

  it('is of one user, and of one vendor', async () => {
    const { told, vendor, events } = world()
    await vendor.accept(eventOf('updated@9'))
    await vendor.accept({ ...eventOf('updated@1#x'), subject: 'u2' })
    await events.from({ ...nobody, provider: 'other' }).accept(eventOf('updated@1'))
    expect(told).toHaveLength(3)
  })

  it('remembers the sessions of a year of somebody busy, and no more', async () => {
    const store = memoryUserEventStore()
    const { vendor } = world({ store })
    for (let index = 0; index < 300; index++) {
      await vendor.accept({ ...eventOf('s1+@1'), id: `e${index}`, sessionId: `session-${index}` })
    }
    const { text } = (await store.read({ provider: 'vendor', subject: 'u1' })) ?? { text: '' }
    expect(text.length).toBeLessThan(4000)
  })
})

describe('an event', () => {
  it('says who, when and what', async () => {
    const { told, vendor } = world()
    for (const text of ['created@5', 's1+@6', 's1-@7', 'deleted@8']) {
      await vendor.accept(eventOf(text))
    }
    const who = { provider: 'vendor', providerUserId: 'u1', userId: 'u1' }
    expect(told).toEqual([
      { ...who, id: 'created@5', type: 'user.created', occurredAt: new Date(5), user },
      { ...who, id: 's1+@6', type: 'session.created', occurredAt: new Date(6), sessionId: 's1' },
      { ...who, id: 's1-@7', type: 'session.ended', occurredAt: new Date(7), sessionId: 's1' },
      { ...who, id: 'deleted@8', type: 'user.deleted', occurredAt: new Date(8) },
    ])
  })

  it('brings the record as it is when it is told, where the vendor sends none', async () => {
    const { told, vendor } = world()
    await vendor.take({ ...eventOf('created@'), user: null })
    expect(told).toMatchObject([{ type: 'user.created', user: { name: 'Ada' } }])
  })

  it('of a record that is gone again is not told', async () => {
    const { told, errors, events } = world()
    const gone = events.from({ ...nobody, users: { get: async () => null } })
    await gone.take({ ...eventOf('created@'), user: null })
    await gone.take(eventOf('deleted@'))
    expect([told.map(({ type }) => type), errors]).toEqual([['user.deleted'], []])
  })

  it.each([
    ['in the record', { ...eventOf('created@1'), appId: 'ada' }, 'ada'],
    ['kept by the vendor', eventOf('s1+@1'), 'kept'],
    ['nowhere', { ...eventOf('created@1'), appId: null }, null],
  ])('has the app’s id of a move: %s', async (_, event, userId) => {
    const { told, events } = world({ migration: { appIdOf: (_user, read) => read() } })
    const source = { ...nobody, users: { ...nobody.users, appId: async () => 'kept' } }
    await events.from(source).accept(event)
    expect(told).toMatchObject([{ userId, providerUserId: 'u1' }])
  })

  it('of the end has the id that was told before', async () => {
    const { told, vendor } = world({ migration: { appIdOf: (_user, read) => read() } })
    await vendor.accept({ ...eventOf('created@1'), appId: 'ada' })
    await vendor.accept(eventOf('deleted@2'))
    expect(told.map(({ userId }) => userId)).toEqual(['ada', 'ada'])
  })
})

describe.each(newStores())('a handler that fails, with what is kept in %s', (_, store) => {
  /** Fails as long as `isBroken`. */
  function fragile() {
    const state = { isBroken: true, tries: 0 }
    const told: string[] = []
    const built = world({
      store,
      onUserEvent(event) {
        state.tries++
        if (state.isBroken) throw new TypeError('the database is down')
        told.push(event.id)
      },
    })
    return { ...built, state, told }
  }

  const as = (subject: string, text: string): VendorEvent => ({ ...eventOf(text), subject })

  it('is tried again when the vendor is', async () => {
    const { vendor, state, told } = fragile()
    await expect(vendor.accept(as('a', 'created@1'))).rejects.toThrow('the database is down')
    state.isBroken = false
    await vendor.accept(as('a', 'created@1'))
    await vendor.accept(as('a', 'created@1'))
    expect(told).toEqual(['created@1'])
  })

  it('keeps what nobody sends again, in order, and tells the operator', async () => {
    const { vendor, state, told, errors, events } = fragile()
    await vendor.take(as('b', 'created@'))
    await vendor.take(as('b', 's1+@'))
    expect(errors.map(String)).toEqual(Array(2).fill('TypeError: the database is down'))
    // Nothing overtakes: the session was not tried while the user is not there.
    expect(state.tries).toBe(2)
    expect(await events.deliverWaiting()).toBe(1)
    state.isBroken = false
    expect(await events.deliverWaiting()).toBe(0)
    expect(told).toEqual(['user.created:b:1000', 'session.created:s1:1001'])
  })

  it('is caught up with at the next event of the user', async () => {
    const { vendor, state, told } = fragile()
    await vendor.take(as('c', 'created@'))
    state.isBroken = false
    await vendor.take(as('c', 'updated@'))
    expect(told).toEqual(['user.created:c:1000', 'user.updated:c:1001'])
  })

  it('does not hold up anybody else', async () => {
    const { vendor, state, told, events } = fragile()
    await vendor.take(as('d', 'created@'))
    state.isBroken = false
    await vendor.accept(as('e', 'created@1'))
    expect(told).toEqual(['created@1'])
    expect(await events.deliverWaiting()).toBe(0)
  })
})

describe.each(newStores())('those who wait, with what is kept in %s', (_, store) => {
  it.each([
    ['whose events always fail', 'vendor'],
    ['of a vendor that is not there', 'gone'],
  ])('get past a hundred users %s', async (says, provider) => {
    const told: string[] = []
    let now = 1000
    let isDown = true
    const { vendor, events } = world({
      store,
      now: () => now++,
      onUserEvent({ providerUserId: id }) {
        if (isDown || id.startsWith(provider)) throw new TypeError('the database is down')
        told.push(id)
      },
    })
    const { take } = world({
      store,
      now: () => now++,
      onUserEvent: () => Promise.reject(says),
    }).events.from({ ...nobody, provider })
    for (let index = 0; index < 100; index++) {
      await take({ ...eventOf('created@1'), subject: `${provider}-${index}` })
    }
    await vendor.take({ ...eventOf('created@1'), subject: `last after ${provider}` })
    isDown = false
    for (let turn = 0; turn < 4; turn++) await events.deliverWaiting()
    expect(told).toContain(`last after ${provider}`)
  })
})

describe.each(newStores())('several processes, with what is kept in %s', (_, store) => {
  it('tell of every event once, and of one user one at a time', async () => {
    const told: string[] = []
    let isBusy = false
    const processes = [1, 2, 3].map(() =>
      createUserEvents({
        store,
        async onUserEvent({ id }) {
          expect(isBusy).toBe(false)
          isBusy = true
          await new Promise((resolve) => setTimeout(resolve, 5))
          told.push(id)
          isBusy = false
        },
      }).from(nobody),
    )
    const sent = ['created@1', 'updated@2', 's1+@3', 'updated@4', 's1-@5', 'updated@6']
    await Promise.all(processes.flatMap(({ accept }) => sent.map((text) => accept(eventOf(text)))))
    expect(new Set(told).size).toBe(told.length)
    expect(told).toContain('updated@6')
    const records = told.filter((id) => id.startsWith('updated'))
    expect(records).toEqual([...records].sort())
    expect(told.filter((id) => id.startsWith('s1'))).toContain('s1-@5')
  })

  it('take over from one that died', async () => {
    let now = 1000
    const told: string[] = []
    const make = (onUserEvent: UserEventsOptions['onUserEvent']) =>
      createUserEvents({ store, onUserEvent, now: () => now }).from(nobody)
    const dead = make(() => new Promise(() => undefined))
    const alive = make(({ id }) => void told.push(id))
    void dead.accept({ ...eventOf('created@1'), subject: 'x' })
    await expect
      .poll(async () => (await store.read({ provider: 'vendor', subject: 'x' }))?.text)
      .toContain('holder')
    const repeated = alive.accept({ ...eventOf('created@1'), subject: 'x' })
    await expect(repeated).rejects.toMatchObject({ code: 'provider_unavailable' })
    now += 60_001
    await alive.accept({ ...eventOf('created@1'), subject: 'x' })
    expect(told).toEqual(['created@1'])
  })
})

describe('an operator who cannot be told', () => {
  it.each([
    [
      'throws',
      () => {
        throw new TypeError('no log')
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('no log'))],
  ])('stops neither a sign-up nor the delivery to others: onError %s', async (_, onError) => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const told: string[] = []
    let isDown = true
    const { vendor, events } = world({
      onError,
      onUserEvent({ providerUserId: id }) {
        if (isDown || id === 'broken') throw new TypeError('the database is down')
        told.push(id)
      },
    })
    for (const subject of ['broken', 'last']) {
      await vendor.take({ ...eventOf('created@1'), subject })
    }
    isDown = false
    expect(await events.deliverWaiting()).toBe(1)
    expect(told).toEqual(['last'])
    await expect
      .poll(() => reported.mock.calls.map(String))
      .toEqual(Array(3).fill('TypeError: no log'))
    reported.mockRestore()
  })
})

describe('a handler', () => {
  it('may cause the next event itself', async () => {
    const told: string[] = []
    const { vendor } = world({
      async onUserEvent({ type }) {
        told.push(type)
        if (type === 'user.created') await vendor.take(eventOf('updated@'))
      },
    })
    await vendor.take(eventOf('created@'))
    expect(told).toEqual(['user.created', 'user.updated'])
  })
})

describe('a store', () => {
  it('that does not answer is an outage, and a sign-up does not notice', async () => {
    const fail = async () => {
      throw new TypeError('connection lost')
    }
    const { vendor, errors } = world({ store: { read: fail, write: fail, waiting: fail } })
    const accepted = vendor.accept(eventOf('created@1'))
    await expect(accepted).rejects.toMatchObject({ code: 'provider_unavailable' })
    await vendor.take(eventOf('created@1'))
    expect(errors).toMatchObject([{ code: 'provider_unavailable' }])
  })

  it('in a database takes no table name that is none', () => {
    const make = () => sqlUserEventStore({ query: async () => [], table: 'a; DROP' })
    expect(make).toThrow(/table/)
  })
})
