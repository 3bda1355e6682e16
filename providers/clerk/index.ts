/** `authmux/providers/clerk`: Clerk behind the neutral functions. */

import { digest } from '#platform'
import { type Awaitable, once } from '../../src/awaitable.js'
import { type KeySource, pinnedPem } from '../../src/jwt/keys.js'
import { type TokenRules, verifyToken } from '../../src/jwt/verify.js'
import { lazily } from '../../src/lazily.js'
import type { AuthContext, AuthProvider, ProviderSession } from '../../src/provider.js'
import { clerkChallenge } from './challenge.js'
import { carriesSession, suffixedNames } from './cookies.js'
import { checkAuthorizedParty, readCookieToken, refuseOtherTokens } from './credentials.js'
import type { ClerkOptions } from './options.js'
import type { ClerkNativeSession, ClerkSdk, WebhookEvent } from './sdk.js'
import { toSessionData } from './session.js'
import { type ClerkSettings, readClerkSettings } from './settings.js'

export type { ClerkNativeSession, ClerkOptions, WebhookEvent as ClerkWebhookEvent }

declare module '../../src/register.js' {
  interface NativeSessions {
    clerk: ClerkNativeSession
  }
}

/**
 * The Clerk provider. Call it inside `providers`, so that its environment is read on first use.
 * @throws {AuthError} `config_invalid` with everything wrong with options and environment.
 */
export function clerk(options: ClerkOptions = {}): AuthProvider<ClerkNativeSession> {
  const settings = readClerkSettings(options)
  const pinned = settings.jwtKey ? pinnedPem(settings.jwtKey, 'CLERK_JWT_KEY') : null
  const rules: TokenRules = {
    issuers: settings.issuers,
    allowMissingType: true,
    clockSkewSeconds: settings.clockSkewInMs / 1000,
    issuedAtSkewSeconds: settings.clockSkewInMs / 1000,
    ...(settings.audience && { audience: settings.audience }),
  }
  const readNames = once(() => suffixedNames(settings.publishableKey))
  let fetched: (() => Awaitable<KeySource>) | undefined
  let sdk: Promise<ClerkSdk> | undefined

  function readKeys(context: AuthContext): Awaitable<KeySource> {
    if (pinned) return pinned
    fetched ??= once(() => fetchedKeys(settings, context))
    return fetched()
  }

  function loadSdk(): Promise<ClerkSdk> {
    sdk ??= import('./sdk.js').then(({ createSdk }) => createSdk(settings))
    return sdk
  }

  const users = lazily(['get', 'appId', 'subjectOf'], async () =>
    (await import('./users.js')).clerkUsers(loadSdk),
  )
  const intake = settings.userEvents?.from({ provider: 'clerk', users }) ?? null

  return {
    contract: 1,
    name: 'Clerk',
    owns: ({ payload }) => settings.issuers.includes(payload.iss as string),
    carries: carriesSession,
    async authenticate(view, context) {
      const { credential, now } = context
      const token =
        credential.source === 'bearer'
          ? credential.token
          : readCookieToken(view, await readNames(), settings, now())
      if (!token) return null
      context.onToken?.(token)
      refuseOtherTokens(token)
      const claims = await verifyToken(token, await readKeys(context), rules, now())
      checkAuthorizedParty(claims.azp, settings.authorizedParties)
      const data = toSessionData(claims, settings)
      if (context.revocation === 'session') {
        const { confirmSession } = await import('./sessions.js')
        await confirmSession(await loadSdk(), data)
      }
      const functions: Pick<ProviderSession<ClerkNativeSession>, 'getToken' | 'native'> = {
        async getToken(request) {
          const isOther = request?.template !== undefined || request?.expiresInSeconds !== undefined
          if (!isOther) return token.text
          const { mintToken } = await import('./sessions.js')
          return mintToken(await loadSdk(), data.sessionId, request)
        },
        async native() {
          const { nativeSession } = await import('./sessions.js')
          return nativeSession(await loadSdk(), token.text, context.origins[0] as string)
        },
      }
      return Object.assign(data, functions)
    },
    async check() {
      const sdk = await loadSdk()
      if (pinned) await pinned.find(null)
      else await sdk.call(({ jwks }) => jwks.getJwks())
    },
    challenge: clerkChallenge,
    endpoints: {
      corsHeaders: ['authorization'],
      acceptsCrossSite: (path) => path.endsWith('/webhooks'),
      ...lazily(['handle'], async () =>
        (await import('./endpoints.js')).clerkEndpoints(settings, intake, loadSdk),
      ),
    },
    navigation: lazily(['inspect', 'heal'], async () =>
      (await import('./navigation.js')).clerkNavigation(settings, readNames, loadSdk),
    ),
    sessions: lazily(['revoke', 'revokeAll', 'clear'], async () =>
      (await import('./sessions.js')).clerkSessions(readNames, loadSdk),
    ),
    users: {
      ...users,
      ...lazily(['findByEmail', 'verifyPassword', 'create', 'setPassword', 'list'], async () =>
        (await import('./accounts.js')).clerkAccounts(loadSdk),
      ),
    },
    handOver: {
      mints: 'ticket',
      asksForSecondFactor: true,
      ...lazily(['secondFactor', 'mint'], async () =>
        (await import('./hand-over.js')).clerkHandOver(loadSdk),
      ),
    },
  }
}

/** The instance's keys from the Backend API; one source per instance and process. */
async function fetchedKeys(settings: ClerkSettings, context: AuthContext): Promise<KeySource> {
  const { apiUrl, secretKey = '', staleIfErrorSeconds } = settings
  const { remoteKeys } = await import('../../src/jwt/remote-keys.js')
  return context.keep(
    `clerk:keys:${apiUrl}:${await digest(secretKey)}:${staleIfErrorSeconds}`,
    () =>
      remoteKeys({
        urls: [`${apiUrl}/v1/jwks`],
        headers: { authorization: `Bearer ${secretKey}` },
        secretName: 'CLERK_SECRET_KEY',
        fetch: context.fetch,
        now: context.now,
        vendor: 'Clerk',
        ...(staleIfErrorSeconds !== undefined && { staleIfErrorSeconds }),
      }),
  )
}
