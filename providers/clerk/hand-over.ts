/** Taking sessions over at Clerk: a ticket, with which the browser signs in. */

import type { ProviderHandOver, ProviderSession } from '../../src/provider.js'
import type { ClerkSdk } from './sdk.js'

/** Life of a ticket, in seconds: the browser uses it at once, or asks for another. */
const TICKET_SECONDS = 60

/** Tickets for users who exist; Clerk's sessions begin in the browser only. */
export function clerkHandOver(
  loadSdk: () => Promise<ClerkSdk>,
): Pick<ProviderHandOver, 'secondFactor' | 'mint'> {
  return {
    async secondFactor(subject, session) {
      const user = await (await loadSdk()).call(({ users }) => users.getUser(subject))
      return {
        isEnrolled: user?.twoFactorEnabled ?? false,
        isProven: session !== null && hasProvenSecondFactor(session),
      }
    },
    async mint(subject, _key, _view, now) {
      const sdk = await loadSdk()
      const user = await sdk.call(({ users }) => users.getUser(subject))
      // Nobody comes in by this door whom Clerk itself keeps out.
      if (!user || user.banned || user.locked) return null
      const token = await sdk.call(({ signInTokens }) =>
        signInTokens.createSignInToken({ userId: subject, expiresInSeconds: TICKET_SECONDS }),
      )
      if (!token?.token) return null
      return { kind: 'ticket', ticket: token.token, expiresAt: now + TICKET_SECONDS * 1000 }
    },
  }
}

/** The second number of `fva` is the age of the second factor in minutes; -1 without one. */
function hasProvenSecondFactor({ claims }: ProviderSession): boolean {
  const { fva } = claims
  const minutes: unknown = Array.isArray(fva) ? fva[1] : -1
  return Number.isSafeInteger(minutes) && (minutes as number) >= 0
}
