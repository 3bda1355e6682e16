/** What both stand-ins are: a function from request to response, with a clock, faults and a log. */

import type { Admin } from './admin.js'
import type { Clock } from './clock.js'
import type { Faults } from './faults.js'
import type { RequestLog } from './log.js'
import type { Snapshot } from './snapshot.js'

/** Whose place a stand-in takes. */
export type Vendor = 'supertokens' | 'clerk'

/** What both stand-ins have in common. */
export interface StandIn {
  readonly vendor: Vendor
  /** Answers a request in this process, without a socket. Rejects like `fetch` when offline. */
  fetch(request: Request): Promise<Response>
  readonly clock: Clock
  readonly faults: Faults
  readonly log: RequestLog
  /** The table of endpoints, for listing what is supported. */
  readonly endpoints: readonly Pick<Endpoint<unknown>, 'method' | 'path'>[]
  /** Users, sessions and messages in words that do for both vendors. */
  readonly admin: Admin
  /** Signs with a new key from now on, unannounced; tokens signed so far stay good. */
  rotateKeys(): Promise<void>
  /** Ends a session as time would; `false` where there is none. */
  expireSession(id: string): boolean
  /** Ends a session as signing out does; `false` where there is none. */
  revokeSession(id: string): boolean
  /** Environment variables for an app that is to use the stand-in at this address. */
  environment(url: string): Readonly<Record<string, string>>
  /** All it remembers, keys included: for another to be made with. */
  snapshot(): Promise<Snapshot>
}

/** A table of endpoints, so that what is supported can be listed and checked. */
export interface Endpoint<Handler> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path with `:parameters`. */
  readonly path: string
  readonly handle: Handler
}
