/**
 * The contract between authmux and a vendor: all a provider has to be, and all it may be besides.
 *
 * A provider is a plain object (`satisfies AuthProvider`); `describeProvider` of `authmux/testing`
 * proves it. Everything optional is declared by being there.
 */

import type { Awaitable } from './awaitable.js'
import type { AuthError } from './errors.js'
import type { CompactToken, JsonObject } from './jwt/token.js'
import type { ProviderUsers } from './provider-users.js'
import type { RequestView } from './request.js'
import type { GetTokenOptions } from './session.js'

export type { ProviderUser, ProviderUsers } from './provider-users.js'

/** A vendor, as authmux sees it. */
export interface AuthProvider<Native = unknown> {
  /** Version of this contract; any other is refused. */
  readonly contract: 1
  /** Vendor's name, for messages. */
  readonly name: string
  /**
   * Whether a bearer token is this vendor's to judge, by its shape and the issuer it names. Decides
   * routing only: what it says is not verified yet.
   */
  owns(token: CompactToken): boolean
  /** Whether the request carries this vendor's session cookies; without it, there are none. */
  carries?(view: RequestView): boolean
  /**
   * Verifies the credentials a request carries.
   * @returns `null` only when it carries none; never because of a failure.
   * @throws {AuthError} `token_expired`, `token_invalid`, `session_revoked`, `session_pending`,
   * `forbidden` (the vendor's own conditions are not met), `provider_unavailable`, `config_invalid`;
   * at once, or by rejecting.
   */
  authenticate(view: RequestView, context: AuthContext): Awaitable<ProviderSession<Native> | null>
  /**
   * Checks what takes work: keys are readable, the SDK loads and agrees with the options.
   * @throws {AuthError} `config_invalid`, `provider_unavailable`.
   */
  check?(): Promise<void>
  /** What the vendor's browser SDK needs in an error answer. */
  challenge?(error: AuthError): Challenge
  /** Endpoints of the vendor to serve below the app's auth path. */
  readonly endpoints?: ProviderEndpoints
  /** How to heal an expired session while the browser loads a document. */
  readonly navigation?: ProviderNavigation
  /** Ending of sessions. */
  readonly sessions?: ProviderSessions
  /** The vendor's user records. */
  readonly users?: ProviderUsers
  /** Handing sessions over from one vendor to another. */
  readonly handOver?: ProviderHandOver
}

/** What a provider is told besides the request. */
export interface AuthContext {
  /** Where the credentials to judge are: the bearer token given, or the vendor's cookies. */
  readonly credential:
    | { readonly source: 'bearer'; readonly token: CompactToken }
    | { readonly source: 'cookie' }
  /** `token`: a valid token is enough; `session`: the vendor has to confirm the session lives. */
  readonly revocation: 'token' | 'session'
  /**
   * Whether nobody may be asked: a verdict that would take more than the keys there are is
   * `provider_unavailable`. Default `false`.
   */
  readonly isOffline?: boolean
  /** Whether `authenticatedAt` is needed, where finding it out takes a call. */
  readonly needsAuthenticatedAt: boolean
  /** Per-route options for this provider; `undefined` when there are none. */
  readonly vendorPolicy: unknown
  /** Origins of the app; the first is its main one. */
  readonly origins: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** For calls to the vendor: the app's choice. */
  readonly fetch: typeof fetch
  /** A value made once and kept: for the process, or for this `createAuth` if it has its own clock. */
  readonly keep: <Value>(name: string, create: () => Value) => Value
  /** Headers the answer must carry, such as replaced tokens; sent wherever that is possible. */
  readonly responseHeaders: Headers
  /** Sends `responseHeaders` and empties them; for what is added after `authenticate` is done. */
  deliver(): Awaitable<void>
  /** To be told, by a provider that can, which token it is about to verify; for telemetry. */
  readonly onToken?: ((token: CompactToken) => void) | undefined
}

/** A session a provider has verified. */
export interface ProviderSession<Native = unknown> {
  /** Id of the user at the vendor. */
  readonly subject: string
  /** Id of the session at the vendor. */
  readonly sessionId: string
  /** Tenant the session belongs to; `null` where the vendor has none. */
  readonly tenantId: string | null
  /** Active organisation; `null` when none is active or the vendor has none. */
  readonly orgId: string | null
  /** Role in the active organisation, as the vendor spells it; `null` without one. */
  readonly orgRole: string | null
  /** Permissions in the active organisation, as the vendor spells them; empty without one. */
  readonly orgPermissions: readonly string[]
  /** Application-wide roles; `null` when the provider is not configured to know any. */
  readonly roles: readonly string[] | null
  /** Application-wide permissions; `null` when the provider is not configured to know any. */
  readonly permissions: readonly string[] | null
  /** Who acts as this user (RFC 8693 §4.1); `null` when the user does. */
  readonly actor: JsonObject | null
  /** Verified claims that are safe to show to handlers, deep-frozen. */
  readonly claims: JsonObject
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** Seconds since the epoch. */
  readonly expiresAt: number
  /** Seconds since the epoch; `null` when it is not known. */
  readonly authenticatedAt: number | null
  /**
   * The token of the request, or another one of its session.
   * @throws {AuthError} `provider_unavailable`; `config_invalid` for a template there is not.
   */
  getToken(options?: GetTokenOptions): Promise<string>
  /**
   * The session as the vendor's own SDK has it.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  native(): Promise<Native>
}

/** What an error answer needs so that the vendor's browser SDK understands it. */
export interface Challenge {
  /** Status instead of the usual one, where the vendor's SDK can be configured to expect another. */
  readonly status?: number
  /** Members added to the problem document. */
  readonly members?: JsonObject
}

/** What the provider's endpoints and navigation are told besides the request. */
export type EndpointContext = Pick<AuthContext, 'origins' | 'now' | 'fetch' | 'keep'> & {
  /** The app's origin the request was made to, one of `origins`. */
  readonly origin: string
  /** Path the auth routes are mounted on, without a trailing slash: `/api/auth`. */
  readonly basePath: string
  /**
   * To be told of sessions that end while a request is served, and waited for; `undefined` when nobody
   * wants to know.
   * @throws {AuthError} `provider_unavailable`: the request has to be answered with that.
   */
  readonly onEnded?: ((end: SessionEnd) => Promise<void>) | undefined
}

/** The end of a session; where that is `null`, of all sessions of a user. */
export type SessionEnd =
  | { readonly sessionId: string }
  | { readonly sessionId: null; readonly subject: string }

/** Endpoints of a vendor, served by `authHandlers()`. */
export interface ProviderEndpoints {
  /** Path the vendor's configuration says they are on; without it, wherever the app mounts them. */
  readonly basePath?: string
  /** What a gateway puts in front of that path, for browsers; nothing by default. */
  readonly gatewayPath?: string
  /** Request headers the browser SDK sends across origins (`Access-Control-Allow-Headers`). */
  readonly corsHeaders: readonly string[]
  /** Whether a cross-site form may post to this path: an identity provider's answer, a webhook. */
  acceptsCrossSite(path: string): boolean
  /**
   * @returns `null` where no endpoint of the vendor answers.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  handle(request: Request, context: EndpointContext): Promise<Response | null>
}

/** Healing of sessions whose token ran out while the browser was away. */
export interface ProviderNavigation {
  /** How the request's cookies look, unverified: good enough to choose a redirect by, no more. */
  inspect(view: RequestView, now: number): Promise<Inspection>
  /**
   * One attempt to heal, or its second half when the browser comes back from the vendor.
   * @throws {AuthError} `provider_unavailable`.
   */
  heal(request: Request, context: HealContext): Promise<HealResult>
}

/** What an attempt to heal is told besides the request. */
export interface HealContext extends EndpointContext {
  /** Whether the browser comes back from the vendor, so that what it brings may be the answer. */
  readonly isReturning: boolean
}

/** What a glance at the cookies tells. */
export interface Inspection {
  /**
   * `absent`: no session. `fresh`: one that has not run out. `healable`: one that has, and `heal`
   * may help. `expired`: one that has, and only the vendor's browser SDK can help.
   */
  readonly state: 'absent' | 'fresh' | 'healable' | 'expired'
  /** The credential looked at, so that no attempt is made twice for one; never stored as it is. */
  readonly credential: string
}

/** Outcome of an attempt to heal, with headers for the answer: new tokens, or cleared ones. */
export type HealResult =
  | { readonly outcome: 'healed' | 'ended'; readonly headers: Headers }
  /** The browser has to visit the vendor and will come back to the address it was healed at. */
  | { readonly outcome: 'away'; readonly headers: Headers; readonly location: string }

/** Ending of sessions. */
export interface ProviderSessions {
  /**
   * Ends one session at the vendor.
   * @throws {AuthError} `provider_unavailable`.
   */
  revoke(session: ProviderSession, context: AuthContext): Promise<void>
  /**
   * Ends every session of a user at the vendor.
   * @throws {AuthError} `provider_unavailable`.
   */
  revokeAll(subject: string, context: AuthContext): Promise<void>
  /** Makes the browser forget its session: adds the headers to `context.responseHeaders`. */
  clear(view: RequestView, context: AuthContext): Promise<void>
}

/** Handing sessions over from one vendor to another. */
export interface ProviderHandOver {
  /** What `mint` gives: a session begun by the server, or a ticket for a script in the browser. */
  readonly mints: MintedSession['kind']
  /** Whether the user can prove a second factor on the way to the session that is minted. */
  readonly asksForSecondFactor: boolean
  /**
   * What is known of a user's second factor, and of one in a session.
   * @param session `null` to ask about the user alone.
   * @throws {AuthError} `provider_unavailable`.
   */
  secondFactor(
    subject: string,
    session: ProviderSession | null,
  ): Promise<{ readonly isEnrolled: boolean; readonly isProven: boolean }>
  /**
   * Begins a session for a user, or gives what the user's browser begins one with.
   *
   * @param key Names the session that is handed over: again with the same key, what was begun
   * before and can be told is ended first.
   * @returns `null` when the vendor knows no such user.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  mint(subject: string, key: string, view: RequestView, now: number): Promise<MintedSession | null>
}

/** A session of the vendor's, or what a browser begins one with. */
export type MintedSession =
  /** The headers hand it to the browser. */
  | { readonly kind: 'session'; readonly headers: Headers }
  /** Good once, for two minutes at most; `expiresAt` in milliseconds since the epoch. */
  | { readonly kind: 'ticket'; readonly ticket: string; readonly expiresAt: number }
