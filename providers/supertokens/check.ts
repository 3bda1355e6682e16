/** What of the configuration shows only when it is used. */

import { readPinnedKeys } from './keys.js'
import type { SuperTokensSdk } from './sdk.js'
import type { SuperTokensSettings } from './settings.js'

export function superTokensCheck(
  { jwks }: SuperTokensSettings,
  loadSdk: () => Promise<SuperTokensSdk>,
): { check(): Promise<void> } {
  return {
    async check() {
      if (jwks) await readPinnedKeys(jwks)
      const sdk = await loadSdk()
      // Who pins the keys may want to start without a core.
      if (!jwks) await sdk.askForKeys()
    },
  }
}
