/**
 * Handing a session over while the browser loads a document, without a script: what the page does in
 * two calls, one address does in two visits. The second shows both sessions, and that cookies are kept.
 */

import { stringifySetCookie } from 'cookie'
import { AuthError, isAuthError } from '../errors.js'
import { isOwnNavigation, MOVE_MARKER, MOVE_PATH } from '../moving.js'
import type { PlanTools } from '../plan.js'
import { viewRequest } from '../request.js'
import { toReturnPath, withReturnPath } from '../return-path.js'
import {
  type Call,
  confirm,
  createCall,
  type HandOverPlan,
  mint,
  type Outcome,
} from './hand-over.js'

/** How long a browser is left alone after an attempt that failed, in seconds. */
const MARKER_SECONDS = 300

/**
 * Answers with a redirect to the document, whatever becomes of the session.
 * @returns `null` for requests to other addresses.
 * @throws {AuthError} `unauthenticated` for a browser that keeps no cookies.
 */
export async function serveMove(
  request: Request,
  tools: PlanTools,
  plan: HandOverPlan,
): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url)
  if (request.method !== 'GET' || pathname !== tools.basePath + MOVE_PATH) return null
  const view = viewRequest(request)
  const path = toReturnPath(searchParams.get('returnTo'), tools.origins) ?? '/'
  const call = createCall(view, false, tools, plan)
  if (!isOwnNavigation(view)) return go(path, call)
  const marker = view.cookies.get(MOVE_MARKER)
  if (searchParams.has('marked')) {
    if (marker === null) throw new AuthError('unauthenticated', 'This browser keeps no cookies')
    const isDone = marker === 'minted' && (await attempt(confirm, call)) === 'done'
    return go(path, call, isDone ? null : 'tried')
  }
  const isMinted = (await attempt(mint, call)) === 'confirm'
  return go(`${withReturnPath('', path)}&marked`, call, isMinted ? 'minted' : 'tried')
}

/** One phase; a failure is no reason to keep anybody from the document. */
async function attempt(
  phase: (call: Call) => Promise<Outcome>,
  call: Call,
): Promise<Outcome['status'] | null> {
  try {
    return (await phase(call)).status
  } catch (error) {
    if (!isAuthError(error)) throw error
    if (error.status >= 500) call.tools.report(error)
    return null
  }
}

/** @param marker `null` to forget that there was an attempt. */
function go(
  location: string,
  { headers, tools }: Call,
  marker?: 'minted' | 'tried' | null,
): Response {
  headers.set('location', location)
  if (marker !== undefined) {
    const cookie = {
      name: MOVE_MARKER,
      value: marker ?? '',
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: tools.origins.every((origin) => origin.startsWith('https:')),
      maxAge: marker === null ? 0 : MARKER_SECONDS,
    } as const
    headers.append('set-cookie', stringifySetCookie(cookie))
  }
  return new Response(null, { status: 307, headers })
}
