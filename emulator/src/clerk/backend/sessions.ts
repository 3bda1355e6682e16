/** Sessions and their tokens, as servers ask for them. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { createClient } from '../clients.js'
import { limit, offset, page, text } from '../fields.js'
import { refreshDirectives } from '../handshake.js'
import { sessionJson, statusOf } from '../json/session.js'
import { ClerkProblem, notFound } from '../problem.js'
import type { SessionRecord } from '../records.js'
import {
  createSession,
  endSession,
  isActive,
  requireActiveSession,
  requireSession,
  resolveOrganization,
} from '../sessions.js'
import { select } from '../store.js'
import { mintSessionToken, mintTemplateToken } from '../tokens.js'
import { requireUser } from '../users.js'

const listSchema = z.object({
  limit,
  offset,
  client_id: z.string().optional(),
  user_id: z.string().optional(),
  status: z.string().optional(),
  paginated: z.stringbool().default(false),
})
const newSchema = z.object({ user_id: z.string(), active_organization_id: text })
const tokenSchema = z.object({
  expires_in_seconds: z.number().int().min(30).max(315_360_000).nullish(),
})
const verifySchema = z.object({ token: z.string() })
const refreshSchema = z.object({
  expired_token: z.string(),
  refresh_token: z.string(),
  request_origin: z.string(),
  format: z.enum(['token', 'cookie']).default('token'),
})

export const sessionEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/sessions', handle: listSessions },
  {
    method: 'POST',
    path: '/v1/sessions',
    handle: async (call) => {
      const { state } = call
      const body = await readBody(call, newSchema)
      if (state.settings.isProduction) {
        const message = 'Request only valid for development instances'
        throw new ClerkProblem({ code: 'request_invalid_for_environment', message })
      }
      const user = requireUser(state, body.user_id)
      const session = createSession(state, createClient(state), user)
      if (body.active_organization_id) {
        const organization = resolveOrganization(state, session, body.active_organization_id)
        session.activeOrganizationId = organization
      }
      return sessionJson(state, session)
    },
  },
  {
    method: 'GET',
    path: '/v1/sessions/:session_id',
    handle: (call) => sessionJson(call.state, sessionOf(call)),
  },
  {
    method: 'POST',
    path: '/v1/sessions/:session_id/revoke',
    handle: (call) => {
      endSession(call.state, sessionOf(call), 'revoked')
      return sessionJson(call.state, sessionOf(call))
    },
  },
  {
    method: 'POST',
    path: '/v1/sessions/:session_id/verify',
    handle: async (call) => {
      const session = requireActiveSession(call.state, call.parameter('session_id'))
      const claims = await call.state.keys.open((await readBody(call, verifySchema)).token)
      if (claims?.sid === session.id) return sessionJson(call.state, session)
      const message = 'The token does not belong to the session'
      throw new ClerkProblem({ code: 'token_invalid', message })
    },
  },
  { method: 'POST', path: '/v1/sessions/:session_id/refresh', handle: refresh },
  {
    method: 'POST',
    path: '/v1/sessions/:session_id/tokens',
    handle: async (call) => {
      const session = requireActiveSession(call.state, call.parameter('session_id'))
      const expiresInSeconds = await readLife(call)
      return token(await mintSessionToken(call.state, session, { expiresInSeconds }))
    },
  },
  {
    method: 'POST',
    path: '/v1/sessions/:session_id/tokens/:template',
    handle: async (call) => {
      const session = requireActiveSession(call.state, call.parameter('session_id'))
      const name = call.parameter('template')
      const [template] = select(call.state.store.templates, (its) => its.name === name)
      if (!template) throw notFound('JWT template', name)
      const expiresInSeconds = await readLife(call)
      return token(await mintTemplateToken(call.state, session, template, { expiresInSeconds }))
    },
  },
]

function listSessions(call: Call): object {
  const { state } = call
  const { client_id, user_id, status, paginated, ...range } = readQuery(call, listSchema)
  const sessions = select(
    state.store.sessions,
    (its) =>
      (client_id === undefined || its.clientId === client_id) &&
      (user_id === undefined || its.userId === user_id) &&
      (status === undefined || statusOf(state, its) === status),
  ).reverse()
  const data = page(sessions, range).map((its) => sessionJson(state, its))
  return paginated ? { data, total_count: sessions.length } : data
}

/** Trades an expired token for a fresh one; a 401 makes the SDK try a handshake instead. */
async function refresh(call: Call): Promise<object> {
  const { state } = call
  const body = await readBody(call, refreshSchema)
  const session = state.store.sessions.get(call.parameter('session_id'))
  const claims = await state.keys.open(body.expired_token)
  if (!session || claims?.sid !== session.id || body.refresh_token !== session.refreshToken) {
    const message = 'The tokens do not belong to the session'
    throw new ClerkProblem({ code: 'token_invalid', message })
  }
  if (!isActive(state, session)) {
    const message = 'The session has ended'
    throw new ClerkProblem({ code: 'authentication_invalid', message })
  }
  const origin = body.request_origin
  if (body.format === 'token') return token(await mintSessionToken(state, session, { origin }))
  return { object: 'cookies', cookies: await refreshDirectives(state, session, origin) }
}

function sessionOf(call: Call): SessionRecord {
  return requireSession(call.state, call.parameter('session_id'))
}

async function readLife(call: Call): Promise<number | undefined> {
  const { expires_in_seconds } = await readBody(call, tokenSchema)
  return expires_in_seconds ?? undefined
}

function token(jwt: string): object {
  return { object: 'token', jwt }
}
