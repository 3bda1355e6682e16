/** Telling a person's page load from everything else a browser and its scripts request. */

import type { RequestView } from './request.js'

/** Request headers that mark what a client-side router fetches on its own account. */
const ROUTER_HEADERS = ['rsc', 'next-router-prefetch', 'next-action', 'x-nextjs-data'] as const

function isRouterRequest(view: RequestView): boolean {
  return ROUTER_HEADERS.some((name) => view.header(name) !== null)
}

/**
 * Whether a browser is loading a document for a person right now: no prefetch, no frame, no script.
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function isDocumentNavigation(view: RequestView): boolean {
  return (
    (view.method === null || view.method === 'GET') &&
    view.header('sec-fetch-mode') === 'navigate' &&
    view.header('sec-fetch-dest') === 'document' &&
    view.header('sec-purpose') === null &&
    !isRouterRequest(view)
  )
}

/**
 * Whether the answer should be a page: a document navigation, or what looks like one from a client
 * that sends no fetch metadata.
 */
export function expectsDocument(view: RequestView): boolean {
  if (isDocumentNavigation(view)) return true
  return (
    view.method === 'GET' &&
    view.header('sec-fetch-dest') === null &&
    view.header('sec-purpose') === null &&
    !isRouterRequest(view) &&
    (view.header('accept')?.includes('text/html') ?? false)
  )
}

/** Whether a path is an API's by Next.js convention: programs call it, and are never redirected. */
export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/')
}
