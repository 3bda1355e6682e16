/**
 * The SDK's errors in our words.
 *
 * Errors about sessions have a type, those of its JWT library a code. Errors about the core, about
 * identity providers and about some requests are plain `Error`s that only their text tells apart
 * (`supertokens-node` 24.0.3, querier.ts, recipe/thirdparty, recipe/totp, read 2026-11-23); tests
 * hold that text against the real SDK. Whatever else is thrown is left alone: by the app's own
 * overrides, as a rule.
 */

import { Error as SessionError } from 'supertokens-node/recipe/session'
import { AuthError, configError, isAuthError } from '../../src/errors.js'

/** Message when the SDK could not get keys, or the token failed against those it has. */
const VERIFICATION_FAILED = 'Failed to verify access token'

const CORE_UNREACHABLE = /^No SuperTokens core available|^fetch failed|^terminated$/
const CORE_ANSWERED = /^SuperTokens core threw an error for .* with status code: (\d{3})/
const CORE_INCOMPATIBLE = /^The running SuperTokens core version is not compatible/

/** An identity provider was asked and refused, or could not answer. */
const IDENTITY_PROVIDER_ANSWERED =
  /^(?:Received response with status|Getting userInfo failed with) (\d{3})/

/** The SDK's JWT library, about a token the client sent; its other codes are about fetched keys. */
const TOKEN_REFUSED = /^ERR_(?:JWS_|JWT_|JWKS_(?:NO|MULTIPLE)_MATCHING|JOSE_(?:ALG|NOT)_)/
const KEYS_MISSING = /^ERR_J(?:WKS?|OSE)_/

/** Connections that fail where the SDK does not use `fetch`: for an identity provider's keys. */
const UNREACHABLE = /^(?:ECONN|EHOST|ENET|EAI_|EPIPE|ENOTFOUND|ETIMEDOUT)/

/** What the client sent made the vendor fail: the answer is 400, not 500. */
const clientFaults: readonly (readonly [pattern: RegExp, text?: string])[] = [
  [/^The request contains multiple session cookies/],
  [/^(?:deviceName|totp) (?:is required and )?must be a/],
  [/^Could not find client config for clientType/, 'The provider has no such clientType'],
  [/^please provide exactly one client config/, 'The clientType is missing'],
  [/^Tenant not found$/],
  [/^Access token (?:not found|does not belong to your application)$|^Invalid access token$/],
  [/^third party user id is missing$/],
  [/^the value for hd claim in the id token does not match/],
  [/^Failed to get user info: /],
]

/** Text of a client's fault in an error of the SDK; `null` when it is no such error. */
export function clientFault(error: unknown): string | null {
  const { message, code } = readError(error)
  if (TOKEN_REFUSED.test(code)) return 'The token cannot be accepted'
  if (isRefusal(IDENTITY_PROVIDER_ANSWERED.exec(message)?.[1])) {
    return 'The identity provider refuses the request'
  }
  if (CORE_ANSWERED.exec(message)?.[1] === '400') return 'The core refuses the request'
  const fault = clientFaults.find(([pattern]) => pattern.test(message))
  return fault ? (fault[1] ?? message) : null
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
  const { message, code } = readError(error)
  if (message === 'UNKNOWN_USER_ID') {
    return new AuthError('session_revoked', 'The user of the session no longer exists', {
      cause: error,
    })
  }
  if (
    UNREACHABLE.test(code) ||
    KEYS_MISSING.test(code) ||
    IDENTITY_PROVIDER_ANSWERED.test(message)
  ) {
    return new AuthError('provider_unavailable', 'The identity provider does not answer', {
      cause: error,
    })
  }
  const status = Number(CORE_ANSWERED.exec(message)?.[1])
  // What clients send has been read before it comes here.
  const isGarbled = error instanceof SyntaxError
  if (CORE_UNREACHABLE.test(message) || isGarbled || status >= 500 || status === 429) {
    const text = 'The SuperTokens core, or an identity provider, does not answer'
    return new AuthError('provider_unavailable', text, { cause: error })
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

function readError(error: unknown): { readonly message: string; readonly code: string } {
  if (!(error instanceof Error)) return { message: '', code: '' }
  return { message: error.message, code: 'code' in error ? String(error.code) : '' }
}

/** Asked too often is no refusal: it passes. */
function isRefusal(status: string | undefined): boolean {
  return status?.startsWith('4') === true && status !== '429'
}
