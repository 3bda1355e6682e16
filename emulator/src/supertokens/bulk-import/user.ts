/** A user to be imported, as a core keeps it once it has found nothing wrong with it. */

import type { CoreContext } from '../context.js'
import type { JsonObject } from '../store.js'
import { checkLength, toFields, toTenantIds } from './fields.js'
import { type ImportLogin, toImportLogin } from './login.js'

/** One user, with defaults filled in. */
export interface ImportUser {
  readonly externalUserId: string | undefined
  readonly userMetadata: JsonObject | undefined
  readonly userRoles: readonly ImportRole[] | undefined
  /** The only one: more take account linking, which needs a licence. */
  readonly login: ImportLogin
}

interface ImportRole {
  readonly role: string
  readonly tenantIds: readonly string[]
}

/**
 * Reads one user.
 *
 * @param externalIds Those of the users read before, which this one may not have.
 * @returns the user, or all that is wrong in a core's words.
 */
export function toImportUser(
  core: CoreContext,
  input: JsonObject,
  externalIds: Set<string>,
): ImportUser | { readonly errors: readonly string[] } {
  const errors: string[] = []
  const fields = toFields(input, errors)
  const externalUserId = fields.optional('externalUserId', 'string')
  const userMetadata = fields.optional('userMetadata', 'object')
  const userRoles = fields
    .optional('userRoles', 'array of object')
    ?.map((role) => toRole(core, role, errors))
  if (fields.optional('totpDevices', 'array of object')) {
    errors.push('MFA must be enabled to import totp devices.')
  }
  const inputs = fields.required('loginMethods', 'array of object')
  const logins = toLogins(core, inputs ?? [], errors)
  if (inputs?.length === 0) errors.push('At least one loginMethod is required.')
  if (externalUserId !== undefined) checkExternalId(externalUserId, externalIds, errors)
  for (const { tenantIds, json } of logins) {
    if (tenantIds.length === 0) {
      errors.push(`LoginMethod '${JSON.stringify(json)}' has no tenantId`)
    }
  }
  const [login] = logins
  if (errors.length > 0 || !login) return { errors }
  return { externalUserId: externalUserId?.trim(), userMetadata, userRoles, login }
}

function toRole({ store }: CoreContext, input: JsonObject, errors: string[]): ImportRole {
  const fields = toFields(input, errors, ' for a user role.')
  const role = fields.required('role', 'string')?.trim() ?? ''
  const tenantIds = fields.required('tenantIds', 'array of string')
  checkLength('role', role, 255, errors)
  if (!store.roles.has(role)) errors.push(`Role ${role} does not exist.`)
  return { role, tenantIds: toTenantIds(tenantIds, errors) }
}

function toLogins(
  core: CoreContext,
  inputs: readonly JsonObject[],
  errors: string[],
): ImportLogin[] {
  if (inputs.length > 1) {
    errors.push('Account linking must be enabled to import multiple loginMethods.')
  }
  if (inputs.filter(({ isPrimary }) => isPrimary === true).length > 1) {
    errors.push('No two loginMethods can have isPrimary as true.')
  }
  return inputs.map((input) => toImportLogin(core, input, errors))
}

function checkExternalId(id: string, externalIds: Set<string>, errors: string[]): void {
  checkLength('externalUserId', id, 128, errors)
  if (externalIds.has(id)) {
    errors.push(`externalUserId ${id} is not unique. It is already used by another user.`)
  }
  externalIds.add(id)
}
