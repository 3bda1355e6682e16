/** Where the move stands, and what has happened: kept by the process, so that buttons can change it. */

import type { MigrationEvent, Side, Step } from 'authmux/migrate'

export type VendorName = 'clerk' | 'supertokens'

/** How many of the users belong to the new vendor while the old one is primary. */
export type Cohort = 'nobody' | 'half' | 'everybody'

/** What an app would read from its flags. */
export interface MoveState {
  step: Step
  refused: Side | null
  /** With a time zone; `null` for never. */
  oldEndsAt: string | null
  cohort: Cohort
  minted: number
  confirmed: number
  refusals: Partial<Record<NonNullable<MigrationEvent['reason']>, number>>
}

export const from: VendorName = process.env.MIGRATE_FROM === 'clerk' ? 'clerk' : 'supertokens'
export const to: VendorName = from === 'clerk' ? 'supertokens' : 'clerk'

/** Next.js bundles routes, pages and the proxy apart from each other; they share the process. */
const shared = globalThis as { authmuxMove?: MoveState }
shared.authmuxMove ??= {
  step: 'old-only',
  refused: null,
  oldEndsAt: null,
  cohort: 'nobody',
  minted: 0,
  confirmed: 0,
  refusals: {},
}
export const move: MoveState = shared.authmuxMove

/** By the id alone, so that somebody is in it today and tomorrow. */
export function isInCohort(userId: string): boolean {
  if (move.cohort !== 'half') return move.cohort === 'everybody'
  const sum = [...userId].reduce((total, letter) => total + letter.charCodeAt(0), 0)
  return sum % 2 === 0
}

/** Counts here; an app writes to its audit log. */
export function record({ type, reason }: MigrationEvent): void {
  if (type === 'hand-over-minted') move.minted++
  if (type === 'hand-over-confirmed') move.confirmed++
  if (reason) move.refusals[reason] = (move.refusals[reason] ?? 0) + 1
}
