/** Clerk's Backend API as far as these tests call it: the wire is the only thing replaced. */

import nock from 'nock'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { JsonObject } from '../../src/jwt/token.js'

/** Where Clerk's Backend API is by default. */
export const BACKEND = 'https://api.clerk.com'

/** Cuts the tests of a file off the network; what a test announces, it has to use up. */
export function isolateNetwork(): void {
  beforeAll(() => {
    nock.disableNetConnect()
  })
  afterEach(() => {
    const pending = nock.pendingMocks()
    nock.abortPendingRequests()
    nock.cleanAll()
    expect(pending).toEqual([])
  })
  afterAll(() => {
    nock.restore()
  })
}

/** The Backend API; without the instance's secret key nothing answers. */
export function backend(secretKey: string): nock.Scope {
  return nock(BACKEND, { reqheaders: { authorization: `Bearer ${secretKey}` } })
}

/** A session as the Backend API describes it. */
export function sessionRecord(id: string, userId: string, status = 'active'): JsonObject {
  return {
    object: 'session',
    id,
    user_id: userId,
    status,
    client_id: 'client_1',
    last_active_at: 1_790_000_000_000,
    expire_at: 1_900_000_000_000,
    abandon_at: 1_900_000_000_000,
    created_at: 1_790_000_000_000,
    updated_at: 1_790_000_000_000,
  }
}

/** A list of sessions as the Backend API describes it. */
export function sessionPage(sessions: readonly JsonObject[]): JsonObject {
  return { data: sessions, total_count: sessions.length }
}

/** What the Backend API says when it refuses. */
export function refusal(code: string, message: string = code): JsonObject {
  return { errors: [{ code, message, long_message: message }], clerk_trace_id: 'trace_1' }
}
