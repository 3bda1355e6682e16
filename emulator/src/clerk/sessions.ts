/** Sessions: starting, ending and steering them. */

import { createId, createSecret } from './identifiers.js'
import { sessionJson, statusOf } from './json/session.js'
import type { JsonObject } from './json/types.js'
import { privateUserJson } from './json/user.js'
import { findMembership } from './memberships.js'
import { findOrganization } from './organizations.js'
import { ClerkProblem, notFound } from './problem.js'
import type { ClientRecord, SessionRecord, SessionStatus, UserRecord } from './records.js'
import type { ClerkState } from './state.js'
import { select } from './store.js'

/** What may be said of a session at the beginning. */
export interface NewSession {
  readonly organizationId?: string | null
  readonly actor?: JsonObject | null
  /** Default: as the instance says. */
  readonly lifeSeconds?: number
  /** When the user was verified by a second factor; default: they were not. */
  readonly secondFactorAt?: number | null
}

const DAY_MS = 86_400_000

/** States in which a session may still be used. */
const LIVE = ['active', 'pending']

/** States that Clerk has events for. */
const EVENTS = ['ended', 'removed', 'revoked'] as const

/** Signs a user in, in a client. */
export function createSession(
  state: ClerkState,
  client: ClientRecord,
  user: UserRecord,
  { organizationId, actor = null, lifeSeconds, secondFactorAt = null }: NewSession = {},
): SessionRecord {
  const now = state.clock.now()
  const organization = organizationId ?? user.nextOrganizationId
  const session: SessionRecord = {
    id: createId('sess'),
    userId: user.id,
    clientId: client.id,
    status: 'active',
    activeOrganizationId:
      organization !== null && findMembership(state, organization, user.id) ? organization : null,
    actor,
    firstFactorAt: now,
    secondFactorAt,
    refreshToken: createSecret(),
    createdAt: now,
    expireAt: now + (lifeSeconds ?? state.settings.sessionSeconds) * 1000,
    lastActiveAt: now,
    updatedAt: now,
  }
  state.store.sessions.set(session.id, session)
  client.lastActiveSessionId = session.id
  client.updatedAt = now
  // Clerk keeps the time of sign-ins, but only the day of activity.
  user.lastSignInAt = now
  user.lastActiveAt = now - (now % DAY_MS)
  announce(state, session, 'created')
  return session
}

/** Ends a session that is active; others stay as they are. */
export function endSession(state: ClerkState, session: SessionRecord, status: SessionStatus): void {
  if (!isActive(state, session)) return
  session.status = status
  session.updatedAt = state.clock.now()
  const client = state.store.clients.get(session.clientId)
  if (client) {
    client.updatedAt = session.updatedAt
    if (client.lastActiveSessionId === session.id) {
      client.lastActiveSessionId = sessionsIn(state, client)[0]?.id ?? null
    }
  }
  const event = EVENTS.find((its) => its === status)
  if (event) announce(state, session, event)
}

/**
 * Notes that a session is in use, and where.
 * @param organization Id or slug; empty for the personal account, `undefined` to stay.
 * @throws {ClerkProblem} when the user is not a member.
 */
export function touchSession(
  state: ClerkState,
  session: SessionRecord,
  organization?: string,
): void {
  if (organization !== undefined) {
    session.activeOrganizationId = resolveOrganization(state, session, organization)
    const user = state.store.users.get(session.userId)
    if (user) user.nextOrganizationId = session.activeOrganizationId
  }
  session.lastActiveAt = state.clock.now()
  session.updatedAt = session.lastActiveAt
}

/** @throws {ClerkProblem} when the session's user is not a member. */
export function resolveOrganization(
  state: ClerkState,
  { userId }: SessionRecord,
  idOrSlug: string,
): string | null {
  if (idOrSlug === '') return null
  const organization = findOrganization(state, idOrSlug)
  if (organization && findMembership(state, organization.id, userId)) return organization.id
  throw new ClerkProblem({
    code: 'organization_not_found_or_unauthorized',
    message: 'Given organization not found, or you are not a member of it.',
    parameter: 'organization_id',
  })
}

/** Whether a session is neither ended nor expired; what it is pending for does not matter. */
export function isActive(state: ClerkState, session: SessionRecord): boolean {
  return LIVE.includes(statusOf(state, session))
}

/** All sessions of a user. */
export function sessionsOf({ store }: ClerkState, user: string): SessionRecord[] {
  return select(store.sessions, ({ userId }) => userId === user)
}

/** Active sessions of a client. */
export function sessionsIn(state: ClerkState, client: ClientRecord): SessionRecord[] {
  return select(
    state.store.sessions,
    (session) => session.clientId === client.id && isActive(state, session),
  )
}

/** @throws {ClerkProblem} when there is no such session. */
export function requireSession({ store }: ClerkState, id: string): SessionRecord {
  const session = store.sessions.get(id)
  if (!session) throw notFound('session', id)
  return session
}

/** @throws {ClerkProblem} when there is no such session, or it has ended. */
export function requireActiveSession(state: ClerkState, id: string): SessionRecord {
  const session = requireSession(state, id)
  if (!isActive(state, session)) throw notFound('active session', id)
  return session
}

function announce(
  state: ClerkState,
  session: SessionRecord,
  event: 'created' | (typeof EVENTS)[number],
): void {
  const user = state.store.users.get(session.userId)
  state.webhooks.send(`session.${event}`, {
    ...sessionJson(state, session),
    user: user ? privateUserJson(user) : null,
  })
}
