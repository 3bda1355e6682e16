/** Verified SuperTokens claims, turned into the neutral session. Pure: no clock, no network. */

import type { JsonObject, TokenMemo } from '../../src/jwt/token.js'
import type { VerifiedClaims } from '../../src/jwt/verify.js'
import type { ProviderSession } from '../../src/provider.js'
import type { SessionContainer } from './sdk.js'

/** The part of a session that is not in its token. */
export type SuperTokensSessionRest = Pick<
  ProviderSession<SessionContainer>,
  'authenticatedAt' | 'getToken' | 'native'
>

/**
 * Puts a session together, in one literal: to spread one into another costs half a verdict.
 * @param claims Frozen, all the way down.
 * @param memo Of the token that has these claims; what it keeps is taken instead of being made again.
 * @see https://supertokens.com/docs/post-authentication/session-management (read 2026-11-21)
 */
export function toSession(
  claims: VerifiedClaims,
  tenantId: string,
  memo: TokenMemo,
  { authenticatedAt, getToken, native }: SuperTokensSessionRest,
): ProviderSession<SessionContainer> {
  return {
    subject: claims.sub,
    sessionId: claims.sessionHandle as string,
    tenantId,
    orgId: null,
    orgRole: null,
    orgPermissions: [],
    roles: readNames(claims['st-role']),
    permissions: readNames(claims['st-perm']),
    actor: null,
    claims: shownOf(claims, memo),
    issuedAt: claims.iat,
    expiresAt: claims.exp,
    authenticatedAt,
    getToken,
    native,
  }
}

/** All but what stays between browser and core. */
function shownOf(claims: VerifiedClaims, memo: TokenMemo): JsonObject {
  if (memo.shownClaims) return memo.shownClaims
  const { antiCsrfToken, refreshTokenHash1, parentRefreshTokenHash1, ...shown } = claims
  memo.shownClaims = Object.freeze(shown)
  return shown
}

/** Value of a claim as SuperTokens wraps it: `{ v: value, t: when it was fetched }`. */
export function claimValue(claim: unknown): unknown {
  return typeof claim === 'object' && claim !== null ? (claim as JsonObject).v : undefined
}

function readNames(claim: unknown): readonly string[] {
  const names = claimValue(claim)
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : []
}
