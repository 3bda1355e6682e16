/** The parts of `Revocations` that are the same wherever the list is kept. */

import { configError } from '../errors.js'
import type { EndedList } from './ended-list.js'
import { toEnded } from './entry.js'
import type { EndedSession, EndedUser, Revocations } from './revocations.js'
import { watchProvider } from './watch.js'

/** Where a list is kept. */
export interface RevocationStore {
  /**
   * @returns when it was written, in milliseconds since the epoch, by the store's clock.
   * @throws {AuthError} `provider_unavailable`.
   */
  append(ended: EndedSession | EndedUser): Promise<number>
  /**
   * Brings the list up to date.
   * @returns `undefined` where it is.
   * @throws {AuthError} `provider_unavailable`.
   */
  catchUp(): Promise<void> | undefined
}

export function createRevocations(list: EndedList, store: RevocationStore): Revocations {
  const revocations: Revocations = {
    contract: 1,
    async revoke(given) {
      const ended = toEnded(given)
      if (!ended) {
        const message = 'must name a provider, and a sessionId or a providerUserId'
        throw configError([{ name: 'revoke', message }])
      }
      // Not before the others can know: whoever is told of a failure has to be able to try again.
      list.add(ended, await store.append(ended))
    },
    check(name, session, now) {
      const waiting = store.catchUp()
      if (waiting !== undefined) return waiting.then(() => list.check(name, session, now))
      list.check(name, session, now)
      return undefined
    },
    watch: (name, provider) =>
      watchProvider(name, provider, revocations, async () => store.catchUp()),
  }
  return revocations
}
