/** Memberships in organisations, as servers manage them. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { limit, metadata, offset, page, values } from '../fields.js'
import { privateMembershipJson } from '../json/organization.js'
import {
  createMembership,
  deleteMemberships,
  requireMembership,
  updateMembership,
} from '../memberships.js'
import { mergeMetadata } from '../metadata.js'
import type { MembershipRecord } from '../records.js'
import { select } from '../store.js'
import { requireUser } from '../users.js'
import { organizationOf } from './organizations.js'

const listSchema = z.object({ limit, offset, user_id: values, role: values })
const newSchema = z.object({
  user_id: z.string(),
  role: z.string(),
  public_metadata: metadata.nullish(),
  private_metadata: metadata.nullish(),
})
const roleSchema = z.object({ role: z.string() })
const metadataSchema = z.strictObject({ public_metadata: metadata, private_metadata: metadata })

export const membershipEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'GET',
    path: '/v1/organization_memberships',
    handle: (call) => list(call, () => true),
  },
  {
    method: 'GET',
    path: '/v1/organizations/:organization_id/memberships',
    handle: (call) => {
      const { id } = organizationOf(call)
      return list(call, ({ organizationId }) => organizationId === id)
    },
  },
  {
    method: 'POST',
    path: '/v1/organizations/:organization_id/memberships',
    handle: async (call) => {
      const organization = organizationOf(call)
      const body = await readBody(call, newSchema)
      const { public_metadata: publicMetadata, private_metadata: privateMetadata } = body
      const user = requireUser(call.state, body.user_id)
      const membership = createMembership(call.state, organization, user, {
        role: body.role,
        ...(publicMetadata && { publicMetadata }),
        ...(privateMetadata && { privateMetadata }),
      })
      return privateMembershipJson(call.state, membership)
    },
  },
  {
    method: 'PATCH',
    path: '/v1/organizations/:organization_id/memberships/:user_id',
    handle: async (call) => {
      const membership = membershipOf(call)
      const { role } = await readBody(call, roleSchema)
      return privateMembershipJson(call.state, updateMembership(call.state, membership, { role }))
    },
  },
  {
    method: 'DELETE',
    path: '/v1/organizations/:organization_id/memberships/:user_id',
    handle: (call) => {
      const membership = membershipOf(call)
      const answer = privateMembershipJson(call.state, membership)
      deleteMemberships(call.state, (its) => its === membership)
      return answer
    },
  },
  {
    method: 'PATCH',
    path: '/v1/organizations/:organization_id/memberships/:user_id/metadata',
    handle: async (call) => {
      const its = membershipOf(call)
      const { public_metadata, private_metadata } = await readBody(call, metadataSchema)
      const changes = {
        publicMetadata: mergeMetadata(its.publicMetadata, public_metadata ?? {}),
        privateMetadata: mergeMetadata(its.privateMetadata, private_metadata ?? {}),
      }
      return privateMembershipJson(call.state, updateMembership(call.state, its, changes))
    },
  },
]

function membershipOf(call: Call): MembershipRecord {
  return requireMembership(call.state, organizationOf(call).id, call.parameter('user_id'))
}

function list(call: Call, condition: (membership: MembershipRecord) => boolean): object {
  const { state } = call
  const { user_id, role, ...range } = readQuery(call, listSchema)
  const found = select(
    state.store.memberships,
    (its) =>
      condition(its) &&
      (!user_id || user_id.includes(its.userId)) &&
      (!role || role.includes(its.role)),
  ).reverse()
  const data = page(found, range).map((its) => privateMembershipJson(state, its))
  return { data, total_count: found.length }
}
