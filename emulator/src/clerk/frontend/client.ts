/** The browser's client and its sessions. */

import { z } from 'zod'
import { appOrigin, type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { text } from '../fields.js'
import { clientJson, ownSessionJson } from '../json/client.js'
import { sessionJson } from '../json/session.js'
import { notFound } from '../problem.js'
import type { SessionStatus } from '../records.js'
import { endSession, resolveOrganization, sessionsIn, touchSession } from '../sessions.js'
import { select } from '../store.js'
import { mintSessionToken, mintTemplateToken } from '../tokens.js'
import { dropClient, ensureClient, findClient, requireOwnSession, withClient } from './visit.js'

const touchSchema = z.object({ active_organization_id: text })
const tokenSchema = z.object({ organization_id: text })
const redirectSchema = z.object({ redirect_url: z.url({ protocol: /^https?$/ }) })

export const clientEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/client', handle: (call) => showClient(call) },
  { method: 'PUT', path: '/v1/client', handle: createOne },
  { method: 'POST', path: '/v1/client', handle: createOne },
  {
    method: 'DELETE',
    path: '/v1/client',
    handle: async (call) => {
      removeSessions(call)
      const answer = await showClient(call)
      dropClient(call)
      return answer
    },
  },
  {
    method: 'DELETE',
    path: '/v1/client/sessions',
    handle: (call) => {
      removeSessions(call)
      return showClient(call)
    },
  },
  {
    method: 'GET',
    path: '/v1/client/touch',
    handle: (call) => {
      const location = readQuery(call, redirectSchema).redirect_url
      return new Response(null, { status: 307, headers: { location } })
    },
  },
  {
    method: 'GET',
    path: '/v1/client/sessions/:session_id',
    handle: async (call) => withClient(call, await ownSessionJson(call, ownSession(call))),
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:session_id/touch',
    handle: async (call) => {
      const session = ownSession(call)
      const { active_organization_id: organization } = await readBody(call, touchSchema)
      touchSession(call.state, session, organization ?? undefined)
      ensureClient(call).lastActiveSessionId = session.id
      return withClient(call, await ownSessionJson(call, session))
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:session_id/tokens',
    handle: async (call) => {
      const { state } = call
      const session = ownSession(call)
      const origin = appOrigin(call)
      const { organization_id: organization } = await readBody(call, tokenSchema)
      const jwt = await mintSessionToken(state, session, {
        origin,
        ...(typeof organization === 'string' && {
          organizationId: resolveOrganization(state, session, organization),
        }),
      })
      return { object: 'token', jwt }
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:session_id/tokens/:template',
    handle: async (call) => {
      const { state } = call
      const session = ownSession(call)
      const name = call.parameter('template')
      const [template] = select(state.store.templates, (its) => its.name === name)
      if (!template) throw notFound('JWT template', name)
      const origin = appOrigin(call)
      return { object: 'token', jwt: await mintTemplateToken(state, session, template, { origin }) }
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:session_id/end',
    handle: (call) => end(call, 'ended'),
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:session_id/remove',
    handle: (call) => end(call, 'removed'),
  },
]

function ownSession(call: Call): ReturnType<typeof requireOwnSession> {
  return requireOwnSession(call, call.parameter('session_id'))
}

async function showClient(call: Call): Promise<object> {
  const client = findClient(call)
  return withClient(call, client && (await clientJson(call, client)))
}

function createOne(call: Call): Promise<object> {
  ensureClient(call)
  return showClient(call)
}

function removeSessions(call: Call): void {
  const client = findClient(call)
  if (!client) return
  for (const session of sessionsIn(call.state, client)) endSession(call.state, session, 'removed')
}

function end(call: Call, status: SessionStatus): Promise<object> {
  const session = ownSession(call)
  endSession(call.state, session, status)
  return withClient(call, sessionJson(call.state, session))
}
