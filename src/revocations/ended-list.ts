/** Ended sessions as one instance knows them: as many as there is room for, and as old as a token gets. */

import { AuthError } from '../errors.js'
import type { ProviderSession } from '../provider.js'
import type { EndedSession, EndedUser } from './revocations.js'

/** Room for some hundred thousand sessions, and 40 MB at the very most; see docs/revocation.md. */
const CAPACITY = 16_000_000

/** What an entry takes besides its name, in the characters `CAPACITY` is counted in. */
const ENTRY_SIZE = 100

export interface EndedList {
  /** @param at Milliseconds since the epoch, by the clock of the store. */
  add(ended: EndedSession | EndedUser, at: number): void
  has(session: EndedSession): boolean
  /** Forgets what no token is old enough for any more. */
  sweep(now: number): void
  /**
   * @throws {AuthError} `session_revoked`, `token_expired`.
   */
  check(
    provider: string,
    session: Pick<ProviderSession, 'subject' | 'sessionId' | 'issuedAt'>,
    now: number,
  ): void
}

/** @param keepMs How long a token lives at most. */
export function createEndedList(keepMs: number, capacity: number = CAPACITY): EndedList {
  /** When each ended, about in that order. */
  const ends = new Map<string, number>()
  let size = 0
  /** Some that ended up to then are forgotten. */
  let floor = Number.NEGATIVE_INFINITY

  function drop(key: string): void {
    if (ends.delete(key)) size -= key.length + ENTRY_SIZE
  }

  return {
    add(ended, at) {
      const key = keyOf(ended)
      const known = ends.get(key)
      if (known !== undefined && known >= at) return
      drop(key)
      ends.set(key, at)
      size += key.length + ENTRY_SIZE
      for (const [oldest, endedAt] of ends) {
        if (size <= capacity) break
        drop(oldest)
        floor = Math.max(floor, endedAt)
      }
    },
    has: (session) => ends.has(keyOf(session)),
    sweep(now) {
      for (const [oldest, endedAt] of ends) {
        if (endedAt >= now - keepMs) break
        drop(oldest)
      }
    },
    check(provider, { subject, sessionId, issuedAt }, now) {
      if (ends.size > 0) {
        const all = ends.get(keyOfUser(provider, subject))
        // Of that very second nobody knows which came first.
        const isOver = all !== undefined && !(issuedAt > toSecond(all))
        if (isOver || ends.has(keyOfSession(provider, sessionId))) {
          throw new AuthError('session_revoked', 'The session has ended')
        }
      }
      // Its end may be forgotten. A session that lives on gets another token.
      if (!(issuedAt > toSecond(floor) && issuedAt * 1000 >= now - keepMs)) {
        const message = 'The session token is older than the list of ended sessions'
        throw new AuthError('token_expired', message, { details: { expiredAt: new Date(now) } })
      }
    },
  }
}

function toSecond(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}

function keyOf(ended: EndedSession | EndedUser): string {
  return ended.sessionId === undefined
    ? keyOfUser(ended.provider, ended.providerUserId)
    : keyOfSession(ended.provider, ended.sessionId)
}

// With a length in front, no two pairs of names make the same key.
function keyOfSession(provider: string, id: string): string {
  return `s${provider.length}:${provider}${id}`
}

function keyOfUser(provider: string, id: string): string {
  return `u${provider.length}:${provider}${id}`
}
