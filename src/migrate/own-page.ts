/** Calls of the plan's own endpoints: who may make them, and how they are answered. */

import { AuthError } from '../errors.js'
import type { RequestView } from '../request.js'
import { privateHeaders } from '../response.js'

/**
 * Stricter than for other calls: a page of the app's own has to have made this one, by a script.
 * @throws {AuthError} `csrf_rejected`.
 */
export function requireOwnPage(view: RequestView, origins: readonly string[]): void {
  const site = view.header('sec-fetch-site')
  const origin = view.header('origin')
  const isOwn = origin === null ? site === 'same-origin' : origins.includes(origin)
  const isScript = view.header('content-type')?.split(';')[0]?.trim() === 'application/json'
  if (isOwn && isScript && (site === null || site === 'same-origin')) return
  throw new AuthError('csrf_rejected', 'This is for pages of the app only')
}

export function answer(status: string, code = 200, more: object = {}): Response {
  return Response.json({ status, ...more }, { status: code, headers: { ...privateHeaders } })
}
