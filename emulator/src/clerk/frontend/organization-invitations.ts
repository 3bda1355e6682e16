/** Invitations to an organisation: those its members send, and those a user has received. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { limit, list, offset, page, values } from '../fields.js'
import { acceptInvitation, createInvitation, revokeInvitation } from '../invitations.js'
import { invitationJson, statusOf } from '../json/invitation.js'
import { notFound } from '../problem.js'
import type { InvitationRecord } from '../records.js'
import { select } from '../store.js'
import { requirePermission } from './organizations.js'
import { requireMe, withClient } from './visit.js'

const MANAGE = 'org:sys_memberships:manage'
const ORGANIZATION = '/v1/organizations/:organization_id/invitations'
const MINE = '/v1/me/organization_invitations'

const listSchema = z.object({ limit, offset, status: values })
const newSchema = z.object({ email_address: z.email(), role: z.string() })
const bulkSchema = z.object({ email_address: list(z.email()), role: z.string() })

export const organizationInvitationEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'GET',
    path: ORGANIZATION,
    handle: (call) => {
      const { id } = requirePermission(call, MANAGE)
      return answerList(call, (its) => its.membership?.organizationId === id)
    },
  },
  {
    method: 'POST',
    path: ORGANIZATION,
    handle: async (call) => {
      const { email_address, role } = await readBody(call, newSchema)
      const [invitation] = await invite(call, [email_address], role)
      return withClient(call, invitation)
    },
  },
  {
    method: 'POST',
    path: `${ORGANIZATION}/bulk`,
    handle: async (call) => {
      const { email_address, role } = await readBody(call, bulkSchema)
      return withClient(call, await invite(call, email_address, role))
    },
  },
  {
    method: 'POST',
    path: `${ORGANIZATION}/:id/revoke`,
    handle: (call) => {
      const { id } = requirePermission(call, MANAGE)
      const invitation = find(call, (its) => its.membership?.organizationId === id)
      revokeInvitation(call.state, invitation)
      return withClient(call, invitationJson(call.state, invitation))
    },
  },
  { method: 'GET', path: MINE, handle: (call) => answerList(call, isMine(call)) },
  {
    method: 'POST',
    path: `${MINE}/:id/accept`,
    handle: (call) => {
      const invitation = find(call, isMine(call))
      acceptInvitation(call.state, invitation, requireMe(call).user)
      return withClient(call, invitationJson(call.state, invitation))
    },
  },
]

async function invite(call: Call, addresses: readonly string[], role: string): Promise<object[]> {
  const { id } = requirePermission(call, MANAGE)
  const invitations: object[] = []
  for (const emailAddress of addresses) {
    const membership = { organizationId: id, role }
    const invitation = await createInvitation(call.state, { emailAddress, membership })
    invitations.push(invitationJson(call.state, invitation))
  }
  return invitations
}

/** Only who has proved to own an address may answer what was sent there. */
function isMine(call: Call): (invitation: InvitationRecord) => boolean {
  const addresses = requireMe(call)
    .user.emailAddresses.filter(({ status }) => status === 'verified')
    .map(({ address }) => address.toLowerCase())
  return ({ membership, emailAddress }) =>
    membership !== null && addresses.includes(emailAddress.toLowerCase())
}

function find(call: Call, condition: (invitation: InvitationRecord) => boolean): InvitationRecord {
  const id = call.parameter('id')
  const invitation = call.state.store.invitations.get(id)
  if (!invitation || !condition(invitation)) throw notFound('organization invitation', id)
  return invitation
}

function answerList(
  call: Call,
  condition: (invitation: InvitationRecord) => boolean,
): Promise<object> {
  const { state } = call
  const { status, ...range } = readQuery(call, listSchema)
  const found = select(
    state.store.invitations,
    (its) => condition(its) && (!status || status.includes(statusOf(state, its))),
  ).reverse()
  const data = page(found, range).map((its) => invitationJson(state, its))
  return withClient(call, { data, total_count: found.length })
}
