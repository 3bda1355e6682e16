/** What the Clerk provider is told, by option or by the variables Clerk's own SDKs read. */

import type { JsonObject } from '../../src/jwt/token.js'
import { amount, oneOf, strings } from '../../src/schema-problems.js'
import { readSettings, type SettingSource, type Settings } from '../../src/settings.js'
import * as z from '../../src/zod.js'
import type { ClerkOptions } from './options.js'

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
const SIGNING_SECRET = /^(?:whsec_)?[A-Za-z0-9+/]+={0,2}$/
const NOT_SET = 'is not set'

const matching = (pattern: RegExp, message: string) =>
  z.string().check(z.refine((value) => pattern.test(value), message))

const text = z.optional(matching(/./s, 'must not be empty'))

const fields = z.strictObject({
  publishableKey: z
    .string()
    .check(z.refine((value) => readHost(value) !== null, 'is not a publishable key')),
  secretKey: z.optional(matching(SECRET_KEY, 'must start with sk_test_ or sk_live_')),
  jwtKey: text,
  apiUrl: z.optional(z.string().check(z.refine(URL.canParse, 'must be an absolute URL'))),
  webhookSigningSecret: z.optional(matching(SIGNING_SECRET, 'must be whsec_ and base64')),
  proxyUrl: z.optional(matching(/^(?:\/|https?:\/\/)/, 'must be an absolute URL or a path')),
  domain: text,
  isSatellite: z.optional(oneOf(true, false, 'true', 'false', '1', '0')),
  signInUrl: text,
  issuer: z.optional(strings),
  // A list that was meant to restrict must not turn out to allow everybody.
  authorizedParties: z.optional(
    strings.check(z.refine((value) => splitList(value).length > 0, 'names no origin')),
  ),
  audience: z.optional(strings),
  clockSkewInMs: z.optional(amount()),
  claims: z.optional(z.strictObject({ roles: text, permissions: text })),
  onWebhook: z.optional(
    z.custom<NonNullable<ClerkOptions['onWebhook']>>(
      (value) => typeof value === 'function',
      'must be a function',
    ),
  ),
  userEvents: z.optional(
    z.custom<NonNullable<ClerkOptions['userEvents']>>(
      (value) =>
        typeof (value as Partial<NonNullable<ClerkOptions['userEvents']>>)?.from === 'function',
      'must be made by createUserEvents',
    ),
  ),
  staleIfErrorSeconds: z.optional(amount()),
})

type Fields = z.output<typeof fields>

/** What one setting demands of another: when it is wrong, and what to say. */
const demands: readonly [keyof ClerkOptions, (settings: Fields) => boolean, string][] = [
  ['secretKey', ({ secretKey, jwtKey }) => !secretKey && !jwtKey, NOT_SET],
  [
    'secretKey',
    ({ secretKey, publishableKey }) =>
      SECRET_KEY.test(secretKey ?? '') &&
      readHost(publishableKey) !== null &&
      isLive(secretKey) !== isLive(publishableKey),
    'belongs to another kind of instance (test or live) than the publishable key',
  ],
  [
    'webhookSigningSecret',
    ({ onWebhook, userEvents, webhookSigningSecret }) =>
      (onWebhook ?? userEvents) !== undefined && !webhookSigningSecret,
    NOT_SET,
  ],
  [
    'domain',
    ({ isSatellite, domain, proxyUrl }) => isYes(isSatellite) && !domain && !proxyUrl,
    NOT_SET,
  ],
  [
    'signInUrl',
    ({ isSatellite, publishableKey, signInUrl }) =>
      isYes(isSatellite) && !isLive(publishableKey) && !signInUrl,
    NOT_SET,
  ],
]

const schema = fields.check(
  ...demands.map(([option, isWrong, message]) =>
    // Also when a field is wrong by itself: every problem is told at once.
    z.refine<Fields>((settings) => !isWrong(settings), {
      path: [option],
      message,
      when: () => true,
    }),
  ),
)

/** @throws {AuthError} `config_invalid` with every problem. */
export function readClerkSettings(options: ClerkOptions): ClerkSettings {
  const values = readSettings('clerk', schema, sources, options as JsonObject)
  const isProduction = isLive(values.publishableKey)
  const host = readHost(values.publishableKey) as string
  const isSatellite = isYes(values.isSatellite)
  // A production satellite has a Frontend API of its own; a proxy changes addresses, not issuers.
  const frontendApi = isProduction && isSatellite && values.domain ? `clerk.${values.domain}` : host
  const { issuer = [`https://${host}`, `https://${frontendApi}`], audience } = values
  return {
    ...values,
    authorizedParties:
      values.authorizedParties === undefined ? undefined : splitList(values.authorizedParties),
    apiUrl: (values.apiUrl ?? 'https://api.clerk.com').replace(/\/+$/, ''),
    clockSkewInMs: values.clockSkewInMs ?? 5000,
    isSatellite,
    isProduction,
    frontendApi,
    issuers: [issuer].flat(),
    audience: audience === undefined ? null : [audience].flat(),
  }
}

function isYes(flag: Fields['isSatellite']): boolean {
  return flag === true || flag === 'true' || flag === '1'
}

function isLive(key: unknown): boolean {
  return /^[ps]k_live_/.test(String(key))
}

/** Host of the Frontend API in a publishable key; `null` when the key is malformed. */
function readHost(key: unknown): string | null {
  if (typeof key !== 'string' || !PUBLISHABLE_KEY.test(key)) return null
  const [, , encoded, ...more] = key.split('_')
  if (more.length > 0) return null
  try {
    const decoded = atob(encoded as string)
    return /^[^$]+\.[^$]+\$$/.test(decoded) ? decoded.slice(0, -1) : null
  } catch {
    return null
  }
}

function splitList(value: string | readonly string[]): string[] {
  const items = typeof value === 'string' ? value.split(',') : value
  return items.map((item) => item.trim()).filter((item) => item !== '')
}
