/** Faults on demand: a stand-in that is slow, busy, broken or gone. */

import type { Clock } from './clock.js'

/** What can be made to go wrong with a stand-in; nothing does by default. */
export interface Faults {
  /** Time every answer takes longer, in milliseconds; default 0. */
  latencyMs: number
  /** Answers that never come: the connection is dropped. Default `false`. */
  isOffline: boolean
  /** Calls beyond it are answered with 429 and `Retry-After`; default `null`, as many as come. */
  rateLimit: RateLimit | null
  /** The calls that are still to fail; `null` when none are. */
  readonly failing: Failing | null
  /** Makes the next `count` calls answer with this status, and `Retry-After` if given. */
  failNext(count: number, status: number, retryAfterSeconds?: number): void
  /** Applies the faults to one call; `null` lets it through. Rejects when offline. */
  intercept(): Promise<Response | null>
}

/** So many calls in every window of so many seconds, by the clock of the stand-in. */
export interface RateLimit {
  readonly calls: number
  readonly seconds: number
}

/** Calls that are to fail, and how. */
export interface Failing {
  readonly count: number
  readonly status: number
  readonly retryAfterSeconds: number | null
}

/** What a caller of `fetch` sees of a host that is gone. */
export class Offline extends TypeError {
  constructor() {
    super('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })
  }
}

const TOO_MANY_REQUESTS = 429

/** A stand-in without faults so far. */
export function createFaults(clock: Clock): Faults {
  let failing: Failing | null = null
  let rateLimit: RateLimit | null = null
  let windowStart = 0
  let callsInWindow = 0

  /** Counts a call; the seconds to wait where it is one too many. */
  function count({ calls, seconds }: RateLimit): number | null {
    const now = clock.now()
    const windowEnd = windowStart + seconds * 1000
    if (now >= windowEnd) {
      windowStart = now
      callsInWindow = 0
    }
    callsInWindow++
    if (callsInWindow <= calls) return null
    return Math.max(Math.ceil((windowStart + seconds * 1000 - now) / 1000), 1)
  }

  const faults: Faults = {
    latencyMs: 0,
    isOffline: false,
    get rateLimit() {
      return rateLimit
    },
    set rateLimit(limit) {
      rateLimit = limit
      windowStart = 0
    },
    get failing() {
      return failing
    },
    failNext(count, status, retryAfterSeconds) {
      const wait = retryAfterSeconds ?? null
      failing = count > 0 ? { count, status, retryAfterSeconds: wait } : null
    },
    async intercept() {
      if (faults.latencyMs > 0) await new Promise((done) => setTimeout(done, faults.latencyMs))
      if (faults.isOffline) throw new Offline()
      if (failing) {
        const { count, status, retryAfterSeconds } = failing
        failing = count > 1 ? { ...failing, count: count - 1 } : null
        return toFault(status, retryAfterSeconds)
      }
      const waitSeconds = rateLimit && count(rateLimit)
      return waitSeconds === null ? null : toFault(TOO_MANY_REQUESTS, waitSeconds)
    },
  }
  return faults
}

function toFault(status: number, retryAfterSeconds: number | null): Response {
  const headers = retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }
  return new Response('Emulated fault', { status, headers })
}
