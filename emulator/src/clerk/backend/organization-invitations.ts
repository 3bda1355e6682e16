/** Invitations to organisations, as servers send them. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { flag, lifeInDays, limit, metadata, offset, page, text, values } from '../fields.js'
import { createInvitation, requireInvitation, revokeInvitation } from '../invitations.js'
import { privateInvitationJson, statusOf } from '../json/invitation.js'
import { notFound } from '../problem.js'
import type { InvitationRecord } from '../records.js'
import { select } from '../store.js'
import { organizationOf } from './organizations.js'
import { userOf } from './users.js'

const INVITATIONS = '/v1/organizations/:organization_id/invitations'
const MAX_BULK = 10

const listSchema = z.object({
  limit,
  offset,
  status: values,
  email_address: text,
  order_by: z.string().optional(),
})
const newSchema = z.strictObject({
  email_address: z.email(),
  role: z.string(),
  inviter_user_id: text,
  redirect_url: text,
  public_metadata: metadata.nullish(),
  private_metadata: metadata.nullish(),
  expires_in_days: lifeInDays,
  notify: flag.nullish(),
})

export const organizationInvitationEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'GET',
    path: INVITATIONS,
    handle: (call) => {
      const { id } = organizationOf(call)
      return answerList(call, ({ membership }) => membership?.organizationId === id)
    },
  },
  {
    method: 'POST',
    path: INVITATIONS,
    handle: async (call) => invite(call, await readBody(call, newSchema)),
  },
  {
    method: 'POST',
    path: `${INVITATIONS}/bulk`,
    handle: async (call) => {
      const bodies = await readBody(call, z.array(newSchema).min(1).max(MAX_BULK))
      const data: object[] = []
      for (const body of bodies) data.push(await invite(call, body))
      return { data, total_count: data.length }
    },
  },
  {
    method: 'GET',
    path: `${INVITATIONS}/:id`,
    handle: (call) => privateInvitationJson(call.state, invitationOf(call)),
  },
  {
    method: 'POST',
    path: `${INVITATIONS}/:id/revoke`,
    handle: (call) =>
      privateInvitationJson(call.state, revokeInvitation(call.state, invitationOf(call))),
  },
  {
    method: 'GET',
    path: '/v1/users/:user_id/organization_invitations',
    handle: (call) => {
      const addresses = userOf(call).emailAddresses.map(({ address }) => address)
      return answerList(
        call,
        ({ membership, emailAddress }) => membership !== null && addresses.includes(emailAddress),
      )
    },
  },
]

async function invite(call: Call, body: z.output<typeof newSchema>): Promise<object> {
  const { public_metadata: publicMetadata, private_metadata: privateMetadata } = body
  const invitation = await createInvitation(call.state, {
    emailAddress: body.email_address,
    membership: { organizationId: organizationOf(call).id, role: body.role },
    redirectUrl: body.redirect_url ?? null,
    ...(publicMetadata && { publicMetadata }),
    ...(privateMetadata && { privateMetadata }),
    ...(body.expires_in_days && { expiresInSeconds: body.expires_in_days }),
  })
  return privateInvitationJson(call.state, invitation)
}

function invitationOf(call: Call): InvitationRecord {
  const invitation = requireInvitation(call.state, call.parameter('id'))
  if (invitation.membership?.organizationId === organizationOf(call).id) return invitation
  throw notFound('organization invitation', invitation.id)
}

function answerList(call: Call, condition: (invitation: InvitationRecord) => boolean): object {
  const { state } = call
  const { status, email_address, ...range } = readQuery(call, listSchema)
  const found = select(
    state.store.invitations,
    (its) =>
      condition(its) &&
      (!status || status.includes(statusOf(state, its))) &&
      (!email_address || its.emailAddress === email_address),
  ).reverse()
  const data = page(found, range).map((its) => privateInvitationJson(state, its))
  return { data, total_count: found.length }
}
