/** Sessions as servers see them. */

import type { SessionRecord } from '../records.js'
import type { ClerkState } from '../state.js'
import type { JsonObject } from './types.js'

/** How much longer than a session the record of it is kept. */
const ABANDON_AFTER_MS = 23 * 86_400_000

/** A session without its tokens. */
export function sessionJson(state: ClerkState, session: SessionRecord): JsonObject {
  return {
    object: 'session',
    id: session.id,
    client_id: session.clientId,
    user_id: session.userId,
    status: statusOf(state, session),
    last_active_organization_id: session.activeOrganizationId,
    actor: session.actor,
    tasks: isPending(state, session) ? [{ key: 'choose-organization' }] : null,
    last_active_at: session.lastActiveAt,
    expire_at: session.expireAt,
    abandon_at: session.expireAt + ABANDON_AFTER_MS,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  }
}

/** The session's state as of now. */
export function statusOf(state: ClerkState, session: SessionRecord): string {
  const { status, expireAt } = session
  if (status !== 'active') return status
  if (state.clock.now() >= expireAt) return 'expired'
  return isPending(state, session) ? 'pending' : 'active'
}

/** How long ago the user was verified by either factor, in minutes; -1 for never. */
export function factorAges(
  { clock }: ClerkState,
  { firstFactorAt, secondFactorAt }: SessionRecord,
): [number, number] {
  const minutesSince = (time: number) => Math.floor((clock.now() - time) / 60_000)
  return [minutesSince(firstFactorAt), secondFactorAt === null ? -1 : minutesSince(secondFactorAt)]
}

/** Whether the user has yet to choose an organisation. */
function isPending({ settings }: ClerkState, { activeOrganizationId }: SessionRecord): boolean {
  return settings.forcesOrganizationSelection && activeOrganizationId === null
}
