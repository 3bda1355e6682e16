/** A list of ended sessions for one process, gone with it: for a single server, tests and examples. */

import { createRevocations } from './create.js'
import { createEndedList } from './ended-list.js'
import { DEFAULT_KEEP_SECONDS, MARGIN_MS } from './limits.js'
import type { Revocations } from './revocations.js'

/** Options of {@link memoryRevocations}. */
export interface MemoryRevocationsOptions {
  /**
   * How long a session stays on the list, in seconds: as long as a token lives at most. A token that
   * is older is refused. Default 86 400, a day.
   */
  readonly keepSeconds?: number
  /** Clock, in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
}

/** Makes a list that is kept in memory, and counts in this process only. */
export function memoryRevocations({
  keepSeconds = DEFAULT_KEEP_SECONDS,
  now = Date.now,
}: MemoryRevocationsOptions = {}): Revocations {
  const list = createEndedList(keepSeconds * 1000)
  return createRevocations(list, {
    async append() {
      list.sweep(now() - MARGIN_MS)
      return now()
    },
    catchUp: () => undefined,
  })
}
