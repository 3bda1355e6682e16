/** How many of an app's users the new vendor has already: read before a step is taken. */

import { type AuthError, configError } from '../errors.js'
import type { Step } from './steps.js'

/** What a reading comes to. */
export interface Coverage {
  readonly total: number
  readonly mapped: number
  /** Ids of users the new vendor does not have, the first ones found. */
  readonly unmapped: readonly string[]
  /** Whether nobody is missing, so that the new vendor may become the primary one. */
  readonly isComplete: boolean
}

/** Ids asked for at a time. */
const AT_ONCE = 8

const MAX_LISTED = 100

/** Ids in a message; the others are in the report. */
const MAX_NAMED = 10

/** Steps in which somebody who is not at the new vendor cannot sign in. */
const STEPS_FOR_EVERYBODY: readonly Step[] = ['dual-new-primary', 'new-only']

/**
 * Looks every user of the app up at the new vendor.
 *
 * @param userIds The app's ids, from its own table or the old vendor's export.
 * @param findSubject The reverse of the identity map: `map.findSubject(provider, userId)`, or a call
 * to the vendor. A rejection ends the reading: a report with gaps would look like a good one.
 */
export async function readCoverage(
  userIds: AsyncIterable<string> | Iterable<string>,
  findSubject: (userId: string) => Promise<string | null>,
): Promise<Coverage> {
  const unmapped: string[] = []
  let total = 0
  let mapped = 0

  async function look(ids: readonly string[]): Promise<void> {
    const found = await Promise.all(ids.map(findSubject))
    for (const [index, subject] of found.entries()) {
      total++
      if (subject !== null) mapped++
      else if (unmapped.length < MAX_LISTED) unmapped.push(ids[index] ?? '')
    }
  }

  let batch: string[] = []
  for await (const userId of userIds) {
    batch.push(userId)
    if (batch.length < AT_ONCE) continue
    await look(batch)
    batch = []
  }
  await look(batch)
  return { total, mapped, unmapped, isComplete: total > 0 && mapped === total }
}

/**
 * Ends a deployment that would take a step some users are not ready for.
 *
 * @param leftBehind How many missing users you have decided to leave behind; default 0.
 * @throws {AuthError} `config_invalid`, which names the first of them; also where no user was read.
 */
export function requireCoverage(step: Step, coverage: Coverage, leftBehind = 0): void {
  if (!STEPS_FOR_EVERYBODY.includes(step)) return
  const { total, mapped, unmapped } = coverage
  if (total === 0) throw notReady(step, 'no user was read')
  const missing = total - mapped
  if (missing <= leftBehind) return
  const named = unmapped.slice(0, MAX_NAMED).join(', ')
  const more = missing > MAX_NAMED ? ', …' : ''
  throw notReady(step, `${missing} of ${total} users are not at the new vendor: ${named}${more}`)
}

function notReady(step: Step, message: string): AuthError {
  return configError([{ name: `step ${step}`, message }])
}
