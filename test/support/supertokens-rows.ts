/** What authmux refuses and the SDK accepts, by name; the other way round there is nothing. */

import type { TransferMethod } from '../../providers/supertokens/settings.js'
import type { AuthErrorCode } from '../../src/errors.js'
import { parseToken } from '../../src/jwt/token.js'
import { ISSUER, type SdkVerdict } from './supertokens-app.js'
import type { GeneratedCase, Trait } from './supertokens-generator.js'
import type { Strictness } from './supertokens-mutations.js'

/** What authmux says to a request. */
export type OurVerdict =
  | {
      readonly outcome: 'accepted'
      readonly userId: string
      readonly handle: string
      readonly tenantId: string | null
    }
  | { readonly outcome: 'refused'; readonly code: AuthErrorCode }

type Accepted = Extract<SdkVerdict, { outcome: 'accepted' }>

/** Codes authmux refuses with, by the reason it has and the SDK has not. */
const STRICT: Readonly<Record<Strictness | Trait, AuthErrorCode>> = {
  'another issuer': 'token_invalid',
  'another tenant': 'token_invalid',
  'no subject': 'token_invalid',
  'blanks around an identity': 'token_invalid',
  'issued in the future': 'token_invalid',
  'times that are not whole seconds of a calendar': 'token_invalid',
  'a version spelled in another way': 'token_expired',
  'a version before 3': 'token_expired',
  'a key id of no known kind': 'token_invalid',
  'an encoding that is not the only one': 'token_invalid',
  'from another site': 'csrf_rejected',
  'a cookie twice, once with blanks in its name': 'token_expired',
  'a quoted cookie': 'token_invalid',
  'a legacy cookie without a value': 'token_expired',
}

const OWN_BEARER = 'a bearer token of this core that is no session is not passed over'
const MALFORMED = 'a malformed bearer token is not passed over for a cookie'
const ONLY_COOKIES = 'a session in a header is not passed over where only cookies are taken'

/**
 * The named row a stricter verdict belongs to; `null` when it belongs to none, which is a bug.
 * @param handle Handle of the session in the cookie.
 */
export function strictRow(
  entry: GeneratedCase,
  theirs: Accepted,
  ours: Extract<OurVerdict, { outcome: 'refused' }>,
  transfer: TransferMethod,
  cookieHandle: string | null,
): string | null {
  const usesCookie =
    theirs.handle === cookieHandle || entry.bearer === null || transfer === 'cookie'
  if (usesCookie && entry.bearer && isOwned(entry.bearer.text)) {
    const row = transfer === 'cookie' ? ONLY_COOKIES : OWN_BEARER
    return ['token_invalid', 'token_expired'].includes(ours.code) ? row : null
  }
  if (usesCookie && entry.bearer && isMalformed(entry.bearer.text)) {
    return ours.code === 'token_invalid' ? MALFORMED : null
  }
  const used = usesCookie ? entry.cookie : entry.bearer
  const reasons: (Strictness | Trait)[] = [
    ...(usesCookie || entry.traits.has('a legacy cookie without a value') ? entry.traits : []),
    ...(used?.mutations ?? []).flatMap(({ strict }) => strict ?? []),
  ]
  return reasons.find((reason) => STRICT[reason] === ours.code) ?? null
}

/** Whether a bearer token has the three parts of a session token, and is none to authmux. */
function isMalformed(text: string): boolean {
  return text.split('.').length === 3 && parseToken(text) === null
}

/** Whether a bearer token is one of this app's to judge: by shape or by issuer, strictly spelled. */
function isOwned(text: string): boolean {
  const payload = parseToken(text)?.payload
  if (!payload) return false
  const { sessionHandle, refreshTokenHash1, iss } = payload
  return (
    iss === ISSUER || (typeof sessionHandle === 'string' && typeof refreshTokenHash1 === 'string')
  )
}
