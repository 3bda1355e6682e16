/** What operators can be told of besides errors: refusals, and every verdict with its duration. */

import type { AuthErrorCode } from './errors.js'
import type { ProviderName } from './register.js'
import type { SignedOutReason } from './session.js'

/** What `onEvent` is told; `type` tells kinds apart, and there may be more of them one day. */
export type AuthEvent = RefusalEvent

/**
 * Credentials were sent and did not count, or not for what was asked. Whoever sends none is no event.
 * Says nothing about who or where: no user, token, address or route.
 */
export interface RefusalEvent {
  readonly type: 'refused'
  /** Why; never `unauthenticated`, nor a failure. */
  readonly code: AuthErrorCode
  /** Key of the provider that was asked; `null` for a bearer token that is nobody's. */
  readonly provider: ProviderName | null
  /** How the credentials were sent. */
  readonly credential: 'bearer' | 'cookie'
  /** HTTP method; `null` in server components and actions. */
  readonly method: string | null
  /** Name of the token claim that was wrong, such as `iss`; `null` where it was something else. */
  readonly claim: string | null
  /** Field of the policy that was not met, such as `role`; `null` for a refused credential. */
  readonly policyField: string | null
}

/** What one verdict came to. */
export interface VerdictFacts {
  /** `error` for a failure that is no `AuthError`. */
  readonly outcome: 'signed_in' | SignedOutReason | AuthErrorCode | 'error'
  /** Whether no verdict was reached: the vendor or the configuration failed. */
  readonly isFailure: boolean
  /** Key of the provider that was asked; `null` when none was. */
  readonly provider: ProviderName | null
  /** Whether the token's signature had been verified before; `null` when there was none to verify. */
  readonly isCacheHit: boolean | null
}

/** Watches verdicts; `openTelemetry()` of `authmux/opentelemetry` is one. */
export interface AuthTelemetry {
  /**
   * Surrounds the work on one verdict.
   * @param reach Does the work and calls `record` once, before it settles.
   * @returns what `reach` returns; rejects with what it rejects with.
   */
  authenticate<Result>(
    reach: (record: (facts: VerdictFacts) => void) => Promise<Result>,
  ): Promise<Result>
  /** Counts a refusal. */
  refused(event: RefusalEvent): void
}
