/** The signed-in user's e-mail addresses. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { text } from '../fields.js'
import { deletedJson } from '../json/deleted.js'
import { emailAddressJson } from '../json/user.js'
import { isTaken, notFound } from '../problem.js'
import type { EmailAddressRecord, UserRecord } from '../records.js'
import { emailAddress, findByIdentifier, removeEmailAddress, updateUser } from '../users.js'
import { attemptVerification, startVerification } from '../verifications.js'
import { requireMe, withClient } from './visit.js'

const STRATEGY = 'email_code'

const newSchema = z.object({ email_address: z.email() })
const prepareSchema = z.object({ strategy: z.literal(STRATEGY) })
const attemptSchema = z.object({ code: text })

export const emailAddressEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/me/email_addresses',
    handle: async (call) => {
      const { user } = requireMe(call)
      const { email_address } = await readBody(call, newSchema)
      if (findByIdentifier(call.state, email_address)) throw isTaken('email_address')
      const address = emailAddress(email_address, 'unverified')
      updateUser(call.state, user, { emailAddresses: [...user.emailAddresses, address] })
      return withClient(call, emailAddressJson(address))
    },
  },
  {
    method: 'GET',
    path: '/v1/me/email_addresses/:id',
    handle: (call) => withClient(call, emailAddressJson(find(call).address)),
  },
  {
    method: 'POST',
    path: '/v1/me/email_addresses/:id/prepare_verification',
    handle: async (call) => {
      const { address } = find(call)
      const { strategy } = await readBody(call, prepareSchema)
      const verification = startVerification(call.state, strategy, address.address)
      call.state.store.verifications.set(address.id, verification)
      return withClient(call, emailAddressJson(address))
    },
  },
  {
    method: 'POST',
    path: '/v1/me/email_addresses/:id/attempt_verification',
    handle: async (call) => {
      const { user, address } = find(call)
      const { code } = await readBody(call, attemptSchema)
      attemptVerification(
        call.state,
        call.state.store.verifications.get(address.id),
        STRATEGY,
        code,
      )
      const verified = { ...address, status: 'verified' as const, strategy: STRATEGY }
      updateUser(call.state, user, {
        emailAddresses: user.emailAddresses.map((its) => (its === address ? verified : its)),
      })
      return withClient(call, emailAddressJson(verified))
    },
  },
  {
    method: 'DELETE',
    path: '/v1/me/email_addresses/:id',
    handle: (call) => {
      const { user, address } = find(call)
      removeEmailAddress(call.state, user, address)
      return withClient(call, deletedJson('email_address', address.id))
    },
  },
]

function find(call: Call): { user: UserRecord; address: EmailAddressRecord } {
  const { user } = requireMe(call)
  const address = user.emailAddresses.find(({ id }) => id === call.parameter('id'))
  if (!address) throw notFound('email address', call.parameter('id'))
  return { user, address }
}
