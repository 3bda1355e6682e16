/** What others may know of a user. */

import { imageJson } from '../images.js'
import type { UserRecord } from '../records.js'
import type { JsonObject } from './types.js'

/** Name and identifier of a user. */
export function publicUserJson(user: UserRecord): JsonObject {
  return {
    user_id: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    ...imageJson(user.imageUrl),
    identifier: primaryAddress(user) ?? user.username ?? user.phoneNumbers[0]?.number ?? user.id,
    username: user.username,
    banned: user.isBanned,
  }
}

/** The user's main e-mail address; `null` without one. */
export function primaryAddress({
  emailAddresses,
  primaryEmailAddressId,
}: UserRecord): string | null {
  return emailAddresses.find(({ id }) => id === primaryEmailAddressId)?.address ?? null
}
