/** Sign-in tokens, actor tokens and testing tokens. */

import { z } from 'zod'
import { type ClerkEndpoint, readBody } from '../call.js'
import { text } from '../fields.js'
import { createSecret } from '../identifiers.js'
import { requireMembership } from '../memberships.js'
import { createTicket, revokeTicket, ticketJson } from '../tickets.js'
import { requireUser } from '../users.js'

const SIGN_IN_TOKEN_SECONDS = 2_592_000
const ACTOR_TOKEN_SECONDS = 3600
const ACTOR_SESSION_SECONDS = 1800
const TESTING_TOKEN_SECONDS = 3600

const signInTokenSchema = z.object({
  user_id: z.string(),
  org_id: text,
  expires_in_seconds: z.number().int().min(1).nullish(),
})
const actorTokenSchema = z.strictObject({
  user_id: z.string(),
  actor: z.looseObject({ sub: z.string() }),
  expires_in_seconds: z.number().int().min(1).default(ACTOR_TOKEN_SECONDS),
  session_max_duration_in_seconds: z.number().int().min(1).default(ACTOR_SESSION_SECONDS),
})

export const ticketEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/sign_in_tokens',
    handle: async (call) => {
      const { state } = call
      const { user_id, org_id, expires_in_seconds } = await readBody(call, signInTokenSchema)
      const user = requireUser(state, user_id)
      if (org_id) requireMembership(state, org_id, user.id)
      const seconds = expires_in_seconds ?? SIGN_IN_TOKEN_SECONDS
      const fields = { organizationId: org_id ?? null }
      const ticket = await createTicket(state, 'sign_in_token', user, seconds, fields)
      return ticketJson(state, 'sign_in_token', ticket)
    },
  },
  {
    method: 'POST',
    path: '/v1/sign_in_tokens/:id/revoke',
    handle: ({ state, parameter }) =>
      ticketJson(state, 'sign_in_token', revokeTicket(state, parameter('id'))),
  },
  {
    method: 'POST',
    path: '/v1/actor_tokens',
    handle: async (call) => {
      const { state } = call
      const body = await readBody(call, actorTokenSchema)
      const user = requireUser(state, body.user_id)
      const sessionSeconds = body.session_max_duration_in_seconds
      const fields = { actor: body.actor, sessionSeconds }
      const ticket = await createTicket(state, 'actor_token', user, body.expires_in_seconds, fields)
      return ticketJson(state, 'actor_token', ticket)
    },
  },
  {
    method: 'POST',
    path: '/v1/actor_tokens/:id/revoke',
    handle: ({ state, parameter }) =>
      ticketJson(state, 'actor_token', revokeTicket(state, parameter('id'))),
  },
  {
    method: 'POST',
    path: '/v1/testing_tokens',
    handle: ({ state }) => {
      const now = Math.floor(state.clock.now() / 1000)
      const expires_at = now + TESTING_TOKEN_SECONDS
      return { object: 'testing_token', token: `${now}-c_${createSecret()}`, expires_at }
    },
  },
]
