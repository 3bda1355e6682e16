/** Signing out while two vendors count: the sessions of both end, and the browser forgets both. */

import { contextFor, type Verdict } from './authenticate.js'
import { type Engine, plainScrutiny } from './engine.js'
import { type AuthError, isAuthError } from './errors.js'
import { lapsedSession } from './lapsed-session.js'
import type { Setup } from './options.js'
import type { Plan } from './plan.js'
import type { AuthContext, ProviderSession } from './provider.js'
import { type RequestSource, type RequestView, viewRequest } from './request.js'
import { type ActiveProvider, resolveProvider } from './resolve-provider.js'

/**
 * Also sessions of a vendor that counts no more are ended. A vendor that does not answer keeps
 * nobody from signing out at the other.
 * @throws {AuthError} `csrf_rejected`; `provider_unavailable` after all the rest is done.
 */
export async function endBoth(
  engine: Engine,
  setup: Setup,
  plan: Plan,
  verdict: Verdict,
  request: RequestSource,
  everywhere: boolean,
): Promise<void> {
  if (verdict.kind === 'signed-out' && verdict.reason === 'csrf_rejected') throw verdict.error
  const view = viewRequest(request)
  const headers = new Headers()
  const userId = verdict.kind === 'signed-in' ? verdict.auth.userId : null
  if (everywhere && userId === null && verdict.kind === 'signed-out' && verdict.error) {
    throw verdict.error
  }
  const failures: AuthError[] = []
  for (const active of setup.active) {
    const credential = resolveProvider(view, [active])
    const context =
      credential.kind === 'owned'
        ? contextFor(credential, setup, plainScrutiny, engine.world, headers, async () => undefined)
        : null
    try {
      if (everywhere && userId !== null) {
        await endAll(active, context ?? bareContext(active, setup, engine, headers), plan, userId)
      } else if (context) {
        const session = await sessionOf(view, active, context)
        if (session) await active.provider.sessions?.revoke(session, context)
      }
    } catch (error) {
      if (!isAuthError(error)) throw error
      failures.push(error)
    }
    try {
      if (context) await active.provider.sessions?.clear(view, context)
    } catch (error) {
      if (!isAuthError(error)) throw error
      failures.push(error)
    }
  }
  await engine.deliver(headers, request)
  const [failure] = failures
  if (failure) throw failure
}

async function endAll(
  active: ActiveProvider,
  context: AuthContext,
  plan: Plan,
  userId: string,
): Promise<void> {
  const subject = await plan.subjectOf(active, userId)
  if (subject !== null) await active.provider.sessions?.revokeAll(subject, context)
}

/** For calls about a user rather than about what a request carries. */
function bareContext(
  active: ActiveProvider,
  setup: Setup,
  { world }: Engine,
  headers: Headers,
): AuthContext {
  const owned = { kind: 'owned', active, credential: { source: 'cookie' } } as const
  return contextFor(owned, setup, plainScrutiny, world, headers, async () => undefined)
}

async function sessionOf(
  view: RequestView,
  active: ActiveProvider,
  context: AuthContext,
): Promise<ProviderSession | null> {
  try {
    return await active.provider.authenticate(view, context)
  } catch (error) {
    if (!isAuthError(error) || error.status >= 500) throw error
    return lapsedSession(view, active, context, error)
  }
}
