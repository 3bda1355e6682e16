/** Who belongs to which organisation, and as what. */

import { createId } from './identifiers.js'
import { privateMembershipJson } from './json/organization.js'
import { ClerkProblem, notFound } from './problem.js'
import type { MembershipRecord, OrganizationRecord, UserRecord } from './records.js'
import type { ClerkState } from './state.js'
import { select } from './store.js'

type NewMembership = Pick<MembershipRecord, 'role'> & Partial<MembershipRecord>

/** A user's membership in an organisation, if there is one. */
export function findMembership(
  { store }: ClerkState,
  organizationId: string,
  user: string,
): MembershipRecord | undefined {
  const [membership] = select(
    store.memberships,
    (its) => its.organizationId === organizationId && its.userId === user,
  )
  return membership
}

/** @throws {ClerkProblem} when the user is not a member. */
export function requireMembership(
  state: ClerkState,
  organizationId: string,
  user: string,
): MembershipRecord {
  const membership = findMembership(state, organizationId, user)
  if (!membership) throw notFound('organization membership', user)
  return membership
}

/** @throws {ClerkProblem} for members, for unknown roles, and when the organisation is full. */
export function createMembership(
  state: ClerkState,
  organization: OrganizationRecord,
  user: UserRecord,
  fields: NewMembership,
): MembershipRecord {
  requireRole(state, fields.role)
  if (findMembership(state, organization.id, user.id)) {
    const message = 'The user is already a member of the organization'
    throw new ClerkProblem({ code: 'duplicate_record', message, parameter: 'user_id' })
  }
  requireRoom(state, organization)
  const now = state.clock.now()
  const membership: MembershipRecord = {
    publicMetadata: {},
    privateMetadata: {},
    createdAt: now,
    updatedAt: now,
    ...fields,
    id: createId('orgmem'),
    organizationId: organization.id,
    userId: user.id,
  }
  state.store.memberships.set(membership.id, membership)
  user.nextOrganizationId = organization.id
  announce(state, 'created', membership)
  return membership
}

/** @throws {ClerkProblem} for unknown roles. */
export function updateMembership(
  state: ClerkState,
  membership: MembershipRecord,
  fields: Partial<MembershipRecord>,
): MembershipRecord {
  if (fields.role !== undefined) requireRole(state, fields.role)
  Object.assign(membership, fields, { updatedAt: state.clock.now() })
  announce(state, 'updated', membership)
  return membership
}

/** Ends memberships; sessions that were in the organisation are no longer. */
export function deleteMemberships(
  state: ClerkState,
  condition: (membership: MembershipRecord) => boolean,
): void {
  for (const membership of select(state.store.memberships, condition)) {
    const { id, organizationId, userId } = membership
    announce(state, 'deleted', membership)
    state.store.memberships.delete(id)
    for (const session of state.store.sessions.values()) {
      if (session.userId === userId && session.activeOrganizationId === organizationId) {
        session.activeOrganizationId = null
      }
    }
  }
}

/** The members of an organisation, oldest first. */
export function membersOf({ store }: ClerkState, { id }: OrganizationRecord): MembershipRecord[] {
  return select(store.memberships, ({ organizationId }) => organizationId === id)
}

/** @throws {ClerkProblem} for roles that the instance does not have. */
export function requireRole({ settings }: ClerkState, role: string): void {
  if (!Object.hasOwn(settings.organizationRoles, role)) throw notFound('organization role', role)
}

/** A limit of 0 is none. */
function requireRoom(state: ClerkState, organization: OrganizationRecord): void {
  const { maxAllowedMemberships: limit } = organization
  if (limit === 0 || membersOf(state, organization).length < limit) return
  const message = 'You have reached your limit of organization memberships'
  throw new ClerkProblem({
    code: 'organization_membership_quota_exceeded',
    message,
    longMessage: `${message}: ${limit}, including outstanding invitations.`,
  })
}

function announce(
  state: ClerkState,
  event: 'created' | 'updated' | 'deleted',
  membership: MembershipRecord,
): void {
  state.webhooks.send(`organizationMembership.${event}`, privateMembershipJson(state, membership))
}
