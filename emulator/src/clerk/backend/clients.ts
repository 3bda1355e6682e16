/** Browsers, as servers see them. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { limit, offset, page } from '../fields.js'
import { sessionJson } from '../json/session.js'
import { notFound } from '../problem.js'
import type { ClientRecord } from '../records.js'
import { sessionsIn } from '../sessions.js'

const pageSchema = z.object({ limit, offset, paginated: z.stringbool().default(false) })
const verifySchema = z.object({ token: z.string() })

export const clientEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'GET',
    path: '/v1/clients',
    handle: (call) => {
      const { paginated, ...range } = readQuery(call, pageSchema)
      const clients = [...call.state.store.clients.values()].reverse()
      const data = page(clients, range).map((its) => clientJson(call, its))
      return paginated ? { data, total_count: clients.length } : data
    },
  },
  {
    method: 'GET',
    path: '/v1/clients/:id',
    handle: (call) => clientJson(call, requireClient(call, call.parameter('id'))),
  },
  {
    method: 'POST',
    path: '/v1/clients/verify',
    handle: async (call) => {
      const { token } = await readBody(call, verifySchema)
      const claims = await call.state.keys.open(token)
      const session = call.state.store.sessions.get(String(claims?.sid))
      return clientJson(call, requireClient(call, session?.clientId ?? ''))
    },
  },
]

function requireClient({ state }: Call, id: string): ClientRecord {
  const client = state.store.clients.get(id)
  if (!client) throw notFound('client', id)
  return client
}

function clientJson({ state }: Call, client: ClientRecord): object {
  const sessions = sessionsIn(state, client)
  return {
    object: 'client',
    id: client.id,
    session_ids: sessions.map(({ id }) => id),
    sessions: sessions.map((its) => sessionJson(state, its)),
    sign_in_id: client.signInId,
    sign_up_id: client.signUpId,
    last_active_session_id: client.lastActiveSessionId,
    last_authentication_strategy: client.lastStrategy,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  }
}
