/** `authmux/testing/supertokens`: a core's keys and tokens, that exist in tests only. */

import type { JsonObject } from '../../src/jwt/token.js'
import { type TestCredentials, toCredentials } from '../../src/testing/credentials.js'
import { createTestKey, type TestKey } from '../../src/testing/key.js'
import { refuseProduction } from '../../src/testing/production.js'

/** Options of {@link createSuperTokensTestCore}. */
export interface SuperTokensTestOptions {
  /** `iss` of the sessions: `apiDomain` and `apiBasePath` of the app. */
  readonly issuer: string
  /** Origin requests are made to; default that of the issuer. */
  readonly origin?: string
  /** Whether to sign as with the static key: `useDynamicAccessTokenSigningKey: false`; default `false`. */
  readonly isStatic?: boolean
  /** Clock, in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
  /** Key to sign with, its `kid` starting with `d-` or `s-`; default a new one. */
  readonly key?: TestKey
}

/** Who is signed in. */
export interface SuperTokensTestSession {
  readonly userId: string
  /** Default one made up. */
  readonly sessionId?: string
  /** Default `public`. */
  readonly tenantId?: string
  /** Application-wide roles (`st-role`), one or several; without it, the claim is not there. */
  readonly role?: string | readonly string[]
  /** Application-wide permissions (`st-perm`), likewise. */
  readonly permission?: string | readonly string[]
  /** Further claims of the access token. */
  readonly claims?: JsonObject
  /** Seconds the token lives; default 3600, as a core's do. Negative for one that has expired. */
  readonly expiresInSeconds?: number
}

/** A core that signs sessions as SuperTokens does, and answers no calls but for its keys and version. */
export interface SuperTokensTestCore {
  /** What the core's JWKS endpoint would answer. */
  readonly jwks: { readonly keys: readonly JsonObject[] }
  /** A `fetch` to which this core's JWK set and version, on any host, is all the internet there is. */
  readonly fetch: typeof fetch
  /** Credentials of somebody with a session. */
  signedIn(session: SuperTokensTestSession): Promise<TestCredentials>
  /** A token with exactly these claims, signed by the core. */
  sign(claims: JsonObject, header?: JsonObject): Promise<string>
}

/**
 * Makes a core with a key pair of its own.
 * @throws {AuthError} `config_invalid` in production.
 */
export async function createSuperTokensTestCore(
  options: SuperTokensTestOptions,
): Promise<SuperTokensTestCore> {
  refuseProduction()
  const { issuer, origin = new URL(issuer).origin, isStatic = false, now = Date.now } = options
  const kid = isStatic ? `s-${crypto.randomUUID()}` : `d-${now()}`
  const key = options.key ?? (await createTestKey(kid))
  const jwks = { keys: [key.publicJwk] }
  const header = { typ: 'JWT', version: '5' }
  const answers: Readonly<Record<string, object>> = {
    '/.well-known/jwks.json': jwks,
    // The SDK asks for it before anything else, to see whether the two understand each other.
    '/apiversion': { versions: ['5.4'] },
  }
  return {
    jwks,
    sign: (claims, members) => key.sign(claims, { ...header, ...members }),
    async fetch(input) {
      const { pathname } = new URL(new Request(input).url)
      const path = Object.keys(answers).find((its) => pathname.endsWith(its))
      return path ? Response.json(answers[path]) : new Response('Not found', { status: 404 })
    },
    async signedIn({ userId, sessionId = crypto.randomUUID(), tenantId = 'public', ...session }) {
      const { expiresInSeconds = 3600, role, permission, claims } = session
      const time = Math.floor(now() / 1000)
      const wrap = (value: unknown) => ({ v: [value].flat(), t: now() })
      const token = await key.sign(
        {
          iss: issuer,
          sub: userId,
          rsub: userId,
          tId: tenantId,
          sessionHandle: sessionId,
          refreshTokenHash1: crypto.randomUUID().replaceAll('-', ''),
          parentRefreshTokenHash1: null,
          antiCsrfToken: null,
          iat: Math.min(time, time + expiresInSeconds) - (expiresInSeconds < 0 ? 3600 : 0),
          exp: time + expiresInSeconds,
          ...(role !== undefined && { 'st-role': wrap(role) }),
          ...(permission !== undefined && { 'st-perm': wrap(permission) }),
          ...claims,
        },
        header,
      )
      return toCredentials(token, `sAccessToken=${token}`, origin)
    },
  }
}
