/** Taking sessions over at SuperTokens: a session of its own, for a user who exists. */

import type { JsonObject } from '../../src/jwt/token.js'
import type { ProviderHandOver, ProviderSession } from '../../src/provider.js'
import type { SuperTokensSdk } from './sdk.js'

export type HandOverModule = typeof import('./sdk-hand-over.js')

/** The SDK's part of it, once the SDK is initialised. */
export async function loadHandOver(
  loadSdk: () => Promise<SuperTokensSdk>,
): Promise<HandOverModule> {
  await loadSdk()
  return import('./sdk-hand-over.js')
}

export function superTokensHandOver(
  [tenantId = 'public']: readonly string[],
  loadSdk: () => Promise<SuperTokensSdk>,
): Pick<ProviderHandOver, 'secondFactor' | 'mint'> {
  return {
    async secondFactor(subject, session) {
      const { hasSecondFactor } = await loadHandOver(loadSdk)
      return {
        isEnrolled: await hasSecondFactor(subject),
        isProven: session !== null && hasProvenSecondFactor(session),
      }
    },
    async mint(subject, key, view) {
      const { beginSession } = await loadHandOver(loadSdk)
      const headers = await beginSession(subject, key, view, tenantId)
      return headers && { kind: 'session', headers }
    },
  }
}

/** `st-mfa` lists the factors of a session, with the time each was proven at. */
function hasProvenSecondFactor({ claims }: ProviderSession): boolean {
  const { c } = (claims['st-mfa'] ?? {}) as JsonObject
  const factors = typeof c === 'object' && c !== null ? Object.keys(c) : []
  return factors.includes('totp') || factors.length > 1
}
