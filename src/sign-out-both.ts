/** Signing out while two vendors count: the sessions of both end, and the browser forgets both. */

import type { Verdict } from './authenticate.js'
import { Context } from './context.js'
import { isSameSite } from './csrf.js'
import { type Engine, plainScrutiny } from './engine.js'
import { type AuthError, isAuthError } from './errors.js'
import { lapsedSession } from './lapsed-session.js'
import type { Plan } from './plan.js'
import type { AuthContext, ProviderSession } from './provider.js'
import { type RequestSource, type RequestView, unwrapRequest, viewRequest } from './request.js'
import { type ActiveProvider, resolveProvider } from './resolve-provider.js'
import { addHeaders, type ResponseTarget } from './response.js'

/**
 * Also sessions of a vendor that counts no more are ended. A vendor that does not answer keeps
 * nobody from signing out at the other.
 * @throws {AuthError} `csrf_rejected`; `provider_unavailable` after all the rest is done.
 */
export async function endBoth(
  engine: Engine,
  plan: Plan,
  everywhere: boolean,
  source: RequestSource | undefined,
  target: ResponseTarget | undefined,
): Promise<void> {
  const failures: AuthError[] = []
  const given = source ?? (await engine.ambient.request())
  const { verdict, request } = await judge(engine, given, target, failures)
  if (verdict?.kind === 'signed-out' && verdict.error) {
    // What another site sends signs nobody out, and only a session that counts speaks for all others.
    if (everywhere || verdict.reason === 'csrf_rejected') throw verdict.error
  }
  const userId = everywhere && verdict?.kind === 'signed-in' ? verdict.auth.userId : null
  if (everywhere && userId === null && failures[0]) throw failures[0]
  const setup = engine.setup()
  const view = viewRequest(request)
  const headers = new Headers()
  for (const active of setup.active) {
    const resolution = resolveProvider(view, [active])
    const credential = resolution.kind === 'owned' ? resolution.credential : null
    if (credential?.source === 'cookie' && !isSameSite(view, setup.origins)) continue
    const context = new Context(
      credential ?? { source: 'cookie' },
      active,
      setup,
      plainScrutiny,
      engine.world,
      async () => undefined,
      undefined,
    )
    const attempts = [
      () => userId !== null && endAll(active, context, plan, userId),
      () => userId === null && credential && endOne(view, active, context),
      () => credential && active.provider.sessions?.clear(view, context),
    ]
    for (const attempt of attempts) await attemptTo(attempt, failures)
    addHeaders(context.responseHeaders, headers)
  }
  await engine.deliver(headers, request)
  const [failure] = failures
  if (failure) throw failure
}

/** The verdict, as far as one can be reached; the request itself in any case. */
async function judge(
  engine: Engine,
  source: RequestSource,
  target: ResponseTarget | undefined,
  failures: AuthError[],
): Promise<{ readonly verdict: Verdict | null; readonly request: RequestSource }> {
  try {
    return await engine.judge(source, plainScrutiny, target)
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'provider_unavailable') throw error
    failures.push(error)
    return { verdict: null, request: unwrapRequest(source) }
  }
}

async function attemptTo(attempt: () => unknown, failures: AuthError[]): Promise<void> {
  try {
    await attempt()
  } catch (error) {
    if (!isAuthError(error)) throw error
    failures.push(error)
  }
}

async function endOne(
  view: RequestView,
  active: ActiveProvider,
  context: AuthContext,
): Promise<void> {
  const session = await sessionOf(view, active, context)
  if (session) await active.provider.sessions?.revoke(session, context)
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
