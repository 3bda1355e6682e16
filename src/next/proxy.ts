/**
 * `authProxy`: a glance at document requests before they are rendered, for `proxy.ts` (Next.js 16)
 * and `middleware.ts` (Next.js 15).
 *
 * It saves a signed-out visitor a rendering, heals sessions that ran out, and during a move sends
 * those of the other vendor to be handed over. It protects nothing:
 * what it sees is unverified, and every handler and page reaches its own verdict.
 */

import {
  type NextFetchEvent,
  type NextMiddleware,
  type NextRequest,
  NextResponse,
} from 'next/server.js'
import { expectsDocument, isApiPath, isDocumentNavigation } from '../documents.js'
import type { Engine } from '../engine.js'
import { configError } from '../errors.js'
import { moveFor } from '../moving.js'
import { redirectFor } from '../navigation.js'
import type { Setup } from '../options.js'
import { viewRequest } from '../request.js'
import { requestPath } from '../return-path.js'

/** Options of {@link authProxy}. */
export interface AuthProxyOptions {
  /**
   * Pages anybody may see: exact paths, and prefixes that end in `/*`. The sign-in page and what is
   * below it, the auth routes and everything below `/api` always go on to their own verdict.
   * Default: none.
   */
  readonly publicPaths?: readonly string[]
}

/** A proxy or middleware of Next.js. */
export type ProxyFunction = NextMiddleware

/**
 * Makes a proxy (or middleware) that sends documents to the sign-in page, or through healing, where
 * the cookies show no session that is still good.
 * @param next Another proxy or middleware, which runs where this one does not redirect; default none.
 * @throws {AuthError} `config_invalid`, at once, for a public path that does not start with `/`.
 */
export function authProxy(
  engine: Engine,
  { publicPaths = [] }: AuthProxyOptions = {},
  next?: ProxyFunction,
): (request: NextRequest, event: NextFetchEvent) => Promise<Response> {
  const issues = publicPaths
    .filter((path) => !path.startsWith('/'))
    .map((path) => ({ name: 'publicPaths', message: `'${path}' does not start with /` }))
  if (issues.length > 0) throw configError(issues)
  return async (request, event) => {
    const location = await findRedirect(engine, request, publicPaths)
    if (location !== null) {
      // Next.js takes absolute addresses here, and makes those of the same host relative again.
      const headers = { 'cache-control': 'no-store' }
      return NextResponse.redirect(new URL(location, request.url), { status: 307, headers })
    }
    return (await next?.(request, event)) ?? NextResponse.next()
  }
}

async function findRedirect(
  engine: Engine,
  request: NextRequest,
  publicPaths: readonly string[],
): Promise<string | null> {
  const view = viewRequest(request)
  if (!expectsDocument(view) || view.header('authorization') !== null) return null
  const setup = engine.setup()
  const { pathname, search } = request.nextUrl
  if (isApiPath(pathname) || isOpen(pathname, publicPaths, setup)) return null
  const now = engine.world.now()
  const path = requestPath(pathname + search)
  for (const { provider } of setup.accepted(now)) {
    const state = (await provider.navigation?.inspect(view, now))?.state ?? 'fresh'
    if (state === 'fresh') return moveFor(view, path, setup, now)
    if (state === 'expired') return null
    if (state === 'healable' && !isDocumentNavigation(view)) return null
  }
  return redirectFor(view, path, setup, now)
}

function isOpen(path: string, publicPaths: readonly string[], setup: Setup): boolean {
  const { authBasePath, signInPath } = setup
  // Vendors' forms have steps of their own below the page. Below the home page is everything else.
  const signIn = signInPath === '/' ? '/' : (signInPath?.replace(/\/?$/, '/*') ?? '')
  const open = [...publicPaths, `${authBasePath}/*`, signIn]
  return open.some((pattern) =>
    pattern.endsWith('/*')
      ? path === pattern.slice(0, -2) || path.startsWith(pattern.slice(0, -1))
      : path === pattern,
  )
}
