/** The normalised result of looking at a request: who is signed in, or why nobody is. */

import type { JsonObject } from './jwt/token.js'
import type { NativeSessions, Permission, ProviderName, Role, SessionClaims } from './register.js'

/** What `has()` and a policy can ask of a session; every given field must hold. */
export interface Requirement {
  /** Application-wide role. */
  readonly role?: Role
  /** Application-wide permission. */
  readonly permission?: Permission
  /** Active organisation. */
  readonly orgId?: string
  /** Role in the active organisation, as the vendor spells it: `org:admin`. */
  readonly orgRole?: string
  /** Permission in the active organisation, as the vendor spells it: `org:invoices:read`. */
  readonly orgPermission?: string
}

/** Which token to get. */
export interface GetTokenOptions {
  /** Named token configured at the provider; without it, the session token of the request. */
  readonly template?: string
  /** Lifetime asked for, in seconds; default the template's own. Never beyond the session's. */
  readonly expiresInSeconds?: number
}

/** Why a request is signed out. */
export type SignedOutReason =
  | 'no_credentials'
  | 'token_expired'
  | 'token_invalid'
  | 'session_revoked'
  | 'session_pending'
  | 'csrf_rejected'

/** The part of a signed-in session that is plain data. */
export interface SessionData {
  /** Key of the provider in `providers`. */
  readonly provider: ProviderName
  /** Id of the user in this app. */
  readonly userId: string
  /** Id of the user at the vendor: the token's `sub`. */
  readonly providerUserId: string
  /** Id of the session at the vendor. */
  readonly sessionId: string
  /** Tenant the session belongs to; `null` where the vendor has none. */
  readonly tenantId: string | null
  /** Active organisation; `null` when none is active or the vendor has none. */
  readonly orgId: string | null
  /** Role in the active organisation, as the vendor spells it; `null` without one. */
  readonly orgRole: string | null
  /** Permissions in the active organisation, as the vendor spells them. */
  readonly orgPermissions: readonly string[]
  /** Application-wide roles; never an organisation's. */
  readonly roles: readonly Role[]
  /** Application-wide permissions; never an organisation's. */
  readonly permissions: readonly Permission[]
  /** Who acts as this user (RFC 8693 §4.1); `null` when the user does. */
  readonly actor: JsonObject | null
  /** Verified claims of the session token, frozen. */
  readonly claims: SessionClaims
  /** `iat` of the session token. */
  readonly issuedAt: Date
  /** `exp` of the session token. */
  readonly expiresAt: Date
  /**
   * When the user last proved who they are; `null` when that is not known. Some vendors are only
   * asked for it when a policy has `maxAuthAgeSeconds`.
   */
  readonly authenticatedAt: Date | null
}

/** Somebody is signed in. */
export type SignedInAuth = {
  [Name in ProviderName]: SignedIn<Name>
}[ProviderName]

interface SignedIn<Name extends ProviderName> extends SessionData {
  readonly isAuthenticated: true
  readonly provider: Name
  readonly reason: null
  /**
   * A token for another service.
   * @throws {AuthError} `provider_unavailable`; `config_invalid` for a template that does not exist.
   */
  getToken(options?: GetTokenOptions): Promise<string>
  /** Whether every given requirement holds; `false` when none is given. */
  has(requirement: Requirement): boolean
  /** The vendor's own session object, typed once `provider` has been compared. */
  native(): Promise<Name extends keyof NativeSessions ? NativeSessions[Name] : unknown>
  /** The plain data, for `JSON.stringify`. */
  toJSON(): SessionData & { readonly isAuthenticated: true; readonly reason: null }
}

/** Nobody is signed in; the same keys, empty. */
export interface SignedOutAuth {
  readonly isAuthenticated: false
  /** Why: nothing was sent, or what was sent does not count. */
  readonly reason: SignedOutReason
  readonly provider: null
  readonly userId: null
  readonly providerUserId: null
  readonly sessionId: null
  readonly tenantId: null
  readonly orgId: null
  readonly orgRole: null
  readonly orgPermissions: readonly []
  readonly roles: readonly []
  readonly permissions: readonly []
  readonly actor: null
  readonly claims: null
  readonly issuedAt: null
  readonly expiresAt: null
  readonly authenticatedAt: null
  getToken(options?: GetTokenOptions): Promise<null>
  has(requirement: Requirement): false
  native(): Promise<null>
  toJSON(): Omit<SignedOutAuth, 'getToken' | 'has' | 'native' | 'toJSON'>
}

/** Result of `getAuth`; `isAuthenticated` tells the two apart. */
export type Auth = SignedInAuth | SignedOutAuth

const nothing: readonly [] = Object.freeze([])

const signedOutAuths = new Map<SignedOutReason, SignedOutAuth>()

/** The object for everybody who is signed out for one reason: there is nothing in it but the reason. */
export function signedOut(reason: SignedOutReason): SignedOutAuth {
  const present = signedOutAuths.get(reason) ?? createSignedOut(reason)
  signedOutAuths.set(reason, present)
  return present
}

function createSignedOut(reason: SignedOutReason): SignedOutAuth {
  const data = {
    isAuthenticated: false,
    reason,
    provider: null,
    userId: null,
    providerUserId: null,
    sessionId: null,
    tenantId: null,
    orgId: null,
    orgRole: null,
    orgPermissions: nothing,
    roles: nothing,
    permissions: nothing,
    actor: null,
    claims: null,
    issuedAt: null,
    expiresAt: null,
    authenticatedAt: null,
  } as const
  return Object.freeze({
    ...data,
    getToken: async () => null,
    has: () => false as const,
    native: async () => null,
    toJSON: () => ({ ...data }),
  })
}
