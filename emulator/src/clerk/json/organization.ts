/** Organisations and memberships as Clerk's APIs show them. */

import { imageJson } from '../images.js'
import type { MembershipRecord, OrganizationRecord } from '../records.js'
import type { ClerkState } from '../state.js'
import { select } from '../store.js'
import { publicUserJson } from './public-user.js'
import { roleName } from './role.js'
import type { JsonObject } from './types.js'

/** An organisation as its members see it. */
export function organizationJson(state: ClerkState, organization: OrganizationRecord): JsonObject {
  const { id } = organization
  return {
    object: 'organization',
    id,
    name: organization.name,
    slug: organization.slug,
    ...imageJson(organization.imageUrl),
    members_count: select(state.store.memberships, (its) => its.organizationId === id).length,
    pending_invitations_count: select(
      state.store.invitations,
      (its) => its.membership?.organizationId === id && its.status === 'pending',
    ).length,
    max_allowed_memberships: organization.maxAllowedMemberships,
    admin_delete_enabled: organization.isDeletableByAdmin,
    public_metadata: organization.publicMetadata,
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
  }
}

/** What the invited may know of an organisation. */
export function publicOrganizationJson({
  id,
  name,
  slug,
  imageUrl,
}: OrganizationRecord): JsonObject {
  return { id, name, slug, ...imageJson(imageUrl) }
}

/** With what only servers may see. */
export function privateOrganizationJson(
  state: ClerkState,
  organization: OrganizationRecord,
): JsonObject {
  return {
    ...organizationJson(state, organization),
    private_metadata: organization.privateMetadata,
    ...(organization.createdBy !== null && { created_by: organization.createdBy }),
  }
}

/** A membership as members see it. */
export function membershipJson(state: ClerkState, membership: MembershipRecord): JsonObject {
  const { organizations, users } = state.store
  const organization = organizations.get(membership.organizationId)
  const user = users.get(membership.userId)
  const { role } = membership
  return {
    object: 'organization_membership',
    id: membership.id,
    role,
    role_name: roleName(role),
    permissions: state.settings.organizationRoles[role] ?? [],
    public_metadata: membership.publicMetadata,
    organization: organization ? organizationJson(state, organization) : null,
    public_user_data: user ? publicUserJson(user) : null,
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
  }
}

/** With what only servers may see. */
export function privateMembershipJson(state: ClerkState, membership: MembershipRecord): JsonObject {
  return {
    ...membershipJson(state, membership),
    private_metadata: membership.privateMetadata,
  }
}
