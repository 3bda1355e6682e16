/**
 * The shape of SuperTokens access tokens, by which they are told apart from every other JWT.
 *
 * Follows `jwt.ts` and `accessToken.ts` of `supertokens-node` 24.0.3 (recipe/session, read
 * 2026-11-21): versions 3 to 5, and later ones under the rules of 5.
 */

import { AuthError } from '../../src/errors.js'
import type { CompactToken, JsonObject } from '../../src/jwt/token.js'

/** What the shape of an access token tells before anything is verified. */
export interface AccessTokenShape {
  readonly version: number
  readonly usesDynamicKey: boolean
}

/** Members of an access token that no other JWT of a core has. */
export function looksLikeSession({ payload }: CompactToken): boolean {
  return typeof payload.sessionHandle === 'string' && typeof payload.refreshTokenHash1 === 'string'
}

/**
 * Checks everything about an access token that needs no key.
 *
 * @throws {AuthError} `token_invalid` for other tokens of the same core; `token_expired` for versions
 * before 3, which a refresh replaces and which are never sent to the core to be judged.
 */
export function checkShape(token: CompactToken): AccessTokenShape {
  const { header, payload } = token
  const version = readVersion(header)
  if (version < 3) throw new AuthError('token_expired', 'The access token is of an old version')
  if (header.typ !== 'JWT' || typeof header.kid !== 'string' || !/^[ds]-/.test(header.kid)) {
    throw notASession()
  }
  // Other types of token, such as OAuth2 access tokens, say so here.
  if (payload.stt !== undefined && payload.stt !== 0) throw notASession()
  if (!looksLikeSession(token)) throw notASession()
  // The SDK trims these, and would mean somebody else.
  if (hasBlanks(payload.sub) || hasBlanks(payload.sessionHandle)) throw notASession()
  if (version >= 5 && typeof payload.rsub !== 'string') throw notASession()
  return { version, usesDynamicKey: header.kid.startsWith('d-') }
}

/** `version` of the header: a string of digits; 3 when absent, 0 when it is anything else. */
function readVersion({ version }: JsonObject): number {
  if (version === undefined) return 3
  return typeof version === 'string' && /^\d{1,4}$/.test(version) ? Number(version) : 0
}

/**
 * Tenant of a session; before version 4 there were none but `public`.
 * @returns `null` when the token does not say.
 */
export function readTenant({ version }: AccessTokenShape, { tId }: JsonObject): string | null {
  if (version < 4) return 'public'
  return typeof tId === 'string' ? tId : null
}

function hasBlanks(value: unknown): boolean {
  return typeof value === 'string' && value !== value.trim()
}

function notASession(): AuthError {
  return new AuthError('token_invalid', 'The token is not a session token')
}
