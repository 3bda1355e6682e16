/** Organisations, as servers manage them. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { limit, metadata, offset, page, text, time, values } from '../fields.js'
import { readImage } from '../images.js'
import { deletedJson } from '../json/deleted.js'
import { privateOrganizationJson } from '../json/organization.js'
import type { JsonObject } from '../json/types.js'
import { findMembership } from '../memberships.js'
import { mergeMetadata } from '../metadata.js'
import {
  createOrganization,
  deleteOrganization,
  requireOrganization,
  updateOrganization,
} from '../organizations.js'
import type { OrganizationRecord } from '../records.js'
import { requireUser } from '../users.js'

const SLUG = /^[a-z0-9-]+$/

const listSchema = z.object({
  limit,
  offset,
  query: z.string().default(''),
  user_id: values,
  organization_id: values,
  order_by: z
    .enum(['name', 'created_at', '+name', '+created_at', '-name', '-created_at'])
    .default('-created_at'),
})
const fields = {
  slug: z.string().regex(SLUG).nullish(),
  max_allowed_memberships: z.number().int().min(0).nullish(),
  created_at: time,
}
const newSchema = z.object({
  ...fields,
  name: z.string().min(1).max(256),
  created_by: text,
  public_metadata: metadata.nullish(),
  private_metadata: metadata.nullish(),
})
const changesSchema = z.strictObject({
  ...fields,
  name: z.string().min(1).max(256).nullish(),
  admin_delete_enabled: z.boolean().nullish(),
  role_set_key: text,
})
const metadataSchema = z.strictObject({ public_metadata: metadata, private_metadata: metadata })

export const organizationEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/organizations', handle: listOrganizations },
  {
    method: 'POST',
    path: '/v1/organizations',
    handle: async (call) => {
      const { state } = call
      const { name, created_by, ...body } = await readBody(call, newSchema)
      const creator = created_by ? requireUser(state, created_by) : null
      const organization = createOrganization(state, { ...toFields(body), name }, creator)
      return privateOrganizationJson(state, organization)
    },
  },
  {
    method: 'GET',
    path: '/v1/organizations/:organization_id',
    handle: (call) => privateOrganizationJson(call.state, organizationOf(call)),
  },
  {
    method: 'PATCH',
    path: '/v1/organizations/:organization_id',
    handle: async (call) => {
      const {
        name,
        admin_delete_enabled: isDeletable,
        ...body
      } = await readBody(call, changesSchema)
      const changes = {
        ...toFields(body),
        ...(name && { name }),
        ...(typeof isDeletable === 'boolean' && { isDeletableByAdmin: isDeletable }),
      }
      return change(call, changes)
    },
  },
  {
    method: 'DELETE',
    path: '/v1/organizations/:organization_id',
    handle: (call) => {
      const organization = organizationOf(call)
      deleteOrganization(call.state, organization)
      return deletedJson('organization', organization.id)
    },
  },
  {
    method: 'PATCH',
    path: '/v1/organizations/:organization_id/metadata',
    handle: (call) => changeMetadata(call, mergeMetadata),
  },
  {
    method: 'PUT',
    path: '/v1/organizations/:organization_id/metadata',
    handle: (call) => changeMetadata(call, (_, given) => given),
  },
  {
    method: 'PUT',
    path: '/v1/organizations/:organization_id/logo',
    handle: async (call) => change(call, { imageUrl: await readImage(call) }),
  },
  {
    method: 'DELETE',
    path: '/v1/organizations/:organization_id/logo',
    handle: (call) => change(call, { imageUrl: null }),
  },
]

/** The organisation a path is about, by its id or its slug. */
export function organizationOf(call: Call): OrganizationRecord {
  return requireOrganization(call.state, call.parameter('organization_id'))
}

function listOrganizations(call: Call): object {
  const { state } = call
  const { query, user_id, organization_id, order_by, ...range } = readQuery(call, listSchema)
  const part = query.toLowerCase()
  const found = [...state.store.organizations.values()].filter(
    ({ id, name, slug }) =>
      (query === '' ||
        id === query ||
        [name, slug].some((its) => its.toLowerCase().includes(part))) &&
      (!organization_id || organization_id.includes(id)) &&
      (!user_id || user_id.some((user) => findMembership(state, id, user))),
  )
  const sorted = order_by.endsWith('name')
    ? found.toSorted((one, other) => one.name.localeCompare(other.name))
    : found.toSorted((one, other) => one.createdAt - other.createdAt)
  const ordered = order_by.startsWith('-') ? sorted.reverse() : sorted
  const data = page(ordered, range).map((its) => privateOrganizationJson(state, its))
  return { data, total_count: found.length }
}

function change(call: Call, changes: Partial<OrganizationRecord>): object {
  const { state } = call
  return privateOrganizationJson(state, updateOrganization(state, organizationOf(call), changes))
}

async function changeMetadata(
  call: Call,
  combine: (current: JsonObject, given: JsonObject) => JsonObject,
): Promise<object> {
  const { publicMetadata, privateMetadata } = organizationOf(call)
  const { public_metadata, private_metadata } = await readBody(call, metadataSchema)
  return change(call, {
    ...(public_metadata && { publicMetadata: combine(publicMetadata, public_metadata) }),
    ...(private_metadata && { privateMetadata: combine(privateMetadata, private_metadata) }),
  })
}

function toFields(
  body: Partial<Omit<z.output<typeof newSchema>, 'name' | 'created_by'>>,
): Partial<Omit<OrganizationRecord, 'name'>> {
  const { slug, max_allowed_memberships: maxAllowedMemberships, created_at: createdAt } = body
  const { public_metadata: publicMetadata, private_metadata: privateMetadata } = body
  return {
    ...(slug && { slug }),
    ...(publicMetadata && { publicMetadata }),
    ...(privateMetadata && { privateMetadata }),
    ...(typeof maxAllowedMemberships === 'number' && { maxAllowedMemberships }),
    ...(typeof createdAt === 'number' && { createdAt }),
  }
}
