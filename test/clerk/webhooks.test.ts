import { Readable } from 'node:stream'
import { Webhook } from 'svix'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClerkOptions, ClerkWebhookEvent } from '../../providers/clerk/index.js'
import { AuthError } from '../../src/errors.js'
import { createTestResponse } from '../../src/testing/node-response.js'
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
const PATH = '/api/auth/webhooks'
// Written by hand: whoever parses and prints it again gets other bytes.
const BODY =
  '{ "type": "user.created",\n  "object":"event", "data": {"id":"user_1","name":"\u00fc\ud83d\ude00"} }'

const instance = await createInstance(false)

function appWith(overrides: ClerkOptions) {
  const events: ClerkWebhookEvent[] = []
  const auth = createApp({
    ...optionsOf(instance),
    webhookSigningSecret: SECRET,
    onWebhook: (event) => void events.push(event),
    ...overrides,
  })
  return { handle: auth.authHandler(), events }
}

interface Delivery {
  readonly body?: string
  readonly secret?: string
  readonly at?: number
  readonly id?: string
  /** Headers on top; an empty one is left out. */
  readonly headers?: Readonly<Record<string, string>>
}

function headersOf({ body = BODY, secret = SECRET, at = NOW, id = 'msg_1', headers }: Delivery) {
  const signed = {
    'content-type': 'application/json',
    'user-agent': 'Svix-Webhooks/1.0',
    'svix-id': id,
    'svix-timestamp': String(Math.floor(at / 1000)),
    'svix-signature': new Webhook(secret).sign(id, new Date(at), body),
    ...headers,
  }
  return Object.fromEntries(Object.entries(signed).filter(([, value]) => value !== ''))
}

function deliver(delivery: Delivery, sent: string = delivery.body ?? BODY): Request {
  return new Request(ORIGIN + PATH, { method: 'POST', headers: headersOf(delivery), body: sent })
}

const minutes = (count: number) => count * 60_000

describe('a webhook', () => {
  it('is handed over once it is known to come from Clerk', async () => {
    const { handle, events } = appWith({})
    const answer = await handle(deliver({}))
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    expect(events).toMatchObject([
      { type: 'user.created', object: 'event', data: { id: 'user_1', name: 'ü😀' } },
    ])
  })

  it.each([
    { says: 'just not too old', delivery: { at: NOW - minutes(5) } },
    { says: 'just not too far ahead', delivery: { at: NOW + minutes(5) } },
    {
      says: 'signed with an old and a new secret',
      delivery: {
        headers: {
          'svix-signature': `v1,AAAA ${new Webhook(SECRET).sign('msg_1', new Date(NOW), BODY)}`,
        },
      },
    },
    {
      says: 'sent across sites, as they all are',
      delivery: { headers: { origin: 'https://svix.test', 'sec-fetch-site': 'cross-site' } },
    },
    {
      says: 'sent with a cookie, which proves nothing',
      delivery: { headers: { cookie: '__session=x', origin: 'https://svix.test' } },
    },
  ])('is accepted when it is $says', async ({ delivery }) => {
    const { handle, events } = appWith({})
    expect((await handle(deliver(delivery))).status).toBe(204)
    expect(events).toHaveLength(1)
  })

  const forged: readonly { says: string; delivery: Delivery; sent?: string }[] = [
    { says: 'another secret', delivery: { secret: `whsec_${btoa('guessed')}` } },
    { says: 'one byte changed', delivery: {}, sent: BODY.replace('user_1', 'user_2') },
    { says: 'other white space', delivery: {}, sent: JSON.stringify(JSON.parse(BODY)) },
    { says: 'nothing in it', delivery: {}, sent: '' },
    { says: 'a timestamp of six minutes ago', delivery: { at: NOW - minutes(6) } },
    { says: 'a timestamp in six minutes', delivery: { at: NOW + minutes(6) } },
    {
      says: 'a fresh timestamp on an old signature',
      delivery: { at: NOW - minutes(60), headers: { 'svix-timestamp': String(NOW / 1000) } },
    },
    { says: 'a timestamp that is none', delivery: { headers: { 'svix-timestamp': 'now' } } },
    { says: 'another message id', delivery: { headers: { 'svix-id': 'msg_2' } } },
    { says: 'no message id', delivery: { headers: { 'svix-id': '' } } },
    { says: 'no timestamp', delivery: { headers: { 'svix-timestamp': '' } } },
    { says: 'no signature', delivery: { headers: { 'svix-signature': '' } } },
    { says: 'an empty signature', delivery: { headers: { 'svix-signature': 'v1,' } } },
    { says: 'a signature without its version', delivery: { headers: { 'svix-signature': 'v1' } } },
    {
      says: 'a signature of another version',
      delivery: { headers: { 'svix-signature': 'v2,AAAA' } },
    },
    { says: 'a signature of commas', delivery: { headers: { 'svix-signature': ',,, , ,' } } },
    { says: 'null, correctly signed', delivery: { body: 'null' } },
    { says: 'text that is no JSON, correctly signed', delivery: { body: 'type=user.created' } },
  ]

  for (const { says, delivery, sent } of forged) {
    it(`is refused with ${says}`, async () => {
      const { handle, events } = appWith({})
      const answer = await handle(deliver(delivery, sent))
      expect([answer.status, (await answer.json()).code]).toEqual([401, 'token_invalid'])
      expect(events).toEqual([])
    })
  }

  it.each(['svix', 'webhook'])(
    'is known by the headers Clerk sends alone: %s-…',
    async (prefix) => {
      const { handle, events } = appWith({})
      const renamed = Object.entries(headersOf({})).map(([name, value]) => [
        name.replace('svix-', `${prefix}-`),
        value,
      ])
      const headers = Object.fromEntries(renamed)
      await handle(new Request(ORIGIN + PATH, { method: 'POST', headers, body: BODY }))
      expect(events).toHaveLength(prefix === 'svix' ? 1 : 0)
    },
  )

  it.each([
    { says: 'GET', method: 'GET', path: PATH },
    { says: 'a path below', method: 'POST', path: `${PATH}/more` },
    { says: 'a path elsewhere', method: 'POST', path: '/api/auth/other/webhooks' },
    { says: 'two slashes', method: 'POST', path: '/api/auth//webhooks' },
  ])('is not looked for at $says', async ({ method, path }) => {
    const { handle, events } = appWith({})
    const body = method === 'POST' ? BODY : null
    const answer = await handle(
      new Request(ORIGIN + path, { method, headers: headersOf({}), body }),
    )
    expect([answer.status, events.length]).toEqual([404, 0])
  })

  it('is not found where nobody wants to be told', async () => {
    const { onWebhook: _, ...options } = { ...optionsOf(instance), onWebhook: undefined }
    const handle = createApp({ ...options, webhookSigningSecret: SECRET }).authHandler()
    expect((await handle(deliver({}))).status).toBe(404)
  })

  it('is sent again when the app fails to handle it', async () => {
    const failure = new Error('the database is down')
    const { handle } = appWith({ onWebhook: () => Promise.reject(failure) })
    await expect(handle(deliver({}))).rejects.toBe(failure)
  })

  it('is sent again when the app refuses it', async () => {
    const onWebhook = () => {
      throw new AuthError('provider_unavailable', 'not now')
    }
    expect((await appWith({ onWebhook }).handle(deliver({}))).status).toBe(503)
  })

  it('of a megabyte and more is not read to its end', async () => {
    const { handle } = appWith({})
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        // Without a limit this stops at 64 MiB, unsigned as it is.
        if (pulled >= 1024) controller.close()
        else controller.enqueue(new Uint8Array(65_536).fill(32))
        pulled++
      },
    })
    const init = { method: 'POST', headers: headersOf({}), body: endless, duplex: 'half' }
    const answer = await handle(new Request(ORIGIN + PATH, init as RequestInit))
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(pulled).toBeLessThan(40)
  })
})

describe('opening 9: a webhook at a Pages Router handler', () => {
  async function send(delivery: Delivery, parsed?: unknown) {
    const { handle, events } = appWith({})
    const stream = Readable.from([Buffer.from(BODY)])
    const source = Object.assign(stream, {
      method: 'POST',
      url: PATH,
      headers: { host: 'app.example.com', ...headersOf(delivery) },
      ...(parsed !== undefined && { body: parsed }),
    })
    const response = createTestResponse()
    await handle(source, response)
    return { status: response.statusCode, body: response.body, events }
  }

  it('is checked on the bytes that were sent', async () => {
    const { status, events } = await send({})
    expect([status, events.length]).toEqual([204, 1])
  })

  it('is refused when it is forged', async () => {
    const { status, events } = await send({ secret: `whsec_${btoa('guessed')}` })
    expect([status, events.length]).toEqual([401, 0])
  })

  it('is a mistake of the app once a body parser has taken the bytes', async () => {
    const { status, events } = await send({}, JSON.parse(BODY))
    expect([status, events.length]).toEqual([500, 0])
  })
})
