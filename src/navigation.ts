/**
 * Healing an expired session while the browser loads a document.
 *
 * A page that finds a session run out sends the browser to one address below the auth routes, which
 * makes one attempt to heal it and sends the browser back. A marker cookie bound to the return path
 * and to the credential counts that attempt, so nothing can go round in circles.
 */

import { stringifySetCookie } from 'cookie'
import { digest } from '#platform'
import { isDocumentNavigation } from './documents.js'
import type { Setup } from './options.js'
import type { AuthProvider, EndpointContext, Inspection } from './provider.js'
import { type RequestView, viewRequest } from './request.js'
import { toReturnPath, withReturnPath } from './return-path.js'

/** Below the auth path. Vendors scope refresh cookies to `/session/refresh`, so they reach it. */
export const HEAL_PATH = '/session/refresh/continue'

/** How long a marker counts, in seconds. */
const MARKER_SECONDS = 30

/** Progress of an attempt: marker set, browser sent to the vendor, done. */
type Stage = 'set' | 'away' | 'done'

/**
 * Where to send a document request that needs a session and has none: to heal it, or to sign in.
 *
 * @param returnPath Path of the document; `null` when it is not known.
 * @returns `null` when there is nowhere to go: the refusal itself is the answer.
 */
export async function redirectFor(
  view: RequestView,
  returnPath: string | null,
  setup: Setup,
  now: number,
): Promise<string | null> {
  // Healing takes a browser that says what it is doing; the router of Next.js says so as well.
  const healers = view.header('sec-fetch-mode') === null ? [] : setup.active
  for (const { provider } of healers) {
    const inspection = await provider.navigation?.inspect(view, now)
    if (inspection?.state !== 'healable') continue
    const path = returnPath ?? '/'
    if ((await readMarker(view, path, inspection)) !== 'done') {
      return withReturnPath(setup.publicAuthPath + HEAL_PATH, path)
    }
  }
  return setup.signInPath && withReturnPath(setup.signInPath, returnPath)
}

/**
 * The address that heals.
 * @returns `null` for anything but a document navigation: scripts get the ordinary refusal.
 * @throws {AuthError} `provider_unavailable`.
 */
export async function continueNavigation(
  request: Request,
  provider: AuthProvider,
  setup: Setup,
  context: EndpointContext,
): Promise<Response | null> {
  const view = viewRequest(request)
  if (!provider.navigation) return null
  const url = new URL(request.url)
  const path = toReturnPath(url.searchParams.get('returnTo'), setup.origins) ?? '/'
  const signIn = setup.signInPath ? withReturnPath(setup.signInPath, path) : path
  const inspection = await provider.navigation.inspect(view, context.now())
  const stage = await readMarker(view, path, inspection)
  if (inspection.state === 'fresh' && stage !== 'away') return redirect(path)
  if (!isDocumentNavigation(view)) return null
  if (inspection.state === 'absent' && stage !== 'away') return redirect(signIn)
  if (stage === null) {
    // The browser comes back with the marker, or it keeps no cookies and cannot be healed.
    if (url.searchParams.has('marked')) return redirect(signIn)
    const again = `${withReturnPath(setup.publicAuthPath + HEAL_PATH, path)}&marked`
    return redirect(again, [await writeMarker(path, inspection, 'set', setup)])
  }
  if (stage === 'done') return redirect(signIn)
  const result = await provider.navigation.heal(request, context)
  if (result.outcome === 'away' && stage === 'set') {
    const marker = await writeMarker(path, inspection, 'away', setup)
    return redirect(result.location, [marker], result.headers)
  }
  const marker = await writeMarker(path, inspection, 'done', setup)
  return redirect(result.outcome === 'healed' ? path : signIn, [marker], result.headers)
}

function redirect(location: string, cookies: readonly string[] = [], added?: Headers): Response {
  const headers = new Headers(added)
  headers.set('location', location)
  headers.set('cache-control', 'no-store')
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 307, headers })
}

async function markerName(path: string): Promise<string> {
  return `authmux_heal_${(await digest(path)).slice(0, 12)}`
}

async function readMarker(
  view: RequestView,
  path: string,
  { credential }: Inspection,
): Promise<Stage | null> {
  const [stage, tried] = view.cookies.get(await markerName(path))?.split('.') ?? []
  // At the vendor the credential changes; everywhere else a new one deserves an attempt of its own.
  if (stage === 'away') return stage
  if (stage !== 'set' && stage !== 'done') return null
  return tried === (await digest(credential)) ? stage : null
}

async function writeMarker(
  path: string,
  { credential }: Inspection,
  stage: Stage,
  setup: Setup,
): Promise<string> {
  return stringifySetCookie({
    name: await markerName(path),
    value: `${stage}.${await digest(credential)}`,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: setup.origins.every((origin) => origin.startsWith('https:')),
    maxAge: MARKER_SECONDS,
  })
}
