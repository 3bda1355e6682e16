/** What a stand-in for a Clerk instance can be told, and what follows from it. */

import { createHash } from 'node:crypto'
import type { Clock } from '../base/clock.js'
import { EmulatorMisuse } from '../base/production.js'
import type { Snapshot } from '../base/snapshot.js'
import { createId, createSecret } from './identifiers.js'

/** Options of {@link createClerkInstance}. */
export interface ClerkInstanceOptions {
  /** Default: the system's. */
  readonly clock?: Clock
  /** What another one remembered, keys included; default nothing. */
  readonly snapshot?: Snapshot
  /** Whether to look like a production instance (`pk_live_`); default `false`. */
  readonly isProduction?: boolean
  /** Host of the Frontend API, which goes into the publishable key; default one made up. */
  readonly frontendApi?: string
  /** Life of session tokens, in seconds; default 60, as at Clerk. */
  readonly sessionTokenSeconds?: number
  /** Life of sessions, in seconds; default seven days, as at Clerk. */
  readonly sessionSeconds?: number
  /** Claims to add to session tokens, with the shortcodes of JWT templates; default none. */
  readonly sessionTokenClaims?: Readonly<Record<string, unknown>>
  /** Roles in organisations and their permissions; default `org:admin` and `org:member`. */
  readonly organizationRoles?: Readonly<Record<string, readonly string[]>>
  /** What people say of themselves when they sign up; default e-mail address, password and names. */
  readonly signUpFields?: Partial<SignUpFields>
  /** Whether who signs in has to choose an organisation before the session counts; default `false`. */
  readonly forcesOrganizationSelection?: boolean
  /** Whether callers are held to Clerk's rate limits; default `false`. */
  readonly isRateLimited?: boolean
  /** What links in e-mails begin with; default the Frontend API's own address. */
  readonly linkUrl?: string
  /** Where to send webhooks, and the `whsec_` secret to sign them with; default nowhere. */
  readonly webhook?: { readonly url: string; readonly secret: string }
}

/** Fields of the sign-up form. */
export type SignUpField =
  | 'email_address'
  | 'phone_number'
  | 'username'
  | 'password'
  | 'first_name'
  | 'last_name'

/** Which fields there are, and whether they have to be filled in. */
export type SignUpFields = Readonly<Record<SignUpField, 'required' | 'optional' | 'off'>>

/** The options, complete, and the instance's names. */
export interface ClerkSettings {
  readonly instanceId: string
  readonly isProduction: boolean
  readonly frontendApi: string
  /** Issuer of tokens: the Frontend API as a URL. */
  readonly issuer: string
  readonly publishableKey: string
  readonly secretKey: string
  /** What tells the cookies of this instance from those of others on the same host. */
  readonly cookieSuffix: string
  readonly sessionTokenSeconds: number
  readonly sessionSeconds: number
  readonly sessionTokenClaims: Readonly<Record<string, unknown>>
  readonly organizationRoles: Readonly<Record<string, readonly string[]>>
  readonly signUpFields: SignUpFields
  readonly forcesOrganizationSelection: boolean
  readonly isRateLimited: boolean
  readonly linkUrl: string
}

const DAY_SECONDS = 86_400

const SYSTEM_PERMISSIONS = [
  'org:sys_profile:manage',
  'org:sys_profile:delete',
  'org:sys_memberships:read',
  'org:sys_memberships:manage',
  'org:sys_domains:read',
  'org:sys_domains:manage',
] as const

const DEFAULT_ROLES = {
  'org:admin': SYSTEM_PERMISSIONS,
  'org:member': ['org:sys_memberships:read'],
} as const

const DEFAULT_FIELDS: SignUpFields = {
  email_address: 'required',
  phone_number: 'off',
  username: 'off',
  password: 'required',
  first_name: 'optional',
  last_name: 'optional',
}

/** What is made up for a new instance, and has to stay the same for an old one. */
export type InstanceNames = Pick<ClerkSettings, 'instanceId' | 'secretKey'>

/**
 * Completes the options and makes the keys.
 * @param names Those of an instance there was before.
 * @throws {EmulatorMisuse} when the host of the Frontend API is not one that a key can name.
 */
export function readSettings(options: ClerkInstanceOptions, names?: InstanceNames): ClerkSettings {
  const { isProduction = false } = options
  const {
    frontendApi = isProduction ? 'clerk.stand-in.test' : 'stand-in-1.clerk.accounts.dev',
    sessionTokenSeconds = 60,
    sessionSeconds = 7 * DAY_SECONDS,
    sessionTokenClaims = {},
    organizationRoles = DEFAULT_ROLES,
    forcesOrganizationSelection = false,
    isRateLimited = false,
    linkUrl = `https://${frontendApi}`,
  } = options
  // Clerk's SDKs refuse keys for anything else.
  if (!frontendApi.includes('.')) {
    throw new EmulatorMisuse(`the Frontend API needs a host with a dot, not ${frontendApi}`)
  }
  const mode = isProduction ? 'live' : 'test'
  const publishableKey = `pk_${mode}_${btoa(`${frontendApi}$`)}`
  return {
    instanceId: names?.instanceId ?? createId('ins'),
    isProduction,
    frontendApi,
    issuer: `https://${frontendApi}`,
    publishableKey,
    secretKey: names?.secretKey ?? `sk_${mode}_${createSecret()}`,
    cookieSuffix: createHash('sha1').update(publishableKey).digest('base64url').slice(0, 8),
    sessionTokenSeconds,
    sessionSeconds,
    sessionTokenClaims,
    organizationRoles,
    signUpFields: { ...DEFAULT_FIELDS, ...options.signUpFields },
    forcesOrganizationSelection,
    isRateLimited,
    linkUrl,
  }
}
