/** How the refresh tokens of a session follow one another. */

import type { CoreContext } from '../context.js'
import type { Session } from '../store.js'
import { sha256 } from './refresh-token.js'

/** Where a refresh token stands to the one in use: it is that one, issued for it, or neither. */
export type Lineage = 'current' | 'child' | 'stranger'

/**
 * @param inUseHash2 Twice the hash of the refresh token in use.
 * @param hash1 Hash of the refresh token asked about.
 * @param parentHash1 Hash of the refresh token it was issued for, if any.
 */
export function toLineage(
  inUseHash2: string,
  hash1: string,
  parentHash1: string | null | undefined,
): Lineage {
  if (inUseHash2 === sha256(hash1)) return 'current'
  return parentHash1 && inUseHash2 === sha256(parentHash1) ? 'child' : 'stranger'
}

/**
 * Makes a child the token in use, which turns its parent and its siblings into strangers.
 *
 * This waits for the first use of the child: only then is it sure to have reached the client.
 */
export function promote(core: CoreContext, session: Session, hash1: string): void {
  session.refreshTokenHash2 = sha256(hash1)
  session.expiry = core.clock.now() + core.settings.refreshTokenValidityMs
}
