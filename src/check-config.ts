/** The check of a configuration before the first request: every provider's, and all that is wrong. */

import { type AuthError, configError, isAuthError } from './errors.js'
import type { ActiveProvider } from './resolve-provider.js'

/**
 * Has every provider check itself, also after one has found something wrong.
 * @throws {AuthError} `config_invalid` with every problem, or else `provider_unavailable`.
 */
export async function checkConfig(active: readonly ActiveProvider[]): Promise<void> {
  const results = await Promise.allSettled(active.map(async ({ provider }) => provider.check?.()))
  const failures: readonly unknown[] = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason] : [],
  )
  const wrong = failures.filter(
    (failure): failure is AuthError => isAuthError(failure) && failure.code === 'config_invalid',
  )
  if (wrong.length > 1) {
    throw configError(
      wrong.flatMap(({ details }) => details.issues ?? []),
      wrong[0],
    )
  }
  // One error as it was thrown; an outage can wait, what is written wrong cannot.
  for (const failure of [...wrong, ...failures]) throw failure
}
