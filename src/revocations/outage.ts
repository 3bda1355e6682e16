/** What is thrown, or told, when the store of a list fails. */

import { AuthError } from '../errors.js'

/** How long the store is left alone after an attempt that failed. */
export const RETRY_MS = 1000

export function storeOutage(cause: unknown): AuthError {
  return new AuthError('provider_unavailable', 'The store of ended sessions does not answer', {
    cause,
    details: { retryAfterSeconds: RETRY_MS / 1000 },
  })
}
