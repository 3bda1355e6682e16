/** The auth routes of the app: the vendor's endpoints, and the address that heals sessions. */

import { toResponse } from './answer.js'
import { refusalOf } from './authenticate.js'
import { isSameSite } from './csrf.js'
import { type Engine, plainScrutiny } from './engine.js'
import { AuthError, isAuthError } from './errors.js'
import { continueNavigation } from './healing.js'
import { HEAL_PATH, healerFor } from './navigation.js'
import {
  appOrigin,
  type NodeRequestStream,
  type RequestFault,
  readRequest,
  sendResponse,
  toFetchRequest,
} from './node-http.js'
import type { Setup } from './options.js'
import { planTools } from './plan-tools.js'
import type { EndpointContext } from './provider.js'
import { isWebRequest, type RequestSource, viewRequest } from './request.js'
import { resolveProvider } from './resolve-provider.js'
import { type NodeResponseLike, withHeaders } from './response.js'

const CORS_METHODS = 'GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD'

/** What the vendors' own handlers send; nothing an auth endpoint says may be stored. */
const NO_STORE = 'no-cache, no-store, max-age=0, must-revalidate'

/** Serves a request of either kind below the auth path. */
export async function serveAuth(
  engine: Engine,
  request: Request | NodeRequestStream,
  target?: NodeResponseLike,
): Promise<Response | undefined> {
  if (isWebRequest(request)) return serve(engine, request, () => readRequest(request as Request))
  const response = await serve(engine, request, () =>
    toFetchRequest(request, engine.setup().origins),
  )
  await sendResponse(response, target as NodeResponseLike)
  return undefined
}

async function serve(
  engine: Engine,
  source: RequestSource,
  read: () => Promise<Request | RequestFault>,
): Promise<Response> {
  let request: Request | RequestFault
  try {
    request = await read()
  } catch (error) {
    return answerError(engine, source, error)
  }
  // What cannot be an auth request is answered without asking anybody.
  if (typeof request === 'number') {
    return new Response(null, { status: request, headers: { 'cache-control': NO_STORE } })
  }
  let response: Response
  try {
    response = await answerOf(engine, request, engine.setup())
  } catch (error) {
    response = await answerError(engine, request, error)
    if (isAuthError(error) && error.code === 'config_invalid') return response
  }
  return withHeaders(response, browserHeaders(request, response, engine.setup()))
}

/** Answers an error of ours; everything else is the framework's. */
async function answerError(
  engine: Engine,
  source: RequestSource,
  error: unknown,
): Promise<Response> {
  if (!isAuthError(error)) throw error
  const { accepted } = error.code === 'config_invalid' ? nobody : engine.setup()
  // Of two vendors, the one whose session the request carries is the one that has to understand.
  const resolution = resolveProvider(viewRequest(source), accepted(engine.world.now()))
  const active = resolution.kind === 'owned' ? resolution.active : null
  return toResponse(await engine.answer(error, source, active))
}

async function answerOf(engine: Engine, request: Request, setup: Setup): Promise<Response> {
  const { pathname } = new URL(request.url)
  const view = viewRequest(request)
  const accepted = setup.accepted(engine.world.now())
  const context: EndpointContext = {
    ...engine.world,
    origins: setup.origins,
    basePath: setup.authBasePath,
    origin: appOrigin(view, setup.origins),
  }
  if (request.method === 'OPTIONS') return new Response(null, { status: 204 })
  const isHealing = request.method === 'GET' && pathname === setup.authBasePath + HEAL_PATH
  const healer = isHealing ? await healerFor(view, setup, context.now()) : null
  if (healer) {
    const { location, headers } = await continueNavigation(request, healer, setup, context)
    if (location !== null) headers.set('location', location)
    const answer = location === null ? refuse(engine, request) : new Response(null, { status: 307 })
    return withHeaders(await answer, headers)
  }
  // Also without a session: signing somebody in as somebody else takes none.
  const isOwn = isSameSite(view, setup.origins)
  const open = accepted.flatMap(({ provider: { endpoints } }) =>
    endpoints && (isOwn || endpoints.acceptsCrossSite(pathname)) ? endpoints : [],
  )
  if (!isOwn && open.length === 0) {
    throw new AuthError('csrf_rejected', 'The request comes from another site')
  }
  const planned = isOwn && setup.plan
  if (planned) {
    const tools = planTools(engine, setup, context, accepted)
    const answer = await planned.handle(request, tools)
    if (answer) return answer
  }
  for (const [index, endpoints] of open.entries()) {
    // A body is read once; whoever comes after needs it whole.
    const its = index < open.length - 1 ? (request.clone() as Request) : request
    const answer = await endpoints.handle(its, context)
    if (answer) return answer
  }
  return notFound()
}

const nobody: Pick<Setup, 'accepted'> = { accepted: () => [] }

/** The ordinary answer to whoever is not signed in. */
async function refuse(engine: Engine, request: Request): Promise<Response> {
  const { verdict } = await engine.judge(request, plainScrutiny)
  const error =
    verdict.kind === 'signed-out'
      ? refusalOf(verdict)
      : new AuthError('unauthenticated', 'The session cannot be healed here')
  return answerError(engine, request, error)
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: { 'content-type': 'text/plain' } })
}

/**
 * What browsers need to know of an answer: who may read it, and that nobody may keep it.
 *
 * A listed origin may read it with credentials; what the vendor opened to everybody stays as it is.
 */
function browserHeaders(request: Request, { headers }: Response, setup: Setup): Headers {
  const added = new Headers({ vary: 'Origin' })
  if (!headers.has('cache-control')) added.set('cache-control', NO_STORE)
  const origin = request.headers.get('origin')
  const isListed = origin !== null && setup.origins.includes(origin)
  if (!isListed || headers.has('access-control-allow-origin')) return added
  added.set('access-control-allow-origin', origin)
  added.set('access-control-allow-credentials', 'true')
  if (request.method === 'OPTIONS') {
    const vendorHeaders = setup.active.flatMap(
      ({ provider }) => provider.endpoints?.corsHeaders ?? [],
    )
    added.set(
      'access-control-allow-headers',
      [...new Set(['content-type', ...vendorHeaders])].join(', '),
    )
    added.set('access-control-allow-methods', CORS_METHODS)
  }
  return added
}
