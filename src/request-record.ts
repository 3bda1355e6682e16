/** What is kept with a request, so that it is judged once however often it is asked about. */

import type { Verdict } from './authenticate.js'
import { type Awaitable, isPromise } from './awaitable.js'
import type { Scrutiny } from './context.js'
import { isSafe } from './csrf.js'
import type { RequestView } from './request.js'
import type { ResponseTarget } from './response.js'

/** Everything a verdict depends on, whichever the vendor. */
interface Facts {
  readonly method: string | null
  readonly revocation: Scrutiny['revocation']
  readonly needsAuthenticatedAt: boolean
  readonly authorization: string | null
  readonly cookie: string | null
  readonly origin: string | null
  readonly site: string | null
}

/** A verdict, and the facts about request and scrutiny it was reached from. */
interface RememberedVerdict {
  readonly facts: Facts
  /** When it was asked for, in milliseconds since the epoch. */
  readonly at: number
  readonly verdict: Awaitable<Verdict>
}

/** How long a verdict stands: on a connection that stays open, sessions end as they do elsewhere. */
const VERDICT_MS = 10_000

/** Where the answer to a request goes, and the verdicts on it. */
export class RequestRecord {
  /** Where the headers of its answer go; `null` where that is the framework's business. */
  target: ResponseTarget | null = null
  #verdicts: readonly RememberedVerdict[] = []

  /** The verdict that was reached before, or is reached now; failures are forgotten. */
  remember(
    view: RequestView,
    scrutiny: Scrutiny,
    now: () => number,
    reach: () => Awaitable<Verdict>,
  ): Awaitable<Verdict> {
    // What a route hands to its vendor may be a function of its own; nothing tells two apart.
    if (scrutiny.vendor) return reach()
    const facts = factsOf(view, scrutiny)
    // A request object may be changed or reused; then it is another request.
    const present = this.#verdicts.find((entry) => isEqual(entry.facts, facts))
    const at = now()
    if (present && at - present.at < VERDICT_MS) return present.verdict
    const entry = { facts, at, verdict: reach() }
    this.#verdicts = [...this.#verdicts.filter((other) => other !== present), entry]
    if (isPromise(entry.verdict)) {
      entry.verdict.catch(() => {
        this.#verdicts = this.#verdicts.filter((other) => other !== entry)
      })
    }
    return entry.verdict
  }
}

function factsOf({ method, header }: RequestView, scrutiny: Scrutiny): Facts {
  const { revocation, needsAuthenticatedAt } = scrutiny
  const [authorization, cookie] = [header('authorization'), header('cookie')]
  // Who brings nothing is nobody, and who only reads is welcome, wherever the request comes from.
  const dependsOnSite = (authorization !== null || cookie !== null) && !isSafe(method)
  return {
    method,
    revocation,
    needsAuthenticatedAt,
    authorization,
    cookie,
    origin: dependsOnSite ? header('origin') : null,
    site: dependsOnSite ? header('sec-fetch-site') : null,
  }
}

function isEqual(left: Facts, right: Facts): boolean {
  return (Object.keys(left) as (keyof Facts)[]).every((name) => left[name] === right[name])
}
