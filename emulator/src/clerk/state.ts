/** All that the parts of an instance share. */

import type { Clock } from '../base/clock.js'
import type { KeyRing } from './key-ring.js'
import type { ClerkSettings } from './options.js'
import type { RateLimits } from './rate-limits.js'
import type { ClerkStore } from './store.js'
import type { WebhookOutbox } from './webhooks.js'

/** Settings, time, memory, keys and outbox of an instance. */
export interface ClerkState {
  readonly settings: ClerkSettings
  readonly clock: Clock
  readonly store: ClerkStore
  readonly keys: KeyRing
  readonly webhooks: WebhookOutbox
  /** `null`: callers may ask as often as they like. */
  readonly rateLimits: RateLimits | null
}
