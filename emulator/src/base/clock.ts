/** Time as the stand-ins see it: the system's, moved forward at will. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Lets time pass, for everything the stand-ins have issued. */
  advance(seconds: number): void
}

/**
 * Makes a clock that runs with the system's.
 * @param aheadMs How far it is ahead to begin with, in milliseconds; default 0.
 */
export function createClock(aheadMs = 0): Clock {
  let offset = aheadMs
  return {
    now: () => Date.now() + offset,
    advance(seconds) {
      offset += seconds * 1000
    },
  }
}
