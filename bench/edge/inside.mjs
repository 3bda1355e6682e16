/** What runs inside the edge runtime: requests and verdicts, with nothing of Node in reach. */

import { createClerkClient } from '@clerk/backend'
import { createAuth } from 'authmux'
import { clerk } from 'authmux/providers/clerk'
import { supertokens } from 'authmux/providers/supertokens'

/** @param {Record<string, string>} headers */
export const newRequest = (origin, headers) => new Request(origin, { headers })

export function clerkVerdicts(origin, options) {
  const backend = createClerkClient(options)
  const { getAuth } = createAuth({
    origins: [origin],
    providers: { clerk: () => clerk(options) },
  })
  const authenticateRequest = (request) => backend.authenticateRequest(request, options)
  return { getAuth, authenticateRequest }
}

export function superTokensVerdicts(origin, appInfo, jwks) {
  const { getAuth } = createAuth({
    origins: [origin],
    providers: {
      supertokens: () =>
        supertokens({
          appInfo,
          connectionURI: 'http://127.0.0.1:3567',
          jwks,
          requiredClaims: {},
          session: { useDynamicAccessTokenSigningKey: false },
          recipes: async () => ({ recipeList: [] }),
        }),
    },
  })
  return { getAuth }
}

/** One RSA-2048 signature checked by WebCrypto, with a key at hand. */
export async function rawVerify(jwk, token) {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
  const end = token.lastIndexOf('.')
  const input = new TextEncoder().encode(token.slice(0, end))
  const base64 = token
    .slice(end + 1)
    .replaceAll('-', '+')
    .replaceAll('_', '/')
  const signature = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  return async () => {
    const isGood = await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, signature, input)
    if (!isGood) throw new TypeError('wrong signature')
  }
}
