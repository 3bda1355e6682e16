/** Pairs of access and refresh token: the first of a session and those after it. */

import { randomUUID } from 'node:crypto'
import type { CoreContext } from '../context.js'
import type { JsonObject, Session } from '../store.js'
import { toExternalId } from '../users/ids.js'
import { assertUserData, issueAccessToken, type TokenInfo } from './access-token.js'
import { type SessionAnswer, toView, unauthorised } from './answer.js'
import { promote, toLineage } from './lineage.js'
import { sha256 } from './refresh-token.js'

/** What a session is made of. */
export interface NewSession {
  readonly userId: string
  readonly userDataInJWT: JsonObject
  readonly userDataInDatabase: JsonObject
  readonly enableAntiCsrf: boolean
  readonly useDynamicSigningKey?: boolean | undefined
}

/** Starts a session with its first pair. */
export async function createSession(core: CoreContext, input: NewSession): Promise<SessionAnswer> {
  assertUserData(input.userDataInJWT)
  const session: Session = {
    handle: randomUUID(),
    userId: toExternalId(core.store, input.userId),
    timeCreated: core.clock.now(),
    refreshTokenHash2: '',
    userDataInJwt: input.userDataInJWT,
    userDataInDatabase: input.userDataInDatabase,
    expiry: core.clock.now() + core.settings.refreshTokenValidityMs,
    usesStaticKey: input.useDynamicSigningKey === false,
  }
  const pair = await issuePair(core, session, null, input.enableAntiCsrf)
  session.refreshTokenHash2 = sha256(sha256(pair.refreshToken.token))
  core.store.sessions.set(session.handle, session)
  return { session: toView(session, session.userDataInJwt), ...pair, status: 'OK' }
}

/** A refresh token, and how to go on. */
export interface Refresh {
  readonly refreshToken: string
  readonly antiCsrfToken?: string | undefined
  readonly enableAntiCsrf: boolean
  readonly useDynamicSigningKey: boolean
}

/** Gives the next pair, unless the token is old news: then it may be stolen. */
export async function refreshSession(core: CoreContext, input: Refresh): Promise<SessionAnswer> {
  const token = core.refreshTokens.open(input.refreshToken)
  if ('problem' in token) return unauthorised(token.problem)
  const isGuarded = input.enableAntiCsrf && token.antiCsrfToken !== null
  if (isGuarded && token.antiCsrfToken !== input.antiCsrfToken) {
    return unauthorised('Anti CSRF token missing, or not matching')
  }
  const session = core.store.sessions.get(token.sessionHandle)
  if (!session || session.expiry < core.clock.now()) {
    return unauthorised('Session missing in db or has expired')
  }
  const hash1 = sha256(input.refreshToken)
  const lineage = toLineage(session.refreshTokenHash2, hash1, token.parentRefreshTokenHash1)
  if (lineage === 'stranger') {
    // The session goes on: to revoke it is up to the app.
    const { handle, userId } = session
    return { status: 'TOKEN_THEFT_DETECTED', session: { handle, userId, recipeUserId: userId } }
  }
  if (lineage === 'child') promote(core, session, hash1)
  session.usesStaticKey = !input.useDynamicSigningKey
  const pair = await issuePair(core, session, hash1, input.enableAntiCsrf)
  return { session: toView(session, session.userDataInJwt), ...pair, status: 'OK' }
}

async function issuePair(
  core: CoreContext,
  session: Session,
  parentRefreshTokenHash1: string | null,
  isGuarded: boolean,
): Promise<{ accessToken: TokenInfo; refreshToken: TokenInfo; antiCsrfToken?: string }> {
  const { handle: sessionHandle, userId, userDataInJwt: userData, usesStaticKey } = session
  const antiCsrfToken = isGuarded ? randomUUID() : null
  const shared = { sessionHandle, userId, parentRefreshTokenHash1, antiCsrfToken }
  const token = core.refreshTokens.seal(shared)
  const createdTime = core.clock.now()
  const expiry = createdTime + core.settings.refreshTokenValidityMs
  const content = { ...shared, refreshTokenHash1: sha256(token), userData }
  return {
    accessToken: await issueAccessToken(core, content, usesStaticKey),
    refreshToken: { token, expiry, createdTime },
    ...(antiCsrfToken === null ? {} : { antiCsrfToken }),
  }
}
