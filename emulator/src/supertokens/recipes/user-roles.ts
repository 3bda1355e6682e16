/** Roles of users, and what they permit; user ids are taken as they come. */

import { z } from 'zod'
import type { CoreContext } from '../context.js'
import { type CoreEndpoint, get, nothing, perTenant, post, put } from '../endpoint.js'
import { filled } from '../fields.js'

const role = filled('role')
const permissions = z
  .array(z.string().trim().min(1, "Field name 'permissions' cannot contain an empty string"))
  .optional()

const ofRole = z.object({ role })
const rolePermissions = z.object({ role, permissions })
const userRole = z.object({ userId: z.string(), role })
type UserRole = z.output<typeof userRole>

export const userRolesEndpoints: readonly CoreEndpoint[] = [
  put('/recipe/role', rolePermissions, createRole),
  post('/recipe/role/permissions/remove', rolePermissions, removePermissions),
  get('/recipe/role/permissions', ofRole, (input, { store }) => {
    const found = store.roles.get(input.role)
    return found ? { permissions: sorted(found), status: 'OK' } : unknownRole
  }),
  post('/recipe/role/remove', ofRole, removeRole),
  get('/recipe/roles', nothing, (_, { store }) => ({
    roles: sorted(store.roles.keys()),
    status: 'OK',
  })),
  get(
    '/recipe/permission/roles',
    z.object({ permission: filled('permission') }),
    (input, { store }) => ({
      roles: sorted(keysWith(store.roles, input.permission)),
      status: 'OK',
    }),
  ),
  put('/recipe/user/role', userRole, addUserRole, perTenant),
  post('/recipe/user/role/remove', userRole, removeUserRole, perTenant),
  get(
    '/recipe/user/roles',
    z.object({ userId: z.string() }),
    ({ userId }, { store }) => ({
      roles: sorted(store.userRoles.get(userId) ?? []),
      status: 'OK',
    }),
    perTenant,
  ),
  get(
    '/recipe/role/users',
    ofRole,
    (input, { store }) =>
      store.roles.has(input.role)
        ? { users: sorted(keysWith(store.userRoles, input.role)), status: 'OK' }
        : unknownRole,
    perTenant,
  ),
]

const unknownRole = { status: 'UNKNOWN_ROLE_ERROR' }

function createRole(input: z.output<typeof rolePermissions>, { store }: CoreContext): object {
  const known = store.roles.get(input.role)
  store.roles.set(input.role, new Set([...(known ?? []), ...(input.permissions ?? [])]))
  return { status: 'OK', createdNewRole: known === undefined }
}

/** Without a list, all go. */
function removePermissions(
  input: z.output<typeof rolePermissions>,
  { store }: CoreContext,
): object {
  const known = store.roles.get(input.role)
  if (!known) return unknownRole
  for (const permission of input.permissions ?? [...known]) known.delete(permission)
  return { status: 'OK' }
}

function removeRole(input: { role: string }, { store }: CoreContext): object {
  for (const roles of store.userRoles.values()) roles.delete(input.role)
  return { status: 'OK', didRoleExist: store.roles.delete(input.role) }
}

function addUserRole({ userId, role: wanted }: UserRole, { store }: CoreContext): object {
  if (!store.roles.has(wanted)) return unknownRole
  const roles = store.userRoles.get(userId) ?? new Set()
  const didUserAlreadyHaveRole = roles.has(wanted)
  store.userRoles.set(userId, roles.add(wanted))
  return { status: 'OK', didUserAlreadyHaveRole }
}

function removeUserRole({ userId, role: unwanted }: UserRole, { store }: CoreContext): object {
  if (!store.roles.has(unwanted)) return unknownRole
  return { status: 'OK', didUserHaveRole: store.userRoles.get(userId)?.delete(unwanted) === true }
}

/** Lists come sorted, as from a core that keeps its data in memory. */
function sorted(names: Iterable<string>): string[] {
  return [...names].sort()
}

function keysWith(sets: ReadonlyMap<string, ReadonlySet<string>>, member: string): string[] {
  return [...sets].filter(([, members]) => members.has(member)).map(([key]) => key)
}
