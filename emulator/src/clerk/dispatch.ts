/** From a request to the endpoint it is for, and back. */

import type { Answered } from '../base/answering.js'
import { answerJson } from './answer.js'
import { backendEndpoints, requireKey, showsKey } from './backend/endpoints.js'
import type { Call } from './call.js'
import { frontendEndpoints } from './frontend/endpoints.js'
import { allowOrigin, finishVisit } from './frontend/visit.js'
import { ClerkProblem, toClerkFault } from './problem.js'
import { findRoute, type Route } from './routes.js'
import type { ClerkState } from './state.js'

/**
 * Both APIs have some paths in common: a request that shows a key is a server's.
 * @param fault What to answer instead, if anything.
 */
export async function dispatch(
  state: ClerkState,
  request: Request,
  fault: Response | null,
): Promise<Answered> {
  const url = new URL(request.url)
  const backend = findRoute(backendEndpoints, request.method, url.pathname)
  const frontend = findRoute(frontendEndpoints, methodOf(request, url), url.pathname)
  const route = showsKey(request) ? (backend ?? frontend) : (frontend ?? backend)
  const call = createCall(state, request, url, route)
  try {
    if (request.method === 'OPTIONS') return { response: preflight(call) }
    if (fault) {
      // Readable by scripts, so that they see the status, and not just that something failed.
      if (route !== backend) allowOrigin(call)
      const response = withHeaders(toClerkFault(fault), call.answerHeaders)
      return { response, note: 'emulated fault' }
    }
    if (!route) throw notEmulated(request, url)
    holdToLimits(call, route === backend ? 'backend' : 'frontend', methodOf(request, url))
    if (route === backend) requireKey(call)
    const result = await route.endpoint.handle(call)
    if (route === frontend) finishVisit(call)
    const answer = result instanceof Response ? result : answerJson(result)
    return { response: withHeaders(answer, call.answerHeaders) }
  } catch (error) {
    if (!(error instanceof ClerkProblem)) throw error
    if (route === frontend) allowOrigin(call)
    const { missing } = error
    const said = missing === null ? { note: error.entries[0].code } : { missing }
    return { response: error.toResponse(call.answerHeaders), ...said }
  }
}

/** @throws {ClerkProblem} when there have been too many calls like this. */
function holdToLimits(call: Call, api: 'backend' | 'frontend', method: string): void {
  const waitSeconds = call.state.rateLimits?.take(api, method, call.url.pathname) ?? null
  if (waitSeconds === null) return
  call.answerHeaders.set('retry-after', String(waitSeconds))
  const message = 'Too many requests. Please try again in a bit.'
  throw new ClerkProblem({ code: 'too_many_requests', message })
}

/** Browsers ask before they send what is out of the ordinary. */
function preflight(call: Call): Response {
  allowOrigin(call)
  return new Response(null, { status: 204, headers: call.answerHeaders })
}

/** ClerkJS only ever sends GET and POST, and puts other methods into the query. */
function methodOf({ method }: Request, { searchParams }: URL): string {
  return method === 'POST' ? (searchParams.get('_method') ?? method) : method
}

function createCall(state: ClerkState, request: Request, url: URL, route: Route | null): Call {
  return {
    state,
    request,
    url,
    answerHeaders: new Headers(),
    newClient: null,
    parameter: (name) => route?.parameters[name] ?? '',
  }
}

function withHeaders(answer: Response, headers: Headers): Response {
  // A copy, because headers of answers that were fetched cannot be changed.
  const copy = new Response(answer.body, answer)
  for (const [name, value] of headers) copy.headers.append(name, value)
  return copy
}

function notEmulated({ method }: Request, { pathname }: URL): ClerkProblem {
  const message = `The stand-in has no endpoint for ${method} ${pathname}`
  return new ClerkProblem({ code: 'endpoint_not_emulated', message })
}
