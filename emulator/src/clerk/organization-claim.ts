/** The active organisation in a session token of version 2, packed as Clerk packs it. */

import type { JsonObject } from './json/types.js'
import { findMembership } from './memberships.js'
import type { ClerkState } from './state.js'

/** Clerk's own permissions, which are never in tokens. */
const SYSTEM_FEATURE = /^sys_/

/** Claims `o` and `fea`; none outside of organisations. */
export function organizationClaim(
  state: ClerkState,
  organizationId: string | null,
  user: string,
): JsonObject {
  const organization = state.store.organizations.get(organizationId ?? '')
  const membership = organization && findMembership(state, organization.id, user)
  if (!membership) return {}
  const granted = readPermissions(state, membership.role)
  const features = [...new Set(granted.map(([feature]) => feature))]
  const names = [...new Set(granted.map(([, name]) => name))]
  const masks = features.map((feature) =>
    granted
      .filter(([its]) => its === feature)
      .reduce((mask, [, name]) => mask | (1n << BigInt(names.indexOf(name))), 0n),
  )
  return {
    o: {
      id: organization.id,
      slg: organization.slug,
      rol: membership.role.replace(/^org:/, ''),
      ...(names.length > 0 && { per: names.join(','), fpm: masks.join(',') }),
    },
    ...(features.length > 0 && { fea: features.map((feature) => `o:${feature}`).join(',') }),
  }
}

/** Feature and name of each permission of a role: `org:invoices:read` gives both of the latter. */
function readPermissions({ settings }: ClerkState, role: string): [string, string][] {
  return (settings.organizationRoles[role] ?? [])
    .map((permission) => permission.split(':'))
    .map(([, feature = '', name = '']): [string, string] => [feature, name])
    .filter(([feature]) => !SYSTEM_FEATURE.test(feature))
}
