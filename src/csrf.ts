/** Proof that a request with cookie credentials was made by a page of the app itself. */

import type { RequestView } from './request.js'

const SAFE_METHODS: ReadonlySet<string | null> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Whether a method only reads (RFC 9110 §9.2.1); `null`, an unknown one, may do anything. */
export function isSafe(method: string | null): boolean {
  return SAFE_METHODS.has(method)
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
  // What is sent once it has opened a WebSocket may do anything.
  if (isSafe(view.method) && view.header('upgrade') === null) return true
  const site = view.header('sec-fetch-site')
  if (site === 'same-origin') return true
  const origin = view.header('origin')
  if (origin !== null) return origins.includes(origin)
  return view.method === null || site === null
}
