/** What a route demands of a session, and whether a session meets it. */

import * as z from 'zod/mini'
import { AuthError, configError, type UnmetRequirement } from './errors.js'
import type { ProviderSession } from './provider.js'
import type { VendorPolicies } from './register.js'
import type { Requirement, SignedInAuth } from './session.js'

/** What a route demands; every given field must hold. */
export interface Policy extends Requirement {
  /** Any other condition; anything but `true` refuses with 403. */
  readonly check?: (auth: SignedInAuth) => boolean | Promise<boolean>
  /** The user must have proven who they are within this many seconds; unknown refuses with 403. */
  readonly maxAuthAgeSeconds?: number
  /**
   * `token` (default): a valid token is enough. `session`: the vendor has to confirm, with a call
   * per request, that the session has not been ended.
   */
  readonly revocation?: 'token' | 'session'
  /** Options only one vendor understands; the others ignore them. */
  readonly vendor?: VendorPolicies
}

const name = z.optional(z.string().check(z.minLength(1)))

const policySchema = z.strictObject({
  role: name,
  permission: name,
  orgId: name,
  orgRole: name,
  orgPermission: name,
  check: z.optional(z.custom((value) => typeof value === 'function', 'must be a function')),
  maxAuthAgeSeconds: z.optional(z.number().check(z.nonnegative())),
  revocation: z.optional(z.enum(['token', 'session'])),
  vendor: z.optional(z.record(z.string(), z.unknown())),
})

/**
 * Refuses a policy that would not do what it says: a misspelt field, a value that is `undefined`.
 * @throws {AuthError} `config_invalid`.
 */
export function checkPolicy(policy: Policy): void {
  const { error } = policySchema.safeParse(policy)
  const issues = (error?.issues ?? []).map(({ path, message }) => ({
    name: ['policy', ...path].join('.'),
    message,
  }))
  for (const [field, value] of Object.entries(policy)) {
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

/** Whether a session meets every given requirement; `false` when none is given. */
export function meets(session: ProviderSession, requirement: Requirement): boolean {
  const asked = fields.filter((field) => requirement[field] !== undefined)
  return asked.length > 0 && asked.every((field) => holds(session, field, requirement[field]))
}

function holds(session: ProviderSession, field: keyof Requirement, value: unknown): boolean {
  return typeof value === 'string' && (held[field](session)?.includes(value) ?? false)
}

/**
 * @param now Milliseconds since the epoch.
 * @throws {AuthError} `forbidden` naming the first field that is not met; `config_invalid` when the
 * provider is not configured to know the roles or permissions asked for.
 */
export async function enforce(
  policy: Policy,
  auth: SignedInAuth,
  session: ProviderSession,
  now: number,
): Promise<void> {
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
    const ageSeconds = now / 1000 - (session.authenticatedAt ?? Number.NEGATIVE_INFINITY)
    if (ageSeconds > policy.maxAuthAgeSeconds) {
      throw forbidden({ field: 'maxAuthAgeSeconds', expected: policy.maxAuthAgeSeconds })
    }
  }
  if (policy.check && (await policy.check(auth)) !== true) {
    throw forbidden({ field: 'check', expected: null })
  }
}

function forbidden(unmet: UnmetRequirement): AuthError {
  return new AuthError('forbidden', `The session does not meet the policy: ${unmet.field}`, {
    details: { unmet },
  })
}
