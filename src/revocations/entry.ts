/** Ended sessions in words a store can keep. */

import { isRecord } from '../schema-problems.js'
import type { EndedSession, EndedUser } from './revocations.js'

/** As long as a token may be, so longer than any name in one. */
const MAX_LENGTH = 8192

/** @returns `null` for what names neither a session nor a user. */
export function toEnded(value: unknown): EndedSession | EndedUser | null {
  if (!isRecord(value)) return null
  const { provider, sessionId, providerUserId } = value
  if (!isName(provider)) return null
  // What names a session and its user is about the session; what names it badly is about nothing.
  if (sessionId !== undefined) return isName(sessionId) ? { provider, sessionId } : null
  return isName(providerUserId) ? { provider, providerUserId } : null
}

/** JSON, in which also halves of characters survive the way to a store and back. */
export function printEnded(ended: EndedSession | EndedUser): string {
  return JSON.stringify(ended)
}

/** @returns `null` for a text that is none of ours. */
export function parseEnded(text: string): EndedSession | EndedUser | null {
  try {
    return toEnded(JSON.parse(text))
  } catch {
    return null
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH
}
