/** The signed-in user's phone numbers. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { flag, text } from '../fields.js'
import { deletedJson } from '../json/deleted.js'
import { phoneNumberJson } from '../json/user.js'
import { ClerkProblem, isTaken, notFound } from '../problem.js'
import type { PhoneNumberRecord, UserRecord } from '../records.js'
import { findByIdentifier, phoneNumber, removePhoneNumber, updateUser } from '../users.js'
import { attemptVerification, startVerification } from '../verifications.js'
import { requireMe, withClient } from './visit.js'

const STRATEGY = 'phone_code'

const newSchema = z.object({ phone_number: z.e164() })
const changesSchema = z.object({ reserved_for_second_factor: flag, default_second_factor: flag })
const prepareSchema = z.object({ strategy: z.literal(STRATEGY).default(STRATEGY) })
const attemptSchema = z.object({ code: text })

export const phoneNumberEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/me/phone_numbers',
    handle: async (call) => {
      const { user } = requireMe(call)
      const { phone_number } = await readBody(call, newSchema)
      if (findByIdentifier(call.state, phone_number)) throw isTaken('phone_number')
      const phone = phoneNumber(phone_number, 'unverified')
      updateUser(call.state, user, { phoneNumbers: [...user.phoneNumbers, phone] })
      return withClient(call, phoneNumberJson(phone))
    },
  },
  {
    method: 'GET',
    path: '/v1/me/phone_numbers/:id',
    handle: (call) => withClient(call, phoneNumberJson(find(call).phone)),
  },
  {
    method: 'PATCH',
    path: '/v1/me/phone_numbers/:id',
    handle: async (call) => {
      const { phone } = find(call)
      const { reserved_for_second_factor: isSecondFactor } = await readBody(call, changesSchema)
      if (isSecondFactor && phone.status !== 'verified') {
        const message = 'Only verified phone numbers can be a second factor'
        throw new ClerkProblem({ code: 'form_param_value_invalid', message })
      }
      return replace(call, { ...phone, isSecondFactor: isSecondFactor ?? phone.isSecondFactor })
    },
  },
  {
    method: 'POST',
    path: '/v1/me/phone_numbers/:id/prepare_verification',
    handle: async (call) => {
      const { phone } = find(call)
      const { strategy } = await readBody(call, prepareSchema)
      const verification = startVerification(call.state, strategy, phone.number)
      call.state.store.verifications.set(phone.id, verification)
      return withClient(call, phoneNumberJson(phone))
    },
  },
  {
    method: 'POST',
    path: '/v1/me/phone_numbers/:id/attempt_verification',
    handle: async (call) => {
      const { phone } = find(call)
      const { code } = await readBody(call, attemptSchema)
      const { verifications } = call.state.store
      attemptVerification(call.state, verifications.get(phone.id), STRATEGY, code)
      return replace(call, { ...phone, status: 'verified' })
    },
  },
  {
    method: 'DELETE',
    path: '/v1/me/phone_numbers/:id',
    handle: (call) => {
      const { user, phone } = find(call)
      removePhoneNumber(call.state, user, phone)
      return withClient(call, deletedJson('phone_number', phone.id))
    },
  },
]

function find(call: Call): { user: UserRecord; phone: PhoneNumberRecord } {
  const { user } = requireMe(call)
  const phone = user.phoneNumbers.find(({ id }) => id === call.parameter('id'))
  if (!phone) throw notFound('phone number', call.parameter('id'))
  return { user, phone }
}

/** The first number that is verified is the primary one. */
function replace(call: Call, phone: PhoneNumberRecord): Promise<object> {
  const { user } = find(call)
  const isFirst = user.primaryPhoneNumberId === null && phone.status === 'verified'
  updateUser(call.state, user, {
    phoneNumbers: user.phoneNumbers.map((its) => (its.id === phone.id ? phone : its)),
    ...(isFirst && { primaryPhoneNumberId: phone.id }),
  })
  return withClient(call, phoneNumberJson(phone))
}
