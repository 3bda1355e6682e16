/** A limit on how long a vendor's SDK, which sets none itself, may keep a request waiting. */

import { AuthError } from './errors.js'

/** How long one call to a vendor may take, in milliseconds. */
export const VENDOR_TIMEOUT_MS = 5000

/** @throws {AuthError} `provider_unavailable` when the promise has not settled in time. */
export async function withDeadline<Value>(
  promise: Promise<Value>,
  vendor: string,
  timeoutMs: number = VENDOR_TIMEOUT_MS,
): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `${vendor} did not answer within ${timeoutMs} ms`
      reject(new AuthError('provider_unavailable', message))
    }, timeoutMs)
  })
  try {
    return await Promise.race([promise, deadline])
  } finally {
    clearTimeout(timer)
  }
}
