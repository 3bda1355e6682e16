/** Organisations, as their members see them. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { text } from '../fields.js'
import { readImage } from '../images.js'
import { deletedJson } from '../json/deleted.js'
import { organizationJson } from '../json/organization.js'
import { rolesJson } from '../json/role.js'
import { findMembership, requireMembership } from '../memberships.js'
import {
  createOrganization,
  deleteOrganization,
  findOrganization,
  updateOrganization,
} from '../organizations.js'
import { ClerkProblem, notFound } from '../problem.js'
import type { OrganizationRecord } from '../records.js'
import { requireMe, withClient } from './visit.js'

const newSchema = z.object({ name: z.string().min(1).max(256), slug: text })
const changesSchema = z.object({ name: text, slug: text })

export const organizationEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/organizations',
    handle: async (call) => {
      const { user } = requireMe(call)
      const { name, slug } = await readBody(call, newSchema)
      const fields = { name, ...(slug && { slug }) }
      const organization = createOrganization(call.state, fields, user)
      return withClient(call, organizationJson(call.state, organization))
    },
  },
  {
    method: 'GET',
    path: '/v1/organizations/:organization_id',
    handle: (call) => withClient(call, organizationJson(call.state, ownOrganization(call))),
  },
  {
    method: 'PATCH',
    path: '/v1/organizations/:organization_id',
    handle: async (call) => {
      const organization = requirePermission(call, 'org:sys_profile:manage')
      const { name, slug } = await readBody(call, changesSchema)
      const changes = { ...(name && { name }), ...(slug && { slug }) }
      const changed = updateOrganization(call.state, organization, changes)
      return withClient(call, organizationJson(call.state, changed))
    },
  },
  {
    method: 'DELETE',
    path: '/v1/organizations/:organization_id',
    handle: (call) => {
      const organization = requirePermission(call, 'org:sys_profile:delete')
      deleteOrganization(call.state, organization)
      return withClient(call, deletedJson('organization', organization.id))
    },
  },
  {
    method: 'PUT',
    path: '/v1/organizations/:organization_id/logo',
    handle: async (call) => setLogo(call, await readImage(call)),
  },
  {
    method: 'DELETE',
    path: '/v1/organizations/:organization_id/logo',
    handle: (call) => setLogo(call, null),
  },
  {
    method: 'GET',
    path: '/v1/organizations/:organization_id/roles',
    handle: (call) => {
      ownOrganization(call)
      const data = rolesJson(call.state)
      return withClient(call, { data, total_count: data.length })
    },
  },
  {
    method: 'GET',
    path: '/v1/organizations/:organization_id/membership_requests',
    handle: answerNone,
  },
  { method: 'GET', path: '/v1/organizations/:organization_id/domains', handle: answerNone },
]

function setLogo(call: Call, imageUrl: string | null): Promise<object> {
  const organization = requirePermission(call, 'org:sys_profile:manage')
  const changed = updateOrganization(call.state, organization, { imageUrl })
  return withClient(call, organizationJson(call.state, changed))
}

/** Nobody asks to join, as there are no domains to join by, but the components look. */
function answerNone(call: Call): Promise<object> {
  ownOrganization(call)
  return withClient(call, { data: [], total_count: 0 })
}

/** The organisation a path is about: to those who are not members, there is none. */
export function ownOrganization(call: Call): OrganizationRecord {
  const { user } = requireMe(call)
  const organization = findOrganization(call.state, call.parameter('organization_id'))
  if (organization && findMembership(call.state, organization.id, user.id)) return organization
  throw notFound('organization', call.parameter('organization_id'))
}

/**
 * The organisation a path is about, if its visitor may do this there.
 * @throws {ClerkProblem} when they are not a member, or their role does not permit it.
 */
export function requirePermission(call: Call, permission: string): OrganizationRecord {
  const organization = ownOrganization(call)
  const { role } = requireMembership(call.state, organization.id, requireMe(call).user.id)
  if (call.state.settings.organizationRoles[role]?.includes(permission)) return organization
  const message = `You do not have the permission ${permission} in this organization`
  throw new ClerkProblem({ code: 'missing_permission', message })
}
