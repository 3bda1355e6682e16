/** What a seed comes to at an instance. */

import { SeedError } from '../seed/error.js'
import type { Seed, SeedOrganization, SeedReport, SeedUser } from '../seed/schema.js'
import { createMembership, findMembership } from './memberships.js'
import { createOrganization, findOrganization } from './organizations.js'
import { createPassword } from './passwords.js'
import type { UserRecord } from './records.js'
import type { ClerkState } from './state.js'
import { createUser, emailAddress } from './users.js'

/**
 * Adds what is not there yet.
 * @throws {SeedError} when a member has a role that the instance does not know.
 */
export async function seedInstance(state: ClerkState, seed: Seed): Promise<SeedReport> {
  requireRoles(state, seed)
  let added = 0
  for (const user of seed.users) if (await seedUser(state, user, seed.roles)) added++
  for (const organization of seed.organizations) seedOrganization(state, organization)
  return { added, kept: seed.users.length - added, skipped: [] }
}

function requireRoles({ settings }: ClerkState, { organizations }: Seed): void {
  const known = Object.keys(settings.organizationRoles)
  const problems = organizations.flatMap(({ members }, index) =>
    members.flatMap(({ role }, at) => {
      const path = `organizations.${index}.members.${at}.role`
      const message = `"${role}" is none of ${known.join(', ')}`
      return known.includes(role) ? [] : [{ path, message }]
    }),
  )
  if (problems.length > 0) throw new SeedError(problems)
}

/** @returns `false` when there is a user of this address. */
async function seedUser(
  state: ClerkState,
  { email, password, firstName, lastName, isEmailVerified, metadata, roles }: SeedUser,
  permissionsByRole: Seed['roles'],
): Promise<boolean> {
  if (findByEmail(state, email)) return false
  const permissions = new Set(roles.flatMap((role) => permissionsByRole[role] ?? []))
  const access = roles.length > 0 && { roles, permissions: [...permissions].sort() }
  createUser(state, {
    emailAddresses: [emailAddress(email, isEmailVerified ? 'verified' : 'reserved')],
    password: password === undefined ? null : await createPassword(state, password),
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    publicMetadata: { ...metadata, ...access },
  })
  return true
}

function seedOrganization(state: ClerkState, { name, slug, members }: SeedOrganization): void {
  const known = findOrganization(state, slug)
  const organization = known ?? createOrganization(state, { name, slug }, null)
  for (const { email, role } of members) {
    const user = findByEmail(state, email)
    if (!user || findMembership(state, organization.id, user.id)) continue
    createMembership(state, organization, user, { role })
  }
}

function findByEmail({ store }: ClerkState, email: string): UserRecord | undefined {
  return [...store.users.values()].find(({ emailAddresses }) =>
    emailAddresses.some(({ address }) => address.toLowerCase() === email),
  )
}
