/** What the Clerk provider can be told, by option or by the variables Clerk's own SDKs read. */

import * as z from 'zod/mini'
import type { JsonObject } from '../../src/jwt/token.js'
import { readSettings, type SettingSource, type Settings } from '../../src/settings.js'
import type { WebhookEvent } from './sdk.js'

/** Options of {@link clerk}; each falls back to the variable named with it. */
export interface ClerkOptions {
  /** `NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY` or `CLERK_PUBLISHABLE_KEY`. Names the instance. */
  readonly publishableKey?: string
  /** `CLERK_SECRET_KEY`. Needed for the Backend API, and for keys unless `jwtKey` pins them. */
  readonly secretKey?: string
  /** `CLERK_JWT_KEY`. PEM public key; with it, verification needs no network. */
  readonly jwtKey?: string
  /** `CLERK_API_URL`. Default: Clerk's Backend API. */
  readonly apiUrl?: string
  /** `CLERK_WEBHOOK_SIGNING_SECRET`. Needed for `onWebhook`. */
  readonly webhookSigningSecret?: string
  /** `NEXT_PUBLIC_CLERK_PROXY_URL`. Where the Frontend API is proxied: absolute or a path. */
  readonly proxyUrl?: string
  /** `NEXT_PUBLIC_CLERK_DOMAIN`. Domain of a satellite application. */
  readonly domain?: string
  /** `NEXT_PUBLIC_CLERK_IS_SATELLITE`. Whether this is a satellite application. */
  readonly isSatellite?: boolean
  /** `NEXT_PUBLIC_CLERK_SIGN_IN_URL`. Needed by satellites of a development instance. */
  readonly signInUrl?: string
  /** Accepted `iss` values; default `https://` and the host in the publishable key. */
  readonly issuer?: string | readonly string[]
  /** `CLERK_AUTHORIZED_PARTIES`, comma-separated. Origins a token may be issued to (`azp`). */
  readonly authorizedParties?: readonly string[]
  /** Accepted `aud` values. Default: `aud` is not looked at. */
  readonly audience?: string | readonly string[]
  /** Leeway on token times, in milliseconds; default 5000. */
  readonly clockSkewInMs?: number
  /**
   * Claims of the session token that hold application-wide roles and permissions, a string or a
   * list of strings each: `{ roles: 'metadata.roles' }`. Organisation roles never count as such.
   */
  readonly claims?: {
    readonly roles?: string | undefined
    readonly permissions?: string | undefined
  }
  /** Told of verified webhooks sent to `<auth path>/webhooks`; a rejection makes Clerk try again. */
  readonly onWebhook?: (event: WebhookEvent) => void | Promise<void>
  /** How long keys stay good while Clerk does not answer, in seconds; default 86 400. */
  readonly staleIfErrorSeconds?: number
}

/** The settings, checked and completed. */
export interface ClerkSettings
  extends Settings<
    Omit<ClerkOptions, 'issuer' | 'audience' | 'publishableKey' | 'clockSkewInMs' | 'apiUrl'>
  > {
  readonly publishableKey: string
  readonly apiUrl: string
  readonly clockSkewInMs: number
  readonly isProduction: boolean
  /** Host of the Frontend API that issues the tokens. */
  readonly frontendApi: string
  readonly issuers: readonly string[]
  readonly audience: readonly string[] | null
}

const DASHBOARD = 'Copy it from the API keys page of the Clerk dashboard'

const sources: Readonly<Record<string, SettingSource>> = {
  publishableKey: {
    variables: ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', 'CLERK_PUBLISHABLE_KEY'],
    hint: DASHBOARD,
  },
  secretKey: {
    variables: ['CLERK_SECRET_KEY'],
    hint: `${DASHBOARD}, or set CLERK_JWT_KEY to verify sessions without it`,
  },
  jwtKey: { variables: ['CLERK_JWT_KEY'] },
  apiUrl: { variables: ['CLERK_API_URL'] },
  webhookSigningSecret: {
    variables: ['CLERK_WEBHOOK_SIGNING_SECRET'],
    hint: 'Copy it from the endpoint on the Webhooks page of the Clerk dashboard',
  },
  proxyUrl: { variables: ['NEXT_PUBLIC_CLERK_PROXY_URL'] },
  domain: { variables: ['NEXT_PUBLIC_CLERK_DOMAIN'] },
  isSatellite: { variables: ['NEXT_PUBLIC_CLERK_IS_SATELLITE'] },
  signInUrl: { variables: ['NEXT_PUBLIC_CLERK_SIGN_IN_URL'] },
  authorizedParties: { variables: ['CLERK_AUTHORIZED_PARTIES'] },
}

const PUBLISHABLE_KEY = /^pk_(?:test|live)_/
const SECRET_KEY = /^sk_(?:test|live)_/

const text = z.optional(z.string().check(z.minLength(1)))
const strings = z.optional(z.union([z.string(), z.array(z.string())]))
const callback = z.optional(
  z.custom<NonNullable<ClerkOptions['onWebhook']>>(
    (value) => typeof value === 'function',
    'must be a function',
  ),
)

const schema = z
  .strictObject({
    publishableKey: z
      .string()
      .check(z.refine((value) => decodeKey(value) !== null, 'is not a publishable key')),
    secretKey: z.optional(
      z.string().check(z.regex(SECRET_KEY, 'must start with sk_test_ or sk_live_')),
    ),
    jwtKey: text,
    apiUrl: z.optional(z.url('must be an absolute URL')),
    webhookSigningSecret: text,
    proxyUrl: z.optional(
      z.string().check(z.regex(/^(?:\/|https?:\/\/)/, 'must be an absolute URL or a path')),
    ),
    domain: text,
    isSatellite: z.optional(
      z.pipe(
        z.union([z.boolean(), z.enum(['true', 'false', '1', '0'])]),
        z.transform((value) => value === true || value === 'true' || value === '1'),
      ),
    ),
    signInUrl: text,
    issuer: strings,
    authorizedParties: strings,
    audience: strings,
    clockSkewInMs: z.optional(z.number().check(z.nonnegative())),
    claims: z.optional(z.strictObject({ roles: text, permissions: text })),
    onWebhook: callback,
    staleIfErrorSeconds: z.optional(z.number().check(z.nonnegative())),
  })
  .check((context) => {
    const { secretKey, jwtKey, publishableKey, onWebhook, webhookSigningSecret } = context.value
    const add = (option: string, message: string) =>
      context.issues.push({ code: 'custom', input: undefined, path: [option], message })
    if (!secretKey && !jwtKey) add('secretKey', 'is not set')
    if (secretKey && secretKey.slice(3, 7) !== publishableKey.slice(3, 7)) {
      add(
        'secretKey',
        'belongs to another kind of instance (test or live) than the publishable key',
      )
    }
    if (onWebhook && !webhookSigningSecret) add('webhookSigningSecret', 'is not set')
  })

/** @throws {AuthError} `config_invalid` with every problem. */
export function readClerkSettings(options: ClerkOptions): ClerkSettings {
  const values = readSettings('clerk', schema, sources, options as JsonObject)
  const isProduction = values.publishableKey.startsWith('pk_live_')
  const host = decodeKey(values.publishableKey) as string
  // A production satellite has a Frontend API of its own; a proxy changes addresses, not issuers.
  const frontendApi =
    isProduction && values.isSatellite && values.domain ? `clerk.${values.domain}` : host
  const issuers = splitList(values.issuer) ?? [`https://${host}`, `https://${frontendApi}`]
  return {
    ...values,
    authorizedParties: splitList(values.authorizedParties) ?? undefined,
    apiUrl: (values.apiUrl ?? 'https://api.clerk.com').replace(/\/+$/, ''),
    clockSkewInMs: values.clockSkewInMs ?? 5000,
    isProduction,
    frontendApi,
    issuers,
    audience: splitList(values.audience),
  }
}

/** Host of the Frontend API in a publishable key; `null` when the key is malformed. */
function decodeKey(key: string): string | null {
  const parts = key.split('_')
  if (!PUBLISHABLE_KEY.test(key) || parts.length !== 3) return null
  try {
    const decoded = atob(parts[2] as string)
    return /^[^$]+\.[^$]+\$$/.test(decoded) ? decoded.slice(0, -1) : null
  } catch {
    return null
  }
}

function splitList(value: string | readonly string[] | undefined): string[] | null {
  if (value === undefined) return null
  const items = typeof value === 'string' ? value.split(',') : value
  const list = items.map((item) => item.trim()).filter((item) => item !== '')
  return list.length > 0 ? list : null
}
