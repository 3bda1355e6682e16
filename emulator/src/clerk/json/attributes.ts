/** What is known of users, and what each part of it is good for. */

import type { ClerkSettings, SignUpField } from '../options.js'
import type { JsonObject } from './types.js'

/** An attribute that the instance does not have. */
const OFF = {
  enabled: false,
  required: false,
  used_for_first_factor: false,
  first_factors: [] as readonly string[],
  used_for_second_factor: false,
  second_factors: [] as readonly string[],
  verifications: [] as readonly string[],
  verify_at_sign_up: false,
}

/** What attributes are good for, where there are any. */
const USES: Readonly<Record<SignUpField, Partial<typeof OFF>>> = {
  email_address: {
    used_for_first_factor: true,
    first_factors: ['email_code'],
    verifications: ['email_code'],
    verify_at_sign_up: true,
  },
  phone_number: {
    used_for_first_factor: true,
    first_factors: ['phone_code'],
    used_for_second_factor: true,
    second_factors: ['phone_code'],
    verifications: ['phone_code'],
    verify_at_sign_up: true,
  },
  username: { used_for_first_factor: true },
  password: {},
  first_name: {},
  last_name: {},
}

const SECOND_FACTOR = { ...OFF, enabled: true, used_for_second_factor: true }

/** The attributes of an instance, as ClerkJS asks for them. */
export function attributesJson({ signUpFields }: ClerkSettings): JsonObject {
  const fields = Object.entries(USES).map(([name, uses]) => {
    const presence = signUpFields[name as SignUpField]
    const isThere = presence !== 'off'
    return [
      name,
      isThere ? { ...OFF, ...uses, enabled: true, required: presence === 'required' } : OFF,
    ]
  })
  return {
    ...Object.fromEntries(fields),
    authenticator_app: { ...SECOND_FACTOR, second_factors: ['totp'] },
    backup_code: { ...SECOND_FACTOR, second_factors: ['backup_code'] },
    web3_wallet: OFF,
    passkey: OFF,
  }
}
