/** Where it is kept which events of a user were told, so that every process of the app knows. */

import type { Principal } from '../migrate/identity-map.js'

/** What is kept of one user. */
export interface StoredHistory {
  /** Changes at every write; later ones sort after earlier ones, as text. */
  readonly version: string
  readonly text: string
  /** Whether events of this user wait to be delivered. */
  readonly isWaiting: boolean
}

/** One text for each user of each vendor, written only by who has read the latest one. */
export interface UserEventStore {
  /** @returns `null` for a user nothing is kept of. */
  read(user: Principal): Promise<Omit<StoredHistory, 'isWaiting'> | null>
  /**
   * Writes, unless somebody else was quicker.
   * @param previous `version` that was read; `null` for a user nothing was kept of.
   * @returns whether it was written.
   */
  write(user: Principal, next: StoredHistory, previous: string | null): Promise<boolean>
  /** Users with events that wait, a hundred at most; those whose last write is longest ago come first. */
  waiting(): Promise<readonly Principal[]>
}

/** Kept in memory, gone with the process: for one process, tests and examples. */
export function memoryUserEventStore(): UserEventStore {
  const entries = new Map<string, StoredHistory & { readonly user: Principal }>()
  const keyOf = ({ provider, subject }: Principal) => JSON.stringify([provider, subject])
  return {
    read: async (user) => entries.get(keyOf(user)) ?? null,
    async write(user, next, previous) {
      const key = keyOf(user)
      if ((entries.get(key)?.version ?? null) !== previous) return false
      // Whoever was just tried goes to the back.
      entries.delete(key)
      entries.set(key, { ...next, user })
      return true
    },
    async waiting() {
      const found = [...entries.values()].filter(({ isWaiting }) => isWaiting)
      return found.slice(0, 100).map(({ user }) => user)
    },
  }
}
