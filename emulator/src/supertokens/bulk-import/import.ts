/** Imports users, all of a batch or none. */

import type { CoreContext } from '../context.js'
import { hashPassword } from '../passwords.js'
import type { User } from '../store.js'
import { toExternalId } from '../users/ids.js'
import { addUser, markVerified } from '../users/user.js'
import { type Conflicts, findConflicts } from './conflicts.js'
import type { ImportUser } from './user.js'

/** Imports the users, unless there is a conflict for any of them. */
export async function importBatch(
  core: CoreContext,
  users: readonly ImportUser[],
): Promise<{ readonly imported: readonly User[]; readonly conflicts: Conflicts }> {
  const hashes = await Promise.all(users.map((user) => toHash(core, user)))
  const conflicts = findConflicts(core.store, users)
  if (conflicts.size > 0) return { imported: [], conflicts }
  return { imported: users.map((user, index) => importOne(core, user, hashes[index])), conflicts }
}

function importOne(core: CoreContext, input: ImportUser, passwordHash: string | undefined): User {
  const { store } = core
  const { externalUserId, userMetadata, userRoles, login } = input
  const { email, phoneNumber, thirdParty, superTokensUserId: id } = login
  const timeJoined = login.timeJoinedInMSSinceEpoch
  const details = { id, timeJoined, email, phoneNumber, thirdParty, passwordHash }
  const user = addUser(core, login.recipeId, details)
  if (externalUserId !== undefined) {
    const mapping = { superTokensUserId: id, externalUserId, externalUserIdInfo: undefined }
    store.userIdMappings.set(id, mapping)
  }
  if (login.isVerified && email !== undefined) markVerified(store, user, email)
  const shownId = toExternalId(store, id)
  if (userMetadata) store.metadata.set(shownId, userMetadata)
  if (userRoles) store.userRoles.set(shownId, new Set(userRoles.map(({ role }) => role)))
  return user
}

async function toHash(core: CoreContext, { login }: ImportUser): Promise<string | undefined> {
  const { passwordHash, plainTextPassword } = login
  if (passwordHash !== undefined || plainTextPassword === undefined) return passwordHash
  return hashPassword(plainTextPassword, core.settings.bcryptRounds)
}
