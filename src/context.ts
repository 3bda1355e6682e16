/** What a provider is told about one request, besides the request. */

import type { Awaitable } from './awaitable.js'
import { LateHeaders } from './late-headers.js'
import type { Setup } from './options.js'
import type { AuthContext } from './provider.js'
import type { VendorPolicies } from './register.js'
import type { ActiveProvider } from './resolve-provider.js'
import type { Trail } from './telemetry.js'

/** How closely to look. */
export interface Scrutiny {
  readonly revocation: 'token' | 'session'
  readonly needsAuthenticatedAt: boolean
  readonly vendor: VendorPolicies | undefined
}

/** The parts of the outside world a verdict depends on. */
export type World = Pick<AuthContext, 'now' | 'fetch' | 'keep'>

/** Puts headers on the answer. */
export type Send = (headers: Headers) => Promise<void>

/**
 * What a provider is told. Not an object literal: one with a getter costs as much as the rest of a
 * verdict.
 */
export class Context implements AuthContext {
  readonly credential: AuthContext['credential']
  readonly revocation: AuthContext['revocation']
  readonly needsAuthenticatedAt: boolean
  readonly vendorPolicy: unknown
  readonly origins: readonly string[]
  readonly now: World['now']
  readonly fetch: World['fetch']
  readonly keep: World['keep']
  readonly onToken: AuthContext['onToken']
  readonly #send: Send
  readonly #late = new LateHeaders()

  constructor(
    credential: AuthContext['credential'],
    active: ActiveProvider,
    setup: Setup,
    scrutiny: Scrutiny,
    world: World,
    send: Send,
    trail: Trail | undefined,
  ) {
    this.credential = credential
    this.revocation = scrutiny.revocation
    this.needsAuthenticatedAt = scrutiny.needsAuthenticatedAt
    this.vendorPolicy = scrutiny.vendor?.[active.name as keyof VendorPolicies]
    this.origins = setup.origins
    this.now = world.now
    this.fetch = world.fetch
    this.keep = world.keep
    this.onToken =
      trail &&
      ((token) => {
        trail.token = token
      })
    this.#send = send
  }

  deliver(): Awaitable<void> {
    return this.#late.made === null ? undefined : this.#send(this.#late.made)
  }

  get responseHeaders(): Headers {
    return this.#late.headers
  }
}
