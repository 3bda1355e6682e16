/** A list of ended sessions for one process, gone with it: for a single server, tests and examples. */

import { readSettings } from '../settings.js'
import * as z from '../zod.js'
import { functionSchema, positive } from './common-options.js'
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

const schema = z.strictObject({
  keepSeconds: z.optional(positive),
  now: z.optional(functionSchema),
})

/**
 * Makes a list that is kept in memory, and counts in this process only.
 * @throws {AuthError} `config_invalid`.
 */
export function memoryRevocations(options: MemoryRevocationsOptions = {}): Revocations {
  readSettings('memoryRevocations', schema, {}, { ...options })
  const { keepSeconds = DEFAULT_KEEP_SECONDS, now = Date.now } = options
  const list = createEndedList(keepSeconds * 1000)
  return createRevocations(list, {
    async append() {
      list.sweep(now() - MARGIN_MS)
      return now()
    },
    catchUp: () => undefined,
  })
}
