/** Members of an organisation, managed by those of them who may. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { limit, offset, page, values } from '../fields.js'
import { deletedJson } from '../json/deleted.js'
import { membershipJson } from '../json/organization.js'
import { primaryAddress } from '../json/public-user.js'
import {
  createMembership,
  deleteMemberships,
  membersOf,
  requireMembership,
  updateMembership,
} from '../memberships.js'
import { ClerkProblem } from '../problem.js'
import type { MembershipRecord, OrganizationRecord } from '../records.js'
import { requireUser } from '../users.js'
import { ownOrganization, requirePermission } from './organizations.js'
import { requireMe, withClient } from './visit.js'

const MANAGE = 'org:sys_memberships:manage'

const listSchema = z.object({ limit, offset, role: values, query: z.string().default('') })
const newSchema = z.object({ user_id: z.string(), role: z.string() })
const roleSchema = z.object({ role: z.string() })

export const organizationMemberEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/organizations/:organization_id/memberships', handle: list },
  {
    method: 'POST',
    path: '/v1/organizations/:organization_id/memberships',
    handle: async (call) => {
      const organization = requirePermission(call, MANAGE)
      const { user_id, role } = await readBody(call, newSchema)
      const user = requireUser(call.state, user_id)
      return answer(call, createMembership(call.state, organization, user, { role }))
    },
  },
  {
    method: 'PATCH',
    path: '/v1/organizations/:organization_id/memberships/:user_id',
    handle: async (call) => {
      const organization = requirePermission(call, MANAGE)
      const membership = requireMembership(call.state, organization.id, call.parameter('user_id'))
      const { role } = await readBody(call, roleSchema)
      if (role !== membership.role) requireManagers(call, organization, membership)
      return answer(call, updateMembership(call.state, membership, { role }))
    },
  },
  {
    method: 'DELETE',
    path: '/v1/organizations/:organization_id/memberships/:user_id',
    handle: (call) => {
      const organization = requirePermission(call, MANAGE)
      return remove(call, organization, call.parameter('user_id'))
    },
  },
  {
    method: 'DELETE',
    path: '/v1/me/organization_memberships/:organization_id',
    handle: (call) => remove(call, ownOrganization(call), requireMe(call).user.id),
  },
]

function list(call: Call): Promise<object> {
  const { state } = call
  const { role, query, ...range } = readQuery(call, listSchema)
  const part = query.toLowerCase()
  const members = membersOf(state, ownOrganization(call)).filter((its) => {
    const user = requireUser(state, its.userId)
    const names = [user.firstName, user.lastName, user.username, primaryAddress(user)]
    const isWanted = names.some((name) => name?.toLowerCase().includes(part))
    return (!role || role.includes(its.role)) && (part === '' || isWanted)
  })
  const data = page(members, range).map((its) => membershipJson(state, its))
  return withClient(call, { data, total_count: members.length })
}

async function remove(
  call: Call,
  organization: OrganizationRecord,
  userId: string,
): Promise<object> {
  const membership = requireMembership(call.state, organization.id, userId)
  requireManagers(call, organization, membership)
  const answered = membershipJson(call.state, membership)
  deleteMemberships(call.state, (its) => its === membership)
  const isOwn = userId === requireMe(call).user.id
  return withClient(call, isOwn ? deletedJson('organization_membership', membership.id) : answered)
}

/** @throws {ClerkProblem} when nobody but this member could manage the others. */
function requireManagers(
  { state }: Call,
  organization: OrganizationRecord,
  membership: MembershipRecord,
): void {
  const managers = membersOf(state, organization).filter(({ role }) =>
    state.settings.organizationRoles[role]?.includes(MANAGE),
  )
  if (managers.some((its) => its !== membership)) return
  const message =
    'There has to be at least one organization member with the minimum required permissions'
  throw new ClerkProblem({ code: 'organization_minimum_permissions_needed', message })
}

function answer(call: Call, membership: MembershipRecord): Promise<object> {
  return withClient(call, membershipJson(call.state, membership))
}
