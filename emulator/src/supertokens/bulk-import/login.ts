/** How a user to be imported signs in, recipe by recipe. */

import { randomUUID } from 'node:crypto'
import type { CoreContext } from '../context.js'
import { hashProblem, toHashingAlgorithm } from '../passwords.js'
import type { JsonObject, LoginRecipe, User } from '../store.js'
import { checkLength, type Fields, toFields, toTenantIds } from './fields.js'

/** One login method, with defaults filled in. */
export interface ImportLogin
  extends Pick<User, 'recipeId' | 'email' | 'phoneNumber' | 'thirdParty'> {
  readonly tenantIds: readonly string[]
  readonly isVerified: boolean
  readonly isPrimary: boolean
  readonly timeJoinedInMSSinceEpoch: number
  readonly superTokensUserId: string
  readonly passwordHash: string | undefined
  readonly plainTextPassword: string | undefined
  /** The login method as a core shows it, with defaults filled in. */
  readonly json: JsonObject
}

interface Details {
  readonly email?: string | undefined
  readonly passwordHash?: string | undefined
  readonly hashingAlgorithm?: string | undefined
  readonly plainTextPassword?: string | undefined
  readonly thirdPartyId?: string | undefined
  readonly thirdPartyUserId?: string | undefined
  readonly phoneNumber?: string | undefined
}

const readers: Readonly<
  Record<LoginRecipe, { where: string; read: (fields: Fields, errors: string[]) => Details }>
> = {
  emailpassword: { where: ' for an emailpassword recipe.', read: toPasswordLogin },
  thirdparty: { where: ' for a thirdparty recipe.', read: toThirdPartyLogin },
  passwordless: { where: ' for a passwordless recipe.', read: toPasswordlessLogin },
}

/** Reads one login method, and adds to the errors what is wrong with it. */
export function toImportLogin(core: CoreContext, input: JsonObject, errors: string[]): ImportLogin {
  const fields = toFields(input, errors, ' for a loginMethod.')
  const name = fields.required('recipeId', 'string')
  const tenants = fields.optional('tenantIds', 'array of string')
  const isVerified = fields.optional('isVerified', 'boolean') ?? false
  const isPrimary = fields.optional('isPrimary', 'boolean') ?? false
  const timeJoined = fields.optional('timeJoinedInMSSinceEpoch', 'integer')
  // Absent at first; a user that comes out of the queue again has one.
  const superTokensUserId = fields.optional('superTokensUserId', 'string') ?? randomUUID()
  // With an unknown recipe the user is not imported, so the stand-in for it is of no consequence.
  const recipeId = toRecipeId(name, errors) ?? 'emailpassword'
  const tenantIds = toTenantIds(tenants, errors)
  checkTime(timeJoined, core.clock.now(), errors)
  const timeJoinedInMSSinceEpoch = timeJoined ?? core.clock.now()
  const shared = { tenantIds, isVerified, isPrimary, timeJoinedInMSSinceEpoch, recipeId }
  const { where, read } = readers[recipeId]
  const details = read(toFields(input, errors, where), errors)
  const { email, phoneNumber, passwordHash, plainTextPassword } = details
  const { thirdPartyId: id, thirdPartyUserId: userId } = details
  return {
    ...shared,
    superTokensUserId,
    email,
    phoneNumber,
    thirdParty: id === undefined || userId === undefined ? undefined : { id, userId },
    passwordHash,
    plainTextPassword,
    json: { ...shared, ...details, superTokensUserId },
  }
}

function toRecipeId(name: string | undefined, errors: string[]): LoginRecipe | undefined {
  const recipeId = Object.keys(readers).find((key): key is LoginRecipe => key === name)
  if (name !== undefined && recipeId === undefined) {
    errors.push(
      'Invalid recipeId for loginMethod. Pass one of emailpassword, thirdparty or, passwordless!',
    )
  }
  return recipeId
}

function checkTime(timeJoined: number | undefined, now: number, errors: string[]): void {
  if (timeJoined === undefined) return
  if (timeJoined > now) errors.push('timeJoined cannot be in future for a loginMethod.')
  if (timeJoined < 0) errors.push('timeJoined cannot be < 0 for a loginMethod.')
}

function toPasswordLogin(fields: Fields, errors: string[]): Details {
  const address = fields.required('email', 'string')
  const passwordHash = fields.optional('passwordHash', 'string')?.trim()
  const name = fields.optional('hashingAlgorithm', 'string')
  const plainTextPassword = fields.optional('plainTextPassword', 'string')
  if ((passwordHash === undefined || name === undefined) && plainTextPassword === undefined) {
    errors.push(
      'Either (passwordHash, hashingAlgorithm) or plainTextPassword is required for an emailpassword recipe.',
    )
  }
  const email = toEmail(address, errors)
  const algorithm = name === undefined ? null : toHashingAlgorithm(name)
  if (name !== undefined && algorithm === null) {
    errors.push(
      'Invalid hashingAlgorithm for emailpassword recipe. Pass one of bcrypt, argon2 or, firebase_scrypt!',
    )
  }
  if (passwordHash !== undefined && algorithm !== null) {
    checkLength('passwordHash', passwordHash, 256, errors, 'secret')
    const problem = hashProblem(passwordHash, algorithm)
    if (problem !== null) errors.push(problem)
  }
  return { email, passwordHash, hashingAlgorithm: algorithm ?? undefined, plainTextPassword }
}

function toThirdPartyLogin(fields: Fields, errors: string[]): Details {
  const address = fields.required('email', 'string')
  const thirdPartyId = fields.required('thirdPartyId', 'string')
  const thirdPartyUserId = fields.required('thirdPartyUserId', 'string')
  const email = toEmail(address, errors)
  checkLength('thirdPartyId', thirdPartyId, 28, errors)
  checkLength('thirdPartyUserId', thirdPartyUserId, 256, errors)
  return { email, thirdPartyId, thirdPartyUserId }
}

function toPasswordlessLogin(fields: Fields, errors: string[]): Details {
  const address = fields.optional('email', 'string')
  const phoneNumber = fields.optional('phoneNumber', 'string')?.trim()
  const email = toEmail(address, errors)
  checkLength('phoneNumber', phoneNumber, 256, errors)
  if (email === undefined && phoneNumber === undefined) {
    errors.push('Either email or phoneNumber is required for a passwordless recipe.')
  }
  return { email, phoneNumber }
}

function toEmail(email: string | undefined, errors: string[]): string | undefined {
  // One more is said to be allowed than is.
  if (email && email.length > 255) errors.push(`email ${email} is too long. Max length is 256.`)
  return email?.trim().toLowerCase()
}
