/** Access tokens as they come back: to be confirmed, renewed or given another payload. */

import { isDeepStrictEqual } from 'node:util'
import { Refusal } from '../answer.js'
import type { CoreContext } from '../context.js'
import type { JsonObject, Session } from '../store.js'
import {
  assertUserData,
  decodeAccessToken,
  INCOMPLETE,
  toFormProblem,
  verifyAccessToken,
} from './access-token.js'
import { renewed, type SessionAnswer, unauthorised, unchanged } from './answer.js'
import { promote, toLineage } from './lineage.js'

/** An access token, and what to look at besides. */
export interface Verification {
  readonly accessToken: string
  readonly antiCsrfToken?: string | undefined
  readonly doAntiCsrfCheck: boolean
  readonly enableAntiCsrf: boolean
  readonly checkDatabase: boolean
}

/** Confirms a token, or gives another for it where the session has moved on. */
export async function verifySession(
  core: CoreContext,
  input: Verification,
): Promise<SessionAnswer> {
  const token = await verifyAccessToken(core, input.accessToken)
  if ('problem' in token) return { status: 'TRY_REFRESH_TOKEN', message: token.problem }
  const isGuarded = input.enableAntiCsrf && input.doAntiCsrfCheck
  if (isGuarded && token.antiCsrfToken !== input.antiCsrfToken) {
    const message = token.antiCsrfToken === null ? INCOMPLETE : 'anti-csrf check failed'
    return { status: 'TRY_REFRESH_TOKEN', message }
  }
  const session = core.store.sessions.get(token.sessionHandle)
  if (input.checkDatabase && !session) {
    return unauthorised('Either the session has ended or has been blacklisted')
  }
  const isPayloadOld =
    input.checkDatabase && !isDeepStrictEqual(token.userData, session?.userDataInJwt)
  if (token.parentRefreshTokenHash1 === null && !isPayloadOld) return unchanged(token)
  if (!session) return unauthorised('Session missing in db')

  const { refreshTokenHash1, parentRefreshTokenHash1 } = token
  const lineage = toLineage(session.refreshTokenHash2, refreshTokenHash1, parentRefreshTokenHash1)
  if (lineage === 'stranger' && !isPayloadOld) return unchanged(token)
  if (lineage === 'child') promote(core, session, refreshTokenHash1)
  return renewed(core, session, { ...token, parentRefreshTokenHash1: null })
}

/** Replaces the app's part of a payload; the new token expires when the old one does. */
export async function regenerateSession(
  core: CoreContext,
  accessToken: string,
  userDataInJwt: JsonObject | undefined,
): Promise<SessionAnswer> {
  // A core takes the token to have been verified; it only has to be one.
  const problem = toFormProblem(accessToken)
  if (problem !== null) throw new Refusal(500, problem)
  const token = decodeAccessToken(accessToken)
  if ('problem' in token) return unauthorised(token.problem)
  const session = findLive(core, token.sessionHandle)
  if (!session) return unauthorised('Session does not exist.')
  assertUserData(userDataInJwt ?? {})
  session.userDataInJwt = userDataInJwt ?? session.userDataInJwt
  if (token.expiry < core.clock.now()) {
    return unchanged({ ...token, userData: session.userDataInJwt })
  }
  return renewed(core, session, token, token.expiry)
}

/** The session of this handle, unless it is over. */
export function findLive(core: CoreContext, handle: string): Session | undefined {
  const session = core.store.sessions.get(handle)
  return session && session.expiry > core.clock.now() ? session : undefined
}
