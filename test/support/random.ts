/** Random choices that can be repeated: the same seed makes the same choices. */

/** A source of random choices. */
export interface Random {
  /** From 0 to below 1. */
  next(): number
  /** A whole number from 0 to below the limit. */
  below(limit: number): number
  /** Whether something of this probability happens. */
  chance(probability: number): boolean
  pick<Value>(values: readonly Value[]): Value
  /** Several different ones of the values, in their order. */
  some<Value>(values: readonly Value[], probability: number): Value[]
}

/** mulberry32: small, fast, and good enough to choose test cases with. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const chance = (probability: number) => next() < probability
  return {
    next,
    below,
    chance,
    pick: <Value>(values: readonly Value[]) => values[below(values.length)] as Value,
    some: (values, probability) => values.filter(() => chance(probability)),
  }
}

/** Seed of this run: `FUZZ_SEED`, else always the same. */
export const seed: number = Number(process.env.FUZZ_SEED ?? 20_261_121)
