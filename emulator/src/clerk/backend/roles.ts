/** Roles and permissions, which come with the instance's settings and can only be looked at. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readQuery } from '../call.js'
import { limit, offset, page } from '../fields.js'
import { permissionsJson, rolesJson } from '../json/role.js'
import type { JsonObject } from '../json/types.js'
import { notFound } from '../problem.js'

const pageSchema = z.object({ limit, offset })

export const roleEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'GET',
    path: '/v1/organization_roles',
    handle: (call) => answerPage(call, rolesJson(call.state)),
  },
  {
    method: 'GET',
    path: '/v1/organization_roles/:id',
    handle: (call) => find(call, 'organization role', rolesJson(call.state)),
  },
  {
    method: 'GET',
    path: '/v1/organization_permissions',
    handle: (call) => answerPage(call, permissionsJson(call.state)),
  },
  {
    method: 'GET',
    path: '/v1/organization_permissions/:id',
    handle: (call) => find(call, 'organization permission', permissionsJson(call.state)),
  },
]

function answerPage(call: Call, rows: readonly JsonObject[]): object {
  return { data: page(rows, readQuery(call, pageSchema)), total_count: rows.length }
}

function find(call: Call, what: string, rows: readonly JsonObject[]): object {
  const id = call.parameter('id')
  const row = rows.find((its) => its.id === id)
  if (!row) throw notFound(what, id)
  return row
}
