/** What the endpoints of a core work with. */

import { type Clock, createClock } from '../base/clock.js'
import { createKeys, type Keys } from './keys.js'
import { type Settings, type SuperTokensCoreOptions, toSettings } from './options.js'
import { createRefreshTokens, type RefreshTokens } from './session/refresh-token.js'
import { readCoreSnapshot } from './snapshot.js'
import type { Store } from './store.js'

/** The state of one stand-in, and the time it lives in. */
export interface CoreContext {
  readonly clock: Clock
  readonly settings: Settings
  readonly store: Store
  readonly keys: Keys
  readonly refreshTokens: RefreshTokens
}

/**
 * A core without users, sessions or keys yet, or with those of a snapshot.
 * @throws {EmulatorMisuse} when the snapshot cannot be read.
 */
export function createContext(options: SuperTokensCoreOptions): CoreContext {
  const saved = readCoreSnapshot(options.snapshot)
  const clock = options.clock ?? createClock(saved.clockAheadMs)
  const settings = toSettings(options)
  return {
    clock,
    settings,
    store: saved.store,
    keys: createKeys(clock, settings, saved.keys),
    refreshTokens: createRefreshTokens(saved.refreshTokenKey),
  }
}
