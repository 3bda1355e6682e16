/** Tickets: tokens that a server hands out and a browser signs in with, once. */

import { createId } from './identifiers.js'
import { ClerkProblem, notFound } from './problem.js'
import type { TicketRecord, UserRecord } from './records.js'
import type { ClerkState } from './state.js'

type NewTicket = Partial<Pick<TicketRecord, 'organizationId' | 'actor' | 'sessionSeconds'>>

/** A ticket for a user. */
export async function createTicket(
  state: ClerkState,
  kind: 'sign_in_token' | 'actor_token',
  user: UserRecord,
  expiresInSeconds: number,
  fields: NewTicket = {},
): Promise<TicketRecord> {
  const { clock, keys, settings, store } = state
  const now = clock.now()
  const id = createId(kind === 'sign_in_token' ? 'sit' : 'act')
  const expireAt = now + expiresInSeconds * 1000
  const ticket: TicketRecord = {
    organizationId: null,
    actor: null,
    sessionSeconds: settings.sessionSeconds,
    ...fields,
    id,
    userId: user.id,
    token: await keys.current.sign({
      eid: 'stand-in',
      exp: Math.floor(expireAt / 1000),
      iid: settings.instanceId,
      sid: id,
      st: kind,
    }),
    status: 'pending',
    expireAt,
    createdAt: now,
    updatedAt: now,
  }
  store.tickets.set(id, ticket)
  return ticket
}

/** @throws {ClerkProblem} when there is no such ticket, or it cannot be revoked any more. */
export function revokeTicket({ clock, store }: ClerkState, id: string): TicketRecord {
  const ticket = store.tickets.get(id)
  if (!ticket) throw notFound('token', id)
  if (ticket.status !== 'pending') {
    const message = `A token that is ${ticket.status} cannot be revoked`
    throw new ClerkProblem({ code: 'sign_in_token_already_used_code', message })
  }
  ticket.status = 'revoked'
  ticket.updatedAt = clock.now()
  return ticket
}

/** @throws {ClerkProblem} unless the ticket is good, and unused. */
export function redeemTicket({ clock, store }: ClerkState, token: string): TicketRecord {
  const ticket = [...store.tickets.values()].find((its) => its.token === token)
  if (!ticket) throw ticketProblem('ticket_invalid_code', 'Ticket is invalid')
  if (ticket.status === 'revoked') {
    throw ticketProblem('sign_in_token_revoked_code', 'Sign in token has been revoked')
  }
  if (ticket.status === 'accepted') {
    throw ticketProblem('sign_in_token_already_used_code', 'Sign in token has already been used')
  }
  if (clock.now() >= ticket.expireAt)
    throw ticketProblem('ticket_expired_code', 'Ticket is expired')
  ticket.status = 'accepted'
  ticket.updatedAt = clock.now()
  return ticket
}

/** A ticket as servers see it. */
export function ticketJson(
  { settings }: ClerkState,
  object: 'sign_in_token' | 'actor_token',
  ticket: TicketRecord,
): object {
  return {
    object,
    id: ticket.id,
    user_id: ticket.userId,
    token: ticket.token,
    status: ticket.status,
    url: `${settings.linkUrl}/v1/tickets/accept?ticket=${ticket.token}`,
    ...(object === 'actor_token' && { actor: ticket.actor }),
    created_at: ticket.createdAt,
    updated_at: ticket.updatedAt,
  }
}

function ticketProblem(
  code:
    | 'ticket_invalid_code'
    | 'ticket_expired_code'
    | 'sign_in_token_revoked_code'
    | 'sign_in_token_already_used_code',
  message: string,
): ClerkProblem {
  return new ClerkProblem({ code, message, parameter: 'ticket' })
}
