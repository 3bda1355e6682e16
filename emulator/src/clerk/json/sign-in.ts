/** Attempts to sign in, as browsers see them. */

import type { SignInRecord, UserRecord } from '../records.js'
import type { ClerkState } from '../state.js'
import { verificationJson } from '../verifications.js'
import type { JsonObject } from './types.js'

/** An attempt to sign in, and the ways it can go on. */
export function signInJson({ store }: ClerkState, signIn: SignInRecord): JsonObject {
  const user = store.users.get(signIn.userId ?? '')
  return {
    object: 'sign_in',
    id: signIn.id,
    status: signIn.status,
    supported_identifiers: ['email_address', 'username'],
    identifier: signIn.identifier,
    user_data: user
      ? { first_name: user.firstName, last_name: user.lastName, image_url: '', has_image: false }
      : null,
    supported_first_factors: user ? firstFactors(user) : [],
    supported_second_factors: null,
    first_factor_verification: verificationJson(signIn.verification),
    second_factor_verification: null,
    created_session_id: signIn.createdSessionId,
  }
}

function firstFactors({ emailAddresses, password, primaryEmailAddressId }: UserRecord): object[] {
  const byEmail = emailAddresses
    .filter(({ status }) => status !== 'unverified')
    .map(({ id, address }) => ({
      email_address_id: id,
      safe_identifier: address,
      primary: id === primaryEmailAddressId,
    }))
  return [
    ...(password ? [{ strategy: 'password' }] : []),
    ...byEmail.map((its) => ({ strategy: 'email_code', ...its })),
    ...(password ? byEmail.map((its) => ({ strategy: 'reset_password_email_code', ...its })) : []),
  ]
}
