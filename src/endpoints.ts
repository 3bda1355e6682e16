/** The auth routes of the app: the vendor's endpoints, and the address that heals sessions. */

import { isSameSite } from './csrf.js'
import { type Engine, plainScrutiny } from './engine.js'
import { AuthError, isAuthError } from './errors.js'
import { continueNavigation, HEAL_PATH } from './navigation.js'
import { appOrigin, type NodeRequestStream, sendResponse, toFetchRequest } from './node-http.js'
import type { Setup } from './options.js'
import type { EndpointContext, ProviderEndpoints } from './provider.js'
import { isWebRequest, type RequestSource, viewRequest } from './request.js'
import type { ActiveProvider } from './resolve-provider.js'
import { type NodeResponseLike, toResponse } from './response.js'

const CORS_METHODS = 'GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD'

/** What the vendors' own handlers send; nothing an auth endpoint says may be stored. */
const NO_STORE = 'no-cache, no-store, max-age=0, must-revalidate'

/** Serves a request of either kind below the auth path. */
export async function serveAuth(
  engine: Engine,
  request: Request | NodeRequestStream,
  target?: NodeResponseLike,
): Promise<Response | undefined> {
  if (isWebRequest(request)) return serve(engine, request as Request)
  const response = await serveNode(engine, request)
  await sendResponse(response, target as NodeResponseLike)
  return undefined
}

async function serveNode(engine: Engine, source: NodeRequestStream): Promise<Response> {
  return answerErrors(engine, source, async () => {
    const request = await toFetchRequest(source, engine.setup().origins)
    return request ? serve(engine, request) : new Response('Content too large', { status: 413 })
  })
}

async function serve(engine: Engine, request: Request): Promise<Response> {
  return answerErrors(engine, request, async () => {
    const setup = engine.setup()
    const [active] = setup.active
    const { endpoints } = active?.provider ?? {}
    if (request.method === 'OPTIONS') return preflight(request, setup, endpoints)
    const response = (active && (await answerOf(engine, request, setup, active))) ?? notFound()
    allowOrigin(request, response, setup)
    if (!response.headers.has('cache-control')) response.headers.set('cache-control', NO_STORE)
    return response
  })
}

async function answerOf(
  engine: Engine,
  request: Request,
  setup: Setup,
  { provider }: ActiveProvider,
): Promise<Response | null> {
  const { pathname } = new URL(request.url)
  const context: EndpointContext = {
    ...engine.world,
    origins: setup.origins,
    basePath: setup.authBasePath,
    origin: appOrigin(viewRequest(request), setup.origins),
  }
  if (pathname === setup.authBasePath + HEAL_PATH && request.method === 'GET') {
    const response = await continueNavigation(request, provider, setup, context)
    if (response) return response
    const { verdict } = await engine.judge(request, plainScrutiny)
    const refusal = verdict.kind === 'signed-out' ? verdict.error : null
    throw refusal ?? new AuthError('unauthenticated', 'Only the loading of a page is healed here')
  }
  if (!provider.endpoints) return null
  const view = viewRequest(request)
  const isTrusted = isSameSite(view, setup.origins) || !provider.carries?.(view)
  if (!isTrusted && !provider.endpoints.acceptsCrossSite(pathname)) {
    throw new AuthError('csrf_rejected', 'The request comes from another site')
  }
  return provider.endpoints.handle(request, context)
}

async function answerErrors(
  engine: Engine,
  source: RequestSource,
  respond: () => Promise<Response>,
): Promise<Response> {
  try {
    return await respond()
  } catch (error) {
    if (!isAuthError(error)) throw error
    const active = error.code === 'config_invalid' ? null : (engine.setup().active[0] ?? null)
    return toResponse(await engine.answer(error, source, active))
  }
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: { 'content-type': 'text/plain' } })
}

function preflight(request: Request, setup: Setup, endpoints?: ProviderEndpoints): Response {
  const response = new Response(null, { status: 204, headers: { 'cache-control': NO_STORE } })
  if (allowOrigin(request, response, setup)) {
    const allowed = ['content-type', ...(endpoints?.corsHeaders ?? [])]
    response.headers.set('access-control-allow-headers', allowed.join(', '))
    response.headers.set('access-control-allow-methods', CORS_METHODS)
  }
  return response
}

/** Lets a listed origin read the answer with credentials; what the vendor opened stays open. */
function allowOrigin(request: Request, response: Response, setup: Setup): boolean {
  response.headers.append('vary', 'Origin')
  const origin = request.headers.get('origin')
  if (origin === null || !setup.origins.includes(origin)) return false
  if (response.headers.has('access-control-allow-origin')) return false
  response.headers.set('access-control-allow-origin', origin)
  response.headers.set('access-control-allow-credentials', 'true')
  return true
}
