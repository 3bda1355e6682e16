/** Proof that a request with cookie credentials was made by a page of the app itself. */

import type { RequestView } from './request.js'

const SAFE_METHODS: ReadonlySet<string | null> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * Whether a request only reads (RFC 9110 §9.2.1); one without a method may do anything, and so may
 * what is sent once it has opened a WebSocket.
 */
export function isReading({ method, header }: RequestView): boolean {
  return SAFE_METHODS.has(method) && header('upgrade') === null
}

/**
 * Whether the cookies of a request may count as credentials.
 *
 * Requests that only read pass. Others need the browser's word that they come from the same
 * origin, or an `Origin` the app lists; a client that sends neither header is not a browser. Server
 * components and actions are not told their method: there an `Origin`, which plain navigation does
 * not carry, has to be a listed one.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isSameSite(view: RequestView, origins: readonly string[]): boolean {
  if (isReading(view)) return true
  const site = view.header('sec-fetch-site')
  if (site === 'same-origin') return true
  const origin = view.header('origin')
  if (origin !== null) return origins.includes(origin)
  return view.method === null || site === null
}
