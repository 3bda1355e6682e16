/** Attempts to sign up, as browsers see them. */

import type { SignUpField } from '../options.js'
import type { SignUpRecord, VerificationRecord } from '../records.js'
import type { ClerkState } from '../state.js'
import { verificationJson } from '../verifications.js'
import type { JsonObject } from './types.js'

/** What an attempt says for each field, if anything. */
const VALUES: Readonly<Record<SignUpField, (signUp: SignUpRecord) => unknown>> = {
  email_address: ({ emailAddress }) => emailAddress,
  phone_number: ({ phoneNumber }) => phoneNumber,
  username: ({ username }) => username,
  password: ({ password }) => password,
  first_name: ({ firstName }) => firstName,
  last_name: ({ lastName }) => lastName,
}

/** An attempt to sign up, and what it still needs. */
export function signUpJson(state: ClerkState, signUp: SignUpRecord): JsonObject {
  const { emailAddress, phoneNumber, emailVerification, phoneVerification } = signUp
  return {
    object: 'sign_up',
    id: signUp.id,
    status: signUp.createdSessionId ? 'complete' : 'missing_requirements',
    required_fields: fieldsThatAre(state, 'required'),
    optional_fields: fieldsThatAre(state, 'optional'),
    missing_fields: missingFields(state, signUp),
    unverified_fields: unverifiedFields(signUp),
    username: signUp.username,
    first_name: signUp.firstName,
    last_name: signUp.lastName,
    email_address: emailAddress,
    phone_number: phoneNumber,
    web3_wallet: null,
    external_account_strategy: null,
    external_account: null,
    has_password: signUp.password !== null,
    password_enabled: signUp.password !== null,
    unsafe_metadata: signUp.unsafeMetadata,
    locale: signUp.locale,
    legal_accepted_at: signUp.legalAcceptedAt,
    verifications: {
      email_address: emailAddress ? stepJson(emailVerification, 'email_code') : null,
      phone_number: phoneNumber ? stepJson(phoneVerification, 'phone_code') : null,
      web3_wallet: null,
      external_account: null,
    },
    created_user_id: signUp.createdUserId,
    created_session_id: signUp.createdSessionId,
    abandon_at: null,
  }
}

/** What the browser has to say yet. */
export function missingFields(state: ClerkState, signUp: SignUpRecord): string[] {
  return fieldsThatAre(state, 'required').filter((name) => !VALUES[name](signUp))
}

/** What the browser has to prove yet. */
export function unverifiedFields(signUp: SignUpRecord): string[] {
  const { emailAddress, phoneNumber, emailVerification, phoneVerification } = signUp
  return [
    ...(emailAddress && !isVerified(emailVerification) ? ['email_address'] : []),
    ...(phoneNumber && !isVerified(phoneVerification) ? ['phone_number'] : []),
  ]
}

function fieldsThatAre({ settings }: ClerkState, presence: 'required' | 'optional'): SignUpField[] {
  const names = Object.keys(VALUES) as SignUpField[]
  return names.filter((name) => settings.signUpFields[name] === presence)
}

function isVerified(verification: VerificationRecord | null): boolean {
  return verification?.status === 'verified'
}

function stepJson(verification: VerificationRecord | null, strategy: string): JsonObject {
  const next = verification ? 'needs_attempt' : 'needs_prepare'
  return {
    ...(verificationJson(verification) ?? { object: 'verification_otp', status: null }),
    next_action: isVerified(verification) ? '' : next,
    supported_strategies: [strategy],
  }
}
