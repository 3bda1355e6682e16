/**
 * Limits of how often callers may ask, as at Clerk.
 * @see https://clerk.com/docs/guides/how-clerk-works/system-limits (read 2026-11-21)
 */

import type { Clock } from '../base/clock.js'

/** Counts calls, and tells those apart that come too often. */
export interface RateLimits {
  /** @returns seconds after which to try again; `null` when the call is within the limits. */
  take(api: 'backend' | 'frontend', method: string, path: string): number | null
}

interface Limit {
  readonly api: 'backend' | 'frontend'
  readonly method?: string
  readonly path: RegExp
  /** Calls in a window of ten seconds. */
  readonly calls: { readonly development: number; readonly production: number }
}

const WINDOW_MS = 10_000

/** The first one that fits counts. There is no limit for keys, which is why they are left out. */
const LIMITS: readonly Limit[] = [
  { api: 'backend', path: /^(?!\/v1\/jwks)/, calls: { development: 100, production: 1000 } },
  {
    api: 'frontend',
    method: 'POST',
    path: /\/sign_(?:ins|ups)$/,
    calls: { development: 5, production: 5 },
  },
  {
    api: 'frontend',
    method: 'POST',
    path: /\/attempt_\w+$/,
    calls: { development: 3, production: 3 },
  },
]

/** Counters that start at nothing. All callers count as one: here they are one machine. */
export function createRateLimits(clock: Clock, isProduction: boolean): RateLimits {
  const windows = new Map<Limit, { endsAt: number; calls: number }>()
  return {
    take(api, method, path) {
      const limit = LIMITS.find(
        (its) => its.api === api && (its.method ?? method) === method && its.path.test(path),
      )
      if (!limit) return null
      const now = clock.now()
      const current = windows.get(limit)
      const window =
        current && now < current.endsAt ? current : { endsAt: now + WINDOW_MS, calls: 0 }
      window.calls++
      windows.set(limit, window)
      if (window.calls <= limit.calls[isProduction ? 'production' : 'development']) return null
      return Math.ceil((window.endsAt - now) / 1000)
    },
  }
}
