/** Verdicts remembered by request, so that one request is judged once however often it is asked about. */

import type { Verdict } from './authenticate.js'
import type { Scrutiny } from './context.js'
import { isSafe } from './csrf.js'
import { keepWithObjects } from './keepsakes.js'
import type { RequestView } from './request.js'

/** A verdict, and the facts about request and scrutiny it was reached from. */
interface RememberedVerdict {
  readonly facts: readonly unknown[]
  readonly verdict: Promise<Verdict>
}

/** Gives the verdict on a request that was reached before, or reaches it now; failures are forgotten. */
export type RememberVerdict = (
  request: object,
  view: RequestView,
  scrutiny: Scrutiny,
  reach: () => Promise<Verdict>,
) => Promise<Verdict>

export function rememberVerdicts(): RememberVerdict {
  const remembered = keepWithObjects<readonly RememberedVerdict[]>()
  return async (request, view, scrutiny, reach) => {
    // What a route hands to its vendor may be a function of its own; nothing tells two apart.
    if (scrutiny.vendor) return reach()
    const facts = factsOf(view, scrutiny)
    const entries = remembered.of(request) ?? []
    // A request object may be changed or reused; then it is another request.
    const present = entries.find((entry) => isEqual(entry.facts, facts))
    if (present) return present.verdict
    const entry = { facts, verdict: reach() }
    remembered.give(request, [...entries, entry])
    try {
      return await entry.verdict
    } catch (error) {
      const others = remembered.of(request) ?? []
      remembered.give(
        request,
        others.filter((other) => other !== entry),
      )
      throw error
    }
  }
}

/** Everything a verdict depends on, whichever the vendor. */
function factsOf({ method, header }: RequestView, scrutiny: Scrutiny): readonly unknown[] {
  const { revocation, needsAuthenticatedAt } = scrutiny
  const credentials = [header('authorization'), header('cookie')] as const
  const isAnybody = credentials.some((value) => value !== null)
  // Who brings nothing is nobody, and who only reads is welcome, wherever the request comes from.
  const site = isAnybody && !isSafe(method) ? [header('origin'), header('sec-fetch-site')] : []
  return [method, revocation, needsAuthenticatedAt, ...credentials, ...site]
}

function isEqual(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.every((value, index) => value === right[index])
}
