/** The two ids a user can have: the one a core gave it, and one the app mapped to it. */

import type { CoreContext } from '../context.js'
import type { Store, User, UserIdMapping } from '../store.js'

/** Which of the two ids is meant; with `ANY`, a core's own goes first. */
export type UserIdType = 'SUPERTOKENS' | 'EXTERNAL' | 'ANY'

/** The id a user is shown under. */
export function toExternalId(store: Store, userId: string): string {
  return store.userIdMappings.get(userId)?.externalUserId ?? userId
}

/** The id a user is kept under; ids of no user stay as they are. */
export function toSuperTokensId(store: Store, userId: string): string {
  return findMapping(store, userId, 'ANY')?.superTokensUserId ?? userId
}

/** The user with this id of either type. */
export function findUser(store: Store, userId: string): User | undefined {
  return store.users.get(toSuperTokensId(store, userId))
}

/** The mapping this id is a part of. */
export function findMapping(
  store: Store,
  userId: string,
  type: UserIdType,
): UserIdMapping | undefined {
  const own = type === 'EXTERNAL' ? undefined : store.userIdMappings.get(userId)
  // A user's own id goes before a mapping to another user, if both are the same.
  if (own || type === 'SUPERTOKENS' || (type === 'ANY' && store.users.has(userId))) return own
  return [...store.userIdMappings.values()].find((mapping) => mapping.externalUserId === userId)
}

/** What besides sign-in refers to users by id, in the order a core looks for it. */
const usages: readonly (readonly [
  recipe: string,
  isUsing: (core: CoreContext, userId: string) => boolean,
])[] = [
  [
    'Session',
    ({ store, clock }, userId) =>
      [...store.sessions.values()].some(
        (session) => session.userId === userId && session.expiry > clock.now(),
      ),
  ],
  ['UserMetadata', ({ store }, userId) => store.metadata.has(userId)],
  ['UserRoles', ({ store }, userId) => (store.userRoles.get(userId)?.size ?? 0) > 0],
  [
    'EmailVerification',
    ({ store }, userId) =>
      (store.verifiedEmails.get(userId)?.size ?? 0) > 0 ||
      [...store.verificationTokens.values()].some((token) => token.userId === userId),
  ],
]

/** Recipes that refer to a user by exactly this id. */
export function recipesUsing(core: CoreContext, userId: string): readonly string[] {
  return usages.filter(([, isUsing]) => isUsing(core, userId)).map(([recipe]) => recipe)
}
