/** `createAuth`: one set of functions over whichever vendor is configured, for any server. */

import { andThen } from './awaitable.js'
import type { CurrentUser } from './current-user.js'
import { createEngine, type Engine, noAmbient, plainScrutiny } from './engine.js'
import type { OptionalPolicy, Policy } from './guard.js'
import { type Handler, requireAuth, withAuth } from './handler.js'
import type { NodeRequestStream } from './node-http.js'
import type { AuthOptions } from './options.js'
import type { NodeRequestLike, RequestSource } from './request.js'
import type { NodeResponseLike, ResponseTarget } from './response.js'
import { type Auth, type SignedInAuth, signedOut } from './session.js'

/** A request behind `requireAuth`: `Authed<IncomingMessage>`. */
export type Authed<Incoming> = Incoming & { readonly auth: SignedInAuth }

/** A request behind `withAuth`: `MaybeAuthed<IncomingMessage>`. */
export type MaybeAuthed<Incoming> = Incoming & { readonly auth: Auth }

/** Wraps a handler of either kind; its parameters and result stay what they are. */
export interface Guard<Wrapped extends Auth, Options> {
  <Rest extends readonly unknown[], Result>(
    handler: (request: Request & { readonly auth: Wrapped }, ...rest: Rest) => Result,
    options?: Options,
  ): (request: Request, ...rest: Rest) => Promise<Awaited<Result> | Response>
  <
    Incoming extends NodeRequestLike,
    Outgoing extends NodeResponseLike,
    Rest extends readonly unknown[],
    Result,
  >(
    handler: (
      request: Incoming & { readonly auth: Wrapped },
      response: Outgoing,
      ...rest: Rest
    ) => Result,
    options?: Options,
  ): (request: Incoming, response: Outgoing, ...rest: Rest) => Promise<Awaited<Result> | undefined>
}

/** Serves the auth routes: a Fetch handler and a Node handler in one. */
export interface AuthHandler {
  (request: Request): Promise<Response>
  (request: NodeRequestStream, response: NodeResponseLike): Promise<void>
}

/** The functions of `createAuth`. */
export interface AuthFunctions {
  /**
   * Who makes a request.
   *
   * @param source The request, or the context of `getServerSideProps`.
   * @param response Where replaced tokens are written; without it, wherever that is possible.
   * @returns the signed-in object, or the signed-out one with a reason.
   * @throws {AuthError} `provider_unavailable` when that cannot be told; `config_invalid`.
   */
  getAuth(source: RequestSource, response?: ResponseTarget): Promise<Auth>
  /**
   * Lets only signed-in requests that meet the policy into a handler, as `request.auth`; answers the
   * others with 401, 403 or 503 itself.
   * @throws {AuthError} `config_invalid`, at once, for a policy that would not do what it says.
   */
  readonly requireAuth: Guard<SignedInAuth, Policy>
  /** Tells a handler who is there, as `request.auth`, and lets everybody in; an outage is still 503. */
  readonly withAuth: Guard<Auth, OptionalPolicy>
  /** The handler of the vendor's endpoints, to be mounted on the auth path. */
  authHandler(): AuthHandler
  /**
   * The user who makes a request, from the vendor's records: one call per use.
   * @returns `null` when nobody is signed in, or the user no longer exists.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  currentUser(source: RequestSource, response?: ResponseTarget): Promise<CurrentUser | null>
  /**
   * Ends the session of a request at the vendor, also when its token has run out, and makes the
   * browser forget it.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  signOut(source: RequestSource, response?: ResponseTarget): Promise<void>
  /**
   * Ends every session of the user who makes a request, on all devices.
   * @throws {AuthError} whatever the credential is refused for, `token_expired` and `session_revoked`
   * included; `provider_unavailable`, `config_invalid`.
   */
  signOutEverywhere(source: RequestSource, response?: ResponseTarget): Promise<void>
  /**
   * Checks options, environment, keys and the vendor's SDK, for a start-up hook.
   * @throws {AuthError} `config_invalid` with every problem; `provider_unavailable`.
   */
  checkAuthConfig(): Promise<void>
}

/**
 * Makes the functions of authmux for an app, in any server; call it once.
 * @throws {AuthError} `config_invalid`, at once, for options no environment could make right. What
 * the environment decides is checked at first use, so a build needs none.
 */
export function createAuth(options: AuthOptions): AuthFunctions {
  return bindAuth(createEngine(options, noAmbient))
}

/** The same functions in a framework that knows the current request. */
export type AmbientAuthFunctions = {
  [Name in keyof AuthFunctions]: AuthFunctions[Name] extends (
    source: RequestSource,
    response?: ResponseTarget,
  ) => infer Result
    ? (source?: RequestSource, response?: ResponseTarget) => Result
    : AuthFunctions[Name]
}

export function bindAuth(engine: Engine): AmbientAuthFunctions {
  async function end(everywhere: boolean, source?: RequestSource, response?: ResponseTarget) {
    const { endSessions } = await import('./sign-out.js')
    await endSessions(engine, everywhere, source, response)
  }

  return {
    // Not awaited: as a rule it is there already, see docs/decisions/0012.
    async getAuth(source, response) {
      return andThen(engine.judge(source, plainScrutiny, response), ({ verdict }) =>
        verdict.kind === 'signed-in' ? verdict.auth : signedOut(verdict.reason),
      )
    },
    requireAuth: ((handler: Handler, policy?: Policy) =>
      requireAuth(engine, handler, policy)) as Guard<SignedInAuth, Policy>,
    withAuth: ((handler: Handler, policy?: OptionalPolicy) =>
      withAuth(engine, handler, policy)) as Guard<Auth, OptionalPolicy>,
    authHandler: () =>
      (async (request, response) => {
        // Routes that only read sessions need none of it.
        const { serveAuth } = await import('./endpoints.js')
        return serveAuth(engine, request, response)
      }) as AuthHandler,
    async currentUser(source, response) {
      const { currentUser } = await import('./current-user.js')
      return currentUser(engine, source, response)
    },
    signOut: (source, response) => end(false, source, response),
    signOutEverywhere: (source, response) => end(true, source, response),
    async checkAuthConfig() {
      const { checkConfig } = await import('./check-config.js')
      await checkConfig(engine.setup().active)
    },
  }
}
