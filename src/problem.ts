/** Turns an {@link AuthError} into its HTTP answer: RFC 6750 challenge, RFC 9457 document. */

import type { AuthError, AuthErrorCode } from './errors.js'
import type { Challenge } from './provider.js'
import { type Answer, privateHeaders } from './response.js'

/** Where the codes are explained; a code's own address is the `type` of its problem document. */
export const PROBLEM_TYPE_BASE = 'https://github.com/authmux/authmux/blob/main/docs/errors.md#'

const DEFAULT_RETRY_AFTER_SECONDS = 1

/** What a code is called over HTTP. */
interface Summary {
  /** Short human-readable summary, the `title` of RFC 9457. */
  readonly title: string
  /** The `error` of the RFC 6750 §3 challenge; `null` sends a challenge without one. */
  readonly challenge: 'invalid_token' | 'insufficient_scope' | null
}

const summaries: Readonly<Record<AuthErrorCode, Summary>> = {
  unauthenticated: { title: 'Authentication required', challenge: null },
  token_expired: { title: 'Session token expired', challenge: 'invalid_token' },
  token_invalid: { title: 'Session token invalid', challenge: 'invalid_token' },
  session_revoked: { title: 'Session revoked', challenge: 'invalid_token' },
  session_pending: { title: 'Session not complete', challenge: 'invalid_token' },
  csrf_rejected: { title: 'Cross-site request rejected', challenge: null },
  forbidden: { title: 'Forbidden', challenge: 'insufficient_scope' },
  provider_unavailable: { title: 'Auth provider unavailable', challenge: null },
  config_invalid: { title: 'Auth configuration invalid', challenge: null },
}

/**
 * @param realm `realm` of the challenge (RFC 9110 §11.5): the app's host.
 * @param challenge What the vendor's browser SDK needs besides.
 */
export function toProblem(error: AuthError, realm: string, challenge: Challenge = {}): Answer {
  const { title } = summaries[error.code]
  const status = challenge.status ?? error.status
  const document = {
    type: `${PROBLEM_TYPE_BASE}${error.code}`,
    title,
    status,
    // What went wrong inside is for the operator, not for the client.
    ...(error.status < 500 && { detail: error.message }),
    code: error.code,
    ...challenge.members,
  }
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    ...privateHeaders,
  }
  const authenticate = toChallenge(error, realm)
  if (authenticate) headers['www-authenticate'] = authenticate
  if (error.code === 'provider_unavailable') {
    const seconds = Math.ceil(error.details.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS)
    headers['retry-after'] = String(seconds >= 1 ? seconds : DEFAULT_RETRY_AFTER_SECONDS)
  }
  return { status, headers, body: JSON.stringify(document) }
}

/**
 * The `WWW-Authenticate` value (RFC 6750 §3); `null` where it has no place. A login too long ago is
 * told in the words of RFC 9470 §3 but with 403, not its 401: the session itself is good.
 */
function toChallenge(error: AuthError, realm: string): string | null {
  const { title, challenge } = summaries[error.code]
  if (error.status !== 401 && challenge === null) return null
  const parameters = [`realm="${realm}"`]
  if (error.details.unmet?.field === 'maxAuthAgeSeconds') {
    parameters.push('error="insufficient_user_authentication"')
    parameters.push(`max_age="${error.details.unmet.expected}"`)
  } else if (challenge !== null) {
    parameters.push(`error="${challenge}"`, `error_description="${title}"`)
  }
  return `Bearer ${parameters.join(', ')}`
}
