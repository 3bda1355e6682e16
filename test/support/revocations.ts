/** A store of ended sessions that takes down what it is told, and fails when told to. */

import { AuthError } from '../../src/errors.js'
import {
  type EndedSession,
  type EndedUser,
  memoryRevocations,
  type Revocations,
} from '../../src/revocations/index.js'
import { watchProvider } from '../../src/revocations/watch.js'

export interface WatchedRevocations extends Revocations {
  /** Everything that was to be ended. */
  readonly told: (EndedSession | EndedUser)[]
  /** How many verdicts have asked. */
  readonly checks: () => number
  goDown(isSo?: boolean): void
}

export function watchedRevocations(now: () => number = Date.now): WatchedRevocations {
  const inner = memoryRevocations({ now })
  const told: (EndedSession | EndedUser)[] = []
  let checks = 0
  let isDown = false
  const revocations: WatchedRevocations = {
    ...inner,
    told,
    checks: () => checks,
    goDown(isSo = true) {
      isDown = isSo
    },
    async revoke(ended) {
      if (isDown) throw new AuthError('provider_unavailable', 'The store is down')
      told.push(ended)
      await inner.revoke(ended)
    },
    check(...parameters) {
      checks++
      return inner.check(...parameters)
    },
    watch: (name, provider) => watchProvider(name, provider, revocations, async () => undefined),
  }
  return revocations
}
