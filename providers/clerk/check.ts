/** What of the configuration shows only when it is used. */

import { configError } from '../../src/errors.js'
import type { KeySource } from '../../src/jwt/keys.js'
import type { ClerkSdk } from './sdk.js'

/** @param pinned The key in the environment; `null` where Clerk is asked for its keys. */
export function clerkCheck(
  pinned: KeySource | null,
  loadSdk: () => Promise<ClerkSdk>,
): { check(): Promise<void> } {
  return {
    async check() {
      const sdk = await loadSdk()
      if (pinned) return void (await pinned.find(null))
      if (await sdk.call(({ jwks }) => jwks.getJwks())) return
      const message = 'is not where the Backend API is: there are no keys. Leave the version out'
      throw configError([{ name: 'CLERK_API_URL', message }])
    },
  }
}
