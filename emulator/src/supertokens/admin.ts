/** What a core shows of its memory, and what can be done there. */

import type { Admin, MessageSummary, SessionSummary, UserSummary } from '../base/admin.js'
import type { CoreContext } from './context.js'
import { seedCore } from './seed.js'
import type { EmailToken, Session, User } from './store.js'
import { findUser, toExternalId } from './users/ids.js'

export function createCoreAdmin(core: CoreContext): Admin {
  const { store } = core

  function toSummary(user: User): UserSummary {
    const id = toExternalId(store, user.id)
    const { email, phoneNumber, thirdParty, timeJoined: createdAt } = user
    const account = thirdParty && `${thirdParty.id}: ${thirdParty.userId}`
    const identifiers = [email, phoneNumber, account].filter((its) => its !== undefined)
    return { id, identifiers, roles: [...(store.userRoles.get(id) ?? [])].sort(), createdAt }
  }

  function toSession({ handle, userId, timeCreated, expiry }: Session): SessionSummary {
    const status = expiry > core.clock.now() ? 'active' : 'expired'
    return { id: handle, userId, status, createdAt: timeCreated, expiresAt: expiry }
  }

  return {
    users: () => [...store.users.values()].map(toSummary),
    sessions: () => [...store.sessions.values()].map(toSession),
    messages: () => [...codes(core), ...tokens(core)].sort((one, other) => one.at - other.at),
    giveRole(userId, role) {
      const user = findUser(store, userId)
      if (!user) return false
      const id = toExternalId(store, user.id)
      // A core knows its roles, and none that it does not.
      store.roles.set(role, store.roles.get(role) ?? new Set())
      store.userRoles.set(id, (store.userRoles.get(id) ?? new Set()).add(role))
      return true
    },
    takeRole(userId, role) {
      const user = findUser(store, userId)
      if (user) store.userRoles.get(toExternalId(store, user.id))?.delete(role)
      return user !== undefined
    },
    seed: (seed) => seedCore(core, seed),
  }
}

/** Codes of sign-ins that are waiting for them. */
function codes({ store }: CoreContext): MessageSummary[] {
  return [...store.codeDevices.values()].flatMap(({ codes: all, email, phoneNumber }) =>
    [...all.values()].map(({ timeCreated, userInputCode, linkCode }) => ({
      at: timeCreated,
      to: email ?? phoneNumber ?? '',
      about: 'sign-in',
      code: userInputCode,
      token: linkCode,
    })),
  )
}

/** Tokens that have not been used. */
function tokens({ store }: CoreContext): MessageSummary[] {
  const kinds: readonly (readonly [about: string, table: Map<string, EmailToken>])[] = [
    ['e-mail verification', store.verificationTokens],
    ['password reset', store.passwordResetTokens],
  ]
  return kinds.flatMap(([about, table]) =>
    [...table].map(([token, { email, timeCreated }]) => ({
      at: timeCreated,
      to: email,
      about,
      code: null,
      token,
    })),
  )
}
