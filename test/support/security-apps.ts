/** An app on either vendor, and everything an attacker knows or can do except for its private key. */

import Session from 'supertokens-node/recipe/session'
import { clerk } from '../../providers/clerk/index.js'
import { supertokens } from '../../providers/supertokens/index.js'
import type { Authed } from '../../src/auth.js'
import { type AuthFunctions, createAuth } from '../../src/auth.js'
import type { AuthError } from '../../src/errors.js'
import type { Policy } from '../../src/guard.js'
import type { AuthOptions } from '../../src/options.js'
import type { NodeRequestLike } from '../../src/request.js'
import { createTestResponse, type TestResponse } from '../../src/testing/index.js'
import { START } from './core-clock.js'
import { createSigner, type Signer } from './core-token.js'
import type { VendorName } from './vendor-kits.js'

export const ORIGIN = 'https://app.example.com'
export const NOW: number = START
export const NOW_SECONDS: number = START / 1000

type Claims = Record<string, unknown>

/** How a token travels, and to which kind of handler. */
export const carriers = ['bearer', 'cookie'] as const
export const routers = ['fetch', 'node'] as const
export type Carrier = (typeof carriers)[number]
export type Router = (typeof routers)[number]

/** What came of a request to a guarded handler. */
export interface Outcome {
  readonly status: number
  /** Whom the handler was entered for; `null` when it was not entered. */
  readonly entered: string | null
  /** A header of the answer, by lower-case name. */
  header(name: string): string | null
  readonly body: string
}

export interface SecurityApp {
  readonly vendor: VendorName
  readonly auth: AuthFunctions
  readonly signer: Signer
  readonly issuer: string
  /** Header of a good token. */
  readonly header: Claims
  /** What the operator was told. */
  readonly errors: AuthError[]
  /** Claims of a good session. */
  claims(userId: string, changes?: Claims): Claims
  /** A good token. */
  token(userId: string, changes?: Claims): string
  /** The `Cookie` header of a browser that has this token. */
  cookie(token: string): string
  /** Headers by which a token travels. */
  carry(token: string, carrier: Carrier): Record<string, string>
  visit(
    headers: Readonly<Record<string, string>>,
    router?: Router,
    method?: string,
  ): Promise<Outcome>
}

export interface SecurityAppOptions {
  /** Tells instances of one vendor apart: their issuers and settings. */
  readonly name?: string
  readonly tenant?: string
  /** Audience Clerk tokens have to name. */
  readonly audience?: readonly string[]
  readonly signer?: Signer
  /** Fetch keys instead of having them pinned; on SuperTokens they always are fetched. */
  readonly fetch?: typeof fetch
  readonly staleIfErrorSeconds?: number
  readonly auth?: Partial<AuthOptions>
  readonly policy?: Policy
}

interface Vendor {
  readonly header: Claims
  readonly issuer: string
  readonly provider: AuthOptions['providers']
  readonly fetch: typeof fetch
  claims(userId: string): Claims
  cookie(token: string): string
}

const signers = new Map<string, Signer>()

/** A key pair by name; the same name twice is the same pair. */
export function namedSigner(name: string, kid: string): Signer {
  const signer = signers.get(name) ?? createSigner(kid)
  signers.set(name, signer)
  return signer
}

/** Key ids as the vendors write them. */
export const keyIds: Readonly<Record<VendorName, string>> = {
  clerk: 'ins_security',
  supertokens: 'd-1760000000000',
}

const noNetwork: typeof fetch = async () => {
  throw new TypeError('there is no network')
}

const vendors: Readonly<
  Record<VendorName, (options: SecurityAppOptions, signer: Signer) => Vendor>
> = {
  clerk({ name = 'one', staleIfErrorSeconds, fetch, audience }, { publicJwk, publicPem }) {
    const host = `clerk.${name}.example.com`
    return {
      issuer: `https://${host}`,
      header: { alg: 'RS256', kid: publicJwk.kid, typ: 'JWT', cat: 'cl_B7d4PD111AAA' },
      provider: {
        clerk: () =>
          clerk({
            publishableKey: `pk_live_${btoa(`${host}$`)}`,
            secretKey: `sk_live_${name}`,
            authorizedParties: [ORIGIN],
            ...(audience && { audience }),
            ...(!fetch && { jwtKey: publicPem }),
            ...(staleIfErrorSeconds !== undefined && { staleIfErrorSeconds }),
          }),
      },
      fetch: fetch ?? noNetwork,
      claims: (sub) => ({
        azp: ORIGIN,
        ...(audience && { aud: audience[0] }),
        iss: `https://${host}`,
        sub,
        sid: `sess_${sub}`,
        iat: NOW_SECONDS - 10,
        nbf: NOW_SECONDS - 20,
        exp: NOW_SECONDS + 50,
        fva: [0, -1],
        sts: 'active',
        v: 2,
      }),
      cookie: (token) => `__session=${token}; __client_uat=${NOW_SECONDS - 3600}`,
    }
  },
  supertokens({ name = 'one', tenant = 'public', staleIfErrorSeconds, fetch }, { publicJwk }) {
    const apiDomain = `https://api.${name}.example.com`
    return {
      issuer: `${apiDomain}/auth`,
      header: { alg: 'RS256', kid: publicJwk.kid, typ: 'JWT', version: '5' },
      provider: {
        supertokens: () =>
          supertokens({
            appInfo: { appName: name, apiDomain, websiteDomain: apiDomain },
            connectionURI: `http://core.${name}.test:3567`,
            recipes: async () => ({ recipeList: [Session.init()] }),
            requiredClaims: {},
            tenant,
            ...(staleIfErrorSeconds !== undefined && { staleIfErrorSeconds }),
          }),
      },
      fetch: fetch ?? (async () => Response.json({ keys: [publicJwk] })),
      claims: (sub) => ({
        iss: `${apiDomain}/auth`,
        sub,
        rsub: sub,
        tId: tenant,
        sessionHandle: `handle-${sub}`,
        refreshTokenHash1: 'b5bb9d8014a0f9b1d61e21e796d78dcc',
        parentRefreshTokenHash1: null,
        antiCsrfToken: null,
        iat: NOW_SECONDS - 10,
        exp: NOW_SECONDS + 3590,
      }),
      cookie: (token) => `sAccessToken=${token}`,
    }
  },
}

export function createSecurityApp(
  vendorName: VendorName,
  options: SecurityAppOptions = {},
): SecurityApp {
  const { name = 'one', policy = {} } = options
  const signer = options.signer ?? namedSigner(`${vendorName} ${name}`, keyIds[vendorName])
  const vendor = vendors[vendorName](options, signer)
  const errors: AuthError[] = []
  const auth = createAuth({
    providers: vendor.provider,
    origins: [ORIGIN],
    now: () => NOW,
    fetch: vendor.fetch,
    onError: (error) => void errors.push(error),
    ...options.auth,
  })
  const entered = new WeakMap<object, string>()
  const onFetch = auth.requireAuth((request) => {
    entered.set(request, request.auth.userId)
    return new Response(request.auth.userId)
  }, policy)
  const onNode = auth.requireAuth((request: Authed<NodeRequestLike>, response: TestResponse) => {
    entered.set(request, request.auth.userId)
    response.end(request.auth.userId)
  }, policy)
  const { issuer, header } = vendor
  const app: SecurityApp = {
    vendor: vendorName,
    auth,
    signer,
    issuer,
    header,
    errors,
    claims: (userId, changes) => ({ ...vendor.claims(userId), ...changes }),
    token: (userId, changes) => signer.sign(header, app.claims(userId, changes)),
    cookie: vendor.cookie,
    carry: (token, carrier) =>
      carrier === 'bearer'
        ? { authorization: `Bearer ${token}` }
        : { cookie: vendor.cookie(token) },
    async visit(headers, router = 'fetch', method = 'GET') {
      if (router === 'fetch') {
        const request = new Request(`${ORIGIN}/api/guarded`, { method, headers })
        const response = await onFetch(request)
        return {
          status: response.status,
          entered: entered.get(request) ?? null,
          header: (name) => response.headers.get(name),
          body: await response.text(),
        }
      }
      const request: NodeRequestLike = { method, url: '/api/guarded', headers }
      const response = createTestResponse()
      await onNode(request, response)
      return {
        status: response.statusCode,
        entered: entered.get(request) ?? null,
        header: (name) => response.getHeader(name)?.toString() ?? null,
        body: response.body,
      }
    },
  }
  return app
}
