/** What a route demands of a session, and whether a session meets it. */

import { type Awaitable, andThen } from './awaitable.js'
import { AuthError, configError, type UnmetRequirement } from './errors.js'
import type { ProviderSession } from './provider.js'
import type { VendorPolicies } from './register.js'
import { amount, isRecord, oneOf, readProblems } from './schema-problems.js'
import type { Requirement, SignedInAuth } from './session.js'
import * as z from './zod.js'

/** What a route demands; every given field must hold. */
export interface Policy extends Requirement {
  /** Any other condition; anything but `true` refuses with 403. */
  readonly check?: (auth: SignedInAuth) => boolean | Promise<boolean>
  /** The user must have proven who they are less than this many seconds ago; unknown refuses with 403. */
  readonly maxAuthAgeSeconds?: number
  /**
   * `token` (default): a valid token is enough. `session`: the vendor has to confirm, with a call
   * per request, that the session has not been ended.
   */
  readonly revocation?: 'token' | 'session'
  /** Options only one vendor understands; the others ignore them. */
  readonly vendor?: VendorPolicies
}

const name = z.optional(z.string().check(z.refine((value) => value !== '', 'must not be empty')))

const revocation = z.optional(oneOf('token', 'session'))
const vendor = z.optional(z.custom(isRecord, 'must be an object'))

const policySchema = z.strictObject({
  role: name,
  permission: name,
  orgId: name,
  orgRole: name,
  orgPermission: name,
  check: z.optional(z.custom((value) => typeof value === 'function', 'must be a function')),
  maxAuthAgeSeconds: z.optional(amount()),
  revocation,
  vendor,
})

/** The part of a policy that demands nothing of a session. */
export type OptionalPolicy = Pick<Policy, 'revocation' | 'vendor'>

const optionalPolicySchema = z.strictObject({ revocation, vendor })

/**
 * Refuses a policy that would not do what it says: a misspelt field, a value that is `undefined`, a
 * demand where nothing is enforced.
 * @throws {AuthError} `config_invalid`.
 */
export function checkPolicy(policy: Policy): void {
  refuseProblems(policy, policySchema)
}

/** @throws {AuthError} `config_invalid`. */
export function checkOptionalPolicy(policy: OptionalPolicy): void {
  refuseProblems(policy, optionalPolicySchema)
}

function refuseProblems(policy: Policy, schema: z.core.$ZodType): void {
  const issues = readProblems(z.safeParse(schema, policy).error).map(({ path, message }) => ({
    name: ['policy', ...path].join('.'),
    message,
  }))
  for (const [field, value] of Object.entries(policy ?? {})) {
    if (value === undefined) issues.push({ name: `policy.${field}`, message: 'is undefined' })
  }
  if (issues.length > 0) throw configError(issues)
}

/** Where the fields of a requirement are found in a session. */
const held: Record<keyof Requirement, (session: ProviderSession) => readonly string[] | null> = {
  role: (session) => session.roles,
  permission: (session) => session.permissions,
  orgId: (session) => (session.orgId === null ? [] : [session.orgId]),
  orgRole: (session) => (session.orgRole === null ? [] : [session.orgRole]),
  orgPermission: (session) => session.orgPermissions,
}

const fields = Object.keys(held) as (keyof Requirement)[]

/** Whether a session meets every given requirement; `false` when none is given, or one unknown. */
export function meets(session: ProviderSession, requirement: Requirement): boolean {
  const asked = Object.entries(requirement)
  return asked.length > 0 && asked.every(([field, value]) => holds(session, field, value))
}

function holds(session: ProviderSession, field: string, value: unknown): boolean {
  const names = Object.hasOwn(held, field) ? held[field as keyof Requirement](session) : null
  return typeof value === 'string' && (names?.includes(value) ?? false)
}

/**
 * @param now The clock, in milliseconds since the epoch; not read for nothing: some frameworks watch it.
 * @throws {AuthError} `forbidden` naming the first field that is not met; `config_invalid` when the
 * provider is not configured to know the roles or permissions asked for; at once, or by rejecting.
 */
export function enforce(
  policy: Policy,
  auth: SignedInAuth,
  session: ProviderSession,
  now: () => number,
): Awaitable<void> {
  for (const field of fields) {
    const expected = policy[field]
    if (expected === undefined) continue
    if (held[field](session) === null) {
      const message = `no ${field} is known: tell the ${auth.provider} provider which claim has it`
      throw configError([{ name: `policy.${field}`, message }])
    }
    if (!holds(session, field, expected)) throw forbidden({ field, expected })
  }
  if (policy.maxAuthAgeSeconds !== undefined) {
    const ageSeconds = now() / 1000 - (session.authenticatedAt ?? Number.NEGATIVE_INFINITY)
    // A vendor's age in whole minutes is rounded down, so one that equals the limit is beyond it.
    if (!(ageSeconds < policy.maxAuthAgeSeconds)) {
      throw forbidden({ field: 'maxAuthAgeSeconds', expected: policy.maxAuthAgeSeconds })
    }
  }
  if (!policy.check) return
  return andThen(policy.check(auth), (isMet) => {
    if (isMet !== true) throw forbidden({ field: 'check', expected: null })
  })
}

function forbidden(unmet: UnmetRequirement): AuthError {
  return new AuthError('forbidden', `The session does not meet the policy: ${unmet.field}`, {
    details: { unmet },
  })
}
