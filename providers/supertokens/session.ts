/** Verified SuperTokens claims, turned into the neutral session. Pure: no clock, no network. */

import { deepFreeze } from '../../src/jwt/freeze.js'
import type { JsonObject } from '../../src/jwt/token.js'
import type { VerifiedClaims } from '../../src/jwt/verify.js'
import type { ProviderSession } from '../../src/provider.js'

/** The part of a session that is in its token. */
export type SuperTokensSessionData = Omit<
  ProviderSession,
  'getToken' | 'native' | 'authenticatedAt'
>

/**
 * The claims become part of the session and are frozen with it.
 * @see https://supertokens.com/docs/post-authentication/session-management (read 2026-11-21)
 */
export function toSessionData(claims: VerifiedClaims, tenantId: string): SuperTokensSessionData {
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
    claims: withoutSecrets(claims),
    issuedAt: claims.iat,
    expiresAt: claims.exp,
  }
}

const shownClaims = new WeakMap<VerifiedClaims, JsonObject>()

/** Without what stays between browser and core. */
function withoutSecrets(claims: VerifiedClaims): JsonObject {
  const known = shownClaims.get(claims)
  if (known) return known
  const { antiCsrfToken, refreshTokenHash1, parentRefreshTokenHash1, ...shown } = claims
  shownClaims.set(claims, deepFreeze(shown))
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
