/** What a plan can do with the sessions of both vendors, one at a time. */

import { Context } from './context.js'
import { isSameSite } from './csrf.js'
import type { Engine } from './engine.js'
import { AuthError } from './errors.js'
import type { Setup } from './options.js'
import type { PlanTools } from './plan.js'
import type { AuthContext, EndpointContext, ProviderSession } from './provider.js'
import type { RequestView } from './request.js'
import { type ActiveProvider, resolveProvider } from './resolve-provider.js'
import { addHeaders } from './response.js'

export function planTools(
  engine: Pick<Engine, 'world' | 'report'>,
  setup: Setup,
  context: EndpointContext,
  accepted: readonly ActiveProvider[],
): PlanTools {
  /** The context of one provider alone; `null` when the request carries nothing of it. */
  function contextOf(
    view: RequestView,
    active: ActiveProvider,
    revocation: 'token' | 'session',
  ): AuthContext | null {
    const resolution = resolveProvider(view, [active])
    if (resolution.kind !== 'owned') return null
    const scrutiny = { revocation, needsAuthenticatedAt: false, vendor: undefined }
    const { credential } = resolution
    const send = async () => undefined
    return new Context(credential, active, setup, scrutiny, engine.world, send, undefined)
  }

  return {
    ...context,
    accepted,
    async verify(view, active, revocation, headers) {
      const own = contextOf(view, active, revocation)
      if (!own) return null
      if (own.credential.source === 'cookie' && !isSameSite(view, setup.origins)) {
        throw new AuthError('csrf_rejected', 'The request comes from another site')
      }
      let session: ProviderSession | null
      try {
        session = await active.provider.authenticate(view, own)
      } finally {
        addHeaders(own.responseHeaders, headers)
      }
      if (!session) return null
      await setup.revocations?.check(active.name, session, context.now())
      const userId = setup.plan
        ? await setup.plan.identify(active, session, context.now())
        : session.subject
      return { session, userId }
    },
    async end(view, active, session, headers) {
      const own = contextOf(view, active, 'token')
      if (!own || !active.provider.sessions) return
      await active.provider.sessions.revoke(session, own)
      await active.provider.sessions.clear(view, own)
      addHeaders(own.responseHeaders, headers)
    },
    async clear(view, active, headers) {
      const own = contextOf(view, active, 'token')
      if (!own) return
      await active.provider.sessions?.clear(view, own)
      addHeaders(own.responseHeaders, headers)
    },
    report: engine.report,
  }
}
