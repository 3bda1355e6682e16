/** Time as the stand-ins see it: the system's, moved forward at will. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Lets time pass, for everything the stand-ins have issued. */
  advance(seconds: number): void
}

/** @param aheadMs How far it is ahead of the system's to begin with; default 0. */
export function createClock(aheadMs = 0): Clock {
  let offset = aheadMs
  return {
    now: () => Date.now() + offset,
    advance(seconds) {
      offset += seconds * 1000
    },
  }
}
