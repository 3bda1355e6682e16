/** Clerk's webhooks about users and sessions, as events of any vendor. */

import type { ProviderUser } from '../../src/provider.js'
import type { VendorEvent } from '../../src/user-events/event.js'
import type { SessionWebhook, UserWebhook, WebhookEvent } from './sdk.js'

/**
 * @param headers Of the webhook; its `svix-id` is the same at every attempt to deliver it.
 * @returns `null` for an event about something else.
 * @see https://clerk.com/docs/guides/development/webhooks/overview (read 2026-11-21)
 */
export function toVendorEvent(event: WebhookEvent, headers: Headers): VendorEvent | null {
  const { type } = event
  const facts = { id: headers.get('svix-id'), at: readTime(event, headers) }
  switch (type) {
    case 'user.created':
    case 'user.updated': {
      const { id: subject, external_id: externalId } = event.data
      const user = toUser(event.data)
      return { ...facts, type, subject, sessionId: null, user, appId: externalId || null }
    }
    case 'user.deleted': {
      const { id: subject, external_id: externalId } = event.data
      if (!subject) return null
      return { ...facts, type, subject, sessionId: null, user: null, appId: externalId || null }
    }
    case 'session.created':
      return { ...facts, type, ...readSession(event.data) }
    // Signed out, revoked by somebody else, or ended in another way: over, all the same.
    case 'session.removed':
    case 'session.revoked':
    case 'session.ended':
      return { ...facts, type: 'session.ended', ...readSession(event.data) }
    default:
      return null
  }
}

/** Older payloads do not bring the user; then the id of the app is looked up. */
function readSession({ id, user_id: subject, user }: SessionWebhook) {
  return { subject, sessionId: id, user: null, appId: user ? user.external_id || null : undefined }
}

/** When it happened; when it was sent, for instances that do not say. */
function readTime({ timestamp }: WebhookEvent, headers: Headers): number {
  if (Number.isFinite(timestamp)) return timestamp
  return Number(headers.get('svix-timestamp')) * 1000
}

/** The same as of a record that is read from the Backend API, where things have other names. */
function toUser(data: UserWebhook): ProviderUser {
  const { email_addresses: addresses = [], phone_numbers: phones = [] } = data
  const isPrimary = ({ id }: { id: string }) => id === data.primary_email_address_id
  const sorted = [...addresses.filter(isPrimary), ...addresses.filter((its) => !isPrimary(its))]
  const names = [data.first_name, data.last_name].filter(Boolean)
  return {
    id: data.id,
    emails: sorted.map(({ email_address: address, verification }) => ({
      address,
      verified: verification?.status === 'verified',
    })),
    phone: phones.find(({ id }) => id === data.primary_phone_number_id)?.phone_number ?? null,
    name: names.join(' ') || data.username,
    imageUrl: data.has_image ? data.image_url : null,
    createdAt: new Date(data.created_at),
    metadata: { ...data.public_metadata },
  }
}
