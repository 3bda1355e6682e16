/** Clients: browsers as the Frontend API knows them. */

import { createId, createSecret } from './identifiers.js'
import type { ClientRecord } from './records.js'
import { sessionsIn } from './sessions.js'
import type { ClerkState } from './state.js'

/** A client for a browser that has none, or for a session that a server starts. */
export function createClient({ clock, store }: ClerkState): ClientRecord {
  const now = clock.now()
  const client: ClientRecord = {
    id: createId('client'),
    token: createSecret(),
    lastActiveSessionId: null,
    signInId: null,
    signUpId: null,
    lastStrategy: null,
    createdAt: now,
    updatedAt: now,
  }
  store.clients.set(client.id, client)
  return client
}

/** When who is signed in last changed, in seconds since the epoch; 0 for nobody. */
export function clientUpdatedAtSeconds(state: ClerkState, client: ClientRecord | null): number {
  if (!client || sessionsIn(state, client).length === 0) return 0
  return Math.floor(client.updatedAt / 1000)
}
