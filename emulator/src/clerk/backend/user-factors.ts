/** What users are recognised and verified by, besides a password. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { readImage } from '../images.js'
import { emailAddressJson, phoneNumberJson, privateUserJson } from '../json/user.js'
import { redeemBackupCode, verifyTotp } from '../totp.js'
import { emailAddress, phoneNumber, updateUser } from '../users.js'
import { userOf } from './users.js'

const addressSchema = z.strictObject({ email_address: z.email() })
const numberSchema = z.strictObject({ phone_number: z.e164() })
const codeSchema = z.strictObject({ code: z.string() })

/** Codes from apps have six digits; backup codes never do. */
const TOTP_CODE = /^\d{6}$/

export const userFactorEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'PUT',
    path: '/v1/users/:user_id/email_address',
    handle: async (call) => {
      const { email_address } = await readBody(call, addressSchema)
      const address = emailAddress(email_address, 'verified')
      const changes = { emailAddresses: [address], primaryEmailAddressId: address.id }
      updateUser(call.state, userOf(call), changes)
      return emailAddressJson(address)
    },
  },
  {
    method: 'PUT',
    path: '/v1/users/:user_id/phone_number',
    handle: async (call) => {
      const { phone_number } = await readBody(call, numberSchema)
      const phone = phoneNumber(phone_number, 'verified')
      const changes = { phoneNumbers: [phone], primaryPhoneNumberId: phone.id }
      updateUser(call.state, userOf(call), changes)
      return phoneNumberJson(phone)
    },
  },
  {
    method: 'POST',
    path: '/v1/users/:user_id/profile_image',
    handle: async (call) => setImage(call, await readImage(call)),
  },
  {
    method: 'DELETE',
    path: '/v1/users/:user_id/profile_image',
    handle: (call) => setImage(call, null),
  },
  {
    method: 'POST',
    path: '/v1/users/:user_id/verify_totp',
    handle: async (call) => {
      const { code } = await readBody(call, codeSchema)
      const isTotp = TOTP_CODE.test(code)
      if (isTotp) verifyTotp(call.state, userOf(call), code)
      else redeemBackupCode(call.state, userOf(call), code)
      return { verified: true, code_type: isTotp ? 'totp' : 'backup_code' }
    },
  },
  {
    method: 'DELETE',
    path: '/v1/users/:user_id/totp',
    handle: (call) => remove(call, { totpSecret: null }),
  },
  {
    method: 'DELETE',
    path: '/v1/users/:user_id/backup_code',
    handle: (call) => remove(call, { backupCodes: [] }),
  },
  {
    method: 'DELETE',
    path: '/v1/users/:user_id/mfa',
    handle: (call) => {
      const phoneNumbers = userOf(call).phoneNumbers.map((its) => ({
        ...its,
        isSecondFactor: false,
      }))
      return remove(call, { totpSecret: null, backupCodes: [], phoneNumbers })
    },
  },
  {
    method: 'GET',
    path: '/v1/users/:user_id/oauth_access_tokens/:provider',
    handle: (call) => {
      // Nobody signs in with a provider here, so nobody has tokens of one.
      userOf(call)
      return { data: [], total_count: 0 }
    },
  },
]

function setImage(call: Call, imageUrl: string | null): object {
  return privateUserJson(updateUser(call.state, userOf(call), { imageUrl }))
}

function remove(call: Call, changes: Parameters<typeof updateUser>[2]): object {
  const { id } = updateUser(call.state, userOf(call), changes)
  return { user_id: id }
}
