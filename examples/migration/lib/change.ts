/** What the buttons of the page can change. */

import { type Cohort, type MoveState, move } from './move'
import { steps } from './steps'

export type Change =
  | { readonly step: 'forward' | 'back' }
  | { readonly refused: MoveState['refused'] }
  | { readonly cohort: Cohort }
  /** When the old vendor stops to count, in seconds from now; `null` for never. */
  | { readonly oldEndsInSeconds: number | null }

export function change(wanted: Change): void {
  if ('step' in wanted) {
    const next = steps.indexOf(move.step) + (wanted.step === 'forward' ? 1 : -1)
    move.step = steps[next] ?? move.step
  }
  if ('refused' in wanted) move.refused = wanted.refused
  if ('cohort' in wanted) move.cohort = wanted.cohort
  if ('oldEndsInSeconds' in wanted) {
    const { oldEndsInSeconds: seconds } = wanted
    move.oldEndsAt = seconds === null ? null : new Date(Date.now() + seconds * 1000).toISOString()
  }
}
