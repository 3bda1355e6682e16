/** What keeps a user at the old vendor, whoever asks. */

import type { UserAccount } from '../provider-users.js'

/** @returns `null` when nothing does. */
export function obstacleOf(account: UserAccount): 'blocked' | 'second_factor' | null {
  if (account.isBlocked) return 'blocked'
  // A second factor does not come along: without it, the password alone would do.
  return account.hasSecondFactor ? 'second_factor' : null
}
