/** Invitations: links that let people in, and may make them members of an organisation. */

import { createId } from './identifiers.js'
import { privateInvitationJson } from './json/invitation.js'
import { createMembership, findMembership, requireRole } from './memberships.js'
import { requireOrganization } from './organizations.js'
import { ClerkProblem, isTaken, notFound } from './problem.js'
import type { InvitationRecord, MembershipRecord, UserRecord } from './records.js'
import type { ClerkState } from './state.js'
import { select } from './store.js'
import { findByIdentifier } from './users.js'

/** What an invitation is made of. */
export type NewInvitation = Pick<InvitationRecord, 'emailAddress' | 'membership'> &
  Partial<Pick<InvitationRecord, 'publicMetadata' | 'privateMetadata' | 'redirectUrl'>> & {
    /** Default: 30 days. */
    readonly expiresInSeconds?: number
    /** Whether to invite people who are users or invited already; default `false`. */
    readonly ignoresExisting?: boolean
  }

const LIFE_SECONDS = 30 * 86_400

/**
 * Makes an invitation, and puts it among the e-mails.
 * @throws {ClerkProblem} for those who are invited, or in, already, and for unknown roles.
 */
export async function createInvitation(
  state: ClerkState,
  { expiresInSeconds = LIFE_SECONDS, ignoresExisting = false, ...fields }: NewInvitation,
): Promise<InvitationRecord> {
  const { clock, keys, settings, store } = state
  if (fields.membership) requireRole(state, fields.membership.role)
  if (!ignoresExisting) requireStranger(state, fields)
  const now = clock.now()
  const expireAt = now + expiresInSeconds * 1000
  const id = createId(fields.membership ? 'orginv' : 'inv')
  const invitation: InvitationRecord = {
    publicMetadata: {},
    privateMetadata: {},
    redirectUrl: null,
    ...fields,
    id,
    ticket: await keys.current.sign({
      exp: Math.floor(expireAt / 1000),
      iid: settings.instanceId,
      sid: id,
      st: fields.membership ? 'organization_invitation' : 'invitation',
      ...(fields.membership && { oid: fields.membership.organizationId }),
    }),
    status: 'pending',
    userId: null,
    expireAt,
    createdAt: now,
    updatedAt: now,
  }
  store.invitations.set(id, invitation)
  announce(state, invitation, 'created')
  return invitation
}

/** @throws {ClerkProblem} unless the invitation is still open. */
export function revokeInvitation(
  state: ClerkState,
  invitation: InvitationRecord,
): InvitationRecord {
  requirePending(state, invitation)
  invitation.status = 'revoked'
  invitation.updatedAt = state.clock.now()
  announce(state, invitation, 'revoked')
  return invitation
}

/**
 * Makes the user a member, if the invitation is to an organisation.
 * @throws {ClerkProblem} unless the invitation is still open, and the organisation has room.
 */
export function acceptInvitation(
  state: ClerkState,
  invitation: InvitationRecord,
  user: UserRecord,
): MembershipRecord | null {
  requirePending(state, invitation)
  const { membership: offer, publicMetadata, privateMetadata } = invitation
  const organization = offer && requireOrganization(state, offer.organizationId)
  const membership =
    organization &&
    (findMembership(state, organization.id, user.id) ??
      createMembership(state, organization, user, {
        role: offer.role,
        publicMetadata,
        privateMetadata,
      }))
  invitation.status = 'accepted'
  invitation.userId = user.id
  invitation.updatedAt = state.clock.now()
  announce(state, invitation, 'accepted')
  return membership
}

/** The invitation whose link carries a ticket; `null` for tickets of another kind. */
export function findInvitation({ store }: ClerkState, ticket: string): InvitationRecord | null {
  return select(store.invitations, (its) => its.ticket === ticket)[0] ?? null
}

/** @throws {ClerkProblem} when there is no such invitation. */
export function requireInvitation({ store }: ClerkState, id: string): InvitationRecord {
  const invitation = store.invitations.get(id)
  if (!invitation) throw notFound('invitation', id)
  return invitation
}

/** @throws {ClerkProblem} when the invitation was revoked or accepted, or has expired. */
export function requirePending({ clock }: ClerkState, invitation: InvitationRecord): void {
  if (invitation.status !== 'pending') {
    const message = `The invitation has already been ${invitation.status}`
    throw new ClerkProblem({ code: 'invitation_not_pending', message, parameter: 'ticket' })
  }
  if (clock.now() < invitation.expireAt) return
  const message = 'The invitation has expired'
  throw new ClerkProblem({ code: 'invitation_expired_code', message, parameter: 'ticket' })
}

function requireStranger(state: ClerkState, { emailAddress, membership }: NewInvitation): void {
  const user = findByIdentifier(state, emailAddress)
  const isInvited = select(
    state.store.invitations,
    (its) =>
      its.status === 'pending' &&
      its.emailAddress === emailAddress &&
      its.membership?.organizationId === membership?.organizationId,
  ).some(({ expireAt }) => state.clock.now() < expireAt)
  if (!membership && user) throw isTaken('email_address')
  if (membership && user && findMembership(state, membership.organizationId, user.id)) {
    const message = 'The user is already a member of the organization'
    const code = 'already_a_member_in_organization'
    throw new ClerkProblem({ code, message, parameter: 'email_address' })
  }
  if (!isInvited) return
  const message = 'duplicate invitation'
  const longMessage = `There are already pending invitations for ${emailAddress}`
  const parameter = 'email_address'
  throw new ClerkProblem({ code: 'duplicate_record', message, longMessage, parameter })
}

/** Clerk has events for invitations to organisations only. */
function announce(
  state: ClerkState,
  invitation: InvitationRecord,
  event: 'created' | 'accepted' | 'revoked',
): void {
  if (!invitation.membership) return
  const type = `organizationInvitation.${event}` as const
  state.webhooks.send(type, privateInvitationJson(state, invitation))
}
