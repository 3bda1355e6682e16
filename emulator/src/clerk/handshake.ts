/** Handshakes: how a server gets the cookies of a browser whose token it cannot use. */

import { clientUpdatedAtSeconds } from './clients.js'
import { bothCookies, type CookieOptions, setCookie } from './cookies.js'
import { createSecret } from './identifiers.js'
import { notFound } from './problem.js'
import type { ClientRecord, SessionRecord } from './records.js'
import type { ClerkState } from './state.js'
import { mintSessionToken } from './tokens.js'

/** Time a server has to fetch the cookies by their nonce. */
const NONCE_LIFE_MS = 60_000

/** Who the cookies are for. */
interface Recipient {
  readonly client: ClientRecord | null
  readonly session: SessionRecord | null
  /** Origin of the app. */
  readonly origin: string
  /** Options of cookies that the app shares with the Frontend API. */
  readonly shared: CookieOptions
}

/** Cookies for the app: a fresh token and what vouches for it, or their removal. */
export async function sessionDirectives(
  state: ClerkState,
  { client, session, origin, shared }: Recipient,
): Promise<string[]> {
  const updatedAt = String(clientUpdatedAtSeconds(state, client))
  return [
    ...bothCookies(state, '__client_uat', updatedAt, shared),
    ...(session ? await refreshDirectives(state, session, origin) : signOutDirectives(state)),
  ]
}

/** The part of the cookies that a session alone can renew. */
export async function refreshDirectives(
  state: ClerkState,
  session: SessionRecord,
  origin: string,
): Promise<string[]> {
  const token = await mintSessionToken(state, session, { origin })
  const options = { secure: origin.startsWith('https:') }
  return [
    setCookie(refreshCookie(state), session.refreshToken, { ...options, httpOnly: true }),
    ...bothCookies(state, '__session', token, options),
  ]
}

function signOutDirectives(state: ClerkState): string[] {
  return [
    setCookie(refreshCookie(state), '', { httpOnly: true }),
    ...bothCookies(state, '__session', '', {}),
  ]
}

/** Its only name: there is none without the suffix. */
function refreshCookie({ settings }: ClerkState): string {
  return `__refresh_${settings.cookieSuffix}`
}

/** Keeps cookies for a server to fetch. */
export function createNonce({ clock, store }: ClerkState, directives: readonly string[]): string {
  const nonce = createSecret()
  store.handshakes.set(nonce, { directives, expireAt: clock.now() + NONCE_LIFE_MS })
  return nonce
}

/**
 * Hands the cookies over, once.
 * @throws {ClerkProblem} when the nonce is unknown, used or too old.
 */
export function redeemNonce({ clock, store }: ClerkState, nonce: string): readonly string[] {
  const handshake = store.handshakes.get(nonce)
  store.handshakes.delete(nonce)
  if (!handshake || clock.now() >= handshake.expireAt) throw notFound('handshake payload', nonce)
  return handshake.directives
}
