/** Tokens for other services, signed by the core, that can never pass for a session. */

import { configError, isAuthError } from '../../src/errors.js'
import type { ProviderSession } from '../../src/provider.js'
import type { GetTokenOptions } from '../../src/session.js'
import { refreshable } from './credentials.js'
import type { SuperTokensSdk } from './sdk.js'
import type { SuperTokensSettings } from './settings.js'

const DEFAULT_LIFETIME_SECONDS = 60

/** Claims of sessions and of every JWT, which a template may not set. */
const RESERVED = new Set([
  'iss',
  'sub',
  'iat',
  'exp',
  'nbf',
  'rsub',
  'tId',
  'stt',
  'sessionHandle',
  'refreshTokenHash1',
  'parentRefreshTokenHash1',
  'antiCsrfToken',
])

/**
 * @param now Milliseconds since the epoch.
 * @throws {AuthError} `config_invalid` for an unknown template or reserved claims;
 * `provider_unavailable`.
 */
export async function mintToken(
  sdk: SuperTokensSdk,
  { tokens = {} }: SuperTokensSettings,
  session: ProviderSession,
  { template, expiresInSeconds = DEFAULT_LIFETIME_SECONDS }: GetTokenOptions,
  now: number,
): Promise<string> {
  const name = `supertokens({ tokens: { ${template} } })`
  const create = template !== undefined && Object.hasOwn(tokens, template) && tokens[template]
  if (!create) {
    const message = `is not configured. Known templates: ${Object.keys(tokens).join(', ') || 'none'}`
    throw configError([{ name, message }])
  }
  const { subject, sessionId, tenantId, claims } = session
  const chosen = create({ userId: subject, sessionId, tenantId: tenantId ?? 'public', claims })
  const reserved = Object.keys(chosen).filter((claim) => RESERVED.has(claim))
  if (reserved.length > 0) {
    throw configError([{ name, message: `sets reserved claims: ${reserved.join(', ')}` }])
  }
  const remainingSeconds = Math.floor(session.expiresAt - now / 1000)
  if (remainingSeconds < 1) throw refreshable('has expired')
  const wanted = Number.isNaN(expiresInSeconds) ? DEFAULT_LIFETIME_SECONDS : expiresInSeconds
  const lifetimeSeconds = Math.max(1, Math.floor(Math.min(wanted, remainingSeconds)))
  try {
    return await sdk.sign({ ...chosen, sub: subject }, lifetimeSeconds)
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'token_invalid') throw error
    throw configError([{ name, message: 'is refused by the core' }], error)
  }
}
