/** Gives users an id of the app's, and takes it away, under a core's rules. */

import { Refusal } from '../answer.js'
import type { CoreContext } from '../context.js'
import type { Store } from '../store.js'
import { findMapping, recipesUsing, type UserIdType } from './ids.js'

/** What a mapping is made of. */
export interface NewMapping {
  readonly superTokensUserId: string
  readonly externalUserId: string
  readonly externalUserIdInfo?: string | null | undefined
  /** Skips the checks that keep data from being orphaned. */
  readonly force?: boolean | undefined
}

/** The body of the answer to a new mapping. */
export type MappingAnswer =
  | { readonly status: 'OK' | 'UNKNOWN_SUPERTOKENS_USER_ID_ERROR' }
  | {
      readonly status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR'
      readonly doesSuperTokensUserIdExist: boolean
      readonly doesExternalUserIdExist: boolean
    }

/** @throws {Refusal} 400 when one of the ids is in use where the mapping would not reach. */
export function createMapping(core: CoreContext, input: NewMapping): MappingAnswer {
  const { users, userIdMappings } = core.store
  const { superTokensUserId, externalUserId } = input
  const taken = findMapping(core.store, externalUserId, 'EXTERNAL')
  if (taken) return alreadyExists(taken.superTokensUserId === superTokensUserId, true)
  if (!users.has(superTokensUserId)) return { status: 'UNKNOWN_SUPERTOKENS_USER_ID_ERROR' }
  if (!input.force) {
    assertFree(core, superTokensUserId, externalUserId)
  }
  if (userIdMappings.has(superTokensUserId)) return alreadyExists(true, false)
  const externalUserIdInfo = input.externalUserIdInfo ?? undefined
  userIdMappings.set(superTokensUserId, { superTokensUserId, externalUserId, externalUserIdInfo })
  return { status: 'OK' }
}

/** @returns whether there was a mapping. */
export function removeMapping(
  core: CoreContext,
  userId: string,
  type: UserIdType,
  isForced = false,
): boolean {
  const mapping = findMapping(core.store, userId, type)
  if (!mapping) return false
  const { superTokensUserId, externalUserId } = mapping
  const [recipe] = recipesUsing(core, externalUserId)
  // Data under an id that is also a user's own stays reachable.
  if (!isForced && recipe !== undefined && !core.store.users.has(externalUserId)) {
    throw inUse(recipe)
  }
  return core.store.userIdMappings.delete(superTokensUserId)
}

function assertFree(core: CoreContext, superTokensUserId: string, externalUserId: string): void {
  if (core.store.users.has(externalUserId)) {
    throw new Refusal(
      400,
      'Cannot create a userId mapping where the externalId is also a SuperTokens userID',
    )
  }
  const [recipe] = recipesUsing(core, superTokensUserId)
  // An e-mail address can be verified by the sign-in itself: this alone does not stand in the way,
  // and comes last.
  if (recipe === 'EmailVerification') {
    moveVerification(core.store, superTokensUserId, externalUserId)
  } else if (recipe !== undefined) {
    throw inUse(recipe)
  }
}

function moveVerification(store: Store, from: string, to: string): void {
  const emails = store.verifiedEmails.get(from)
  if (emails) store.verifiedEmails.set(to, emails)
  store.verifiedEmails.delete(from)
  for (const [token, content] of store.verificationTokens) {
    if (content.userId === from) store.verificationTokens.set(token, { ...content, userId: to })
  }
}

function alreadyExists(
  doesSuperTokensUserIdExist: boolean,
  doesExternalUserIdExist: boolean,
): MappingAnswer {
  const status = 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR'
  return { status, doesSuperTokensUserIdExist, doesExternalUserIdExist }
}

function inUse(recipe: string): Refusal {
  return new Refusal(400, `UserId is already in use in ${recipe} recipe`)
}
