/** Attempts to sign in, as browsers see them. */

import { imageJson } from '../images.js'
import type { SignInRecord, UserRecord } from '../records.js'
import type { ClerkState } from '../state.js'
import { verificationJson } from '../verifications.js'
import type { JsonObject } from './types.js'

/** An attempt to sign in, and the ways it can go on. */
export function signInJson({ store, settings }: ClerkState, signIn: SignInRecord): JsonObject {
  const user = store.users.get(signIn.userId ?? '')
  const { email_address, phone_number, username } = settings.signUpFields
  const identifiers = { email_address, phone_number, username }
  return {
    object: 'sign_in',
    id: signIn.id,
    status: signIn.status,
    supported_identifiers: Object.entries(identifiers)
      .filter(([, presence]) => presence !== 'off')
      .map(([name]) => name),
    identifier: signIn.identifier,
    user_data: user
      ? { first_name: user.firstName, last_name: user.lastName, ...imageJson(user.imageUrl) }
      : null,
    supported_first_factors: user ? firstFactors(user) : [],
    supported_second_factors: user ? secondFactors(user) : null,
    first_factor_verification: verificationJson(signIn.verification),
    second_factor_verification: verificationJson(signIn.secondVerification),
    created_session_id: signIn.createdSessionId,
  }
}

/** Whether a password is not enough to sign this user in. */
export function hasSecondFactor(user: UserRecord): boolean {
  return secondFactors(user).length > 0
}

/** What the user can be verified by in the first place. */
export function firstFactors(user: UserRecord): JsonObject[] {
  const { emailAddresses, password, phoneNumbers, primaryEmailAddressId } = user
  const byEmail = emailAddresses
    .filter(({ status }) => status !== 'unverified')
    .map(({ id, address }) => ({
      email_address_id: id,
      safe_identifier: address,
      primary: id === primaryEmailAddressId,
    }))
  const byPhone = phoneNumbers
    .filter(({ status }) => status !== 'unverified')
    .map(phoneFactor(user))
  return [
    ...(password ? [{ strategy: 'password' }] : []),
    ...byEmail.map((its) => ({ strategy: 'email_code', ...its })),
    ...byPhone.map((its) => ({ strategy: 'phone_code', ...its })),
    ...(password ? byEmail.map((its) => ({ strategy: 'reset_password_email_code', ...its })) : []),
    ...(password ? byPhone.map((its) => ({ strategy: 'reset_password_phone_code', ...its })) : []),
  ]
}

/** And in the second: backup codes stand in for the others, and are none without them. */
export function secondFactors(user: UserRecord): JsonObject[] {
  const byPhone = user.phoneNumbers.filter((its) => its.isSecondFactor).map(phoneFactor(user))
  const factors = [
    ...(user.totpSecret === null ? [] : [{ strategy: 'totp' }]),
    ...byPhone.map((its) => ({ strategy: 'phone_code', ...its, default: true })),
  ]
  const hasBackup = factors.length > 0 && user.backupCodes.length > 0
  return [...factors, ...(hasBackup ? [{ strategy: 'backup_code' }] : [])]
}

function phoneFactor({
  primaryPhoneNumberId,
}: UserRecord): (phone: UserRecord['phoneNumbers'][number]) => JsonObject {
  return ({ id, number }) => ({
    phone_number_id: id,
    safe_identifier: number,
    primary: id === primaryPhoneNumberId,
  })
}
