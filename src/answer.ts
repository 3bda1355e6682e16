/** The HTTP answer to a refusal or failure: somewhere else to go for a person, a problem for the rest. */

import { isApiPath, isDocumentNavigation } from './documents.js'
import type { AuthError } from './errors.js'
import { redirectFor } from './navigation.js'
import type { Setup } from './options.js'
import { toProblem } from './problem.js'
import { type RequestSource, viewRequest } from './request.js'
import type { ActiveProvider } from './resolve-provider.js'
import { type Answer, addHeaders, type NodeResponseLike, privateHeaders } from './response.js'
import { requestPath } from './return-path.js'

/**
 * Status, headers and body of the answer.
 * @param active Provider whose refusal it is; `null` when it is nobody's.
 * @param now Milliseconds since the epoch.
 */
export async function toAnswer(
  error: AuthError,
  source: RequestSource,
  active: ActiveProvider | null,
  readSetup: () => Setup,
  now: number,
): Promise<Answer> {
  if (error.code === 'config_invalid') {
    return toProblem(error, 'app', active?.provider.challenge?.(error))
  }
  const setup = readSetup()
  const location = await findRedirect(error, source, setup, now)
  if (location !== null) {
    return { status: 307, headers: { location, ...privateHeaders }, body: '' }
  }
  const sole = setup.active.length === 1 ? setup.active[0] : null
  return toProblem(error, setup.realm, (active ?? sole)?.provider.challenge?.(error))
}

/** Where the browser should go instead of being told 401; `null` for everything but a person. */
async function findRedirect(
  error: AuthError,
  source: RequestSource,
  setup: Setup,
  now: number,
): Promise<string | null> {
  const view = viewRequest(source)
  const isPerson = isDocumentNavigation(view) && view.header('authorization') === null
  const path = requestPath(view.url)
  if (error.status !== 401 || !isPerson || isApiPath(path ?? '')) return null
  return redirectFor(view, path, setup, now)
}

/** The answer as a Fetch handler returns it. */
export function toResponse(answer: Answer): Response {
  return new Response(answer.body, { status: answer.status, headers: answer.headers })
}

/** Headers about a body that is not the one being sent. */
const BODY_HEADERS = [
  'content-length',
  'content-encoding',
  'content-range',
  'etag',
  'last-modified',
]

/** Sends the answer through Node's response, in place of what a handler has prepared. */
export function sendAnswer(answer: Answer, target: NodeResponseLike): void {
  for (const name of BODY_HEADERS) target.removeHeader(name)
  target.statusCode = answer.status
  addHeaders(new Headers(answer.headers), target)
  target.end(answer.body)
}
