/** A provider that tells the list of every session it ends. */

import type { AuthProvider, SessionEnd } from '../provider.js'
import type { EndedSession, EndedUser, Revocations } from './revocations.js'

/**
 * @param list Told after the vendor: whoever finds the session on the list and cannot end it any
 * more would leave it alive there.
 * @param load Asks the store, so that a check of the configuration does.
 */
export function watchProvider(
  name: string,
  provider: AuthProvider,
  list: Pick<Revocations, 'revoke'>,
  load: () => Promise<void>,
): AuthProvider {
  const { sessions, endpoints, navigation } = provider
  const onEnded = (end: SessionEnd) => list.revoke(toEnded(name, end))
  return {
    ...provider,
    async check() {
      await provider.check?.()
      await load()
    },
    ...(sessions && {
      sessions: {
        async revoke(session, context) {
          await sessions.revoke(session, context)
          await list.revoke({ provider: name, sessionId: session.sessionId })
        },
        async revokeAll(subject, context) {
          await sessions.revokeAll(subject, context)
          await list.revoke({ provider: name, providerUserId: subject })
        },
        clear: (view, context) => sessions.clear(view, context),
      },
    }),
    ...(endpoints && {
      endpoints: {
        ...endpoints,
        handle: (request, context) => endpoints.handle(request, { ...context, onEnded }),
      },
    }),
    ...(navigation && {
      navigation: {
        ...navigation,
        heal: (request, context) => navigation.heal(request, { ...context, onEnded }),
      },
    }),
  }
}

function toEnded(provider: string, end: SessionEnd): EndedSession | EndedUser {
  return end.sessionId === null
    ? { provider, providerUserId: end.subject }
    : { provider, sessionId: end.sessionId }
}
