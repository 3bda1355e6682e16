/**
 * The session token a request presents, and the conditions Clerk attaches to it.
 *
 * Follows `authenticateRequest` of `@clerk/backend` 3.25.0 (tokens/request.ts, read 2026-11-21) for
 * everything but documents, where the SDK may answer with a handshake; see navigation.ts for those.
 */

import { AuthError } from '../../src/errors.js'
import type { CompactToken } from '../../src/jwt/token.js'
import type { RequestView } from '../../src/request.js'
import { type CookieNames, readCookies } from './cookies.js'
import type { ClerkSettings } from './settings.js'

/** Categories of session tokens; `cl_I7d4PD111III` is on every token of some instances. */
const SESSION_CATEGORIES: readonly unknown[] = ['cl_B7d4PD111AAA', 'cl_I7d4PD111III', undefined]

/** Subjects of machine-to-machine tokens, which the instance signs with the same key. */
const MACHINE_SUBJECT = 'mch_'

/** Query parameters that make a development instance synchronise before it believes a cookie. */
const SYNC_PARAMETERS = ['__clerk_db_jwt', '__clerk_redirect_url'] as const

/**
 * The session token in the cookies.
 * @returns `null` when nobody claims to be signed in.
 * @throws {AuthError} `token_expired` where a handshake can help, `session_revoked`, `token_invalid`.
 */
export function readCookieToken(
  view: RequestView,
  names: CookieNames,
  settings: ClerkSettings,
  now: () => number,
): CompactToken | null {
  const cookies = readCookies(view, names, settings, now)
  if (cookies.session === null) return null
  if (!settings.isProduction) {
    if (isSynchronising(view)) throw stale('is being synchronised with the development browser')
    if (cookies.devBrowser === null) throw stale('lacks its development browser')
  }
  if (cookies.isClientSignedOut) {
    throw new AuthError('session_revoked', 'The browser has signed out of the session')
  }
  if (cookies.clientUpdatedAt === 0) throw stale('lacks the cookie that vouches for it')
  if (!cookies.token) throw new AuthError('token_invalid', 'The session token is malformed')
  if (Number(cookies.token.payload.iat) < cookies.clientUpdatedAt) {
    throw stale('is older than the last sign-in or sign-out')
  }
  return cookies.token
}

/**
 * Refuses what is correctly signed but no session token: templates, machine tokens.
 * @throws {AuthError} `token_invalid`.
 */
export function refuseOtherTokens({ header, payload }: CompactToken): void {
  const isMachine = typeof payload.sub === 'string' && payload.sub.startsWith(MACHINE_SUBJECT)
  if (isMachine || !SESSION_CATEGORIES.includes(header.cat)) {
    throw new AuthError('token_invalid', 'The token is not a session token')
  }
}

/**
 * Refuses tokens issued to other origins, once the app lists its own.
 * @throws {AuthError} `token_invalid`.
 */
export function checkAuthorizedParty(azp: unknown, parties: readonly string[] | undefined): void {
  if (!parties || parties.includes(azp as string)) return
  throw new AuthError('token_invalid', 'The session token was issued to another party', {
    details: { claim: 'azp' },
  })
}

function isSynchronising({ url }: RequestView): boolean {
  const query = new URLSearchParams(url?.split('#', 1)[0]?.split('?').slice(1).join('?'))
  return SYNC_PARAMETERS.some((name) => query.has(name))
}

function stale(reason: string): AuthError {
  return new AuthError('token_expired', `The session token ${reason}`)
}
