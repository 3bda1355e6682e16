/** What SuperTokens' browser SDKs need in an error answer. */

import type { AuthError, UnmetRequirement } from '../../src/errors.js'
import type { JsonObject } from '../../src/jwt/token.js'
import type { Challenge } from '../../src/provider.js'
import type { SessionRules } from './rules.js'

/** Claims that policy fields are checked against. */
const CLAIM_IDS: Readonly<Record<string, string>> = { role: 'st-role', permission: 'st-perm' }

/**
 * The messages and the list of failed claims the SDK's own answers carry.
 * @see https://supertokens.com/docs/post-authentication/session-management (read 2026-11-21)
 */
export function superTokensChallenge(error: AuthError, rules: SessionRules): Challenge {
  if (error.status === 401) {
    const message = error.code === 'token_expired' ? 'try refresh token' : 'unauthorised'
    return { status: rules.sessionExpiredStatusCode, members: { message } }
  }
  if (error.code !== 'forbidden') return {}
  const { unmet, vendor } = error.details
  const failed = (vendor as JsonObject | undefined)?.claimValidationErrors
  return {
    status: rules.invalidClaimStatusCode,
    members: {
      message: 'invalid claim',
      claimValidationErrors: failed ?? (unmet ? [toClaimError(unmet)] : []),
    },
  }
}

function toClaimError({ field, expected }: UnmetRequirement): JsonObject {
  const id = CLAIM_IDS[field]
  return id
    ? { id, reason: { message: 'wrong value', expectedToInclude: expected } }
    : { id: field, reason: { message: 'requirement not met' } }
}
