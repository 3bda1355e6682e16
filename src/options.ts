/** Options of `createAuth`, checked in two steps: their form at once, what the environment fills in later. */

import { type AuthError, type ConfigIssue, configError, isAuthError } from './errors.js'
import type { AuthEvent, AuthTelemetry } from './events.js'
import type { Plan } from './plan.js'
import type { AuthProvider } from './provider.js'
import type { ProviderName } from './register.js'
import type { ActiveProvider } from './resolve-provider.js'
import type { Revocations } from './revocations/revocations.js'
import { readProblems } from './schema-problems.js'
import * as z from './zod.js'

/** Options of `createAuth` and `createNextAuth`. */
export interface AuthOptions {
  /**
   * Key of the provider to use, usually `process.env.AUTH_PROVIDER`. May be left out when `providers`
   * has only one.
   */
  readonly provider?: string | undefined
  /** A move from one provider to another, by `cutOver` of `authmux/migrate`; instead of `provider`. */
  readonly migration?: Plan
  /** Providers by key; each is made on first use, and only the one in use is made at all. */
  readonly providers: { readonly [Name in ProviderName]?: () => AuthProvider }
  /**
   * Origins the app is reached at, the main one first: `https://app.example.com`. The only source
   * for cross-site checks, return paths and absolute redirects; request headers never are.
   */
  readonly origins: readonly (string | undefined)[]
  /** Path the auth routes are mounted on; default the provider's own, else `/api/auth`. */
  readonly authBasePath?: string
  /** Page that signs users in; without one, nobody is redirected to sign in. */
  readonly signInPath?: string
  /** `fetch` for calls to vendors; default the global one. */
  readonly fetch?: typeof fetch
  /** Clock, in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
  /** Told of errors that are answered with 500 or 503, not waited for; default `console.error`. */
  readonly onError?: (error: AuthError) => void
  /** Told of refused credentials and unmet policies, not waited for; default nobody. */
  readonly onEvent?: (event: AuthEvent) => void
  /** Watches every verdict, such as `openTelemetry()` of `authmux/opentelemetry`; default nobody. */
  readonly telemetry?: AuthTelemetry
  /**
   * Ended sessions that all instances know of, by `redisRevocations` of `authmux/revocations`; default
   * none: a token counts until it runs out.
   */
  readonly revocations?: Revocations
}

/** What the options come to once the environment is known. */
export interface Setup {
  /** Every provider in use, the primary one first. */
  readonly active: readonly ActiveProvider[]
  /** Those of them that count at a time, in milliseconds since the epoch; the primary one first. */
  readonly accepted: (now: number) => readonly ActiveProvider[]
  /** `null` when there is one provider, and the vendor's ids are the app's. */
  readonly plan: Plan | null
  readonly revocations: Revocations | undefined
  readonly origins: readonly string[]
  readonly authBasePath: string
  /** The same path as browsers see it, in front of any gateway. */
  readonly publicAuthPath: string
  readonly signInPath: string | null
  /** Host of the main origin: the `realm` of challenges. */
  readonly realm: string
}

const DEFAULT_BASE_PATH = '/api/auth'

const ROOTED_PATH = /^\/(?!\/)[\w~./-]*$/

const path = z.optional(
  z
    .string()
    .check(
      z.refine(
        (value) => ROOTED_PATH.test(value),
        'must be a path from the root on, such as /sign-in',
      ),
    ),
)
const functionSchema = z.custom(isFunction, 'must be a function')

const optionsSchema = z.strictObject({
  provider: z.optional(z.string()),
  migration: z.optional(z.custom<Plan>(isOfContract, 'must be made by cutOver of authmux/migrate')),
  providers: z.custom(isFilled, 'must list at least one provider'),
  origins: z.array(z.optional(z.string())),
  authBasePath: path,
  signInPath: path,
  fetch: z.optional(functionSchema),
  now: z.optional(functionSchema),
  onError: z.optional(functionSchema),
  onEvent: z.optional(functionSchema),
  telemetry: z.optional(z.custom(isTelemetry, 'must be an AuthTelemetry, such as openTelemetry()')),
  revocations: z.optional(
    z.custom<Revocations>(isOfContract, 'must be made by authmux/revocations'),
  ),
})

/**
 * Refuses options that no environment could make right.
 * @throws {AuthError} `config_invalid`.
 */
export function checkOptions(options: AuthOptions): void {
  const issues = readProblems(z.safeParse(optionsSchema, options).error).map(
    ({ path, message }): ConfigIssue => ({ name: path.join('.') || 'options', message }),
  )
  if (options?.migration && options.provider !== undefined) {
    issues.push({ name: 'provider', message: 'is for one provider, and migration names two' })
  }
  for (const [name, create] of Object.entries(options?.providers ?? {})) {
    if (!isFunction(create))
      issues.push({ name: `providers.${name}`, message: 'must be a function' })
  }
  if (issues.length > 0) throw configError(issues)
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isOfContract(value: unknown): boolean {
  return (value as Partial<Plan & Revocations> | null)?.contract === 1
}

function isTelemetry(value: unknown): boolean {
  const { authenticate, refused } = (value ?? {}) as Partial<AuthTelemetry>
  return isFunction(authenticate) && isFunction(refused)
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

/**
 * Reads the options against the environment.
 * @throws {AuthError} `config_invalid` with every problem, the provider's included.
 */
export function resolveSetup(options: AuthOptions): Setup {
  const issues: ConfigIssue[] = []
  const origins = readOrigins(options.origins, issues)
  const active = readProviders(options, issues)
  const mounts = active.filter(({ provider }) => provider.endpoints?.basePath !== undefined)
  const [mount] = mounts
  const { basePath: mountedAt, gatewayPath = '' } = mount?.provider.endpoints ?? {}
  const wantedPath = options.authBasePath ?? mountedAt ?? DEFAULT_BASE_PATH
  const authBasePath = wantedPath.replace(/\/+$/, '')
  if (mountedAt !== undefined && authBasePath !== mountedAt) {
    const message = `is ${authBasePath}, but the ${mount?.name} provider is set up for ${mountedAt}`
    issues.push({ name: 'authBasePath', message })
  }
  for (const { name, provider } of mounts.slice(1)) {
    if (provider.endpoints?.basePath === mountedAt) continue
    issues.push({ name: `providers.${name}`, message: `is not set up for ${mountedAt}` })
  }
  if (issues.length > 0) throw configError(issues)
  const plan = options.migration ?? null
  plan?.attach(active)
  return {
    active,
    accepted: plan ? pickBy(plan, active) : () => active,
    plan,
    revocations: options.revocations,
    origins,
    authBasePath,
    publicAuthPath: gatewayPath + authBasePath,
    signInPath: options.signInPath ?? null,
    realm: new URL(origins[0] as string).host,
  }
}

function readOrigins(values: AuthOptions['origins'], issues: ConfigIssue[]): readonly string[] {
  if (values.length === 0) {
    issues.push({ name: 'origins', message: 'is empty. List where the app is reached' })
  }
  for (const [index, value] of values.entries()) {
    const origin = value !== undefined && URL.canParse(value) ? new URL(value).origin : ''
    const isUsable = /^https?:\/\/[^*]+$/.test(origin)
    if (isUsable && origin === value) continue
    const hint = isUsable ? `Write ${origin}` : 'Write it as https://app.example.com'
    const message = value === undefined ? 'is not set' : 'is not an origin'
    issues.push({ name: `origins[${index}]`, message: `${message}. ${hint}` })
  }
  return values.filter((value) => value !== undefined)
}

/** Who counts changes a few times in months, and is asked at every request. */
function pickBy(plan: Plan, active: readonly ActiveProvider[]): Setup['accepted'] {
  let names: readonly string[] | null = null
  let picked: readonly ActiveProvider[] = []
  return (now) => {
    const current = plan.accepted(now)
    if (current !== names) {
      names = current
      picked = pick(active, current)
    }
    return picked
  }
}

function pick(
  active: readonly ActiveProvider[],
  names: readonly string[],
): readonly ActiveProvider[] {
  return names.flatMap((name) => active.find((its) => its.name === name) ?? [])
}

function readProviders(options: AuthOptions, issues: ConfigIssue[]): readonly ActiveProvider[] {
  return namesOf(options, issues).flatMap((name) => readProvider(options, name, issues) ?? [])
}

/** Keys of the providers to make; `undefined` for one that is not known. */
function namesOf(
  { migration, provider, providers }: AuthOptions,
  issues: ConfigIssue[],
): readonly (string | undefined)[] {
  const keys = Object.keys(providers)
  if (!migration) return [provider ?? (keys.length === 1 ? keys[0] : undefined)]
  try {
    return migration.providers()
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'config_invalid') throw error
    issues.push(...(error.details.issues ?? []))
    return []
  }
}

function readProvider(
  options: AuthOptions,
  name: string | undefined,
  issues: ConfigIssue[],
): ActiveProvider | null {
  const keys = Object.keys(options.providers) as ProviderName[]
  const create = keys.includes(name as ProviderName) && options.providers[name as ProviderName]
  if (!create) {
    const isMoving = options.migration !== undefined
    const wrong = isMoving ? `names ${name}, which is` : 'is'
    const message = name === undefined ? 'is not set' : `${wrong} not one of the providers`
    issues.push({
      name: isMoving ? 'migration' : 'provider',
      message: `${message}. Use one of: ${keys.join(', ')}`,
    })
    return null
  }
  try {
    const provider: AuthProvider | null | undefined = create()
    if (provider?.contract === 1) {
      const watched = options.revocations?.watch(name as string, provider)
      return { name: name as ProviderName, provider: watched ?? provider }
    }
    const message = `is no provider of contract 1, which this version of authmux speaks`
    issues.push({ name: `providers.${name}`, message })
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'config_invalid') throw error
    const { issues: found = [{ name: `providers.${name}`, message: error.message }] } =
      error.details
    issues.push(...found)
  }
  return null
}
