/** Roles in organisations, and what they permit, as Clerk's APIs show them. */

import type { ClerkState } from '../state.js'
import type { JsonObject } from './types.js'

/** `org:admin` is "Admin". */
export function roleName(key: string): string {
  const name = key.replace(/^org:/, '').replaceAll('_', ' ')
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** All roles of the instance. */
export function rolesJson({ settings }: ClerkState): JsonObject[] {
  return Object.entries(settings.organizationRoles).map(([key, permissions]) => ({
    object: 'role',
    id: `role_${key.replace(/\W/g, '_')}`,
    key,
    name: roleName(key),
    description: '',
    permissions: permissions.map(permissionJson),
    is_creator_eligible: true,
    ...UNCHANGED,
  }))
}

/** All permissions that some role of the instance has. */
export function permissionsJson({ settings }: ClerkState): JsonObject[] {
  return [...new Set(Object.values(settings.organizationRoles).flat())].map(permissionJson)
}

/** Roles come with the instance's settings: there is no time at which they were made. */
const UNCHANGED = { created_at: 0, updated_at: 0 } as const

function permissionJson(key: string): JsonObject {
  return {
    object: 'permission',
    id: `perm_${key.replace(/\W/g, '_')}`,
    key,
    name: roleName(key),
    description: '',
    type: key.startsWith('org:sys_') ? 'system' : 'user',
    ...UNCHANGED,
  }
}
