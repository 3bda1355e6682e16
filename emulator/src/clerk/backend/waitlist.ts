/** The waitlist: people who would like to be let in. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { flag, limit, offset, page, values } from '../fields.js'
import { createId } from '../identifiers.js'
import { createInvitation } from '../invitations.js'
import { deletedJson } from '../json/deleted.js'
import { privateInvitationJson } from '../json/invitation.js'
import { notFound } from '../problem.js'
import type { WaitlistRecord } from '../records.js'
import { select } from '../store.js'

const listSchema = z.object({
  limit,
  offset,
  status: values,
  query: z.string().default(''),
  order_by: z.string().optional(),
})
const newSchema = z.object({ email_address: z.email(), notify: flag.nullish() })
const inviteSchema = z.object({ ignore_existing: flag.nullish() })

export const waitlistEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'GET',
    path: '/v1/waitlist_entries',
    handle: (call) => {
      const { status, query, ...range } = readQuery(call, listSchema)
      const entries = select(
        call.state.store.waitlist,
        (its) => (!status || status.includes(its.status)) && its.emailAddress.includes(query),
      ).reverse()
      const data = page(entries, range).map((its) => entryJson(call, its))
      return { data, total_count: entries.length }
    },
  },
  {
    method: 'POST',
    path: '/v1/waitlist_entries',
    handle: async (call) => {
      const { email_address } = await readBody(call, newSchema)
      return entryJson(call, addToWaitlist(call, email_address))
    },
  },
  {
    method: 'POST',
    path: '/v1/waitlist_entries/bulk',
    handle: async (call) => {
      const bodies = await readBody(call, z.array(newSchema).min(1).max(50))
      return bodies.map((body) => entryJson(call, addToWaitlist(call, body.email_address)))
    },
  },
  {
    method: 'POST',
    path: '/v1/waitlist_entries/:id/invite',
    handle: async (call) => {
      const entry = entryOf(call)
      const { ignore_existing } = await readBody(call, inviteSchema)
      const invitation = await createInvitation(call.state, {
        emailAddress: entry.emailAddress,
        membership: null,
        ignoresExisting: ignore_existing ?? false,
      })
      return change(call, { status: 'invited', invitationId: invitation.id })
    },
  },
  {
    method: 'POST',
    path: '/v1/waitlist_entries/:id/reject',
    handle: (call) => change(call, { status: 'rejected' }),
  },
  {
    method: 'DELETE',
    path: '/v1/waitlist_entries/:id',
    handle: (call) => {
      const { id } = entryOf(call)
      call.state.store.waitlist.delete(id)
      return deletedJson('waitlist_entry', id)
    },
  },
]

/** The entry of an address, made if need be: asking twice is asking once. */
function addToWaitlist({ state }: Call, emailAddress: string): WaitlistRecord {
  const [known] = select(state.store.waitlist, (its) => its.emailAddress === emailAddress)
  if (known) return known
  const now = state.clock.now()
  const entry: WaitlistRecord = {
    id: createId('wle'),
    emailAddress,
    status: 'pending',
    invitationId: null,
    createdAt: now,
    updatedAt: now,
  }
  state.store.waitlist.set(entry.id, entry)
  return entry
}

function entryOf(call: Call): WaitlistRecord {
  const id = call.parameter('id')
  const entry = call.state.store.waitlist.get(id)
  if (!entry) throw notFound('waitlist entry', id)
  return entry
}

function change(call: Call, changes: Partial<WaitlistRecord>): object {
  const entry = entryOf(call)
  Object.assign(entry, changes, { updatedAt: call.state.clock.now() })
  return entryJson(call, entry)
}

/** Who has signed up since is not waiting any more. */
function entryJson({ state }: Call, entry: WaitlistRecord): object {
  const invitation = state.store.invitations.get(entry.invitationId ?? '')
  return {
    object: 'waitlist_entry',
    id: entry.id,
    email_address: entry.emailAddress,
    status: invitation?.status === 'accepted' ? 'completed' : entry.status,
    is_locked: false,
    invitation: invitation ? privateInvitationJson(state, invitation) : null,
    created_at: entry.createdAt,
    updated_at: entry.updatedAt,
  }
}
