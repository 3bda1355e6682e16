/** Sessions. */

import { z } from 'zod'
import { Refusal } from '../answer.js'
import type { CoreContext } from '../context.js'
import { anyTenant, type CoreEndpoint, get, perTenant, post, put } from '../endpoint.js'
import { jsonObject } from '../fields.js'
import { PUBLIC } from '../route.js'
import { assertUserData } from '../session/access-token.js'
import { type SessionAnswer, unauthorised } from '../session/answer.js'
import { createSession, refreshSession } from '../session/refresh.js'
import { findLive, regenerateSession, verifySession } from '../session/verify.js'
import type { Session } from '../store.js'
import { markActive } from '../users/user.js'

const newSession = z.object({
  userId: z.string(),
  enableAntiCsrf: z.boolean(),
  userDataInJWT: jsonObject,
  userDataInDatabase: jsonObject,
  useDynamicSigningKey: z.boolean().optional(),
})

const refresh = z.object({
  refreshToken: z.string(),
  antiCsrfToken: z.string().optional(),
  enableAntiCsrf: z.boolean(),
  useDynamicSigningKey: z.boolean(),
})

const verification = z.object({
  accessToken: z.string(),
  antiCsrfToken: z.string().optional(),
  doAntiCsrfCheck: z.boolean(),
  enableAntiCsrf: z.boolean(),
  checkDatabase: z.boolean(),
})

const regeneration = z.object({ accessToken: z.string(), userDataInJWT: jsonObject.optional() })

const removal = z.object({
  userId: z.string().optional(),
  sessionHandles: z.array(z.string()).optional(),
  revokeAcrossAllTenants: z.boolean().optional(),
  revokeSessionsForLinkedAccounts: z.boolean().optional(),
})

export const sessionEndpoints: readonly CoreEndpoint[] = [
  post(
    '/recipe/session',
    newSession,
    async (input, core) => used(core, await createSession(core, input)),
    perTenant,
  ),
  post(
    '/recipe/session/refresh',
    refresh,
    async (input, core) => used(core, await refreshSession(core, input)),
    perTenant,
  ),
  post(
    '/recipe/session/verify',
    verification,
    (input, core) => verifySession(core, input),
    anyTenant,
  ),
  post(
    '/recipe/session/regenerate',
    regeneration,
    (input, core) => regenerateSession(core, input.accessToken, input.userDataInJWT),
    anyTenant,
  ),
  get('/recipe/session', z.object({ sessionHandle: z.string() }), describe, anyTenant),
  put(
    '/recipe/session/data',
    z.object({ sessionHandle: z.string(), userDataInDatabase: jsonObject }),
    update,
    anyTenant,
  ),
  put(
    '/recipe/jwt/data',
    z.object({ sessionHandle: z.string(), userDataInJWT: jsonObject }),
    update,
    anyTenant,
  ),
  get(
    '/recipe/session/user',
    z.object({ userId: z.string() }),
    (input, core) => ({ status: 'OK', sessionHandles: handlesOf(core, input.userId) }),
    perTenant,
  ),
  post('/recipe/session/remove', removal, remove, perTenant),
]

function used(core: CoreContext, answer: SessionAnswer): SessionAnswer {
  if (answer.status === 'OK') markActive(core, answer.session.userId)
  return answer
}

function describe({ sessionHandle }: { sessionHandle: string }, core: CoreContext): object {
  const session = findLive(core, sessionHandle)
  if (!session) return unauthorised('Session does not exist.')
  const { userId, userDataInDatabase, expiry, userDataInJwt, timeCreated } = session
  return {
    sessionHandle,
    userId,
    recipeUserId: userId,
    userDataInDatabase,
    expiry,
    userDataInJWT: userDataInJwt,
    timeCreated,
    status: 'OK',
    tenantId: PUBLIC,
  }
}

interface Update {
  readonly sessionHandle: string
  readonly userDataInJWT?: Session['userDataInJwt']
  readonly userDataInDatabase?: Session['userDataInDatabase']
}

function update(input: Update, core: CoreContext): object {
  assertUserData(input.userDataInJWT ?? {})
  const session = findLive(core, input.sessionHandle)
  if (!session) return unauthorised('Session does not exist.')
  session.userDataInJwt = input.userDataInJWT ?? session.userDataInJwt
  session.userDataInDatabase = input.userDataInDatabase ?? session.userDataInDatabase
  return { status: 'OK' }
}

function handlesOf(core: CoreContext, userId: string): string[] {
  return [...core.store.sessions.keys()].filter(
    (handle) => findLive(core, handle)?.userId === userId,
  )
}

function remove(input: z.output<typeof removal>, core: CoreContext): object {
  const { userId, sessionHandles } = input
  if ((userId === undefined) === (sessionHandles === undefined)) {
    throw new Refusal(400, 'Invalid JSON input - use one of userId or sessionHandles array')
  }
  for (const field of ['revokeAcrossAllTenants', 'revokeSessionsForLinkedAccounts'] as const) {
    if (userId === undefined && input[field] !== undefined) {
      throw new Refusal(400, `Invalid JSON input - ${field} can only be set if userId is set`)
    }
  }
  if (userId !== undefined) markActive(core, userId)
  const handles = sessionHandles ?? handlesOf(core, userId ?? '')
  const sessionHandlesRevoked = handles.filter((handle) => core.store.sessions.delete(handle))
  return { status: 'OK', sessionHandlesRevoked }
}
