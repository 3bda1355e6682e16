/** E-mail addresses of users. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { flag } from '../fields.js'
import { deletedJson } from '../json/deleted.js'
import { emailAddressJson } from '../json/user.js'
import { notFound } from '../problem.js'
import type { EmailAddressRecord, UserRecord } from '../records.js'
import { emailAddress, removeEmailAddress, requireUser, updateUser } from '../users.js'

const changesSchema = z.object({ verified: flag, primary: flag })
const newSchema = z
  .object({ user_id: z.string(), email_address: z.email() })
  .extend(changesSchema.shape)

export const emailAddressEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/email_addresses',
    handle: async (call) => {
      const body = await readBody(call, newSchema)
      const user = requireUser(call.state, body.user_id)
      const address = emailAddress(body.email_address, body.verified ? 'verified' : 'unverified')
      return put(call, user, address, body.primary)
    },
  },
  {
    method: 'GET',
    path: '/v1/email_addresses/:id',
    handle: (call) => emailAddressJson(find(call).address),
  },
  {
    method: 'PATCH',
    path: '/v1/email_addresses/:id',
    handle: async (call) => {
      const { user, address } = find(call)
      const { verified, primary } = await readBody(call, changesSchema)
      const status = verified === undefined ? address.status : verified ? 'verified' : 'unverified'
      return put(call, user, { ...address, status }, primary)
    },
  },
  {
    method: 'DELETE',
    path: '/v1/email_addresses/:id',
    handle: (call) => {
      const { user, address } = find(call)
      removeEmailAddress(call.state, user, address)
      return deletedJson('email_address', address.id)
    },
  },
]

function find(call: Call): { user: UserRecord; address: EmailAddressRecord } {
  const id = call.parameter('id')
  for (const user of call.state.store.users.values()) {
    const address = user.emailAddresses.find((its) => its.id === id)
    if (address) return { user, address }
  }
  throw notFound('email address', id)
}

function put(
  { state }: Call,
  user: UserRecord,
  address: EmailAddressRecord,
  isPrimary = false,
): object {
  const others = user.emailAddresses.filter(({ id }) => id !== address.id)
  updateUser(state, user, {
    emailAddresses: [...others, address],
    ...((isPrimary || user.primaryEmailAddressId === null) && {
      primaryEmailAddressId: address.id,
    }),
  })
  return emailAddressJson(address)
}
