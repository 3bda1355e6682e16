/** `createAuth`: one set of functions over whichever vendor is configured, for any server. */

import { createEngine, type Engine, noAmbient, plainScrutiny } from './engine.js'
import { configError } from './errors.js'
import type { OptionalPolicy, Policy } from './guard.js'
import { type Handler, requireAuth, withAuth } from './handler.js'
import { lapsedSession } from './lapsed-session.js'
import type { NodeRequestStream } from './node-http.js'
import type { AuthOptions } from './options.js'
import type { ProviderUser } from './provider.js'
import { type NodeRequestLike, type RequestSource, viewRequest } from './request.js'
import type { NodeResponseLike, ResponseTarget } from './response.js'
import { type Auth, type SignedInAuth, signedOut } from './session.js'

/** The user behind a session, from the vendor's records. */
export interface CurrentUser extends ProviderUser {
  /** Id of the user in this app. */
  readonly id: string
  /** Id of the user at the vendor. */
  readonly providerUserId: string
}

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
   * @throws {AuthError} `provider_unavailable`, `config_invalid`; the refusal of a credential that
   * does not tell who the user is.
   */
  signOutEverywhere(source: RequestSource, response?: ResponseTarget): Promise<void>
  /**
   * Checks options, environment, keys and the vendor's SDK, for a start-up hook.
   * @throws {AuthError} `config_invalid` with every problem; `provider_unavailable`.
   */
  checkAuthConfig(): Promise<void>
}

/**
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
    const { plan } = engine.setup()
    if (plan) {
      const { endBoth } = await import('./sign-out.js')
      return endBoth(engine, plan, everywhere, source, response)
    }
    const { verdict, request } = await engine.judge(source, plainScrutiny, response)
    const { active, context } = verdict
    if (!active || !context) return
    // What another site sends must not sign anybody out either.
    if (verdict.kind === 'signed-out' && verdict.reason === 'csrf_rejected') throw verdict.error
    const { sessions } = active.provider
    if (!sessions) throw missing(active.name, 'sessions')
    const view = viewRequest(request)
    const session =
      verdict.kind === 'signed-in'
        ? verdict.session
        : await lapsedSession(view, active, context, verdict.error)
    // Whose sessions these are is not known: to say that they have ended would not be true.
    if (everywhere && !session && verdict.kind === 'signed-out' && verdict.error) {
      throw verdict.error
    }
    if (session && everywhere) await sessions.revokeAll(session.subject, context)
    else if (session) await sessions.revoke(session, context)
    await sessions.clear(view, context)
    await context.deliver()
  }

  return {
    async getAuth(source, response) {
      const { verdict } = await engine.judge(source, plainScrutiny, response)
      return verdict.kind === 'signed-in' ? verdict.auth : signedOut(verdict.reason)
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
      const { verdict } = await engine.judge(source, plainScrutiny, response)
      if (verdict.kind === 'signed-out') return null
      const { users } = verdict.active.provider
      if (!users) throw missing(verdict.active.name, 'users')
      const user = await users.get(verdict.auth.providerUserId)
      return user && { ...user, id: verdict.auth.userId, providerUserId: user.id }
    },
    signOut: (source, response) => end(false, source, response),
    signOutEverywhere: (source, response) => end(true, source, response),
    async checkAuthConfig() {
      for (const { provider } of engine.setup().active) await provider.check?.()
    },
  }
}

function missing(name: string, capability: string): Error {
  const message = `offers no ${capability}, which this function needs`
  return configError([{ name: `providers.${name}`, message }])
}
