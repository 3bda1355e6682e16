/** What both stand-ins are: a function from request to response, with a clock, faults and a log. */

import type { Clock } from './clock.js'
import type { Faults } from './faults.js'
import type { RequestLog } from './log.js'

export interface StandIn {
  /** Answers a request in this process, without a socket. Rejects like `fetch` when offline. */
  fetch(request: Request): Promise<Response>
  readonly clock: Clock
  readonly faults: Faults
  readonly log: RequestLog
}

/** A table of endpoints, so that what is supported can be listed and checked. */
export interface Endpoint<Handler> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path with `:parameters`. */
  readonly path: string
  readonly handle: Handler
}
