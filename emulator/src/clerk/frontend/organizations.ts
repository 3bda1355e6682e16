/** Organisations, as their members see them. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { limit, offset, page, text } from '../fields.js'
import { membershipJson, organizationJson } from '../json/organization.js'
import { findMembership } from '../memberships.js'
import { createOrganization, findOrganization } from '../organizations.js'
import { notFound } from '../problem.js'
import type { OrganizationRecord } from '../records.js'
import { select } from '../store.js'
import { requireMe, withClient } from './visit.js'

const newSchema = z.object({ name: z.string().min(1).max(256), slug: text })
const pageSchema = z.object({ limit, offset })

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
    method: 'GET',
    path: '/v1/organizations/:organization_id/memberships',
    handle: (call) => {
      const { id } = ownOrganization(call)
      const { memberships } = call.state.store
      const members = select(memberships, ({ organizationId }) => organizationId === id)
      const data = page(members, readQuery(call, pageSchema))
      return withClient(call, {
        data: data.map((its) => membershipJson(call.state, its)),
        total_count: members.length,
      })
    },
  },
]

/** The organisation a path is about: to those who are not members, there is none. */
function ownOrganization(call: Call): OrganizationRecord {
  const { user } = requireMe(call)
  const organization = findOrganization(call.state, call.parameter('organization_id'))
  if (organization && findMembership(call.state, organization.id, user.id)) return organization
  throw notFound('organization', call.parameter('organization_id'))
}
