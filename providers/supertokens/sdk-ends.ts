/** Sessions that end inside the SDK while it serves a request: a sign-out, a stolen refresh token. */

import { getRequestFromUserContext } from 'supertokens-node'
import type { RecipeInterface as SessionFunctions } from 'supertokens-node/recipe/session'
import type { EndpointContext } from '../../src/provider.js'

type OnEnded = NonNullable<EndpointContext['onEnded']>

/** By request, as the SDK hands it on in its user context. */
const listeners = new WeakMap<object, OnEnded>()

/** Has the sessions that end while the SDK serves a request told. */
export function listenForEnds(request: object, onEnded: OnEnded): void {
  listeners.set(request, onEnded)
}

/**
 * Makes functions of the Session recipe tell of what they end, and wait for it. What the app ends
 * without a user context belongs to no request, and is told to nobody.
 */
export function tellOfEnds(functions: SessionFunctions): void {
  const { revokeSession, revokeMultipleSessions, revokeAllSessionsForUser } = functions

  async function tell(handles: readonly string[], context: UserContext) {
    const request = getRequestFromUserContext(context)
    const onEnded = request && listeners.get(request)
    if (!onEnded) return
    for (const sessionId of handles) await onEnded({ sessionId })
  }

  Object.assign(functions, {
    // Also one that is gone: whoever tries again after a failure has to get it told.
    async revokeSession(input) {
      const isRevoked = await revokeSession.call(functions, input)
      await tell([input.sessionHandle], input.userContext)
      return isRevoked
    },
    async revokeMultipleSessions(input) {
      const revoked = await revokeMultipleSessions.call(functions, input)
      await tell(input.sessionHandles, input.userContext)
      return revoked
    },
    async revokeAllSessionsForUser(input) {
      const revoked = await revokeAllSessionsForUser.call(functions, input)
      await tell(revoked, input.userContext)
      return revoked
    },
  } satisfies Partial<SessionFunctions>)
}

type UserContext = Parameters<SessionFunctions['revokeSession']>[0]['userContext']
