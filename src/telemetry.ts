/** Tells whoever listens of verdicts and refusals; without a listener, there is none of it. */

import type { Verdict } from './authenticate.js'
import type { Awaitable } from './awaitable.js'
import { type AuthErrorCode, type AuthErrorDetails, isAuthError } from './errors.js'
import type { AuthEvent, AuthTelemetry, RefusalEvent, VerdictFacts } from './events.js'
import type { CompactToken } from './jwt/token.js'
import type { RequestView } from './request.js'
import type { ActiveProvider } from './resolve-provider.js'

/** What becomes known on the way to a verdict, and is not part of it. */
export interface Trail {
  active: ActiveProvider | null
  token: CompactToken | null
}

/** Watches over the verdicts of one `createAuth`. */
export interface Observer {
  /** The verdict `reach` comes to, in view of whoever listens. */
  observe(view: RequestView, reach: (trail: Trail) => Awaitable<Verdict>): Promise<Verdict>
  /** Tells of a session that did not meet a policy. */
  refuse(view: RequestView, verdict: Verdict, error: unknown): void
}

export function createObserver(
  telemetry: AuthTelemetry | undefined,
  onEvent: ((event: AuthEvent) => void) | undefined,
): Observer {
  function tell(event: RefusalEvent): void {
    undisturbed(() => telemetry?.refused(event))
    // A request neither waits for that nor depends on it.
    if (onEvent) Promise.resolve(event).then(onEvent).catch(console.error)
  }

  function tellRefusal(view: RequestView, verdict: Verdict): void {
    if (verdict.kind === 'signed-in' || verdict.reason === 'no_credentials') return
    const { code, details } = verdict.error ?? { code: 'token_invalid', details: {} }
    tell(toEvent(view, verdict, code, details))
  }

  return {
    async observe(view, reach) {
      const trail: Trail = { active: null, token: null }
      if (!telemetry) {
        const verdict = await reach(trail)
        tellRefusal(view, verdict)
        return verdict
      }
      return telemetry.authenticate(async (record) => {
        try {
          const verdict = await reach(trail)
          const outcome = verdict.kind === 'signed-in' ? 'signed_in' : verdict.reason
          undisturbed(() => record(toFacts(outcome, false, trail)))
          tellRefusal(view, verdict)
          return verdict
        } catch (error) {
          const outcome = isAuthError(error) ? error.code : 'error'
          undisturbed(() => record(toFacts(outcome, true, trail)))
          throw error
        }
      })
    },
    refuse(view, verdict, error) {
      if (!isAuthError(error) || error.code !== 'forbidden') return
      tell(toEvent(view, verdict, error.code, error.details))
    },
  }
}

/** Whoever watches a verdict must not be able to change it by failing. */
function undisturbed(watch: () => void): void {
  try {
    watch()
  } catch (error) {
    console.error(error)
  }
}

function toFacts(
  outcome: VerdictFacts['outcome'],
  isFailure: boolean,
  { active, token }: Trail,
): VerdictFacts {
  const isCacheHit = token && token.verifiedBy !== null
  return { outcome, isFailure, provider: active?.name ?? null, isCacheHit }
}

function toEvent(
  { method }: RequestView,
  { active, context }: Verdict,
  code: AuthErrorCode,
  { claim, unmet }: AuthErrorDetails,
): RefusalEvent {
  return {
    type: 'refused',
    code,
    provider: active?.name ?? null,
    // Nobody's cookies are nothing at all, so what is nobody's is a bearer token.
    credential: context?.credential.source ?? 'bearer',
    method,
    claim: claim ?? null,
    policyField: unmet?.field ?? null,
  }
}
