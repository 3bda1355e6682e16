/** Verified Clerk claims, turned into the neutral session. Pure: no clock, no network. */

import { AuthError } from '../../src/errors.js'
import { readClaim } from '../../src/jwt/claim-path.js'
import type { JsonObject } from '../../src/jwt/token.js'
import type { VerifiedClaims } from '../../src/jwt/verify.js'
import type { ProviderSession } from '../../src/provider.js'
import { readOrganization } from './organization.js'
import type { ClerkNativeSession } from './sdk.js'
import type { ClerkSettings } from './settings.js'

/** The part of a session that is not in its token. */
export type ClerkSessionFunctions = Pick<ProviderSession<ClerkNativeSession>, 'getToken' | 'native'>

/**
 * Puts a session together, in one literal: to spread one into another costs half a verdict.
 * @param claims Frozen, all the way down.
 * @throws {AuthError} `session_pending` for a session with open tasks; `token_invalid` for claims no
 * session token has.
 * @see https://clerk.com/docs/guides/sessions/session-tokens (read 2026-11-21)
 */
export function toSession(
  claims: VerifiedClaims,
  settings: ClerkSettings,
  { getToken, native }: ClerkSessionFunctions,
): ProviderSession<ClerkNativeSession> {
  const { sid, sts, act } = claims
  if (sts === 'pending') {
    throw new AuthError('session_pending', 'The session has tasks the user must finish first')
  }
  if (typeof sid !== 'string' || sid === '') throw malformed('sid')
  const organization = readOrganization(claims)
  if (!organization) throw malformed(claims.v === 2 ? 'o' : 'org_id')
  return {
    subject: claims.sub,
    sessionId: sid,
    tenantId: null,
    orgId: organization.id,
    orgRole: organization.role,
    orgPermissions: organization.permissions,
    roles: readNames(claims, settings.claims?.roles),
    permissions: readNames(claims, settings.claims?.permissions),
    actor: typeof act === 'object' && act !== null ? (act as JsonObject) : null,
    claims,
    issuedAt: claims.iat,
    expiresAt: claims.exp,
    authenticatedAt: authenticatedAt(claims),
    getToken,
    native,
  }
}

/** `fva` is the age of the first factor in minutes when the token was issued; -1 without one. */
function authenticatedAt({ fva, iat }: VerifiedClaims): number | null {
  const minutes: unknown = Array.isArray(fva) ? fva[0] : null
  if (!Number.isSafeInteger(minutes) || (minutes as number) < 0) return null
  return Math.max(0, iat - (minutes as number) * 60)
}

/** Names in a claim, by dotted path; `null` when no claim is configured. */
function readNames(claims: JsonObject, path: string | undefined): readonly string[] | null {
  if (path === undefined) return null
  const names = [readClaim(claims, path.split('.')) ?? []].flat()
  return names.every((name) => typeof name === 'string') ? names : []
}

function malformed(claim: string): AuthError {
  return new AuthError('token_invalid', `The session token has a malformed ${claim} claim`, {
    details: { claim },
  })
}
