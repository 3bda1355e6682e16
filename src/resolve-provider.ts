/** Decides whose credentials a request carries, before anything is verified. */

import { MAX_TOKEN_LENGTH, parseToken } from './jwt/token.js'
import type { AuthContext, AuthProvider } from './provider.js'
import type { ProviderName } from './register.js'
import type { RequestView } from './request.js'

/** A provider in use and the key it has in `providers`. */
export interface ActiveProvider {
  readonly name: ProviderName
  readonly provider: AuthProvider
}

/** Whose credentials a request carries: nobody's, somebody else's, or one provider's. */
export type Resolution =
  | { readonly kind: 'none' }
  | { readonly kind: 'foreign' }
  | {
      readonly kind: 'owned'
      readonly active: ActiveProvider
      readonly credential: AuthContext['credential']
    }

/**
 * A bearer token goes to the provider that owns it, else cookies to the provider they belong to.
 *
 * Decided by the token's shape and issuer against the configuration, never by a name the client
 * sends and never by trying verifiers in turn. A foreign bearer token does not hide own cookies; a
 * malformed one does, since a more lenient parser might have found it to be somebody's.
 */
export function resolveProvider(view: RequestView, active: readonly ActiveProvider[]): Resolution {
  const bearer = readBearer(view)
  const token = bearer === null ? null : parseToken(bearer)
  if (token) {
    const owner = active.find(({ provider }) => provider.owns(token))
    if (owner) return owned(owner, { source: 'bearer', token })
  } else if (bearer !== null && mayBeToken(bearer)) return { kind: 'foreign' }
  const owner = active.find(({ provider }) => provider.carries?.(view))
  if (owner) return owned(owner, { source: 'cookie' })
  return { kind: bearer === null ? 'none' : 'foreign' }
}

/** A compact JWS, as far as dots tell (RFC 7515 §7.1). */
const THREE_PARTS = /^[^.]*\.[^.]*\.[^.]*$/

/** Whether a more lenient parser might find a token in a text; in megabytes, nobody looks for dots. */
function mayBeToken(text: string): boolean {
  return text.length > MAX_TOKEN_LENGTH || THREE_PARTS.test(text)
}

/** The bearer token of a request; `null` without one. The scheme is spelled as both vendors do. */
function readBearer(view: RequestView): string | null {
  const header = view.header('authorization')
  return header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : null
}

function owned(active: ActiveProvider, credential: AuthContext['credential']): Resolution {
  return { kind: 'owned', active, credential }
}
