/** Time that stands still until a test lets it pass. */

import type { Clock } from '../../../src/base/clock.js'

export function createFrozenClock(): Clock {
  let now = Date.UTC(2026, 0, 15, 12)
  return {
    now: () => now,
    advance(seconds) {
      now += seconds * 1000
    },
  }
}
