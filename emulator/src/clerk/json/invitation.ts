/** Invitations as Clerk's APIs show them. */

import type { InvitationRecord } from '../records.js'
import type { ClerkState } from '../state.js'
import { publicOrganizationJson } from './organization.js'
import { roleName } from './role.js'
import type { JsonObject } from './types.js'

/** An invitation as those see it who may invite, and the invited. */
export function invitationJson(state: ClerkState, invitation: InvitationRecord): JsonObject {
  const { membership } = invitation
  const organization = state.store.organizations.get(membership?.organizationId ?? '')
  return {
    object: membership ? 'organization_invitation' : 'invitation',
    id: invitation.id,
    email_address: invitation.emailAddress,
    public_metadata: invitation.publicMetadata,
    status: statusOf(state, invitation),
    revoked: invitation.status === 'revoked',
    created_at: invitation.createdAt,
    updated_at: invitation.updatedAt,
    ...(membership && {
      role: membership.role,
      role_name: roleName(membership.role),
      organization_id: membership.organizationId,
      public_organization_data: organization ? publicOrganizationJson(organization) : null,
    }),
  }
}

/** With what only servers may see: the link, which lets its bearer in. */
export function privateInvitationJson(state: ClerkState, invitation: InvitationRecord): JsonObject {
  return {
    ...invitationJson(state, invitation),
    private_metadata: invitation.privateMetadata,
    url: `${state.settings.linkUrl}/v1/tickets/accept?ticket=${invitation.ticket}`,
    expires_at: invitation.expireAt,
    ...(invitation.userId !== null && { user_id: invitation.userId }),
  }
}

/** The invitation's state as of now. */
export function statusOf({ clock }: ClerkState, { status, expireAt }: InvitationRecord): string {
  return status === 'pending' && clock.now() >= expireAt ? 'expired' : status
}
