import { Webhook } from 'svix'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UserEvent } from '../../src/user-events/event.js'
import { memoryUserEventStore } from '../../src/user-events/store.js'
import { createUserEvents } from '../../src/user-events/user-events.js'
import { createApp, createInstance, NOW, ORIGIN, optionsOf } from '../support/clerk-app.js'
import { isolateNetwork } from '../support/clerk-backend.js'

isolateNetwork()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

const SECRET = `whsec_${btoa('the secret of the endpoint')}`
const instance = await createInstance(false)

interface Message {
  readonly id: string
  readonly body: object
}

const message = (
  id: string,
  type: string,
  timestamp: number | undefined,
  data: object,
): Message => ({
  id,
  body: { object: 'event', type, timestamp, data },
})

/** A record as Clerk sends it. */
const record = (firstName: string, more: object = {}) => ({
  id: 'user_1',
  first_name: firstName,
  last_name: null,
  username: 'ada',
  email_addresses: [
    { id: 'idn_1', email_address: 'old@example.com', verification: { status: 'verified' } },
    { id: 'idn_2', email_address: 'ada@example.com', verification: { status: 'unverified' } },
    { id: 'idn_3', email_address: 'sso@example.com', verification: null },
  ],
  primary_email_address_id: 'idn_2',
  phone_numbers: [{ id: 'idn_4', phone_number: '+15555550100' }],
  primary_phone_number_id: 'idn_4',
  has_image: true,
  image_url: 'https://img.example/ada',
  created_at: 1000,
  public_metadata: { plan: 'pro' },
  private_metadata: { secret: 'yes' },
  unsafe_metadata: { theme: 'dark' },
  external_id: null,
  ...more,
})

const session = (id: string, more: object = {}) => ({ id, user_id: 'user_1', user: null, ...more })

function world() {
  const told: UserEvent[] = []
  const app = { isBroken: false }
  const userEvents = createUserEvents({
    store: memoryUserEventStore(),
    onUserEvent(event) {
      if (app.isBroken) throw new TypeError('the database is down')
      told.push(event)
    },
  })
  const options = { ...optionsOf(instance), webhookSigningSecret: SECRET, userEvents }
  const handle = createApp(options).authHandler()

  /** @param at Every attempt is signed anew, under the same id. */
  async function deliver({ id, body }: Message, at = NOW, secret = SECRET): Promise<number> {
    const text = JSON.stringify(body)
    const headers = {
      'content-type': 'application/json',
      'svix-id': id,
      'svix-timestamp': String(Math.floor(at / 1000)),
      'svix-signature': new Webhook(secret).sign(id, new Date(at), text),
    }
    const url = `${ORIGIN}/api/auth/webhooks`
    return (await handle(new Request(url, { method: 'POST', headers, body: text }))).status
  }
  return { told, app, deliver }
}

const created = message('msg_1', 'user.created', 10, record('A'))
const updated = message('msg_2', 'user.updated', 20, record('Ada'))
const began = message('msg_3', 'session.created', 15, session('sess_1'))
const removed = message('msg_4', 'session.removed', 30, session('sess_1'))
const deleted = message('msg_5', 'user.deleted', 40, { id: 'user_1', deleted: true })

describe('Clerk’s webhooks', () => {
  it.each([
    ['as they were sent', [created, began, updated, removed, deleted], '1 3 2 4 5'],
    ['each of them twice', [created, created, began, began, updated, updated], '1 3 2'],
    ['the other way round', [deleted, removed, updated, began, created], '5'],
    ['the newest record first', [updated, created, removed, began], '2 4'],
    ['again after all the others', [created, updated, began, removed, created, began], '1 2 3 4'],
    [
      'once revoked and once ended',
      [removed, message('msg_6', 'session.ended', 31, session('sess_1'))],
      '4',
    ],
    ['about something else', [message('msg_7', 'organization.created', 1, { id: 'org_1' })], ''],
    ['about a user without an id', [message('msg_8', 'user.deleted', 1, { deleted: true })], ''],
  ])('become events, each once and in order: %s', async (_, sent, expected) => {
    const { told, deliver } = world()
    for (const each of sent) expect(await deliver(each)).toBe(204)
    expect(told.map(({ id }) => id.replace('msg_', '')).join(' ')).toBe(expected)
  })

  it('bring the record, the primary address first and nothing private', async () => {
    const { told, deliver } = world()
    await deliver(created)
    expect(told).toEqual([
      {
        id: 'msg_1',
        type: 'user.created',
        occurredAt: new Date(10),
        provider: 'clerk',
        providerUserId: 'user_1',
        userId: 'user_1',
        user: {
          id: 'user_1',
          emails: [
            { address: 'ada@example.com', verified: false },
            { address: 'old@example.com', verified: true },
            { address: 'sso@example.com', verified: false },
          ],
          phone: '+15555550100',
          name: 'A',
          imageUrl: 'https://img.example/ada',
          createdAt: new Date(1000),
          metadata: { plan: 'pro' },
        },
      },
    ])
  })

  it('that fail are sent again under the same id, signed anew, and told once', async () => {
    const { told, app, deliver } = world()
    app.isBroken = true
    await expect(deliver(created)).rejects.toThrow('the database is down')
    app.isBroken = false
    expect(await deliver(created, NOW + 60_000)).toBe(204)
    expect(await deliver(created, NOW + 120_000)).toBe(204)
    expect(told).toHaveLength(1)
  })

  it('without a time happened when they were sent', async () => {
    const { told, deliver } = world()
    await deliver(message('msg_1', 'user.created', undefined, record('A')))
    expect(told).toMatchObject([{ occurredAt: new Date(NOW) }])
  })

  it('that somebody else has signed are told to nobody', async () => {
    const { told, deliver } = world()
    expect(await deliver(created, NOW, `whsec_${btoa('guessed')}`)).toBe(401)
    expect(told).toEqual([])
  })
})
