/** Sending a document request to have its session taken to the vendor where it belongs, on the way. */

import { isDocumentNavigation } from './documents.js'
import type { Setup } from './options.js'
import type { RequestView } from './request.js'
import { withReturnPath } from './return-path.js'

/** Below the auth path; the plan answers there. */
export const MOVE_PATH = '/hand-over/continue'

/** Cookie of a browser that has been there, so that it is left alone for a while. */
export const MOVE_MARKER = 'authmux_move'

/**
 * Whether a person loads a document by the app's own doing or their own, not by another site's.
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isOwnNavigation(view: RequestView): boolean {
  const site = view.header('sec-fetch-site')
  return isDocumentNavigation(view) && (site === 'same-origin' || site === 'none')
}

/**
 * Where to send a document request that carries a session of a vendor other than the primary one; a
 * glance, which verifies nothing.
 *
 * @returns `null` where it can go on: always without a plan, and where a script of the page is needed.
 */
export function moveFor(
  view: RequestView,
  returnPath: string | null,
  setup: Setup,
  now: number,
): string | null {
  if (!setup.plan || !isOwnNavigation(view) || view.cookies.get(MOVE_MARKER) !== null) return null
  const [primary, ...others] = setup.accepted(now)
  if (primary?.provider.handOver?.mints !== 'session') return null
  if (!others.some(({ provider }) => provider.carries?.(view))) return null
  return withReturnPath(setup.publicAuthPath + MOVE_PATH, returnPath)
}
