/** Signing out: the session ends at the vendor, and the browser forgets it. */

import { type Engine, plainScrutiny } from './engine.js'
import { missingCapability } from './errors.js'
import { lapsedSession } from './lapsed-session.js'
import { type RequestSource, viewRequest } from './request.js'
import type { ResponseTarget } from './response.js'

/**
 * Ends the session of a request, also when its token has run out.
 * @param everywhere Whether to end all sessions of the user instead; a token that has run out does not.
 * @throws {AuthError} `csrf_rejected`, `provider_unavailable`, `config_invalid`; with `everywhere`
 * whatever the credential is refused for.
 */
export async function endSessions(
  engine: Engine,
  everywhere: boolean,
  source: RequestSource | undefined,
  response: ResponseTarget | undefined,
): Promise<void> {
  const { plan } = engine.setup()
  if (plan) {
    const { endBoth } = await import('./sign-out-both.js')
    return endBoth(engine, plan, everywhere, source, response)
  }
  const { verdict, request } = await engine.judge(source, plainScrutiny, response)
  const { active, context } = verdict
  if (!active || !context) return
  // What another site sends must not sign anybody out either.
  if (verdict.kind === 'signed-out' && verdict.reason === 'csrf_rejected') throw verdict.error
  const { sessions } = active.provider
  if (!sessions) throw missingCapability(active.name, 'sessions')
  // A token from long ago still names a session of its own, and no longer speaks for all the others.
  if (everywhere && verdict.kind === 'signed-out' && verdict.error) throw verdict.error
  const view = viewRequest(request)
  const session =
    verdict.kind === 'signed-in'
      ? verdict.session
      : await lapsedSession(view, active, context, verdict.error)
  if (session && everywhere) await sessions.revokeAll(session.subject, context)
  else if (session) await sessions.revoke(session, context)
  await sessions.clear(view, context)
  await context.deliver()
}
