/** What one process remembers of hand-overs: sessions just minted, and how often somebody asked. */

import type { MintedSession } from '../provider.js'

/** How many sessions one user may have minted in a minute: devices and tabs, not a flood. */
const MINTS_PER_MINUTE = 10

const MINUTE_MS = 60_000

/** How long a minted session is the answer to whoever asks again for the same old one. */
const SHARED_FOR_MS = 10_000

/** A ticket that is handed out again still has this long to live. */
const TICKET_MARGIN_MS = 10_000

interface Mint {
  readonly result: Promise<MintedSession | null>
  expiresAt: number
}

export interface Attempts {
  /**
   * Mints once for everybody who brings the same session at about the same time.
   * @param key Names the old session.
   */
  share(
    key: string,
    now: number,
    mint: () => Promise<MintedSession | null>,
  ): Promise<MintedSession | null>
  /** Forgets what was minted for a session that is gone. */
  forget(key: string): void
  /** Milliseconds until somebody may ask again; 0 when they may now, which is counted. */
  wait(userId: string, now: number): number
}

export function createAttempts(): Attempts {
  const mints = new Map<string, Mint>()
  const windows = new Map<string, { readonly startedAt: number; count: number }>()
  return {
    async share(key, now, mint) {
      dropWhile(mints, ({ expiresAt }) => expiresAt <= now)
      const present = mints.get(key)
      if (present && now < present.expiresAt) return present.result
      const entry: Mint = { result: mint(), expiresAt: now + SHARED_FOR_MS }
      mints.delete(key)
      mints.set(key, entry)
      try {
        const minted = await entry.result
        if (minted?.kind === 'ticket') entry.expiresAt = minted.expiresAt - TICKET_MARGIN_MS
        return minted
      } catch (error) {
        if (mints.get(key) === entry) mints.delete(key)
        throw error
      }
    },
    forget: (key) => void mints.delete(key),
    wait(userId, now) {
      dropWhile(windows, ({ startedAt }) => startedAt + MINUTE_MS <= now)
      const present = windows.get(userId)
      if (!present) {
        windows.set(userId, { startedAt: now, count: 1 })
        return 0
      }
      present.count += 1
      return present.count <= MINTS_PER_MINUTE ? 0 : present.startedAt + MINUTE_MS - now
    },
  }
}

/** Entries are in the order they were made, so the old ones are in front. */
function dropWhile<Value>(entries: Map<string, Value>, isOver: (value: Value) => boolean): void {
  for (const [key, value] of entries) {
    if (!isOver(value)) return
    entries.delete(key)
  }
}
