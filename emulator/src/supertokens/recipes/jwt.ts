/** Tokens the app has a core sign, and the keys to verify all a core signs. */

import { z } from 'zod'
import { json } from '../answer.js'
import type { CoreContext } from '../context.js'
import { anyTenant, type CoreEndpoint, get, nothing, post } from '../endpoint.js'
import { jsonObject } from '../fields.js'

const request = z.object({
  algorithm: z.string().toUpperCase(),
  jwksDomain: z.string(),
  payload: jsonObject,
  validity: z.number().int().positive('validity must be greater than or equal to 0'),
  useStaticSigningKey: z.boolean().default(true),
})

export const jwtEndpoints: readonly CoreEndpoint[] = [
  post('/recipe/jwt', request, sign),
  get('/recipe/jwt/jwks', nothing, async (_, { keys }) => ({
    keys: await keys.jwks(),
    status: 'OK',
  })),
  get(
    '/.well-known/jwks.json',
    nothing,
    async (_, { keys }) => {
      const cacheControl = `max-age=${await keys.maxAgeSeconds()}, must-revalidate`
      return json({ keys: await keys.jwks() }, { 'cache-control': cacheControl })
    },
    { ...anyTenant, isOpen: true },
  ),
]

async function sign(input: z.output<typeof request>, core: CoreContext): Promise<object> {
  if (input.algorithm !== 'RS256') return { status: 'UNSUPPORTED_ALGORITHM_ERROR' }
  const { keys } = core
  const key = await (input.useStaticSigningKey ? keys.fixed() : keys.dynamic())
  const iat = Math.floor(core.clock.now() / 1000)
  const claims = { iat, exp: iat + input.validity, iss: input.jwksDomain, ...input.payload }
  return { status: 'OK', jwt: await key.sign(claims, { typ: 'JWT' }) }
}
