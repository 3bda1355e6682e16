/** An event as the app is told of it, with the app's id and the user's record. */

import type { Plan } from '../plan.js'
import type { UserEvent } from './event.js'
import type { PlacedEvent } from './order.js'
import type { UserEventSource } from './user-events.js'

/**
 * @param known The app's id as it was told last; a deleted user can no longer be asked for it.
 * @returns `null` when the event is about a record that is gone by now.
 * @throws {AuthError} `provider_unavailable`, `config_invalid`.
 */
export async function completeEvent(
  event: PlacedEvent,
  { provider, users }: UserEventSource,
  migration: Pick<Plan, 'appIdOf'> | null,
  known: string | null,
): Promise<UserEvent | null> {
  const { type, id, subject, sessionId } = event
  const isGone = type === 'user.deleted'

  async function readAppId(): Promise<string | null> {
    if (event.appId !== undefined || isGone) return event.appId ?? null
    return (await users.appId?.(subject)) ?? null
  }

  async function findUserId(): Promise<string | null> {
    if (!migration) return subject
    return (isGone && known) || migration.appIdOf({ provider, subject }, readAppId)
  }

  const user =
    type === 'user.created' || type === 'user.updated'
      ? (event.user ?? (await users.get(subject)))
      : null
  const occurredAt = new Date(event.at)
  const userId = await findUserId()
  const facts = { id, occurredAt, provider, providerUserId: subject, userId }
  if (type === 'user.deleted') return { ...facts, type }
  if (type === 'session.created' || type === 'session.ended') {
    return { ...facts, type, sessionId: sessionId ?? '' }
  }
  return user && { ...facts, type, user }
}
