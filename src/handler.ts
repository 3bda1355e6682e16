/** The wrappers around handlers: `requireAuth` and `withAuth`, for Fetch and for Node handlers. */

import { refusalOf } from './authenticate.js'
import { type Engine, type Judgement, scrutinyFor } from './engine.js'
import { isAuthError } from './errors.js'
import {
  checkOptionalPolicy,
  checkPolicy,
  enforce,
  type OptionalPolicy,
  type Policy,
} from './guard.js'
import { isWebRequest, type NodeRequestLike, type WebRequestLike } from './request.js'
import type { ActiveProvider } from './resolve-provider.js'
import {
  closeToSharedCaches,
  finish,
  isFetchResponse,
  type NodeResponseLike,
  sendAnswer,
  toResponse,
} from './response.js'
import { type Auth, type SignedInAuth, signedOut } from './session.js'

/** A handler as far as the wrapper cares: what follows the request is the framework's business. */
export type Handler = (request: object, ...rest: readonly unknown[]) => unknown

type Guarded = (request: WebRequestLike | NodeRequestLike, ...rest: readonly unknown[]) => unknown

/** Decides whether a handler is entered, and as whom. */
type Admission = (judgement: Judgement) => Promise<Auth>

export function requireAuth(engine: Engine, handler: Handler, policy: Policy = {}): Guarded {
  checkPolicy(policy)
  return guard(engine, handler, policy, (judgement) => admit(judgement, policy, engine))
}

export function withAuth(engine: Engine, handler: Handler, policy: OptionalPolicy = {}): Guarded {
  checkOptionalPolicy(policy)
  return guard(engine, handler, policy, async ({ verdict }) =>
    verdict.kind === 'signed-in' ? verdict.auth : signedOut(verdict.reason),
  )
}

/**
 * The signed-in object, if the policy lets it in.
 * @throws {AuthError} the verdict's refusal, `unauthenticated`, `forbidden`, `config_invalid`.
 */
export async function admit(
  judgement: Judgement,
  policy: Policy,
  { world, refuse }: Pick<Engine, 'world' | 'refuse'>,
): Promise<SignedInAuth> {
  const { verdict } = judgement
  if (verdict.kind === 'signed-out') throw refusalOf(verdict)
  try {
    await enforce(policy, verdict.auth, verdict.session, world.now())
  } catch (error) {
    await refuse(judgement, error)
    throw error
  }
  return verdict.auth
}

function guard(engine: Engine, handler: Handler, policy: Policy, admission: Admission): Guarded {
  return (request, ...rest) =>
    isWebRequest(request)
      ? guardFetch(engine, handler, policy, admission, request, rest)
      : guardNode(engine, handler, policy, admission, request, rest)
}

async function guardFetch(
  engine: Engine,
  handler: Handler,
  policy: Policy,
  admission: Admission,
  request: WebRequestLike,
  rest: readonly unknown[],
): Promise<unknown> {
  const collected = new Headers()
  let active: ActiveProvider | null = null
  try {
    const judgement = await engine.judge(request, scrutinyFor(policy), collected)
    active = judgement.verdict.active
    attach(request, await admission(judgement))
    const response = await handler(request, ...rest)
    return isFetchResponse(response) ? finish(response, collected) : response
  } catch (error) {
    if (!isAuthError(error)) {
      // A redirect of the framework's, say: it makes its own answer, which has to carry these too.
      await engine.sendAmbient(collected)
      throw error
    }
    return finish(toResponse(await engine.answer(error, request, active)), collected)
  }
}

async function guardNode(
  engine: Engine,
  handler: Handler,
  policy: Policy,
  admission: Admission,
  request: NodeRequestLike,
  rest: readonly unknown[],
): Promise<unknown> {
  const response = rest[0] as NodeResponseLike
  let active: ActiveProvider | null = null
  try {
    closeToSharedCaches(response)
    const judgement = await engine.judge(request, scrutinyFor(policy), response)
    active = judgement.verdict.active
    attach(request, await admission(judgement))
    return await handler(request, ...rest)
  } catch (error) {
    if (!isAuthError(error) || response.headersSent) throw error
    sendAnswer(await engine.answer(error, request, active), response)
    return undefined
  }
}

/** Gives the handler its `req.auth`. */
function attach(request: object, auth: Auth): void {
  Object.defineProperty(request, 'auth', { value: auth, configurable: true, enumerable: false })
}
