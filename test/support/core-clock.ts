/** A whole second, so that boundaries are easy to read. */
export const START: number = Date.UTC(2026, 0, 1)

export const SECOND = 1000

export interface Clock {
  readonly now: () => number
  advance(milliseconds: number): void
}

export function frozenClock(start: number = START): Clock {
  let time = start
  return {
    now: () => time,
    advance(milliseconds) {
      time += milliseconds
    },
  }
}
