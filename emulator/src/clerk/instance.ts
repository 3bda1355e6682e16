/** A stand-in for a Clerk instance: its Backend API and its Frontend API, in memory. */

import { createClock } from '../base/clock.js'
import { createFaults } from '../base/faults.js'
import { createLog } from '../base/log.js'
import { refuseProduction } from '../base/production.js'
import type { StandIn } from '../base/stand-in.js'
import { backendEndpoints } from './backend/endpoints.js'
import type { ClerkEndpoint } from './call.js'
import { dispatch } from './dispatch.js'
import { frontendEndpoints } from './frontend/endpoints.js'
import { createKeyRing } from './key-ring.js'
import { type ClerkInstanceOptions, readSettings } from './options.js'
import { createRateLimits } from './rate-limits.js'
import { type ClerkStore, createStore } from './store.js'
import { createOutbox, type WebhookOutbox } from './webhooks.js'

/** A Clerk instance that exists in this process only. */
export interface ClerkInstance extends StandIn {
  readonly publishableKey: string
  readonly secretKey: string
  /** Public key of the current signing key in PEM, for verification without the network. */
  readonly jwtKey: string
  /** Issuer of its tokens. */
  readonly issuer: string
  /** All that is supported. */
  readonly endpoints: readonly ClerkEndpoint[]
  /** Everything it remembers, to look at and to set up. */
  readonly store: ClerkStore
  readonly webhooks: WebhookOutbox
  /** Signs with a new key from now on; tokens signed so far stay good. */
  rotateKeys(): Promise<void>
}

/**
 * @throws {EmulatorMisuse} when `NODE_ENV` is `production`, or the secret of webhooks is malformed.
 */
export async function createClerkInstance(
  options: ClerkInstanceOptions = {},
): Promise<ClerkInstance> {
  refuseProduction()
  const settings = readSettings(options)
  const clock = options.clock ?? createClock()
  const store = createStore()
  const webhooks = createOutbox(settings.instanceId, clock, options.webhook)
  const keys = await createKeyRing(settings.instanceId, clock)
  const { isProduction, isRateLimited } = settings
  const rateLimits = isRateLimited ? createRateLimits(clock, isProduction) : null
  const state = { settings, clock, store, keys, webhooks, rateLimits }
  const faults = createFaults()
  const log = createLog()

  return {
    publishableKey: settings.publishableKey,
    secretKey: settings.secretKey,
    get jwtKey() {
      return keys.current.publicPem
    },
    issuer: settings.issuer,
    endpoints: [...backendEndpoints, ...frontendEndpoints],
    clock,
    faults,
    log,
    store,
    webhooks,
    rotateKeys: keys.rotate,
    async fetch(request) {
      const at = clock.now()
      const { method, url } = request
      const fault = await faults.intercept()
      const { answer, ...note } = await dispatch(state, request, fault)
      log.add({ at, method, path: new URL(url).pathname, status: answer.status, ...note })
      return answer
    },
  }
}
