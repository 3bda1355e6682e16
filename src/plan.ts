/**
 * What the core knows of an app that moves from one vendor to another: who counts, and as whom.
 * `authmux/migrate` makes such plans.
 */

import type { AuthError, AuthErrorCode } from './errors.js'
import type { EndpointContext, ProviderSession } from './provider.js'
import type { RequestView } from './request.js'
import type { ActiveProvider } from './resolve-provider.js'

/** A session a provider has verified, and what the user is called in the app. */
export interface Identified {
  readonly session: ProviderSession
  readonly userId: string
}

/** What a plan gets from the app it is part of. */
export interface PlanTools extends EndpointContext {
  /** The providers that count now, the primary one first. */
  readonly accepted: readonly ActiveProvider[]
  /**
   * Verifies what a request carries of one provider, and of no other.
   * @param headers Collects what the answer must carry.
   * @returns `null` when it carries nothing of that provider.
   * @throws {AuthError} the provider's refusal; `provider_unavailable`, `config_invalid`.
   */
  verify(
    view: RequestView,
    active: ActiveProvider,
    revocation: 'token' | 'session',
    headers: Headers,
  ): Promise<Identified | null>
  /** Ends a session at its vendor, and makes the browser forget it. */
  end(
    view: RequestView,
    active: ActiveProvider,
    session: ProviderSession,
    headers: Headers,
  ): Promise<void>
  /** Makes the browser forget a session. */
  clear(view: RequestView, active: ActiveProvider, headers: Headers): Promise<void>
  /** Tells the operator of an error that no answer shows. */
  report(error: AuthError): void
}

/** What somebody who compares two vendors wants to know. */
export interface PlanShadow {
  /** Whether this request is one to look at. */
  isSampled(): boolean
  /**
   * Id in the app of a verified user, as far as it can be told without a vendor.
   * @returns `undefined` where a vendor would have to be asked; `null` for a user without one.
   */
  knownUserId(
    active: ActiveProvider,
    session: ProviderSession,
    now: number,
  ): Promise<string | null | undefined>
  /** Told of every comparison. */
  tell(comparison: Comparison): void
}

/** What one vendor says of a request, without saying who it is. */
export interface SideFacts {
  /** Key of the provider. */
  readonly provider: string
  /** Why its session does not count; `null` for one that does. */
  readonly code: AuthErrorCode | null
}

/** What two vendors say of one request. */
export interface Comparison {
  readonly outcome:
    | 'same_person'
    | 'different_person'
    /** The session of the one that decides is refused, the other one would count. */
    | 'primary_refused'
    | 'other_refused'
    | 'both_refused'
    /** One of them could not tell: keys, or an id, would have had to be fetched. */
    | 'not_compared'
  /** What the two say differently of the same person. */
  readonly differences: readonly ('roles' | 'permissions')[]
  /** The vendor that has decided. */
  readonly primary: SideFacts
  readonly other: SideFacts
}

/** A move from one vendor to another. */
export interface Plan {
  readonly contract: 1
  /**
   * Keys of the providers to make: all that may count before the next start of the process.
   * @throws {AuthError} `config_invalid`.
   */
  providers(): readonly string[]
  /** Told the providers that were made, once and before anything else is asked of it. */
  attach(active: readonly ActiveProvider[]): void
  /**
   * Keys of the providers that count, the primary one first.
   * @param now Milliseconds since the epoch.
   * @throws {AuthError} `config_invalid`, `provider_unavailable`.
   */
  accepted(now: number): readonly string[]
  /**
   * Id of a verified user in the app.
   * @param now Milliseconds since the epoch.
   * @throws {AuthError} `forbidden` for a user the app does not know; `provider_unavailable`.
   */
  identify(active: ActiveProvider, session: ProviderSession, now: number): string | Promise<string>
  /**
   * Id at a vendor of a user of the app; the reverse of `identify`.
   * @returns `null` when the vendor knows no such user.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  subjectOf(active: ActiveProvider, userId: string): Promise<string | null>
  /**
   * Id in the app of a user a vendor tells of.
   * @param readAppId Gives the id of the app the vendor keeps with the user, where that is asked for.
   * @returns `null` for a user the app does not know.
   * @throws {AuthError} `provider_unavailable`; `config_invalid` for a provider that is not of the plan.
   */
  appIdOf(
    user: { readonly provider: string; readonly subject: string },
    readAppId: () => Promise<string | null>,
  ): Promise<string | null>
  /** Compares what both vendors say, where a request carries both; without it, nothing is compared. */
  readonly shadow?: PlanShadow
  /**
   * Answers requests to the plan's own endpoints below the auth path.
   * @returns `null` where it has none.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  handle(request: Request, tools: PlanTools): Promise<Response | null>
}
