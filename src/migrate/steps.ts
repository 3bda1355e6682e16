/** The steps of a move from one vendor to another, and who counts in each. */

/** Which of the two vendors. */
export type Side = 'old' | 'new'

/** Where a move stands; each can be gone to from its neighbours, in both directions. */
export type Step = 'old-only' | 'dual-old-primary' | 'dual-new-primary' | 'new-only'

/** Sides that count in a step, the primary one first. */
export const sidesOf: Readonly<Record<Step, readonly Side[]>> = {
  'old-only': ['old'],
  'dual-old-primary': ['old', 'new'],
  'dual-new-primary': ['new', 'old'],
  'new-only': ['new'],
}

/** The steps in their order. */
export const steps: readonly Step[] = Object.keys(sidesOf) as Step[]

export function isStep(value: unknown): value is Step {
  return typeof value === 'string' && Object.hasOwn(sidesOf, value)
}

/** What decides who counts, read at one moment. */
export interface Situation {
  readonly step: Step
  /** When the old vendor stops to count, in milliseconds since the epoch; `null` for never. */
  readonly oldEndsAt: number | null
  /** The side that is shut off; `null` for neither. */
  readonly refused: Side | null
}

/**
 * The sides that count, the primary one first; the same list for the same answer.
 * @param now Milliseconds since the epoch.
 */
export function acceptedSides(
  { step, oldEndsAt, refused }: Situation,
  now: number,
): readonly Side[] {
  const isOldOut = refused === 'old' || (oldEndsAt !== null && !(now < oldEndsAt))
  const { [step]: sides } = isOldOut
    ? refused === 'new'
      ? withNobody
      : withoutOld
    : refused === 'new'
      ? withoutNew
      : sidesOf
  return sides
}

type Sides = typeof sidesOf

/** Asked at every request, so the answers are made once. */
const withoutOld = without('old', sidesOf)
const withoutNew = without('new', sidesOf)
const withNobody = without('new', withoutOld)

function without(side: Side, all: Sides): Sides {
  const entries = Object.entries(all).map(([step, sides]) => [
    step,
    sides.filter((other) => other !== side),
  ])
  return Object.fromEntries(entries) as Sides
}
