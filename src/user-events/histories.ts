/** Histories of users in a store, changed by one writer at a time. */

import { AuthError, isAuthError } from '../errors.js'
import type { Principal } from '../migrate/identity-map.js'
import { noHistory, parseHistory, type UserHistory } from './order.js'
import type { UserEventStore } from './store.js'

/** More writers at once than one user has. */
const MAX_ATTEMPTS = 50

/**
 * Changes what is kept of a user, again when somebody else was quicker.
 *
 * @param change Gives the next history; the same one to leave it.
 * @param now Milliseconds since the epoch.
 * @returns the history as it is now kept.
 * @throws {AuthError} `provider_unavailable` when the store does not answer.
 */
export async function changeHistory(
  store: UserEventStore,
  user: Principal,
  change: (history: UserHistory) => UserHistory,
  now: () => number,
): Promise<UserHistory> {
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const stored = await store.read(user)
      const present = stored ? parseHistory(stored.text) : noHistory
      const next = change(present)
      if (next === present) return present
      const entry = {
        version: versionAt(now()),
        text: JSON.stringify(next),
        isWaiting: next.waiting.length > 0,
      }
      if (await store.write(user, entry, stored?.version ?? null)) return next
    }
  } catch (cause) {
    if (isAuthError(cause)) throw cause
    throw new AuthError('provider_unavailable', 'The store of user events does not answer', {
      cause,
    })
  }
  throw new AuthError('provider_unavailable', 'The store of user events is too busy')
}

/** As long as a UUID; begins with the time, so that whoever was just tried is not tried first again. */
function versionAt(now: number): string {
  return Math.trunc(now).toString(16).padStart(12, '0') + crypto.randomUUID().slice(12)
}
