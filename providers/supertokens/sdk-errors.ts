/**
 * The SDK's errors in our words.
 *
 * Errors about sessions have a type. Errors about the core are plain `Error`s that only their text
 * tells apart (`supertokens-node` 24.0.3, querier.ts, read 2026-11-21); tests hold that text against
 * the real SDK. Anything else was thrown by the app's own overrides and is left alone.
 */

import { Error as SessionError } from 'supertokens-node/recipe/session'
import { AuthError, configError, isAuthError } from '../../src/errors.js'

/** Message when the SDK could not get keys, or the token failed against those it has. */
const VERIFICATION_FAILED = 'Failed to verify access token'

const CORE_UNREACHABLE = /^No SuperTokens core available|^fetch failed|^terminated$/
const CORE_ANSWERED = /^SuperTokens core threw an error for .* with status code: (\d{3})/
const CORE_INCOMPATIBLE = /^The running SuperTokens core version is not compatible/

/** What the client sent made the vendor fail: the answer is 400, not 500. */
const CLIENT_FAULT = /^The request contains multiple session cookies/

/** Text of a client's fault in an error of the SDK; `null` when it is no such error. */
export function clientFault(error: unknown): string | null {
  const message = error instanceof Error ? error.message : ''
  if (CLIENT_FAULT.test(message)) return message
  return CORE_ANSWERED.exec(message)?.[1] === '400' ? 'The core refuses the request' : null
}

/** @returns the error in our words; what it was given where the SDK did not throw it. */
export function toAuthError(error: unknown): unknown {
  if (isAuthError(error) || !(error instanceof Error)) return error
  return SessionError.isErrorFromSuperTokens(error) ? toSessionError(error) : toCoreError(error)
}

function toSessionError(error: InstanceType<typeof SessionError>): AuthError {
  if (error.type === SessionError.INVALID_CLAIMS) {
    return new AuthError('forbidden', 'The session does not meet the claim validators', {
      cause: error,
      details: { vendor: { claimValidationErrors: error.payload } },
    })
  }
  if (error.type === SessionError.TRY_REFRESH_TOKEN) {
    // The token has passed our own verification before: what failed is the SDK's fetching of keys.
    return error.message === VERIFICATION_FAILED
      ? new AuthError('provider_unavailable', 'The SDK cannot fetch the keys', { cause: error })
      : new AuthError('token_expired', 'The access token has to be refreshed', { cause: error })
  }
  return new AuthError('session_revoked', 'The session has ended', { cause: error })
}

function toCoreError(error: Error): unknown {
  const { message } = error
  if (message === 'UNKNOWN_USER_ID') {
    return new AuthError('session_revoked', 'The user of the session no longer exists', {
      cause: error,
    })
  }
  const status = Number(CORE_ANSWERED.exec(message)?.[1])
  const isGarbled = error instanceof SyntaxError
  if (CORE_UNREACHABLE.test(message) || isGarbled || status >= 500 || status === 429) {
    return new AuthError('provider_unavailable', 'The SuperTokens core does not answer', {
      cause: error,
    })
  }
  if (status === 400) {
    return new AuthError('token_invalid', 'The core refuses the request', { cause: error })
  }
  if (status > 0 || CORE_INCOMPATIBLE.test(message)) {
    const name = status === 401 ? 'SUPERTOKENS_API_KEY' : 'SUPERTOKENS_CONNECTION_URI'
    const refusal = status > 0 ? `was refused by the core with ${status}` : 'is too old or too new'
    return configError([{ name, message: refusal }], error)
  }
  return error
}
