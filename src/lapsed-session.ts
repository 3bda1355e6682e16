/** The session behind a token that has merely run out: it lives on at the vendor, and can be ended. */

import { type AuthError, isAuthError } from './errors.js'
import type { AuthContext, ProviderSession } from './provider.js'
import type { RequestView } from './request.js'
import type { ActiveProvider } from './resolve-provider.js'

/**
 * @param error Why the token was refused.
 * @returns `null` unless it was refused for its age alone.
 * @throws {AuthError} `provider_unavailable`, `config_invalid`.
 */
export async function lapsedSession(
  view: RequestView,
  active: ActiveProvider,
  context: AuthContext,
  error: AuthError | null,
): Promise<ProviderSession | null> {
  const expiredAt = error?.details.expiredAt
  if (!expiredAt) return null
  try {
    return await active.provider.authenticate(view, {
      ...context,
      // Getters and methods of a class are not among what is copied.
      responseHeaders: context.responseHeaders,
      deliver: () => context.deliver(),
      now: () => expiredAt.getTime() - 1,
    })
  } catch (failure) {
    if (isAuthError(failure) && failure.status < 500) return null
    throw failure
  }
}
