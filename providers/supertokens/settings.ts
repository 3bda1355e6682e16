/** What the SuperTokens provider can be told, by option or by environment variable. */

import { configError } from '../../src/errors.js'
import type { JsonObject } from '../../src/jwt/token.js'
import { amount, isRecord, oneOf, strings } from '../../src/schema-problems.js'
import { readSettings, type SettingSource, type Settings } from '../../src/settings.js'
import * as z from '../../src/zod.js'
import { type Addresses, type AppInfo, readAddresses } from './app-info.js'
import type { Recipes } from './sdk.js'

/** How requests prove that they come from the app itself (`antiCsrf` of `Session.init`). */
export type AntiCsrfMode = 'NONE' | 'VIA_TOKEN' | 'VIA_CUSTOM_HEADER'

/** Where tokens travel (`getTokenTransferMethod` of `Session.init`). */
export type TransferMethod = 'any' | 'cookie' | 'header'

/**
 * The options of `Session.init` that decide whether a token counts, said again for where the SDK is
 * not loaded. What is said here and differs from the recipes is a config error; what is left out
 * counts as the SDK's default wherever `requiredClaims` does without the SDK, and is compared too.
 */
export interface SessionOptions {
  readonly antiCsrf?: AntiCsrfMode | undefined
  readonly getTokenTransferMethod?: TransferMethod | undefined
  readonly useDynamicAccessTokenSigningKey?: boolean | undefined
  readonly sessionExpiredStatusCode?: number | undefined
  readonly invalidClaimStatusCode?: number | undefined
}

/** What a token template is made for. */
export interface TemplateInput {
  readonly userId: string
  readonly sessionId: string
  readonly tenantId: string
  readonly claims: JsonObject
}

/** Options of {@link supertokens}. */
export interface SuperTokensOptions {
  /** The `appInfo` of `SuperTokens.init`. */
  readonly appInfo: AppInfo
  /** Loads the module that exports the app's `recipeList`; only when the SDK is needed. */
  readonly recipes: () => Promise<Recipes>
  /** `SUPERTOKENS_CONNECTION_URI`. Address of the core; several are separated by `;`. */
  readonly connectionURI?: string
  /** `SUPERTOKENS_API_KEY`. Key of the core's API. */
  readonly apiKey?: string
  /**
   * `SUPERTOKENS_JWKS`. The core's JWK set as JSON, to verify without the core. Static keys only:
   * the dynamic ones change every week.
   */
  readonly jwks?: string
  /** Tenants whose sessions are accepted; default `public`. */
  readonly tenant?: string | readonly string[]
  /** Issuers of older sessions, from before the API moved; an `iss` lives as long as its session. */
  readonly legacyIssuers?: readonly string[]
  /** Accept sessions without `iss`, made by SDKs from before 2023; default `false`. */
  readonly allowMissingIssuer?: boolean
  /**
   * Claims every session must have with exactly this value: the claim validators of the recipes,
   * declared. With this given, requests are judged without loading the SDK: `{ 'st-ev': true }`
   * where e-mail verification is required, `{}` where no recipe demands anything.
   */
  readonly requiredClaims?: Readonly<Record<string, string | number | boolean>>
  /** The options of `Session.init` that matter to verification. */
  readonly session?: SessionOptions
  /** Claims of tokens for other services, by template name. */
  readonly tokens?: Readonly<Record<string, (session: TemplateInput) => JsonObject>>
  /** How long keys stay good while no core answers, in seconds; default 86 400. */
  readonly staleIfErrorSeconds?: number
}

/** The settings, checked and completed. */
export interface SuperTokensSettings extends Settings<SuperTokensOptions> {
  readonly appInfo: AppInfo
  readonly recipes: () => Promise<Recipes>
  readonly connectionURI: string
  readonly addresses: Addresses
  readonly issuers: readonly string[]
  readonly tenants: readonly string[]
  /** Addresses of the core, without a trailing slash. */
  readonly hosts: readonly string[]
}

const sources: Readonly<Record<string, SettingSource>> = {
  connectionURI: {
    variables: ['SUPERTOKENS_CONNECTION_URI'],
    hint: 'Write the address of your SuperTokens core, such as http://localhost:3567',
  },
  apiKey: { variables: ['SUPERTOKENS_API_KEY'] },
  jwks: { variables: ['SUPERTOKENS_JWKS'] },
}

const text = z.optional(z.string())
const flag = z.optional(oneOf(true, false))
const status = z.optional(amount(isErrorStatus, 'must be an error status'))
const isFunction = (value: unknown) => typeof value === 'function'

const schema = z.strictObject({
  appInfo: z.strictObject({
    appName: z.string(),
    apiDomain: z.string(),
    websiteDomain: text,
    origin: z.optional(
      z.custom<AppInfo['origin']>(
        (value) => typeof value === 'string' || isFunction(value),
        'must be a string or a function',
      ),
    ),
    apiBasePath: text,
    websiteBasePath: text,
    apiGatewayPath: text,
  }),
  recipes: z.custom<SuperTokensOptions['recipes']>(isFunction, 'must be a function'),
  connectionURI: z
    .string()
    .check(
      z.refine(
        (value) => splitHosts(value).length > 0 && splitHosts(value).every(isAddress),
        'is not an address',
      ),
    ),
  apiKey: text,
  jwks: text,
  tenant: z.optional(
    strings.check(z.refine((value) => [value].flat().length > 0, 'names no tenant')),
  ),
  legacyIssuers: z.optional(z.array(z.string())),
  allowMissingIssuer: flag,
  requiredClaims: z.optional(
    z.custom<SuperTokensOptions['requiredClaims']>(
      (claims) => isRecordOf(isPlainValue, claims),
      'must be texts, numbers and booleans by claim',
    ),
  ),
  session: z.optional(
    z.strictObject({
      antiCsrf: z.optional(oneOf('NONE', 'VIA_TOKEN', 'VIA_CUSTOM_HEADER')),
      getTokenTransferMethod: z.optional(oneOf('any', 'cookie', 'header')),
      useDynamicAccessTokenSigningKey: flag,
      sessionExpiredStatusCode: status,
      invalidClaimStatusCode: status,
    }),
  ),
  tokens: z.optional(
    z.custom<SuperTokensOptions['tokens']>(
      (tokens) => isRecordOf(isFunction, tokens),
      'must be functions by template name',
    ),
  ),
  staleIfErrorSeconds: z.optional(amount()),
})

/** @throws {AuthError} `config_invalid` with every problem. */
export function readSuperTokensSettings(options: SuperTokensOptions): SuperTokensSettings {
  const values = readSettings('supertokens', schema, sources, { ...options })
  const addresses = readAddresses(values.appInfo)
  const issues = []
  if (!addresses) {
    const message = 'has a domain that cannot be read. Write it as https://api.example.com'
    issues.push({ name: 'supertokens({ appInfo })', message })
  }
  if (values.jwks && values.session?.useDynamicAccessTokenSigningKey !== false) {
    const message =
      'pins keys that change every week. Use static keys: session: { useDynamicAccessTokenSigningKey: false }'
    issues.push({ name: 'SUPERTOKENS_JWKS', message })
  }
  if (values.requiredClaims && !values.session?.antiCsrf && addresses?.isSameHost === false) {
    const message =
      'is not set, and API and website have different hosts. Say what Session.init does'
    issues.push({ name: 'supertokens({ session.antiCsrf })', message })
  }
  if (issues.length > 0 || !addresses) throw configError(issues)
  return {
    ...values,
    addresses,
    issuers: [addresses.issuer, ...(values.legacyIssuers ?? [])],
    tenants: [values.tenant ?? 'public'].flat(),
    hosts: splitHosts(values.connectionURI),
  }
}

function isPlainValue(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function isRecordOf(isValue: (value: unknown) => boolean, record: unknown): boolean {
  return isRecord(record) && Object.values(record).every(isValue)
}

function isErrorStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599
}

function isAddress(host: string): boolean {
  return /^https?:\/\/[^?#]+$/i.test(host) && URL.canParse(host)
}

function splitHosts(connectionURI: string): string[] {
  const hosts = connectionURI.split(';').map((host) => host.trim().replace(/\/+$/, ''))
  return hosts.filter((host) => host !== '')
}
