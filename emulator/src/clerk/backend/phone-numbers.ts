/** Phone numbers of users. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { flag } from '../fields.js'
import { deletedJson } from '../json/deleted.js'
import { phoneNumberJson } from '../json/user.js'
import { notFound } from '../problem.js'
import type { PhoneNumberRecord, UserRecord } from '../records.js'
import { phoneNumber, removePhoneNumber, requireUser, updateUser } from '../users.js'

const changesSchema = z.object({
  verified: flag,
  primary: flag,
  reserved_for_second_factor: flag,
})
const newSchema = z
  .object({ user_id: z.string(), phone_number: z.e164() })
  .extend(changesSchema.shape)

export const phoneNumberEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/phone_numbers',
    handle: async (call) => {
      const body = await readBody(call, newSchema)
      const user = requireUser(call.state, body.user_id)
      const phone = phoneNumber(body.phone_number, body.verified ? 'verified' : 'unverified')
      return put(call, user, phone, body.primary)
    },
  },
  {
    method: 'GET',
    path: '/v1/phone_numbers/:id',
    handle: (call) => phoneNumberJson(find(call).phone),
  },
  {
    method: 'PATCH',
    path: '/v1/phone_numbers/:id',
    handle: async (call) => {
      const { user, phone } = find(call)
      const body = await readBody(call, changesSchema)
      const { verified, primary, reserved_for_second_factor: isSecondFactor } = body
      const status = verified === undefined ? phone.status : verified ? 'verified' : 'unverified'
      return put(
        call,
        user,
        { ...phone, status, isSecondFactor: isSecondFactor ?? phone.isSecondFactor },
        primary,
      )
    },
  },
  {
    method: 'DELETE',
    path: '/v1/phone_numbers/:id',
    handle: (call) => {
      const { user, phone } = find(call)
      removePhoneNumber(call.state, user, phone)
      return deletedJson('phone_number', phone.id)
    },
  },
]

function find(call: Call): { user: UserRecord; phone: PhoneNumberRecord } {
  const id = call.parameter('id')
  for (const user of call.state.store.users.values()) {
    const phone = user.phoneNumbers.find((its) => its.id === id)
    if (phone) return { user, phone }
  }
  throw notFound('phone number', id)
}

function put(
  { state }: Call,
  user: UserRecord,
  phone: PhoneNumberRecord,
  isPrimary = false,
): object {
  const others = user.phoneNumbers.filter(({ id }) => id !== phone.id)
  updateUser(state, user, {
    phoneNumbers: [...others, phone],
    ...((isPrimary || user.primaryPhoneNumberId === null) && {
      primaryPhoneNumberId: phone.id,
    }),
  })
  return phoneNumberJson(phone)
}
