/** Users: what makes one, what shows one, what is left of one. */

import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { CoreContext } from '../context.js'
import { devicesOf, removeDevices } from '../passwordless/devices.js'
import { PUBLIC } from '../route.js'
import type { LoginRecipe, Store, User } from '../store.js'
import { toExternalId, toSuperTokensId } from './ids.js'

/** What a user signs in with; the id and the time default to new ones. */
export interface NewUser extends Partial<Pick<User, 'id' | 'timeJoined' | 'thirdParty'>> {
  readonly email?: string | undefined
  readonly phoneNumber?: string | undefined
  readonly passwordHash?: string | undefined
}

/** Adds a user, whatever others there are. */
export function addUser(core: CoreContext, recipeId: LoginRecipe, input: NewUser): User {
  const user: User = {
    id: input.id ?? randomUUID(),
    recipeId,
    timeJoined: input.timeJoined ?? core.clock.now(),
    thirdParty: input.thirdParty,
    email: input.email,
    phoneNumber: input.phoneNumber,
    passwordHash: input.passwordHash,
  }
  core.store.users.set(user.id, user)
  return user
}

/** The user of a recipe with this address, number or account at a third party. */
export function findByLogin(
  store: Store,
  recipeId: LoginRecipe,
  login: Pick<NewUser, 'email' | 'phoneNumber' | 'thirdParty'>,
): User | undefined {
  const names = ['email', 'phoneNumber', 'thirdParty'] as const
  const given = names.filter((name) => login[name] !== undefined)
  if (given.length === 0) return undefined
  return [...store.users.values()].find(
    (user) =>
      user.recipeId === recipeId &&
      given.every((name) => isDeepStrictEqual(user[name], login[name])),
  )
}

/** Notes that a user of this id, of either type or unknown, was there. */
export function markActive(core: CoreContext, userId: string): void {
  core.store.lastActive.set(toSuperTokensId(core.store, userId), core.clock.now())
}

/** Notes that an address is proven to be the user's. */
export function markVerified(store: Store, user: User, email: string): void {
  const id = toExternalId(store, user.id)
  store.verifiedEmails.set(id, new Set(store.verifiedEmails.get(id)).add(email))
}

/** A user as every endpoint shows it. */
export function toUserJson(store: Store, user: User): object {
  const id = toExternalId(store, user.id)
  const { timeJoined, recipeId, email, phoneNumber, thirdParty } = user
  const tenantIds = [PUBLIC]
  const isVerified = email === undefined || store.verifiedEmails.get(id)?.has(email) === true
  const shared = { tenantIds, timeJoined }
  return {
    id,
    isPrimaryUser: false,
    ...shared,
    emails: [email].filter(isPresent),
    phoneNumbers: [phoneNumber].filter(isPresent),
    thirdParty: [thirdParty].filter(isPresent),
    webauthn: { credentialIds: [] },
    loginMethods: [
      {
        ...shared,
        recipeUserId: id,
        verified: isVerified,
        recipeId,
        email,
        phoneNumber,
        thirdParty,
      },
    ],
  }
}

/** Removes a user with all that refers to it. */
export function removeUser(core: CoreContext, user: User): void {
  const { store } = core
  const id = toExternalId(store, user.id)
  if (user.recipeId === 'passwordless') removeDevices(store, devicesOf(store, user))
  store.users.delete(user.id)
  store.userIdMappings.delete(user.id)
  store.metadata.delete(id)
  store.userRoles.delete(id)
  store.verifiedEmails.delete(id)
  store.lastActive.delete(user.id)
  for (const [handle, session] of store.sessions) {
    if (session.userId === id) store.sessions.delete(handle)
  }
  for (const [token, { userId }] of store.verificationTokens) {
    if (userId === id) store.verificationTokens.delete(token)
  }
  for (const [token, { userId }] of store.passwordResetTokens) {
    if (userId === user.id) store.passwordResetTokens.delete(token)
  }
}

function isPresent<Value>(value: Value | undefined): value is Value {
  return value !== undefined
}
