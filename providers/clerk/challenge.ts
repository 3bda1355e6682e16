/** What ClerkJS needs in an error answer. */

import type { AuthError } from '../../src/errors.js'
import type { Challenge } from '../../src/provider.js'

/**
 * `useReverification()` of Clerk's browser SDK looks for this member in a 403 and asks the user to
 * prove who they are again.
 * @see https://clerk.com/docs/guides/secure/reverification (read 2026-11-21)
 */
export function clerkChallenge({ details }: AuthError): Challenge {
  const { unmet } = details
  if (unmet?.field !== 'maxAuthAgeSeconds') return {}
  const afterMinutes = Math.max(1, Math.ceil(Number(unmet.expected) / 60))
  return {
    members: {
      clerk_error: {
        type: 'forbidden',
        reason: 'reverification-error',
        metadata: { reverification: { level: 'first_factor', afterMinutes } },
      },
    },
  }
}
