/** What the inspector shows, as plain data. */

import type { LogEntry } from '../base/log.js'
import type { StandIn } from '../base/stand-in.js'

/** How the switches stand. */
export interface SwitchesView {
  /** Time as the stand-in sees it, in milliseconds since the epoch. */
  readonly now: number
  /** How far that is ahead of this machine's. */
  readonly aheadSeconds: number
  readonly latencyMs: number
  readonly isOffline: boolean
  readonly failing: StandIn['faults']['failing']
  readonly rateLimit: StandIn['faults']['rateLimit']
}

export function toSwitches({ clock, faults }: StandIn): SwitchesView {
  const { latencyMs, isOffline, failing, rateLimit } = faults
  const now = clock.now()
  const aheadSeconds = Math.round((now - Date.now()) / 1000)
  return { now, aheadSeconds, latencyMs, isOffline, failing, rateLimit }
}

/** Newest first. */
export function toRequests({ log }: StandIn): LogEntry[] {
  return log.entries.toReversed()
}

/** Views by the last part of their path; `url` is the address of the stand-in. */
export const views: ReadonlyMap<string, (standIn: StandIn, url: string) => unknown> = new Map<
  string,
  (standIn: StandIn, url: string) => unknown
>([
  ['users', ({ admin }) => admin.users()],
  ['sessions', ({ admin }) => admin.sessions()],
  ['messages', ({ admin }) => admin.messages()],
  ['requests', toRequests],
  ['switches', toSwitches],
  ['endpoints', ({ endpoints }) => endpoints.map(({ method, path }) => ({ method, path }))],
  ['environment', (standIn, url) => standIn.environment(url)],
])
