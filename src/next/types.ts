/** Handlers as Next.js has them, with what authmux adds to their requests. */

import type { NextApiRequest, NextApiResponse } from 'next'
import type { NextRequest } from 'next/server.js'
import type { Authed, MaybeAuthed } from '../auth.js'
import type { OptionalPolicy, Policy } from '../guard.js'

/** Request of an App Router handler behind `requireAuth`. */
export type AuthedRequest = Authed<NextRequest>

/** Request of an App Router handler behind `withAuth`. */
export type MaybeAuthedRequest = MaybeAuthed<NextRequest>

/** Request of a Pages Router API handler behind `requireAuth`. */
export type AuthedApiRequest = Authed<NextApiRequest>

/** Request of a Pages Router API handler behind `withAuth`. */
export type MaybeAuthedApiRequest = MaybeAuthed<NextApiRequest>

/**
 * Wraps a handler of either router. The App Router comes first, so its handlers need no annotations;
 * a Pages Router handler annotates both parameters.
 */
export interface NextGuard<Request, ApiRequest, Options> {
  <Context = unknown, Result = Response>(
    handler: (request: Request, context: Context) => Result,
    options?: Options,
  ): (request: NextRequest, context: Context) => Promise<Awaited<Result> | Response>
  <Body = unknown, Result = void>(
    handler: (request: ApiRequest, response: NextApiResponse<Body>) => Result,
    options?: Options,
  ): (
    request: NextApiRequest,
    response: NextApiResponse<Body>,
  ) => Promise<Awaited<Result> | undefined>
}

/** `requireAuth` of `createNextAuth`: wraps handlers of both routers; signed-out requests stay out. */
export type RequireAuth = NextGuard<AuthedRequest, AuthedApiRequest, Policy>
/** `withAuth` of `createNextAuth`: wraps handlers of both routers, and lets everybody in. */
export type WithAuth = NextGuard<MaybeAuthedRequest, MaybeAuthedApiRequest, OptionalPolicy>

type AppHandler = (request: NextRequest) => Promise<Response>

/** The auth routes: a Pages Router handler that carries the App Router's method handlers. */
export interface AuthHandlers {
  (request: NextApiRequest, response: NextApiResponse): Promise<void>
  readonly GET: AppHandler
  readonly POST: AppHandler
  readonly PUT: AppHandler
  readonly PATCH: AppHandler
  readonly DELETE: AppHandler
  readonly OPTIONS: AppHandler
  readonly HEAD: AppHandler
}
