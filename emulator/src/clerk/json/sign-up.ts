/** Attempts to sign up, as browsers see them. */

import type { SignUpRecord } from '../records.js'
import { verificationJson } from '../verifications.js'
import type { JsonObject } from './types.js'

/** An attempt to sign up, and what it still needs. */
export function signUpJson(signUp: SignUpRecord): JsonObject {
  const { emailAddress, verification } = signUp
  const isVerified = verification?.status === 'verified'
  const missing = missingFields(signUp)
  return {
    object: 'sign_up',
    id: signUp.id,
    status: signUp.createdSessionId ? 'complete' : 'missing_requirements',
    required_fields: ['email_address', 'password'],
    optional_fields: ['username', 'first_name', 'last_name'],
    missing_fields: missing,
    unverified_fields: unverifiedFields(signUp),
    username: signUp.username,
    first_name: signUp.firstName,
    last_name: signUp.lastName,
    email_address: emailAddress,
    phone_number: null,
    web3_wallet: null,
    external_account_strategy: null,
    external_account: null,
    has_password: signUp.password !== null,
    unsafe_metadata: signUp.unsafeMetadata,
    locale: signUp.locale,
    legal_accepted_at: signUp.legalAcceptedAt,
    verifications: {
      email_address: emailAddress
        ? {
            ...(verificationJson(verification) ?? { object: 'verification_otp', status: null }),
            next_action: isVerified ? '' : verification ? 'needs_attempt' : 'needs_prepare',
            supported_strategies: ['email_code'],
          }
        : null,
      phone_number: null,
      web3_wallet: null,
      external_account: null,
    },
    created_user_id: signUp.createdUserId,
    created_session_id: signUp.createdSessionId,
    abandon_at: null,
  }
}

/** What the browser has to say yet. */
export function missingFields({ emailAddress, password }: SignUpRecord): string[] {
  return [...(emailAddress ? [] : ['email_address']), ...(password ? [] : ['password'])]
}

/** What the browser has to prove yet. */
export function unverifiedFields({ emailAddress, verification }: SignUpRecord): string[] {
  return emailAddress && verification?.status !== 'verified' ? ['email_address'] : []
}
