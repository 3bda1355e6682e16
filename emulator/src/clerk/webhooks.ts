/** Webhooks: events on their way to the app, signed as Svix signs them. */

import { createHmac } from 'node:crypto'
import type { Clock } from '../base/clock.js'
import { EmulatorMisuse } from '../base/production.js'
import { createId } from './identifiers.js'
import type { JsonObject } from './json/types.js'
import type { ClerkInstanceOptions } from './options.js'

/** Sends events, and remembers how that went. */
export interface WebhookOutbox {
  /** Events sent so far, oldest first. */
  readonly deliveries: readonly WebhookDelivery[]
  /** Sends an event without keeping the caller waiting; in order, and once only. */
  send(type: WebhookType, data: JsonObject): void
  /** Resolves when no event is on its way. */
  settle(): Promise<void>
}

/** An event that was sent. */
export interface WebhookDelivery {
  readonly id: string
  readonly type: WebhookType
  /** Milliseconds since the epoch. */
  readonly at: number
  /** What the app answered; `null` when it did not, or has not yet. */
  readonly status: number | null
}

/** Events that the stand-in sends. */
export type WebhookType =
  | 'user.created'
  | 'user.updated'
  | 'user.deleted'
  | 'session.created'
  | 'session.ended'
  | 'session.removed'
  | 'session.revoked'
  | 'organization.created'
  | 'organization.updated'
  | 'organization.deleted'
  | 'organizationMembership.created'
  | 'organizationMembership.updated'
  | 'organizationMembership.deleted'
  | 'organizationInvitation.created'
  | 'organizationInvitation.accepted'
  | 'organizationInvitation.revoked'

const SECRET = /^whsec_[A-Za-z0-9+/]+=*$/

/** @throws {EmulatorMisuse} when the secret is not one of Svix's. */
export function createOutbox(
  instanceId: string,
  clock: Clock,
  target: ClerkInstanceOptions['webhook'],
): WebhookOutbox {
  if (target && !SECRET.test(target.secret)) {
    throw new EmulatorMisuse('the secret of webhooks must be whsec_ and Base64')
  }
  const deliveries: { -readonly [Key in keyof WebhookDelivery]: WebhookDelivery[Key] }[] = []
  let queue = Promise.resolve()

  async function deliver(url: string, init: RequestInit): Promise<number | null> {
    try {
      return (await fetch(url, init)).status
    } catch {
      // The app is not listening: Svix would try again later, and so may the app's developer.
      return null
    }
  }

  return {
    deliveries,
    send(type, data) {
      if (!target) return
      const { url, secret } = target
      const at = clock.now()
      const id = createId('msg')
      const entry = { id, type, at, status: null as number | null }
      deliveries.push(entry)
      const body = JSON.stringify({
        data,
        event_attributes: { http_request: { client_ip: '127.0.0.1', user_agent: 'stand-in' } },
        instance_id: instanceId,
        object: 'event',
        timestamp: at,
        type,
      })
      const headers = { 'content-type': 'application/json', ...sign(id, at, body, secret) }
      queue = queue.then(async () => {
        entry.status = await deliver(url, { method: 'POST', headers, body })
      })
    },
    settle: () => queue,
  }
}

function sign(id: string, at: number, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` }
}
