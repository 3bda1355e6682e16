/** Time as the stand-ins see it: the system's, moved forward at will. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Lets time pass, for everything the stand-ins have issued. */
  advance(seconds: number): void
}

export function createClock(): Clock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    advance(seconds) {
      offset += seconds * 1000
    },
  }
}
