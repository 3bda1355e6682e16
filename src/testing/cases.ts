/** What every provider has to do, as cases: a request, a policy, and what must come of it. */

import type { AuthErrorCode } from '../errors.js'
import type { Policy } from '../guard.js'
import type { SignedOutReason } from '../session.js'
import { tamperings } from './tampering.js'

/** Who the credentials of a case are issued to. */
export interface CaseSession {
  /** Application-wide role; default none. */
  readonly role?: string
  /** Application-wide permission; default none. */
  readonly permission?: string
  /** Seconds the session token lives; default the provider's own. Negative for one that has expired. */
  readonly expiresInSeconds?: number
}

/** Where the credentials travel. */
export type Carrier = 'none' | 'bearer' | 'cookie'

/** One thing a provider has to do: who asks for what, and what must come of it. */
export interface ContractCase {
  /** Unique, and a sentence. */
  readonly says: string
  /** What the provider needs to be able to do; cases are skipped, with a reason, where it is not. */
  readonly needs?: 'cookies' | 'roles' | 'revocation' | 'outage' | 'authenticationTime'
  /** Who the credentials are issued to; default somebody without role or permission. */
  readonly session?: CaseSession
  readonly carrier: Carrier
  /** Default `GET`. */
  readonly method?: string
  /** Headers besides the credentials; default none. */
  readonly headers?: Readonly<Record<string, string>>
  /** Spoils the token; default not at all. */
  readonly tamper?: (token: string) => string
  /** What happens between sign-in and request; default nothing. */
  readonly before?: 'revoke' | 'go offline' | 'warm up, then go offline' | 'expire'
  /** What the route demands; default a session, nothing more. */
  readonly policy?: Policy
  /** What `requireAuth` answers. */
  readonly status: 200 | 401 | 403 | 503
  /** Code in the problem document (RFC 9457); none in the answer to a request that is let in. */
  readonly code?: AuthErrorCode
  /** What `getAuth` says. */
  readonly auth: 'signed in' | SignedOutReason | 'throws'
}

const EVIL = 'https://evil.example'

const accepted: readonly ContractCase[] = [
  { says: 'a bearer token is accepted', carrier: 'bearer', status: 200, auth: 'signed in' },
  {
    says: 'a cookie is accepted',
    needs: 'cookies',
    carrier: 'cookie',
    status: 200,
    auth: 'signed in',
  },
  {
    says: 'a foreign bearer token does not hide a cookie',
    needs: 'cookies',
    carrier: 'cookie',
    headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJlbHNld2hlcmUifQ.AA' },
    status: 200,
    auth: 'signed in',
  },
  {
    says: 'another authorization scheme does not hide a cookie',
    needs: 'cookies',
    carrier: 'cookie',
    headers: { authorization: 'Basic dXNlcjpwYXNzd29yZA==' },
    status: 200,
    auth: 'signed in',
  },
]

const refused: readonly ContractCase[] = [
  {
    says: 'no credentials are unauthenticated',
    carrier: 'none',
    status: 401,
    code: 'unauthenticated',
    auth: 'no_credentials',
  },
  {
    says: 'a bearer token that is no token is invalid',
    carrier: 'none',
    headers: { authorization: 'Bearer garbage' },
    status: 401,
    code: 'token_invalid',
    auth: 'token_invalid',
  },
  {
    says: 'an expired token is expired',
    carrier: 'bearer',
    before: 'expire',
    status: 401,
    code: 'token_expired',
    auth: 'token_expired',
  },
  {
    says: 'an expired cookie is expired',
    needs: 'cookies',
    carrier: 'cookie',
    before: 'expire',
    status: 401,
    code: 'token_expired',
    auth: 'token_expired',
  },
]

const spoiled = Object.entries(tamperings).map(
  ([way, tamper]): ContractCase => ({
    says: `a token with ${way} is refused`,
    carrier: 'bearer',
    tamper,
    status: 401,
    code: 'token_invalid',
    auth: 'token_invalid',
  }),
)

/** Who may send cookies along with an unsafe method. */
const crossSite: readonly ContractCase[] = (
  [
    ['from another origin', { origin: EVIL, 'sec-fetch-site': 'cross-site' }, false],
    [
      'from a sibling origin that is not listed',
      { origin: EVIL, 'sec-fetch-site': 'same-site' },
      false,
    ],
    ['from an opaque origin', { origin: 'null' }, false],
    ['from another site without an origin', { 'sec-fetch-site': 'cross-site' }, false],
    ['from the same origin', { 'sec-fetch-site': 'same-origin' }, true],
    ['from a listed origin', { origin: 'http://localhost', 'sec-fetch-site': 'cross-site' }, true],
    ['from a client that is no browser', {}, true],
  ] as const
).map(([where, headers, isAllowed]) => ({
  says: `cookies on a POST ${where} ${isAllowed ? 'count' : 'do not count'}`,
  needs: 'cookies',
  carrier: 'cookie',
  method: 'POST',
  headers,
  ...(isAllowed
    ? { status: 200, auth: 'signed in' }
    : { status: 403, code: 'csrf_rejected', auth: 'csrf_rejected' }),
}))

const policies: readonly ContractCase[] = [
  {
    says: 'a bearer token on a POST from another origin counts',
    carrier: 'bearer',
    method: 'POST',
    headers: { origin: EVIL, 'sec-fetch-site': 'cross-site' },
    status: 200,
    auth: 'signed in',
  },
  {
    says: 'a session with the role gets in',
    needs: 'roles',
    session: { role: 'admin' },
    carrier: 'bearer',
    policy: { role: 'admin' },
    status: 200,
    auth: 'signed in',
  },
  {
    says: 'a session with another role stays out',
    needs: 'roles',
    session: { role: 'member' },
    carrier: 'bearer',
    policy: { role: 'admin' },
    status: 403,
    code: 'forbidden',
    auth: 'signed in',
  },
  {
    says: 'every field of a policy has to hold',
    needs: 'roles',
    session: { role: 'admin', permission: 'read' },
    carrier: 'bearer',
    policy: { role: 'admin', permission: 'write' },
    status: 403,
    code: 'forbidden',
    auth: 'signed in',
  },
  {
    says: 'a check that says no keeps a session out',
    carrier: 'bearer',
    policy: { check: () => false },
    status: 403,
    code: 'forbidden',
    auth: 'signed in',
  },
  {
    says: 'a check that says yes lets a session in',
    carrier: 'bearer',
    policy: { check: (auth) => auth.isAuthenticated },
    status: 200,
    auth: 'signed in',
  },
  {
    says: 'an organisation nobody is in keeps a session out',
    carrier: 'bearer',
    policy: { orgId: 'org_none' },
    status: 403,
    code: 'forbidden',
    auth: 'signed in',
  },
  {
    says: 'a recent sign-in is recent enough',
    needs: 'authenticationTime',
    carrier: 'bearer',
    policy: { maxAuthAgeSeconds: 600 },
    status: 200,
    auth: 'signed in',
  },
]

const vendor: readonly ContractCase[] = [
  {
    says: 'a live session is confirmed',
    needs: 'revocation',
    carrier: 'bearer',
    policy: { revocation: 'session' },
    status: 200,
    auth: 'signed in',
  },
  {
    says: 'an ended session is refused where the policy asks the vendor',
    needs: 'revocation',
    carrier: 'bearer',
    before: 'revoke',
    policy: { revocation: 'session' },
    status: 401,
    code: 'session_revoked',
    auth: 'signed in',
  },
  {
    says: 'an outage is no refusal where the policy asks the vendor',
    needs: 'revocation',
    carrier: 'bearer',
    before: 'warm up, then go offline',
    policy: { revocation: 'session' },
    status: 503,
    code: 'provider_unavailable',
    auth: 'signed in',
  },
  {
    says: 'an outage before any key is known is unavailable',
    needs: 'outage',
    carrier: 'bearer',
    before: 'go offline',
    status: 503,
    code: 'provider_unavailable',
    auth: 'throws',
  },
  {
    says: 'an outage afterwards is not noticed',
    needs: 'outage',
    carrier: 'bearer',
    before: 'warm up, then go offline',
    status: 200,
    auth: 'signed in',
  },
]

/** Every case, in the order they are run. */
export const contractCases: readonly ContractCase[] = [
  ...accepted,
  ...refused,
  ...spoiled,
  ...(crossSite as readonly ContractCase[]),
  ...policies,
  ...vendor,
]
