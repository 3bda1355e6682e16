/** Keeps what an instance knows as new as was promised, with as few questions to the store as that takes. */

import type { AuthError } from '../errors.js'
import { RETRY_MS, storeOutage } from './outage.js'

/** What {@link keepCurrent} goes by; times in milliseconds. */
export interface Freshness {
  /** How old the news may be; 0 for news that were asked for after whoever wants them. */
  readonly checkEveryMs: number
  /** How old they may be while the store does not answer. */
  readonly staleMs: number
  readonly now: () => number
  /** Told of every attempt that fails. */
  readonly onFailure: (failure: AuthError) => void
}

/**
 * @param read Asks the store for all there is to know.
 * @returns a function that makes sure of it: `undefined` where there is nothing to wait for.
 */
export function keepCurrent(
  read: () => Promise<void>,
  { checkEveryMs, staleMs, now, onFailure }: Freshness,
): () => Promise<void> | undefined {
  /** When the last attempt that succeeded began. */
  let readAt = Number.NEGATIVE_INFINITY
  let failure: { readonly at: number; readonly error: AuthError } | null = null
  let attempt: { readonly since: number; readonly done: Promise<void> } | null = null
  let following: Promise<void> | null = null

  // A clock that was put back makes everything old, not new.
  const isWithin = (since: number, limitMs: number): boolean => {
    const age = now() - since
    return age >= 0 && age < limitMs
  }

  /** Never rejects. */
  function begin(): Promise<void> {
    const since = now()
    const done = read()
      .then(
        () => {
          readAt = since
          failure = null
        },
        (cause) => {
          const error = storeOutage(cause)
          failure = { at: now(), error }
          onFailure(error)
        },
      )
      .finally(() => {
        attempt = null
      })
    attempt = { since, done }
    return done
  }

  /** An attempt that will know what is known now. */
  function join(): Promise<void> {
    if (!attempt) return begin()
    if (isWithin(attempt.since, checkEveryMs)) return attempt.done
    following ??= attempt.done.then(() => {
      following = null
      // Somebody who waited for the same one may have been quicker.
      return attempt?.done ?? begin()
    })
    return following
  }

  /** @throws {AuthError} `provider_unavailable` once what is known is too old to go on with. */
  function makeDo(): void {
    if (failure && !isWithin(readAt, staleMs)) throw failure.error
  }

  async function wait(isSecond = false): Promise<void> {
    await join()
    // The process may have been frozen in the middle, for longer than news stay new.
    const isOutdated = !failure && checkEveryMs > 0 && !isWithin(readAt, checkEveryMs)
    if (isOutdated && !isSecond) return wait(true)
    makeDo()
  }

  return () => {
    if (isWithin(readAt, checkEveryMs)) return undefined
    if (!failure || !isWithin(failure.at, RETRY_MS)) return wait()
    makeDo()
    return undefined
  }
}
