/** The keys that sign access tokens: pinned in the environment, or fetched from the core. */

import { type Awaitable, once } from '../../src/awaitable.js'
import { configError } from '../../src/errors.js'
import { type KeySet, type KeySource, pinnedKeySet, readKeySet } from '../../src/jwt/keys.js'
import type { AuthContext } from '../../src/provider.js'
import type { SuperTokensSettings } from './settings.js'

/** Finds the keys for a request; one source per core and process, asked for once. */
export function superTokensKeys(
  settings: SuperTokensSettings,
): (context: AuthContext) => Awaitable<KeySource> {
  const { jwks } = settings
  if (jwks) return once(() => readPinnedKeys(jwks).then(pinnedKeySet))
  const fetchKeys = (context: AuthContext) => fetchedKeys(settings, context)
  const fetchKeysOnce = once(fetchKeys)
  // What an offline look is refused must not be kept for those who may ask.
  return (context) => (context.isOffline ? fetchKeys : fetchKeysOnce)(context)
}

async function fetchedKeys(
  { hosts, staleIfErrorSeconds }: SuperTokensSettings,
  { keep, fetch, now }: AuthContext,
): Promise<KeySource> {
  const { remoteKeys } = await import('../../src/jwt/remote-keys.js')
  return keep(`supertokens:keys:${hosts.join(';')}:${staleIfErrorSeconds}`, () =>
    remoteKeys({
      urls: hosts.map((host) => `${host}/.well-known/jwks.json`),
      fetch,
      now,
      vendor: 'SuperTokens',
      ...(staleIfErrorSeconds !== undefined && { staleIfErrorSeconds }),
    }),
  )
}

/**
 * The static keys among those in the environment; the dynamic ones beside them change every week.
 * @throws {AuthError} `config_invalid`.
 */
export async function readPinnedKeys(json: string): Promise<KeySet> {
  const keys = await readKeySet(parse(json))
  const fixed = new Map([...(keys ?? [])].filter(([kid]) => kid.startsWith('s-')))
  if (fixed.size > 0) return fixed
  const message = keys?.size ? 'holds no static key' : 'is not a JWK set with RSA keys'
  throw configError([{ name: 'SUPERTOKENS_JWKS', message }])
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
