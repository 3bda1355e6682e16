/** Calls to a vendor that is busy, made again when it says. */

import { isAuthError } from '../errors.js'

/** How to wait. */
export interface Patience {
  /** Resolves after so many milliseconds. */
  wait(ms: number): Promise<void>
}

const ATTEMPTS = 6

const FIRST_WAIT_MS = 1000

/** So that callers who were turned away together do not come back together. */
const JITTER = 0.2

/** @throws what the last attempt throws, and at once what waiting would not help. */
export async function patiently<Value>(
  { wait }: Patience,
  run: () => Promise<Value>,
): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const isBusy = isAuthError(error) && error.code === 'provider_unavailable'
      if (!isBusy || attempt === ATTEMPTS) throw error
      const { retryAfterSeconds } = error.details
      const ms = retryAfterSeconds ? retryAfterSeconds * 1000 : FIRST_WAIT_MS * 2 ** (attempt - 1)
      await wait(Math.ceil(ms * (1 + JITTER * Math.random())))
    }
  }
}
