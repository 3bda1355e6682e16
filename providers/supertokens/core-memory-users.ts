/** Making users in a core without a database, which imports none: step by step, and undone on failure. */

import { AuthError } from '../../src/errors.js'
import type { JsonObject } from '../../src/jwt/token.js'
import type { Creation, NewUser } from '../../src/provider-users.js'
import type { AskCore } from './core.js'

/** @throws {AuthError} `provider_unavailable`, `config_invalid`; then nothing is left behind. */
export async function createInMemory(
  ask: AskCore,
  tenantId: string,
  { appId, emails }: NewUser,
  password: string,
  metadata: JsonObject,
): Promise<Creation> {
  const { address: email = '', verified = false } = emails[0] ?? {}
  const tenant = `/${tenantId}`
  const made = await ask('POST', `${tenant}/recipe/signup`, { email, password })
  if ('refusal' in made) return { outcome: 'refused', reason: 'invalid' }
  if (made.body.status !== 'OK') return { outcome: 'exists' }
  const superTokensUserId = String((made.body.user as JsonObject | undefined)?.id)
  try {
    const names = { superTokensUserId, externalUserId: appId }
    const mapped = await ask('POST', '/recipe/userid/map', names)
    if ('refusal' in mapped || mapped.body.status !== 'OK') {
      await ask('POST', '/user/remove', { userId: superTokensUserId })
      return { outcome: 'exists' }
    }
    if (verified) await verify(ask, tenant, appId, email)
    await ask('PUT', '/recipe/user/metadata', { userId: appId, metadataUpdate: metadata })
    return { outcome: 'created', subject: appId }
  } catch (error) {
    await ask('POST', '/user/remove', { userId: superTokensUserId })
    throw error
  }
}

async function verify(ask: AskCore, tenant: string, userId: string, email: string): Promise<void> {
  const path = `${tenant}/recipe/user/email/verify`
  const token = await ask('POST', `${path}/token`, { userId, email })
  const proof = 'body' in token && { method: 'token', token: token.body.token }
  const done = proof ? await ask('POST', path, proof) : null
  if (done && 'body' in done && done.body.status === 'OK') return
  throw new AuthError('provider_unavailable', 'The core did not verify the address')
}
