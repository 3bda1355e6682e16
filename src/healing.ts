/** Healing an expired session while the browser loads a document: the address that makes the attempt. */

import { parseSetCookie, stringifySetCookie } from 'cookie'
import { digest } from '#platform'
import { isDocumentNavigation } from './documents.js'
import {
  HEAL_PATH,
  type Healer,
  healerFor,
  markerName,
  type Progress,
  readMarker,
} from './navigation.js'
import type { Setup } from './options.js'
import type { EndpointContext, Inspection } from './provider.js'
import { type RequestView, viewRequest } from './request.js'
import { toReturnPath, withReturnPath } from './return-path.js'

/** How long a marker counts, in seconds; each attempt starts that time anew. */
const MARKER_SECONDS = 30

/** Where the address that heals sends a browser, and the headers that go along. */
export interface Continuation {
  /** Address to go to; `null` for the ordinary refusal, as scripts get it. */
  readonly location: string | null
  readonly headers: Headers
}

/**
 * The address that heals: one attempt for a browser loading a document, nothing for anybody else.
 * @throws {AuthError} `provider_unavailable`.
 */
export async function continueNavigation(
  request: Request,
  { navigation, inspection }: Healer,
  setup: Setup,
  context: EndpointContext,
): Promise<Continuation> {
  const view = viewRequest(request)
  const { searchParams } = new URL(request.url)
  const path = toReturnPath(searchParams.get('returnTo'), setup.origins) ?? '/'
  const signIn = setup.signInPath && withReturnPath(setup.signInPath, path)
  const { stage, attempts } = await readMarker(view, path, inspection)
  if (inspection.state === 'fresh' && stage !== 'away') return go(path)
  if (!isDocumentNavigation(view)) return go(null)
  if (inspection.state !== 'healable' && stage !== 'away') return go(signIn)
  if (stage === null) {
    // The browser comes back with the marker, or it keeps no cookies and cannot be healed.
    if (searchParams.has('marked')) return go(signIn)
    const again = `${withReturnPath(setup.publicAuthPath + HEAL_PATH, path)}&marked`
    const begun = { stage: 'set', attempts: attempts + 1 } as const
    return go(again, await writeMarker(path, inspection, begun, setup))
  }
  if (stage === 'done') return go(signIn)
  const result = await navigation.heal(request, { ...context, isReturning: stage === 'away' })
  if (result.outcome === 'away' && stage === 'set') {
    const left = { stage: 'away', attempts } as const
    return go(result.location, await writeMarker(path, inspection, left, setup), result.headers)
  }
  const renewed = withCookies(request, view, result.headers)
  const after = await navigation.inspect(renewed, context.now())
  const isHealed = result.outcome === 'healed' && after.state === 'fresh'
  // A new session that has run out already gets no attempt of its own.
  const tried = result.outcome === 'healed' && !isHealed ? after : inspection
  const marker = await writeMarker(path, tried, { stage: 'done', attempts }, setup)
  // Once its session is out of the way, the other vendor's may turn out to be good.
  const heir = isHealed ? null : await healerFor(renewed, setup, context.now())
  const isInherited = heir?.navigation !== navigation && heir?.inspection.state === 'fresh'
  return go(isHealed || isInherited ? path : signIn, marker, result.headers)
}

function go(location: string | null, cookie?: string, added?: Headers): Continuation {
  const headers = new Headers(added)
  headers.set('cache-control', 'no-store')
  if (cookie !== undefined) headers.append('set-cookie', cookie)
  return { location, headers }
}

/** The request as it would be with the cookies of an answer. */
function withCookies(request: Request, { cookies }: RequestView, answer: Headers): RequestView {
  const values = new Map<string, string>()
  for (const name of cookies.names()) values.set(name, cookies.get(name) ?? '')
  for (const text of answer.getSetCookie()) {
    const { name, value = '', maxAge } = parseSetCookie(text)
    if (value === '' || maxAge === 0) values.delete(name)
    else values.set(name, value)
  }
  const pairs = [...values].map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const { method, url } = request
  const headers = new Headers(request.headers)
  if (pairs.length > 0) headers.set('cookie', pairs.join('; '))
  else headers.delete('cookie')
  return viewRequest({ method, url, headers })
}

async function writeMarker(
  path: string,
  { credential }: Inspection,
  { stage, attempts }: Progress,
  setup: Setup,
): Promise<string> {
  return stringifySetCookie({
    name: await markerName(path),
    value: `${stage}.${attempts}.${await digest(credential)}`,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: setup.origins.every((origin) => origin.startsWith('https:')),
    maxAge: MARKER_SECONDS,
  })
}
