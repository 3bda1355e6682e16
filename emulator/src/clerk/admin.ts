/** What an instance shows of its memory, and what can be done there. */

import type { Admin, SessionSummary, UserSummary } from '../base/admin.js'
import { statusOf } from './json/session.js'
import type { SessionRecord, UserRecord } from './records.js'
import { seedInstance } from './seed.js'
import type { ClerkState } from './state.js'
import { updateUser } from './users.js'

export function createInstanceAdmin(state: ClerkState): Admin {
  const { store } = state

  function toSession(session: SessionRecord): SessionSummary {
    const { id, userId, createdAt, expireAt } = session
    return { id, userId, status: statusOf(state, session), createdAt, expiresAt: expireAt }
  }

  /** `false` when there is no such user. */
  function changeRoles(userId: string, change: (roles: readonly string[]) => string[]): boolean {
    const user = store.users.get(userId)
    if (!user) return false
    const publicMetadata = { ...user.publicMetadata, roles: change(rolesOf(user)) }
    updateUser(state, user, { publicMetadata })
    return true
  }

  return {
    users: () => [...store.users.values()].map(toSummary),
    sessions: () => [...store.sessions.values()].map(toSession),
    messages: () =>
      [...store.emails, ...store.textMessages]
        .sort((one, other) => one.at - other.at)
        .map(({ at, to, code }) => ({ at, to, about: 'code', code, token: null })),
    giveRole: (userId, role) =>
      changeRoles(userId, (roles) => [...new Set([...roles, role])].sort()),
    takeRole: (userId, role) =>
      changeRoles(userId, (roles) => roles.filter((name) => name !== role)),
    seed: (seed) => seedInstance(state, seed),
  }
}

function toSummary(user: UserRecord): UserSummary {
  const { id, emailAddresses, phoneNumbers, username, createdAt } = user
  const identifiers = [
    ...emailAddresses.map(({ address }) => address),
    ...phoneNumbers.map(({ number }) => number),
    ...(username === null ? [] : [username]),
  ]
  return { id, identifiers, roles: rolesOf(user), createdAt }
}

/** Clerk has no roles in the whole application: apps keep them in public metadata. */
function rolesOf({ publicMetadata: { roles } }: UserRecord): string[] {
  return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []
}
