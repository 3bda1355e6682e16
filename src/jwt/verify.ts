/** Verification of signed session tokens: one strict verifier for every vendor. */

import { verifyRs256 } from '#platform'
import { type Awaitable, andThen } from '../awaitable.js'
import { AuthError } from '../errors.js'
import type { KeySource } from './keys.js'
import { type CompactToken, type JsonObject, signedParts } from './token.js'
import { rememberToken } from './verified-tokens.js'

/** What a token must be, beyond correctly signed. */
export interface TokenRules {
  /** Accepted `iss` values, compared exactly. */
  readonly issuers: readonly string[]
  /** Accept a token without `iss`; default `false`. */
  readonly allowMissingIssuer?: boolean
  /** Accept a token without the `typ` header; default `false`. Any `typ` but `JWT` is refused. */
  readonly allowMissingType?: boolean
  /** Accepted `aud` values; one has to be among the token's. Absent: `aud` is not looked at. */
  readonly audience?: readonly string[]
  /** Leeway on `exp` and `nbf`, in seconds. */
  readonly clockSkewSeconds: number
  /** How far in the future `iat` may lie, in seconds. */
  readonly issuedAtSkewSeconds: number
}

/** Claims every accepted token has. */
export interface VerifiedClaims extends JsonObject {
  readonly sub: string
  /** Seconds since the epoch, a whole number. */
  readonly iat: number
  /** Seconds since the epoch, a whole number. */
  readonly exp: number
}

/** Last second a JavaScript `Date` can hold (ECMA-262 §21.4.1.1). */
const MAX_NUMERIC_DATE = 8_640_000_000_000

/**
 * Verifies signature, then claims, in that order: claims of an unsigned token are never reported on.
 *
 * @param now Milliseconds since the epoch.
 * @throws {AuthError} `token_invalid`, `token_expired`, `provider_unavailable` (keys not to be had);
 * at once, or by rejecting.
 * @see RFC 7519 §7.2, RFC 8725 §3
 */
export function verifyToken(
  token: CompactToken,
  keys: KeySource,
  rules: TokenRules,
  now: number,
): Awaitable<VerifiedClaims> {
  return andThen(keys.find(readKeyId(token, rules)), (key) => {
    if (!key) throw invalid('is signed with an unknown key', 'kid')
    if (token.verifiedBy === key) return checkClaims(token.payload, rules, now)
    const { input, signature } = signedParts(token)
    return andThen(verifyRs256(key, input, signature), (isRight) => {
      if (isRight !== true) throw invalid('has a wrong signature')
      rememberToken(token, key)
      return checkClaims(token.payload, rules, now)
    })
  })
}

/** @returns `null` for a header that names no key. */
function readKeyId({ header }: CompactToken, rules: TokenRules): string | null {
  if (header.alg !== 'RS256') throw invalid('is not signed with RS256', 'alg')
  // No extension is understood here, so none may be critical (RFC 7515 §4.1.11).
  if ('crit' in header) throw invalid('carries a critical header extension', 'crit')
  if (header.typ !== 'JWT' && !(rules.allowMissingType && header.typ === undefined)) {
    throw invalid('is not of type JWT', 'typ')
  }
  const { kid } = header
  if (kid !== undefined && typeof kid !== 'string') throw invalid('has a malformed key id', 'kid')
  return kid ?? null
}

function checkClaims(payload: JsonObject, rules: TokenRules, now: number): VerifiedClaims {
  const { iss, aud, sub, iat, exp, nbf } = payload
  if (typeof sub !== 'string' || sub.trim() === '') throw invalid('names no subject', 'sub')
  if (!(iss === undefined && rules.allowMissingIssuer)) {
    if (typeof iss !== 'string' || !rules.issuers.includes(iss)) {
      throw invalid('comes from another issuer', 'iss')
    }
  }
  if (rules.audience && !audienceMatches(aud, rules.audience)) {
    throw invalid('is meant for another audience', 'aud')
  }
  if (!isNumericDate(iat)) throw invalid('has no valid issue time', 'iat')
  if (!isNumericDate(exp)) throw invalid('has no valid expiry time', 'exp')
  if (nbf !== undefined && !isNumericDate(nbf)) throw invalid('has no valid start time', 'nbf')
  const skew = rules.clockSkewSeconds * 1000
  if (nbf !== undefined && nbf * 1000 > now + skew) throw invalid('is not valid yet', 'nbf')
  if (iat * 1000 > now + rules.issuedAtSkewSeconds * 1000) {
    throw invalid('was issued in the future', 'iat')
  }
  if (exp * 1000 <= now - skew) {
    throw new AuthError('token_expired', 'The session token has expired', {
      details: { claim: 'exp', expiredAt: new Date(exp * 1000) },
    })
  }
  return payload as VerifiedClaims
}

function audienceMatches(aud: unknown, accepted: readonly string[]): boolean {
  const values: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  return (
    values.every((value) => typeof value === 'string') &&
    values.some((value) => accepted.includes(value))
  )
}

function isNumericDate(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= MAX_NUMERIC_DATE
}

function invalid(reason: string, claim?: string): AuthError {
  return new AuthError('token_invalid', `The session token ${reason}`, {
    details: claim === undefined ? {} : { claim },
  })
}
