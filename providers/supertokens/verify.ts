/** What every access token has to pass before anybody else is asked about it. */

import { type Awaitable, andThen } from '../../src/awaitable.js'
import type { KeySource } from '../../src/jwt/keys.js'
import type { CompactToken } from '../../src/jwt/token.js'
import { type TokenRules, type VerifiedClaims, verifyToken } from '../../src/jwt/verify.js'
import { checkShape, readTenant } from './access-token.js'
import { invalid, refreshable } from './credentials.js'
import type { SessionRules } from './rules.js'
import { claimValue } from './session.js'
import type { SuperTokensSettings } from './settings.js'

/** SuperTokens gives expiry no leeway, but a core's clock may be a minute ahead of the app's. */
const ISSUED_AT_SKEW_SECONDS = 60

export interface VerifiedAccessToken {
  readonly claims: VerifiedClaims
  readonly tenantId: string
}

/**
 * @param now Milliseconds since the epoch.
 * @throws {AuthError} `token_invalid`, `token_expired`, `provider_unavailable`; at once, or by rejecting.
 */
export type VerifyAccessToken = (
  token: CompactToken,
  keys: KeySource,
  rules: SessionRules,
  now: number,
) => Awaitable<VerifiedAccessToken>

/** Verification of access tokens by what the settings demand. */
export function accessTokenVerifier({
  issuers,
  allowMissingIssuer = false,
  tenants,
}: SuperTokensSettings): VerifyAccessToken {
  const tokenRules: TokenRules = {
    issuers,
    allowMissingIssuer,
    clockSkewSeconds: 0,
    issuedAtSkewSeconds: ISSUED_AT_SKEW_SECONDS,
  }
  return (token, keys, rules, now) => {
    const shape = checkShape(token)
    return andThen(verifyToken(token, keys, tokenRules, now), (claims) => {
      if (shape.usesDynamicKey !== rules.usesDynamicKeys) {
        throw refreshable('is signed with the other kind of key')
      }
      const tenantId = readTenant(shape, claims)
      if (tenantId === null || !tenants.includes(tenantId)) {
        throw invalid('belongs to another tenant', 'tId')
      }
      return { claims, tenantId }
    })
  }
}

/** Whether a session has every declared claim with exactly the declared value. */
export function hasRequiredClaims(
  claims: VerifiedClaims,
  { requiredClaims = {} }: SuperTokensSettings,
): boolean {
  return Object.entries(requiredClaims).every(([id, value]) => claimValue(claims[id]) === value)
}
