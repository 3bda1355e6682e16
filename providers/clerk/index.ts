/** `authmux/providers/clerk`: Clerk behind the neutral functions. */

import { digest } from '#platform'
import { type Awaitable, andThen, once } from '../../src/awaitable.js'
import { type KeySource, pinnedPem } from '../../src/jwt/keys.js'
import type { CompactToken } from '../../src/jwt/token.js'
import { type TokenRules, type VerifiedClaims, verifyToken } from '../../src/jwt/verify.js'
import { lazily } from '../../src/lazily.js'
import type { AuthContext, AuthProvider, ProviderSession } from '../../src/provider.js'
import { clerkChallenge } from './challenge.js'
import { carriesSession, suffixedNames } from './cookies.js'
import { checkAuthorizedParty, readCookieToken, refuseOtherTokens } from './credentials.js'
import type { ClerkOptions } from './options.js'
import type { ClerkNativeSession, ClerkSdk, WebhookEvent } from './sdk.js'
import { type ClerkSessionFunctions, toSession } from './session.js'
import { type ClerkSettings, readClerkSettings } from './settings.js'

export type { ClerkNativeSession, ClerkOptions, WebhookEvent as ClerkWebhookEvent }

type ClerkSession = ProviderSession<ClerkNativeSession>

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
  const findKeys = (context: AuthContext) => pinned ?? fetchedKeys(settings, context)
  const findKeysOnce = once(findKeys)
  let sdk: Promise<ClerkSdk> | undefined

  function loadSdk(): Promise<ClerkSdk> {
    sdk ??= import('./sdk.js').then(({ createSdk }) => createSdk(settings))
    return sdk
  }

  function verify(token: CompactToken, context: AuthContext): Awaitable<ClerkSession> {
    context.onToken?.(token)
    refuseOtherTokens(token)
    // What an offline look is refused must not be kept for those who may ask.
    return andThen((context.isOffline ? findKeys : findKeysOnce)(context), (keys) =>
      andThen(verifyToken(token, keys, rules, context.now()), (claims) => {
        checkAuthorizedParty(claims.azp, settings.authorizedParties)
        const session = toSession(claims, settings, functionsOf(claims, token, context))
        return context.revocation === 'session' ? confirm(session) : session
      }),
    )
  }

  async function confirm(session: ClerkSession): Promise<ClerkSession> {
    const { confirmSession } = await import('./sessions.js')
    await confirmSession(await loadSdk(), session)
    return session
  }

  function functionsOf(
    { sid }: VerifiedClaims,
    { text }: CompactToken,
    { origins }: AuthContext,
  ): ClerkSessionFunctions {
    return {
      async getToken(request) {
        const isOther = request?.template !== undefined || request?.expiresInSeconds !== undefined
        if (!isOther) return text
        const { mintToken } = await import('./sessions.js')
        return mintToken(await loadSdk(), sid as string, request)
      },
      async native() {
        const { nativeSession } = await import('./sessions.js')
        return nativeSession(await loadSdk(), text, origins[0] as string)
      },
    }
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
    authenticate(view, context) {
      const { credential, now } = context
      if (credential.source === 'bearer') return verify(credential.token, context)
      return andThen(readNames(), (names) => {
        const token = readCookieToken(view, names, settings, now)
        return token && verify(token, context)
      })
    },
    ...lazily(['check'], async () => (await import('./check.js')).clerkCheck(pinned, loadSdk)),
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
