/**
 * A provider without a vendor: users and sessions in memory, real signed tokens, no network.
 *
 * The reference implementation of the contract, and the double to put behind `createAuth` or
 * `createNextAuth` in an app's tests.
 */

import { AuthError } from '../errors.js'
import { deepFreeze } from '../jwt/freeze.js'
import { pinnedPem } from '../jwt/keys.js'
import { type JsonObject, parseToken } from '../jwt/token.js'
import { verifyToken } from '../jwt/verify.js'
import type { AuthProvider, ProviderUser } from '../provider.js'
import { type TestCredentials, toCredentials } from './credentials.js'
import { createTestKey, type TestKey } from './key.js'
import { refuseProduction } from './production.js'

declare module '../register.js' {
  interface NativeSessions {
    memory: JsonObject
  }
}

/** Who is signed in, and how; everything but the user is optional. */
export interface MemorySession {
  readonly userId: string
  /** Default one made up. */
  readonly sessionId?: string
  /** Application-wide roles, one or several. */
  readonly role?: string | readonly string[]
  /** Application-wide permissions, one or several. */
  readonly permission?: string | readonly string[]
  readonly orgId?: string
  readonly orgRole?: string
  readonly orgPermissions?: readonly string[]
  readonly tenantId?: string
  /** Further claims of the token. */
  readonly claims?: JsonObject
  /** Seconds the token lives; default 3600. Negative for one that has expired. */
  readonly expiresInSeconds?: number
}

/** Options of {@link memoryProvider}. */
export interface MemoryProviderOptions {
  /** Origin requests are made to; default `http://localhost`. */
  readonly origin?: string
  /** Clock tokens are issued by, in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
  /** Key to sign with; default one made on first use, which takes a moment. */
  readonly key?: TestKey
}

/** The provider, and the switches a test has over it. */
export interface MemoryProvider extends AuthProvider<JsonObject> {
  /** Signs somebody in and gives the credentials to make requests with. */
  signedIn(session: MemorySession): Promise<TestCredentials>
  /** Ends a session, as the vendor would; noticed where a policy has `revocation: 'session'`. */
  revoke(sessionId: string): void
  /** Makes everything that would need the vendor fail, or work again. */
  setAvailable(isAvailable: boolean): void
}

const ISSUER = 'https://memory.invalid'
const COOKIE = 'memory_session'

/**
 * Makes a provider that has nobody signed in yet.
 * @throws {AuthError} `config_invalid` in production.
 */
export function memoryProvider(options: MemoryProviderOptions = {}): MemoryProvider {
  refuseProduction()
  const { origin = 'http://localhost', now = Date.now } = options
  const revoked = new Set<string>()
  const users = new Map<string, ProviderUser>()
  const sessions = new Map<string, string>()
  let key = options.key && Promise.resolve(options.key)
  let isAvailable = true

  function readKey(): Promise<TestKey> {
    key ??= createTestKey()
    return key
  }

  function callVendor(): void {
    if (isAvailable) return
    throw new AuthError('provider_unavailable', 'The memory provider is switched off')
  }

  return {
    contract: 1,
    name: 'memory',
    owns: ({ payload }) => payload.iss === ISSUER,
    carries: ({ cookies }) => cookies.get(COOKIE) !== null,
    async authenticate(view, context) {
      const { credential } = context
      const text = view.cookies.get(COOKIE)
      const token = credential.source === 'bearer' ? credential.token : parseToken(text ?? '')
      if (!token) throw new AuthError('token_invalid', 'The session token is malformed')
      context.onToken?.(token)
      const rules = { issuers: [ISSUER], clockSkewSeconds: 0, issuedAtSkewSeconds: 60 }
      const keys = pinnedPem((await readKey()).publicPem, 'memory')
      const claims = await verifyToken(token, keys, rules, context.now())
      const sessionId = String(claims.sid)
      if (context.revocation === 'session') {
        callVendor()
        if (revoked.has(sessionId)) throw new AuthError('session_revoked', 'The session has ended')
      }
      const { tenantId, orgId, orgRole } = claims as Record<string, string | undefined>
      return {
        subject: claims.sub,
        sessionId,
        tenantId: tenantId ?? null,
        orgId: orgId ?? null,
        orgRole: orgRole ?? null,
        orgPermissions: claims.orgPermissions as string[],
        roles: claims.roles as string[],
        permissions: claims.permissions as string[],
        actor: null,
        claims: deepFreeze(claims),
        issuedAt: claims.iat,
        expiresAt: claims.exp,
        authenticatedAt: claims.iat,
        getToken: async () => token.text,
        native: async () => claims,
      }
    },
    sessions: {
      async revoke({ sessionId }) {
        callVendor()
        revoked.add(sessionId)
      },
      async revokeAll(subject) {
        callVendor()
        for (const [id, user] of sessions) if (user === subject) revoked.add(id)
      },
      async clear(_view, { responseHeaders }) {
        responseHeaders.append('set-cookie', `${COOKIE}=; Path=/; Max-Age=0; HttpOnly`)
      },
    },
    users: {
      async get(subject) {
        callVendor()
        return users.get(subject) ?? null
      },
    },
    async signedIn({ userId, sessionId = crypto.randomUUID(), expiresInSeconds = 3600, ...rest }) {
      const issuedAt = Math.floor(now() / 1000) - Math.max(0, -expiresInSeconds) * 2
      const { role, permission, claims, orgPermissions = [], ...plain } = rest
      const token = await (await readKey()).sign(
        {
          ...claims,
          ...plain,
          iss: ISSUER,
          sub: userId,
          sid: sessionId,
          iat: issuedAt,
          exp: Math.floor(now() / 1000) + expiresInSeconds,
          roles: [role ?? []].flat(),
          permissions: [permission ?? []].flat(),
          orgPermissions,
        },
        { typ: 'JWT' },
      )
      sessions.set(sessionId, userId)
      users.set(userId, toUser(userId, now()))
      return toCredentials(token, `${COOKIE}=${token}`, origin)
    },
    revoke: (sessionId) => void revoked.add(sessionId),
    setAvailable(value) {
      isAvailable = value
    },
  }
}

function toUser(id: string, now: number): ProviderUser {
  return {
    id,
    emails: [{ address: `${id}@example.com`, verified: true }],
    phone: null,
    name: id,
    imageUrl: null,
    createdAt: new Date(now),
    metadata: {},
  }
}
