/** `authmux/testing/clerk`: a Clerk instance that exists in tests only, with keys of its own. */

import { digest } from '#platform'
import type { JsonObject } from '../../src/jwt/token.js'
import { type TestCredentials, toCredentials } from '../../src/testing/credentials.js'
import { createTestKey, type TestKey } from '../../src/testing/key.js'
import { refuseProduction } from '../../src/testing/production.js'

/** Options of {@link createClerkTestInstance}. */
export interface ClerkTestOptions {
  /** Whether to look like a production instance (`pk_live_`); default `false`. */
  readonly isProduction?: boolean
  /** Host of the Frontend API; default one made up. */
  readonly frontendApi?: string
  /** Origin of the app, to which tokens are issued and requests are made; default `http://localhost`. */
  readonly origin?: string
  /** Clock, in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
  /** Key to sign with; default a new one, which takes a moment to make. */
  readonly key?: TestKey
}

/** Who is signed in. */
export interface ClerkTestSession {
  readonly userId: string
  /** Default one made up. */
  readonly sessionId?: string
  /** Active organisation; default none. */
  readonly orgId?: string
  /** As Clerk spells it: `org:admin`; default none. */
  readonly orgRole?: string
  /** As Clerk spells them: `org:invoices:read`; default none. */
  readonly orgPermissions?: readonly string[]
  /** Further claims, as the instance's session token is customised: `{ metadata: { roles } }`. */
  readonly claims?: JsonObject
  /** Seconds the token lives; default 60, as Clerk's do. Negative for one that has expired. */
  readonly expiresInSeconds?: number
}

/** A Clerk instance that signs tokens as Clerk does, and answers no calls. */
export interface ClerkTestInstance {
  /** Variables that make the shipped verifying code accept this instance, and nothing else. */
  readonly environment: Readonly<Record<string, string>>
  /** Issuer of its tokens: `https://` and the host of the Frontend API. */
  readonly issuer: string
  /** What the instance's JWKS endpoint would answer. */
  readonly jwks: { readonly keys: readonly JsonObject[] }
  /** Credentials of somebody with an active session. */
  signedIn(session: ClerkTestSession): Promise<TestCredentials>
  /** A token with exactly these claims, signed by the instance. */
  sign(claims: JsonObject, header?: JsonObject): Promise<string>
  /**
   * Cookies that ClerkJS and the Frontend API would have left in the browser.
   * @param clientUpdatedAt Seconds since the epoch, as in `__client_uat`; 0 for nobody.
   */
  cookies(token: string, clientUpdatedAt: number): Promise<string>
}

/**
 * Makes an instance with a key pair of its own.
 * @throws {AuthError} `config_invalid` in production.
 */
export async function createClerkTestInstance(
  options: ClerkTestOptions = {},
): Promise<ClerkTestInstance> {
  refuseProduction()
  const {
    isProduction = false,
    frontendApi = isProduction ? 'clerk.authmux.test' : 'authmux-test-1.clerk.accounts.dev',
    origin = 'http://localhost',
    now = Date.now,
  } = options
  const key = options.key ?? (await createTestKey('ins_authmux_test'))
  const mode = isProduction ? 'live' : 'test'
  const publishableKey = `pk_${mode}_${btoa(`${frontendApi}$`)}`
  const issuer = `https://${frontendApi}`
  const suffix = (await digest(publishableKey, 'sha1')).slice(0, 8)

  async function cookies(token: string, clientUpdatedAt: number): Promise<string> {
    const values = {
      __session: token,
      __client_uat: clientUpdatedAt,
      ...(!isProduction && { __clerk_db_jwt: 'dvb_authmux_test' }),
    }
    return Object.entries(values)
      .flatMap(([name, value]) => [`${name}=${value}`, `${name}_${suffix}=${value}`])
      .join('; ')
  }

  return {
    environment: {
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey,
      CLERK_SECRET_KEY: `sk_${mode}_authmux_test`,
      CLERK_JWT_KEY: key.publicPem,
    },
    issuer,
    jwks: { keys: [key.publicJwk] },
    sign: key.sign,
    cookies,
    async signedIn({ userId, sessionId = `sess_${crypto.randomUUID()}`, ...session }) {
      const { expiresInSeconds = 60, claims } = session
      const time = Math.floor(now() / 1000)
      const issuedAt = Math.min(time, time + expiresInSeconds) - (expiresInSeconds < 0 ? 60 : 0)
      const token = await key.sign(
        {
          azp: origin,
          iss: issuer,
          sub: userId,
          sid: sessionId,
          iat: issuedAt,
          nbf: issuedAt - 10,
          exp: time + expiresInSeconds,
          fva: [0, -1],
          sts: 'active',
          v: 2,
          ...packOrganization(session),
          ...claims,
        },
        { typ: 'JWT', cat: 'cl_B7d4PD111AAA' },
      )
      return toCredentials(token, await cookies(token, issuedAt), origin)
    },
  }
}

/** The compact organisation claim of version 2 tokens. */
function packOrganization({ orgId, orgRole, orgPermissions = [] }: Partial<ClerkTestSession>) {
  if (orgId === undefined) return {}
  const pairs = orgPermissions.map((permission) => permission.replace(/^org:/, '').split(':'))
  const features = [...new Set(pairs.map(([feature]) => feature))]
  const names = [...new Set(pairs.map(([, name]) => name))]
  const masks = features.map((feature) =>
    pairs
      .filter(([owner]) => owner === feature)
      .reduce((mask, [, name]) => mask | (1n << BigInt(names.indexOf(name))), 0n),
  )
  return {
    o: {
      id: orgId,
      slg: orgId.replace('org_', ''),
      ...(orgRole && { rol: orgRole.replace(/^org:/, '') }),
      ...(names.length > 0 && { per: names.join(','), fpm: masks.join(',') }),
    },
    ...(features.length > 0 && { fea: features.map((feature) => `o:${feature}`).join(',') }),
  }
}
