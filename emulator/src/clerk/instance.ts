/** A stand-in for a Clerk instance: its Backend API and its Frontend API, in memory. */

import { answering } from '../base/answering.js'
import { createClock } from '../base/clock.js'
import { createFaults } from '../base/faults.js'
import { createLog } from '../base/log.js'
import { refuseProduction } from '../base/production.js'
import type { StandIn } from '../base/stand-in.js'
import { createInstanceAdmin } from './admin.js'
import { backendEndpoints } from './backend/endpoints.js'
import type { ClerkEndpoint } from './call.js'
import { dispatch } from './dispatch.js'
import { frontendEndpoints } from './frontend/endpoints.js'
import { createKeyRing } from './key-ring.js'
import { type ClerkInstanceOptions, readSettings } from './options.js'
import { createRateLimits } from './rate-limits.js'
import { endSession } from './sessions.js'
import { readInstanceSnapshot, saveInstance } from './snapshot.js'
import type { ClerkStore } from './store.js'
import { createOutbox, type WebhookOutbox } from './webhooks.js'

/** A Clerk instance that exists in this process only. */
export interface ClerkInstance extends StandIn {
  readonly publishableKey: string
  readonly secretKey: string
  /** Public key of the current signing key in PEM, for verification without the network. */
  readonly jwtKey: string
  /** Issuer of its tokens. */
  readonly issuer: string
  readonly endpoints: readonly ClerkEndpoint[]
  /** Everything it remembers, to look at and to set up. */
  readonly store: ClerkStore
  readonly webhooks: WebhookOutbox
}

/**
 * An instance with nothing in it, or with what a snapshot has; `listen` serves it over HTTP.
 * @throws {EmulatorMisuse} when `NODE_ENV` is `production`, the secret of webhooks is malformed, or
 * the snapshot cannot be read.
 */
export async function createClerkInstance(
  options: ClerkInstanceOptions = {},
): Promise<ClerkInstance> {
  refuseProduction()
  const { names, keys: savedKeys, store, ...saved } = readInstanceSnapshot(options.snapshot)
  const settings = readSettings({ ...saved.look, ...options }, names)
  const clock = options.clock ?? createClock(saved.clockAheadMs)
  const webhooks = createOutbox(settings.instanceId, clock, options.webhook)
  const keys = await createKeyRing(settings.instanceId, clock, savedKeys)
  const { isProduction, isRateLimited } = settings
  const rateLimits = isRateLimited ? createRateLimits(clock, isProduction) : null
  const state = { settings, clock, store, keys, webhooks, rateLimits }
  const faults = createFaults(clock)
  const log = createLog()

  return {
    vendor: 'clerk',
    fetch: answering({ clock, faults, log }, (request, fault) => dispatch(state, request, fault)),
    clock,
    faults,
    log,
    endpoints: [...backendEndpoints, ...frontendEndpoints],
    store,
    admin: createInstanceAdmin(state),
    publishableKey: settings.publishableKey,
    secretKey: settings.secretKey,
    get jwtKey() {
      return keys.current.publicPem
    },
    issuer: settings.issuer,
    webhooks,
    rotateKeys: keys.rotate,
    expireSession(id) {
      const session = store.sessions.get(id)
      if (session) session.expireAt = Math.min(session.expireAt, clock.now())
      return session !== undefined
    },
    revokeSession(id) {
      const session = store.sessions.get(id)
      if (session) endSession(state, session, 'revoked')
      return session !== undefined
    },
    environment: (url) => ({
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: settings.publishableKey,
      CLERK_SECRET_KEY: settings.secretKey,
      CLERK_JWT_KEY: keys.current.publicPem,
      CLERK_API_URL: url,
    }),
    snapshot: async () => saveInstance(state),
  }
}
