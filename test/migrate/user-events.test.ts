import { createUserIdMapping, deleteUser } from 'supertokens-node'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import { revokeAllSessionsForUser } from 'supertokens-node/recipe/session'
import UserMetadata from 'supertokens-node/recipe/usermetadata'
import { afterEach, describe, expect, it } from 'vitest'
import type { UserEvent } from '../../src/user-events/event.js'
import { memoryUserEventStore } from '../../src/user-events/store.js'
import { createUserEvents, type UserEvents } from '../../src/user-events/user-events.js'
import { type LiveMove, startMove } from '../support/migrate-live.js'

let move: LiveMove | undefined
afterEach(() => move?.stop())

interface World {
  readonly move: LiveMove
  readonly told: UserEvent[]
  readonly errors: unknown[]
  readonly events: UserEvents
  /** Whether the app's handler works. */
  readonly app: { isBroken: boolean }
}

async function start(from: 'supertokens' | 'clerk', step: string): Promise<World> {
  const told: UserEvent[] = []
  const errors: unknown[] = []
  const app = { isBroken: false }
  let made: UserEvents | undefined
  move = await startMove(from, { step }, {}, null, (plan) => {
    made = createUserEvents({
      migration: plan,
      store: memoryUserEventStore(),
      onUserEvent(event) {
        if (app.isBroken) throw new TypeError('the database is down')
        told.push(event)
      },
      onError: (error) => void errors.push(error),
    })
    return made
  })
  return { move, told, errors, events: made as UserEvents, app }
}

const typesOf = (told: readonly UserEvent[], provider: string) =>
  told.filter((event) => event.provider === provider).map(({ type }) => type)

describe('an app’s users table', () => {
  it.each(['supertokens', 'clerk'] as const)('survives a move from %s', async (from) => {
    const { move, told } = await start(from, 'dual-new-primary')
    const ada = await move.person()
    const { body } = await ada.post('/hand-over/mint')
    if (body.ticket) {
      await ada.page.post('/v1/client/sign_ins', { strategy: 'ticket', ticket: body.ticket })
      await ada.page.sync()
    }
    expect((await ada.post('/hand-over/confirm')).body.status).toBe('done')
    await move.instance.webhooks.settle()
    const to = from === 'clerk' ? 'supertokens' : 'clerk'
    // At the new vendor SuperTokens, the user was there before the id of the app was.
    const settled = told.filter(({ userId }) => userId !== null)
    expect(new Set(settled.map(({ userId }) => userId))).toEqual(new Set([ada.userId]))
    expect(typesOf(told, from)).toEqual(['user.created', 'session.created', 'session.ended'])
    expect(typesOf(told, to)).toEqual(['user.created', 'session.created'])
    const sessions = settled.filter((event) => 'sessionId' in event && event.provider === to)
    expect(sessions).toMatchObject([{ userId: ada.userId, type: 'session.created' }])
  })
})

describe('SuperTokens', () => {
  it('tells of everything its recipes do, with the record as it is then', async () => {
    const { move, told, errors } = await start('supertokens', 'old-only')
    const ada = await move.person()
    await UserMetadata.updateUserMetadata(ada.userId, { first_name: 'Ada' })
    const { recipeUserId } = await accountOf(ada.email)
    await EmailPassword.updateEmailOrPassword({ recipeUserId, email: 'ada@example.com' })
    await revokeAllSessionsForUser(ada.userId)
    await deleteUser(ada.userId)
    expect(told).toMatchObject([
      { type: 'user.created', user: { emails: [{ address: ada.email, verified: false }] } },
      { type: 'session.created' },
      { type: 'user.updated', user: { name: 'Ada', emails: [{ address: ada.email }] } },
      { type: 'user.updated', user: { name: 'Ada', emails: [{ address: 'ada@example.com' }] } },
      { type: 'session.ended' },
      { type: 'user.deleted' },
    ])
    expect(new Set(told.map(({ userId }) => userId))).toEqual(new Set([ada.userId]))
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
    expect(errors).toEqual([])
  })

  it('is not told twice of what did not happen again', async () => {
    const { move, told } = await start('supertokens', 'old-only')
    const ada = await move.person()
    await deleteUser(ada.userId)
    await deleteUser(ada.userId)
    await revokeAllSessionsForUser(ada.userId)
    expect(typesOf(told, 'supertokens')).toEqual([
      'user.created',
      'session.created',
      'user.deleted',
    ])
  })

  it('signs people up while the app’s handler fails, and the events wait', async () => {
    const { move, told, errors, events, app } = await start('supertokens', 'old-only')
    app.isBroken = true
    const ada = await move.person()
    expect((await ada.who()).isAuthenticated).toBe(true)
    expect(told).toEqual([])
    expect(errors.map(String)).toEqual(Array(2).fill('TypeError: the database is down'))
    app.isBroken = false
    expect(await events.deliverWaiting()).toBe(0)
    expect(typesOf(told, 'supertokens')).toEqual(['user.created', 'session.created'])
  })

  it('names a user whom a mapping names, also at the end', async () => {
    const { told } = await start('clerk', 'dual-new-primary')
    const made = await EmailPassword.signUp('public', 'ada@example.com', 'correct horse 9')
    const superTokensUserId = made.status === 'OK' ? made.user.id : ''
    await createUserIdMapping({ superTokensUserId, externalUserId: 'ada' })
    await UserMetadata.updateUserMetadata('ada', { first_name: 'Ada' })
    await deleteUser('ada')
    expect(told).toMatchObject([
      { type: 'user.created', providerUserId: superTokensUserId, userId: null },
      { type: 'user.updated', providerUserId: 'ada', userId: 'ada' },
      { type: 'user.deleted', providerUserId: 'ada', userId: 'ada' },
    ])
  })

  async function accountOf(email: string) {
    const found = await EmailPassword.signIn('public', email, move?.password ?? '')
    if (found.status !== 'OK') throw new TypeError(found.status)
    return found
  }
})

describe('Clerk', () => {
  it('tells of everything its webhooks do, by the app’s ids', async () => {
    const { move, told } = await start('supertokens', 'dual-old-primary')
    const { backend, instance } = move
    const made = await backend.users.createUser({
      emailAddress: ['ada@example.com'],
      password: move.password,
      externalId: 'ada',
      firstName: 'Ada',
      publicMetadata: { plan: 'pro' },
    })
    await backend.users.updateUser(made.id, { lastName: 'Lovelace' })
    await backend.users.deleteUser(made.id)
    await instance.webhooks.settle()
    expect(told).toMatchObject([
      { type: 'user.created', user: { name: 'Ada', metadata: { plan: 'pro' } } },
      { type: 'user.updated', user: { name: 'Ada Lovelace' } },
      { type: 'user.deleted' },
    ])
    for (const event of told) {
      expect(event).toMatchObject({ userId: 'ada', providerUserId: made.id, provider: 'clerk' })
    }
    expect(told.map(({ id }) => id)).toEqual(instance.webhooks.deliveries.map(({ id }) => id))
    expect(instance.webhooks.deliveries.map(({ status }) => status)).toEqual([204, 204, 204])
  })

  it('brings the record a user would be read with', async () => {
    const { move, told } = await start('clerk', 'old-only')
    const { id } = await move.backend.users.createUser({
      emailAddress: ['ada@example.com', 'lovelace@example.com'],
      password: move.password,
      firstName: 'Ada',
    })
    await move.instance.webhooks.settle()
    const read = await move.backend.users.getUser(id)
    expect(told).toMatchObject([
      {
        type: 'user.created',
        userId: id,
        user: {
          id,
          emails: [
            { address: 'ada@example.com', verified: true },
            { address: 'lovelace@example.com', verified: true },
          ],
          phone: null,
          name: 'Ada',
          imageUrl: null,
          createdAt: new Date(read.createdAt),
          metadata: {},
        },
      },
    ])
  })

  it('is asked to send again while the app’s handler fails', async () => {
    const { move, told, app } = await start('clerk', 'old-only')
    app.isBroken = true
    const { id } = await move.backend.users.createUser({
      emailAddress: ['ada@example.com'],
      password: move.password,
    })
    await move.instance.webhooks.settle()
    expect(move.instance.webhooks.deliveries).toMatchObject([{ status: 500 }])
    app.isBroken = false
    // The next webhook brings the first one along: the order is that of what happened.
    await move.backend.users.updateUser(id, { firstName: 'Ada' })
    await move.instance.webhooks.settle()
    expect(told.map(({ type }) => type)).toEqual(['user.created', 'user.updated'])
  })

  it('of a step in which it does not count has nothing to say', async () => {
    const { move, told } = await start('supertokens', 'old-only')
    await move.backend.users.createUser({
      emailAddress: ['ada@example.com'],
      password: move.password,
    })
    await move.instance.webhooks.settle()
    expect([told, move.instance.webhooks.deliveries]).toMatchObject([[], [{ status: 404 }]])
  })
})
