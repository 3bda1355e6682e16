/** `authmux/providers/supertokens`: SuperTokens behind the neutral functions. */

import { type Awaitable, andThen, attempt } from '../../src/awaitable.js'
import { AuthError, isAuthError } from '../../src/errors.js'
import { deepFreeze } from '../../src/jwt/freeze.js'
import type { CompactToken } from '../../src/jwt/token.js'
import type { VerifiedClaims } from '../../src/jwt/verify.js'
import { lazily } from '../../src/lazily.js'
import type { AuthContext, AuthProvider, ProviderSession } from '../../src/provider.js'
import type { RequestView } from '../../src/request.js'
import { addHeaders } from '../../src/response.js'
import { looksLikeSession } from './access-token.js'
import { superTokensChallenge } from './challenge.js'
import {
  ACCESS_TOKEN_COOKIE,
  checkAntiCsrf,
  REFRESH_TOKEN_COOKIE,
  readAccessToken,
} from './credentials.js'
import { superTokensKeys } from './keys.js'
import { declaredRules, type SessionRules } from './rules.js'
import type { SessionContainer, SuperTokensSdk } from './sdk.js'
import type { SuperTokensPolicy } from './sdk-session.js'
import { toSession } from './session.js'
import { readSuperTokensSettings, type SuperTokensOptions } from './settings.js'
import { accessTokenVerifier, hasRequiredClaims, type VerifiedAccessToken } from './verify.js'

export type { AppInfo } from './app-info.js'
export { superTokensMoveIn } from './move-in.js'
export { type SuperTokensOverrides, superTokensUserEvents } from './user-events.js'
export type { SuperTokensOptions, SuperTokensPolicy }

/** Headers the browser SDK sends across origins: `getAllCORSHeaders()` of the SDK. */
const CORS_HEADERS = ['rid', 'fdi-version', 'anti-csrf', 'authorization', 'st-auth-mode']

/** Paths identity providers post their answers to, with a form, from their own sites. */
const CROSS_SITE_PATHS = /\/(?:callback\/apple|saml\/callback)$/

type SuperTokensSession = ProviderSession<SessionContainer>

declare module '../../src/register.js' {
  interface NativeSessions {
    supertokens: SessionContainer
  }
  interface VendorPolicies {
    readonly supertokens?: SuperTokensPolicy
  }
}

/**
 * The SuperTokens provider. Call it inside `providers`, so that its environment is read on first use.
 * @throws {AuthError} `config_invalid` with everything wrong with options and environment.
 */
export function supertokens(options: SuperTokensOptions): AuthProvider<SessionContainer> {
  const settings = readSuperTokensSettings(options)
  const declared = declaredRules(settings)
  const readKeys = superTokensKeys(settings)
  const verifyAccessToken = accessTokenVerifier(settings)
  const { verifyWithSdk } = lazily(['verifyWithSdk'], () => import('./sdk-session.js'))
  let sdk: Promise<SuperTokensSdk> | undefined
  let inForce = declared

  async function loadSdk(): Promise<SuperTokensSdk> {
    sdk ??= import('./sdk.js').then((module) => module.loadSdk(settings))
    const loaded = await sdk
    inForce = loaded.rules
    return loaded
  }

  return {
    contract: 1,
    name: 'SuperTokens',
    owns: (token) =>
      looksLikeSession(token) || settings.issuers.includes(token.payload.iss as string),
    carries: ({ cookies }) =>
      cookies.count(ACCESS_TOKEN_COOKIE) > 0 || cookies.count(REFRESH_TOKEN_COOKIE) > 0,
    authenticate(view, context) {
      return settings.requiredClaims
        ? judge(view, context, declared, false)
        : loadSdk().then(({ rules }) => {
            const asksSdk = rules.isCustom || rules.validators.length > 0
            return judge(view, context, rules, asksSdk)
          })
    },
    ...lazily(['check'], async () =>
      (await import('./check.js')).superTokensCheck(settings, loadSdk),
    ),
    challenge: (error) => superTokensChallenge(error, inForce),
    endpoints: {
      basePath: settings.addresses.basePath,
      gatewayPath: settings.addresses.gatewayPath,
      corsHeaders: CORS_HEADERS,
      acceptsCrossSite: (path) => CROSS_SITE_PATHS.test(path),
      ...lazily(['handle'], async () =>
        (await import('./endpoints.js')).superTokensEndpoints(settings, loadSdk),
      ),
    },
    navigation: lazily(['inspect', 'heal'], async () =>
      (await import('./navigation.js')).superTokensNavigation(loadSdk),
    ),
    sessions: {
      revoke: async ({ sessionId }) => (await loadSdk()).revoke(sessionId),
      revokeAll: async (subject) => (await loadSdk()).revokeAll(subject),
      clear: async (view, { responseHeaders }) =>
        addHeaders(await (await loadSdk()).clear(view), responseHeaders),
    },
    users: {
      ...lazily(['get', 'appId', 'subjectOf'], async () =>
        (await import('./users.js')).superTokensUsers(loadSdk),
      ),
      ...lazily(['findByEmail', 'verifyPassword', 'create', 'list'], async () =>
        (await import('./accounts.js')).superTokensAccounts(settings, loadSdk),
      ),
    },
    handOver: {
      mints: 'session',
      asksForSecondFactor: false,
      ...lazily(['secondFactor', 'mint'], async () =>
        (await import('./hand-over.js')).superTokensHandOver(settings.tenants, loadSdk),
      ),
    },
  }

  function judge(
    view: RequestView,
    context: AuthContext,
    rules: SessionRules,
    alwaysAsksSdk: boolean,
  ): Awaitable<SuperTokensSession | null> {
    const token = readAccessToken(view, context.credential, rules)
    if (!token) return null
    context.onToken?.(token)
    const policy = (context.vendorPolicy ?? {}) as SuperTokensPolicy
    const verified = attempt(
      () =>
        andThen(readKeys(context), (keys) => verifyAccessToken(token, keys, rules, context.now())),
      async (error) => {
        // A session of another issuer would be refused for ever: the client is told to forget it.
        if (isAuthError(error) && error.details.claim === 'iss') {
          addHeaders(await (await loadSdk()).clear(view), context.responseHeaders)
        }
        throw error
      },
    )
    return andThen(verified, (verified) => {
      if (context.credential.source === 'cookie') {
        checkAntiCsrf(view, verified.claims, rules, policy.antiCsrfCheck)
      }
      const asksSdk =
        alwaysAsksSdk ||
        context.revocation === 'session' ||
        policy.checkDatabase ||
        policy.overrideGlobalClaimValidators !== undefined ||
        // The first use of a refreshed token: the core has to see it, and issues another.
        typeof verified.claims.parentRefreshTokenHash1 === 'string' ||
        !hasRequiredClaims(verified.claims, settings)
      if (!asksSdk) return complete(null, token, verified, view, context)
      if (context.isOffline) {
        throw new AuthError('provider_unavailable', 'Only the core can tell, and is not asked')
      }
      return loadSdk()
        .then((sdk) => verifyWithSdk(sdk, view, context, policy, verified))
        .then((container) => complete(container, token, verified, view, context))
    })
  }

  function complete(
    container: SessionContainer | null,
    token: CompactToken,
    verified: VerifiedAccessToken,
    view: RequestView,
    context: AuthContext,
  ): Awaitable<SuperTokensSession> {
    const { claims, tenantId } = verified
    // A copy: what the SDK keeps stays the app's to change.
    const current: VerifiedClaims = container
      ? deepFreeze(structuredClone(container.getAccessTokenPayload()))
      : claims
    const memo = container ? { shownClaims: null } : token.memo
    let native = container && Promise.resolve(container)
    const unchecked = { antiCsrfCheck: false, overrideGlobalClaimValidators: () => [] }
    const signedInAt = context.needsAuthenticatedAt
      ? loadSdk().then((sdk) => sdk.signedInAt(current.sessionHandle as string))
      : null
    return andThen<number | null, SuperTokensSession>(signedInAt, (authenticatedAt) => {
      const session = toSession(current, tenantId, memo, {
        authenticatedAt,
        async getToken(request) {
          if (request?.template === undefined) return container?.getAccessToken() ?? token.text
          const { mintToken } = await import('./templates.js')
          return mintToken(await loadSdk(), settings, session, request, context.now())
        },
        native() {
          native ??= loadSdk().then((sdk) => verifyWithSdk(sdk, view, context, unchecked, verified))
          return native
        },
      })
      return session
    })
  }
}
