/** Invitations to the app, as servers send them. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { flag, lifeInDays, limit, metadata, offset, page, text, values } from '../fields.js'
import { createInvitation, requireInvitation, revokeInvitation } from '../invitations.js'
import { deletedJson } from '../json/deleted.js'
import { privateInvitationJson, statusOf } from '../json/invitation.js'
import { notFound } from '../problem.js'
import type { InvitationRecord } from '../records.js'
import { select } from '../store.js'

const MAX_BULK = 10

const listSchema = z.object({
  limit,
  offset,
  status: values,
  query: z.string().default(''),
  order_by: z.string().optional(),
  paginated: z.stringbool().default(false),
})
const newSchema = z.strictObject({
  email_address: z.email(),
  redirect_url: text,
  public_metadata: metadata.nullish(),
  expires_in_days: lifeInDays,
  ignore_existing: flag.nullish(),
  notify: flag.nullish(),
  template_slug: text,
})

export const invitationEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/invitations', handle: listInvitations },
  {
    method: 'POST',
    path: '/v1/invitations',
    handle: async (call) => invite(call, await readBody(call, newSchema)),
  },
  {
    method: 'POST',
    path: '/v1/invitations/bulk',
    handle: async (call) => {
      const bodies = await readBody(call, z.array(newSchema).min(1).max(MAX_BULK))
      const invitations: object[] = []
      for (const body of bodies) invitations.push(await invite(call, body))
      return invitations
    },
  },
  {
    method: 'POST',
    path: '/v1/invitations/:id/revoke',
    handle: (call) =>
      privateInvitationJson(call.state, revokeInvitation(call.state, invitationOf(call))),
  },
  {
    method: 'DELETE',
    path: '/v1/invitations/:id',
    handle: (call) => {
      const { id } = invitationOf(call)
      call.state.store.invitations.delete(id)
      return deletedJson('invitation', id)
    },
  },
]

async function invite(call: Call, body: z.output<typeof newSchema>): Promise<object> {
  const { expires_in_days: expiresInSeconds, public_metadata: publicMetadata } = body
  const invitation = await createInvitation(call.state, {
    emailAddress: body.email_address,
    membership: null,
    redirectUrl: body.redirect_url ?? null,
    ignoresExisting: body.ignore_existing ?? false,
    ...(publicMetadata && { publicMetadata }),
    ...(expiresInSeconds && { expiresInSeconds }),
  })
  return privateInvitationJson(call.state, invitation)
}

function listInvitations(call: Call): object {
  const { state } = call
  const { status, query, paginated, ...range } = readQuery(call, listSchema)
  const found = select(
    state.store.invitations,
    (its) =>
      its.membership === null &&
      (status ? status.includes(statusOf(state, its)) : its.status !== 'revoked') &&
      its.emailAddress.includes(query),
  ).reverse()
  const data = page(found, range).map((its) => privateInvitationJson(state, its))
  return paginated ? { data, total_count: found.length } : data
}

function invitationOf(call: Call): InvitationRecord {
  const invitation = requireInvitation(call.state, call.parameter('id'))
  if (invitation.membership) throw notFound('invitation', invitation.id)
  return invitation
}
