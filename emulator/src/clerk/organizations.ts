/** Organisations: making, finding, changing and removing them. */

import { createId } from './identifiers.js'
import { deletedJson } from './json/deleted.js'
import { privateOrganizationJson } from './json/organization.js'
import { createMembership, deleteMemberships } from './memberships.js'
import { isTaken, notFound } from './problem.js'
import type { OrganizationRecord, UserRecord } from './records.js'
import type { ClerkState } from './state.js'

type NewOrganization = Partial<Omit<OrganizationRecord, 'id' | 'createdBy'>> & { name: string }

/** Members an organisation may have unless told otherwise, as in new instances at Clerk. */
const MAX_MEMBERSHIPS = 5

const CREATOR_ROLE = 'org:admin'

/**
 * Makes an organisation, with its creator for an administrator.
 * @throws {ClerkProblem} when another organisation has the slug.
 */
export function createOrganization(
  state: ClerkState,
  fields: NewOrganization,
  creator: UserRecord | null,
): OrganizationRecord {
  const id = createId('org')
  if (fields.slug !== undefined) requireFree(state, fields.slug)
  const now = state.clock.now()
  const organization: OrganizationRecord = {
    slug: toSlug(state, fields.name),
    imageUrl: null,
    publicMetadata: {},
    privateMetadata: {},
    maxAllowedMemberships: MAX_MEMBERSHIPS,
    isDeletableByAdmin: true,
    createdAt: now,
    updatedAt: now,
    ...fields,
    id,
    createdBy: creator?.id ?? null,
  }
  state.store.organizations.set(id, organization)
  state.webhooks.send('organization.created', privateOrganizationJson(state, organization))
  if (creator) createMembership(state, organization, creator, { role: CREATOR_ROLE })
  return organization
}

/** @throws {ClerkProblem} when another organisation has the slug. */
export function updateOrganization(
  state: ClerkState,
  organization: OrganizationRecord,
  fields: Partial<OrganizationRecord>,
): OrganizationRecord {
  if (fields.slug !== undefined && fields.slug !== organization.slug) {
    requireFree(state, fields.slug)
  }
  Object.assign(organization, fields, { updatedAt: state.clock.now() })
  state.webhooks.send('organization.updated', privateOrganizationJson(state, organization))
  return organization
}

/** Removes an organisation with its members, its domains and the invitations to it. */
export function deleteOrganization(state: ClerkState, { id }: OrganizationRecord): void {
  const { invitations, organizationDomains } = state.store
  deleteMemberships(state, ({ organizationId }) => organizationId === id)
  for (const invitation of invitations.values()) {
    if (invitation.membership?.organizationId === id) invitations.delete(invitation.id)
  }
  for (const domain of organizationDomains.values()) {
    if (domain.organizationId === id) organizationDomains.delete(domain.id)
  }
  state.store.organizations.delete(id)
  state.webhooks.send('organization.deleted', deletedJson('organization', id))
}

/** An organisation by its id or its slug. */
export function findOrganization(
  { store }: ClerkState,
  idOrSlug: string,
): OrganizationRecord | undefined {
  const bySlug = () => [...store.organizations.values()].find(({ slug }) => slug === idOrSlug)
  return store.organizations.get(idOrSlug) ?? bySlug()
}

/** @throws {ClerkProblem} when there is no such organisation. */
export function requireOrganization(state: ClerkState, idOrSlug: string): OrganizationRecord {
  const organization = findOrganization(state, idOrSlug)
  if (!organization) throw notFound('organization', idOrSlug)
  return organization
}

function requireFree(state: ClerkState, slug: string): void {
  if (findOrganization(state, slug)) throw isTaken('slug')
}

/** A slug made from a name, with a number where the name is not the first of its kind. */
function toSlug(state: ClerkState, name: string): string {
  const stem =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'organization'
  let slug = stem
  for (let number = 1; findOrganization(state, slug); number++) slug = `${stem}-${number}`
  return slug
}
