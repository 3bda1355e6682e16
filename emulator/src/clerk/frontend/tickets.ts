/** Links that people get by e-mail: they lead to the app, which is given the ticket. */

import { z } from 'zod'
import { answerJson } from '../answer.js'
import { type Call, type ClerkEndpoint, readQuery } from '../call.js'
import { findInvitation } from '../invitations.js'
import { findByIdentifier } from '../users.js'

const querySchema = z.object({
  ticket: z.string(),
  redirect_url: z.url({ protocol: /^https?$/ }).optional(),
})

export const ticketEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/tickets/accept', handle: sendToApp },
]

/** Without a page to lead to, the ticket itself is the answer. */
function sendToApp(call: Call): Response {
  const { ticket, redirect_url } = readQuery(call, querySchema)
  const invitation = findInvitation(call.state, ticket)
  const isNew = invitation !== null && !findByIdentifier(call.state, invitation.emailAddress)
  const status = isNew ? 'sign_up' : 'sign_in'
  const target = redirect_url ?? invitation?.redirectUrl
  if (!target) return answerJson({ __clerk_ticket: ticket, __clerk_status: status })
  const location = new URL(target)
  location.searchParams.set('__clerk_status', status)
  location.searchParams.set('__clerk_ticket', ticket)
  return new Response(null, { status: 303, headers: { location: location.href } })
}
