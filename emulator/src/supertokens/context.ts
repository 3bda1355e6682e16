/** What the endpoints of a core work with. */

import { type Clock, createClock } from '../base/clock.js'
import { createKeys, type Keys } from './keys.js'
import { type Settings, type SuperTokensCoreOptions, toSettings } from './options.js'
import { createRefreshTokens, type RefreshTokens } from './session/refresh-token.js'
import { createStore, type Store } from './store.js'

/** The state of one stand-in, and the time it lives in. */
export interface CoreContext {
  readonly clock: Clock
  readonly settings: Settings
  readonly store: Store
  readonly keys: Keys
  readonly refreshTokens: RefreshTokens
}

/** A core without users, sessions or keys yet. */
export function createContext(options: SuperTokensCoreOptions): CoreContext {
  const clock = options.clock ?? createClock()
  const settings = toSettings(options)
  return {
    clock,
    settings,
    store: createStore(),
    keys: createKeys(clock, settings),
    refreshTokens: createRefreshTokens(),
  }
}
