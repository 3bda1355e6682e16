/** Faults on demand: a stand-in that is slow, broken or gone. */
export interface Faults {
  /** Time every answer takes longer, in milliseconds; default 0. */
  latencyMs: number
  /** Answers that never come: the connection is dropped. */
  isOffline: boolean
  /** Makes the next `count` calls answer with this status, and `Retry-After` if given. */
  failNext(count: number, status: number, retryAfterSeconds?: number): void
  /** Applies the faults to one call; `null` lets it through. Rejects when offline. */
  intercept(): Promise<Response | null>
}

/** What a caller of `fetch` sees of a host that is gone. */
export class Offline extends TypeError {
  constructor() {
    super('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })
  }
}

export function createFaults(): Faults {
  let failing = 0
  let response: ResponseInit = {}
  const faults: Faults = {
    latencyMs: 0,
    isOffline: false,
    failNext(count, status, retryAfterSeconds) {
      failing = count
      const headers = { 'retry-after': String(retryAfterSeconds) }
      response = retryAfterSeconds === undefined ? { status } : { status, headers }
    },
    async intercept() {
      if (faults.latencyMs > 0) await new Promise((done) => setTimeout(done, faults.latencyMs))
      if (faults.isOffline) throw new Offline()
      if (failing === 0) return null
      failing--
      return new Response('Emulated fault', response)
    },
  }
  return faults
}
