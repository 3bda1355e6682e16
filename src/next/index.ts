/** `authmux/next`: the functions of authmux in every place Next.js runs code on the server. */

import type { NextFetchEvent, NextRequest } from 'next/server.js'
import { type AmbientAuthFunctions, bindAuth } from '../auth.js'
import { createEngine } from '../engine.js'
import type { AuthOptions } from '../options.js'
import type { SignedInAuth } from '../session.js'
import { type ProtectOptions, protect } from './protect.js'
import { type AuthProxyOptions, authProxy, type ProxyFunction } from './proxy.js'
import { nextAmbient } from './request-scope.js'
import type { AuthHandlers, RequireAuth, WithAuth } from './types.js'

export type {
  AuthedApiRequest,
  AuthedRequest,
  AuthHandlers,
  MaybeAuthedApiRequest,
  MaybeAuthedRequest,
  RequireAuth,
  WithAuth,
} from './types.js'
export type { AuthProxyOptions, ProtectOptions, ProxyFunction }

/** The functions of `createNextAuth`. Without a request, they work on the one being handled. */
export interface NextAuthFunctions
  extends Omit<AmbientAuthFunctions, 'requireAuth' | 'withAuth' | 'authHandler'> {
  /**
   * Lets only signed-in requests that meet the policy into a handler, as `request.auth`; answers the
   * others with 401, 403 or 503 itself.
   * @throws {AuthError} `config_invalid`, at once, for a policy that would not do what it says.
   */
  readonly requireAuth: RequireAuth
  /** Tells a handler who is there, as `request.auth`, and lets everybody in; an outage is still 503. */
  readonly withAuth: WithAuth
  /**
   * The guard of server components and server actions: the signed-in object, or a redirect.
   * @throws {AuthError} `unauthenticated` and the like where there is nowhere to redirect to,
   * `forbidden`, `provider_unavailable`, `config_invalid`; with a fixed `digest`, `authmux:<code>`.
   */
  protect(options?: ProtectOptions): Promise<SignedInAuth>
  /** The vendor's endpoints, for `api/auth/[[...path]]` in either router. */
  authHandlers(): AuthHandlers
  /**
   * A proxy (or middleware) that redirects documents early; it protects nothing by itself.
   * @param next What runs where it does not redirect; default none.
   * @throws {AuthError} `config_invalid`, at once, for a public path that does not start with `/`.
   */
  authProxy(
    options?: AuthProxyOptions,
    next?: ProxyFunction,
  ): (request: NextRequest, event: NextFetchEvent) => Promise<Response>
}

/**
 * Makes the functions of authmux for an app of Next.js; call it once, in `lib/auth.ts`.
 * @throws {AuthError} `config_invalid`, at once, for options no environment could make right. What
 * the environment decides is checked at first use, so `next build` needs none.
 */
export function createNextAuth(options: AuthOptions): NextAuthFunctions {
  const engine = createEngine(options, nextAmbient)
  const { authHandler, requireAuth, withAuth, ...functions } = bindAuth(engine)
  return {
    ...functions,
    requireAuth: requireAuth as unknown as RequireAuth,
    withAuth: withAuth as unknown as WithAuth,
    protect: (protectOptions) => protect(engine, protectOptions),
    authHandlers() {
      const handler = authHandler()
      const serve = (request: NextRequest) => handler(request)
      const methods = { GET: serve, POST: serve, PUT: serve, PATCH: serve, DELETE: serve }
      return Object.assign(
        ((request, response) => handler(request, response)) as AuthHandlers,
        methods,
        { OPTIONS: serve, HEAD: serve },
      )
    },
    authProxy: (proxyOptions, next) => authProxy(engine, proxyOptions, next),
  }
}
