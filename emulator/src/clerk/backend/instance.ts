/** What servers ask of the instance itself. */

import { z } from 'zod'
import { type ClerkEndpoint, readQuery } from '../call.js'
import { redeemNonce } from '../handshake.js'

const nonceSchema = z.object({ nonce: z.string() })

export const instanceEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/jwks', handle: ({ state }) => state.keys.jwks },
  {
    method: 'GET',
    path: '/v1/clients/handshake_payload',
    handle: (call) => {
      const { nonce } = readQuery(call, nonceSchema)
      return { directives: redeemNonce(call.state, nonce) }
    },
  },
  {
    method: 'GET',
    path: '/v1/instance',
    handle: ({ state: { settings } }) => ({
      object: 'instance',
      id: settings.instanceId,
      environment_type: settings.isProduction ? 'production' : 'development',
      allowed_origins: null,
    }),
  },
]
