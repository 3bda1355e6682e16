/** The SDK's own verdict on a session that has passed ours. */

import { isAuthError } from '../../src/errors.js'
import type { AuthContext } from '../../src/provider.js'
import type { RequestView } from '../../src/request.js'
import { addHeaders } from '../../src/response.js'
import { refreshable } from './credentials.js'
import type { SessionContainer, SuperTokensSdk, VerifySessionOptions } from './sdk.js'
import type { VerifiedAccessToken } from './verify.js'

/** Options of `verifySession` that are a matter of one route. */
export type SuperTokensPolicy = Pick<
  VerifySessionOptions,
  'antiCsrfCheck' | 'checkDatabase' | 'overrideGlobalClaimValidators'
>

/**
 * Asks `verifySession`, and hands on the tokens it issues while it answers.
 * @throws {AuthError} `token_expired`, `session_revoked`, `forbidden`, `provider_unavailable`.
 */
export async function verifyWithSdk(
  sdk: SuperTokensSdk,
  view: RequestView,
  context: AuthContext,
  { overrideGlobalClaimValidators, antiCsrfCheck, checkDatabase }: SuperTokensPolicy,
  { claims }: VerifiedAccessToken,
): Promise<SessionContainer> {
  const { credential, responseHeaders, revocation } = context
  try {
    return await sdk.getSession(
      view,
      {
        checkDatabase: revocation === 'session' || checkDatabase === true,
        ...(antiCsrfCheck !== undefined && { antiCsrfCheck }),
        ...(overrideGlobalClaimValidators && { overrideGlobalClaimValidators }),
      },
      (headers) => {
        addHeaders(headers, responseHeaders)
        // An answer that has gone already takes no more headers.
        Promise.resolve(context.deliver()).catch(() => undefined)
      },
      // The SDK looks for a token again: it may find none but the one that was verified.
      credential.source === 'bearer' ? `Bearer ${credential.token.text}` : null,
    )
  } catch (error) {
    if (!isAuthError(error)) throw error
    if (error.code === 'session_revoked') addHeaders(await sdk.clear(view), responseHeaders)
    if (error.code === 'provider_unavailable' && claims.exp * 1000 <= Date.now()) {
      throw refreshable('has expired in the meantime')
    }
    throw error
  }
}
