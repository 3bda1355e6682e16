/** The wrappers around handlers: `requireAuth` and `withAuth`, for Fetch and for Node handlers. */

import { refusalOf } from './authenticate.js'
import { type Awaitable, andThen, attempt } from './awaitable.js'
import type { Scrutiny } from './context.js'
import { type Engine, type Judgement, scrutinyFor } from './engine.js'
import { isAuthError } from './errors.js'
import {
  checkOptionalPolicy,
  checkPolicy,
  enforce,
  type OptionalPolicy,
  type Policy,
} from './guard.js'
import { LateHeaders } from './late-headers.js'
import { isWebRequest, type NodeRequestLike, type WebRequestLike } from './request.js'
import type { ActiveProvider } from './resolve-provider.js'
import { closeToSharedCaches, finish, isFetchResponse, type NodeResponseLike } from './response.js'
import { type Auth, type SignedInAuth, signedOut } from './session.js'

/** A handler as far as the wrapper cares: what follows the request is the framework's business. */
export type Handler = (request: object, ...rest: readonly unknown[]) => unknown

type Guarded = (request: WebRequestLike | NodeRequestLike, ...rest: readonly unknown[]) => unknown

/** Decides whether a handler is entered, and as whom. */
type Admission = (judgement: Judgement) => Awaitable<Auth>

export function requireAuth(engine: Engine, handler: Handler, policy: Policy = {}): Guarded {
  checkPolicy(policy)
  return guard(engine, handler, policy, (judgement) => admit(judgement, policy, engine))
}

export function withAuth(engine: Engine, handler: Handler, policy: OptionalPolicy = {}): Guarded {
  checkOptionalPolicy(policy)
  return guard(engine, handler, policy, ({ verdict }) =>
    verdict.kind === 'signed-in' ? verdict.auth : signedOut(verdict.reason),
  )
}

/**
 * The signed-in object, if the policy lets it in.
 * @throws {AuthError} the verdict's refusal, `unauthenticated`, `forbidden`, `config_invalid`; at once,
 * or by rejecting.
 */
export function admit(
  judgement: Judgement,
  policy: Policy,
  { world, refuse }: Pick<Engine, 'world' | 'refuse'>,
): Awaitable<SignedInAuth> {
  const { verdict } = judgement
  if (verdict.kind === 'signed-out') throw refusalOf(verdict)
  return attempt(
    () => andThen(enforce(policy, verdict.auth, verdict.session, world.now), () => verdict.auth),
    async (error) => {
      await refuse(judgement, error)
      throw error
    },
  )
}

function guard(engine: Engine, handler: Handler, policy: Policy, admission: Admission): Guarded {
  const scrutiny = scrutinyFor(policy)
  return (request, ...rest) =>
    // In a server that follows its requests through promises, each costs more than a policy does.
    Promise.resolve(
      isWebRequest(request)
        ? guardFetch(engine, handler, scrutiny, admission, request, rest)
        : guardNode(engine, handler, scrutiny, admission, request, rest),
    )
}

function guardFetch(
  engine: Engine,
  handler: Handler,
  scrutiny: Scrutiny,
  admission: Admission,
  request: WebRequestLike,
  rest: readonly unknown[],
): Awaitable<unknown> {
  const collected = new LateHeaders()
  let active: ActiveProvider | null = null
  return attempt<unknown>(
    () =>
      andThen(engine.judge(request, scrutiny, collected), (judgement) => {
        active = judgement.verdict.active
        return andThen(admission(judgement), (auth) => {
          attach(request, auth)
          return andThen(handler(request, ...rest), (response) =>
            isFetchResponse(response) ? finish(response, collected.made) : response,
          )
        })
      }),
    async (error) => {
      if (!isAuthError(error)) {
        // A redirect of the framework's, say, has to be as private as any other answer.
        const answer = engine.ambient.answer(error)
        if (answer) return finish(answer, collected.made)
        if (collected.made) await engine.ambient.send(collected.made)
        throw error
      }
      const { toResponse } = await import('./answer.js')
      return finish(toResponse(await engine.answer(error, request, active)), collected.made)
    },
  )
}

function guardNode(
  engine: Engine,
  handler: Handler,
  scrutiny: Scrutiny,
  admission: Admission,
  request: NodeRequestLike,
  rest: readonly unknown[],
): Awaitable<unknown> {
  const response = rest[0] as NodeResponseLike
  let active: ActiveProvider | null = null
  return attempt<unknown>(
    () => {
      closeToSharedCaches(response)
      return andThen(engine.judge(request, scrutiny, response), (judgement) => {
        active = judgement.verdict.active
        return andThen(admission(judgement), (auth) => {
          attach(request, auth)
          return handler(request, ...rest)
        })
      })
    },
    async (error) => {
      if (!isAuthError(error) || response.headersSent) throw error
      const { sendAnswer } = await import('./answer.js')
      sendAnswer(await engine.answer(error, request, active), response)
      return undefined
    },
  )
}

/** Gives the handler its `req.auth`. */
function attach(request: object, auth: Auth): void {
  Object.defineProperty(request, 'auth', { value: auth, configurable: true, enumerable: false })
}
