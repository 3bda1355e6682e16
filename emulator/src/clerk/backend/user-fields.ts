/** What a server may say of a user. */

import { z } from 'zod'
import { type Call, readBody } from '../call.js'
import { metadata, text, time } from '../fields.js'
import { HASHERS } from '../hashers.js'
import { createPassword, importPassword } from '../passwords.js'
import { ClerkProblem } from '../problem.js'
import type { PasswordRecord, UserRecord } from '../records.js'
import { emailAddress, type NewUser, phoneNumber } from '../users.js'

const status = z.array(z.enum(['verified', 'reserved'])).optional()
const flag = z.boolean().nullish()

/** What can be said both of new users and of others. */
const common = {
  external_id: text,
  first_name: text,
  last_name: text,
  username: text,
  locale: text,
  timezone: text,
  password: text,
  password_digest: text,
  password_hasher: z.enum(HASHERS).nullish(),
  skip_password_checks: flag,
  totp_secret: text,
  backup_codes: z.array(z.string()).optional(),
  delete_self_enabled: flag,
  create_organization_enabled: flag,
  create_organizations_limit: z.number().int().nullish(),
  legal_accepted_at: time,
  skip_legal_checks: flag,
  created_at: time,
  bypass_client_trust: flag,
}

const newUserSchema = z.strictObject({
  ...common,
  email_address: z.array(z.email()).default([]),
  email_address_identification_status: status,
  phone_number: z.array(z.e164()).default([]),
  phone_number_identification_status: status,
  public_metadata: metadata,
  private_metadata: metadata,
  unsafe_metadata: metadata,
  skip_password_requirement: flag,
  skip_user_requirement: flag,
  banned: flag,
  locked: flag,
})

const changesSchema = z.strictObject({
  ...common,
  primary_email_address_id: text,
  primary_phone_number_id: text,
  primary_web3_wallet_id: text,
  profile_image_id: text,
  notify_primary_email_address_changed: flag,
  sign_out_of_other_sessions: flag,
})

type Common = Pick<z.output<typeof newUserSchema>, keyof typeof common>

/**
 * A user as the body describes them.
 * @throws {ClerkProblem} when something is missing, or is not as it should be.
 */
export async function readNewUser(call: Call): Promise<NewUser> {
  const body = await readBody(call, newUserSchema)
  const { email_address: emails, phone_number: phones } = body
  const { password, ...fields } = await toFields(call, body)
  const missing = [
    ...(!emails.length && !body.skip_user_requirement ? ['email_address'] : []),
    ...(!password && !body.skip_password_requirement ? ['password'] : []),
  ]
  if (missing.length > 0) throw missingData(missing)
  const emailStatus = parallel('email_address', emails, body.email_address_identification_status)
  const phoneStatus = parallel('phone_number', phones, body.phone_number_identification_status)
  return {
    ...fields,
    ...(password && { password }),
    emailAddresses: emails.map((its, index) => emailAddress(its, emailStatus[index] ?? 'verified')),
    phoneNumbers: phones.map((its, index) => phoneNumber(its, phoneStatus[index] ?? 'verified')),
    ...(body.public_metadata && { publicMetadata: body.public_metadata }),
    ...(body.private_metadata && { privateMetadata: body.private_metadata }),
    ...(body.unsafe_metadata && { unsafeMetadata: body.unsafe_metadata }),
    isBanned: body.banned ?? false,
    isLocked: body.locked ?? false,
  }
}

/**
 * Changes to a user, and whether they end the user's sessions.
 * @throws {ClerkProblem} when something is not as it should be.
 */
export async function readUserChanges(
  call: Call,
  user: UserRecord,
): Promise<{ changes: NewUser; endsSessions: boolean }> {
  const body = await readBody(call, changesSchema)
  const { primary_email_address_id: email, primary_phone_number_id: phone } = body
  if (email && !user.emailAddresses.some((its) => its.id === email && its.status === 'verified')) {
    throw notVerified('primary_email_address_id')
  }
  if (phone && !user.phoneNumbers.some((its) => its.id === phone && its.status === 'verified')) {
    throw notVerified('primary_phone_number_id')
  }
  const changes = {
    ...(await toFields(call, body)),
    ...(email && { primaryEmailAddressId: email }),
    ...(phone && { primaryPhoneNumberId: phone }),
  }
  return { changes, endsSessions: body.sign_out_of_other_sessions ?? false }
}

async function toFields(call: Call, body: Common): Promise<NewUser> {
  const password = await readPassword(call, body)
  const fields: { [Key in keyof NewUser]: NewUser[Key] | undefined } = {
    externalId: body.external_id,
    firstName: body.first_name,
    lastName: body.last_name,
    username: body.username === '' ? null : body.username,
    locale: body.locale,
    timezone: body.timezone,
    password,
    totpSecret: body.totp_secret,
    backupCodes: body.backup_codes,
    canDeleteSelf: body.delete_self_enabled ?? undefined,
    canCreateOrganizations: body.create_organization_enabled ?? undefined,
    organizationsLimit: body.create_organizations_limit,
    legalAcceptedAt: body.legal_accepted_at,
    createdAt: body.created_at ?? undefined,
  }
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as NewUser
}

async function readPassword(call: Call, body: Common): Promise<PasswordRecord | undefined> {
  const { password, password_digest: digest, password_hasher: hasher } = body
  if (password) return createPassword(call.state, password, !body.skip_password_checks)
  if (!digest) return undefined
  if (hasher) return importPassword(call.state, digest, hasher)
  throw new ClerkProblem({
    code: 'form_param_missing',
    message: 'is missing',
    longMessage: 'password_hasher must be included with password_digest.',
    parameter: 'password_hasher',
  })
}

/** @throws {ClerkProblem} unless there is a status for each identifier, or none at all. */
function parallel<Status>(
  parameter: string,
  identifiers: readonly string[],
  statuses: readonly Status[] = [],
): readonly Status[] {
  if (statuses.length === 0 || statuses.length === identifiers.length) return statuses
  throw new ClerkProblem({
    code: 'form_param_value_invalid',
    message: 'is invalid',
    longMessage: `There must be one identification status for each ${parameter}.`,
    parameter: `${parameter}_identification_status`,
  })
}

function missingData(names: readonly string[]): ClerkProblem {
  return new ClerkProblem({
    code: 'form_data_missing',
    message: 'missing data',
    longMessage: `${JSON.stringify(names)} data doesn't match user requirements set for this instance`,
    meta: { param_names: names },
  })
}

function notVerified(parameter: string): ClerkProblem {
  return new ClerkProblem({
    code: 'form_param_value_invalid',
    message: 'is invalid',
    longMessage: `${parameter} is not a verified identification of the user.`,
    parameter,
  })
}
