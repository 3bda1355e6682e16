/**
 * What pages ask before they go on at the new vendor's own sign-in, which knows nothing of the old
 * one. Whoever proves nothing is told the same as everybody else: go on.
 */

import type { PlanTools } from '../plan.js'
import { viewRequest } from '../request.js'
import type { MoveIn, MoveInResult } from './move-in.js'
import { answer, requireOwnPage } from './own-page.js'

interface Fields {
  readonly email: string
  readonly password: string
}

const PATHS: Readonly<Record<string, (moveIn: MoveIn, fields: Fields) => Promise<Response>>> = {
  '/move-in/sign-in': async (moveIn, { email, password }) =>
    toResponse(await moveIn.signIn(email, password)),
  '/move-in/sign-up': async (moveIn, { email, password }) => {
    const result = await moveIn.signIn(email, password)
    if (result.outcome === 'limited' || result.outcome === 'refused') return toResponse(result)
    const isKnown = result.outcome === 'moved' || (await moveIn.isElsewhere(email))
    return isKnown ? answer('sign_in', 409) : answer('continue')
  },
  '/move-in/reset': async (moveIn, { email }) => {
    const result = await moveIn.reset(email, null)
    return result.outcome === 'limited' ? toResponse(result) : answer('continue')
  },
}

/** Longest address there is (RFC 5321 §4.5.3.1). */
const MAX_ADDRESS_LENGTH = 254

/** No vendor takes more, and hashing must not become work for its own sake. */
const MAX_PASSWORD_LENGTH = 256

/** @returns `null` for requests to other addresses. */
export async function serveMoveIn(
  request: Request,
  { basePath, origins }: PlanTools,
  moveIn: MoveIn,
): Promise<Response | null> {
  const path = new URL(request.url).pathname.slice(basePath.length)
  const run = Object.hasOwn(PATHS, path) ? PATHS[path] : undefined
  if (!run || request.method !== 'POST') return null
  requireOwnPage(viewRequest(request), origins)
  const fields = readFields(await request.json().catch(() => null))
  return fields ? run(moveIn, fields) : answer('invalid', 400)
}

function toResponse(result: MoveInResult): Response {
  if (result.outcome === 'refused') return answer(result.reason, 409)
  if (result.outcome !== 'limited') return answer('continue')
  const response = answer('too_many_requests', 429)
  response.headers.set('retry-after', String(result.retryAfterSeconds))
  return response
}

function readFields(body: unknown): Fields | null {
  if (typeof body !== 'object' || body === null) return null
  const { email, password = '' } = body as Partial<Record<string, unknown>>
  if (typeof email !== 'string' || typeof password !== 'string') return null
  const isUsable =
    /^\S+@\S+$/.test(email) &&
    email.length <= MAX_ADDRESS_LENGTH &&
    password.length <= MAX_PASSWORD_LENGTH
  return isUsable ? { email, password } : null
}
