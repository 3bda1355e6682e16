/** What a core says about a session: the bodies of its answers. */

import type { CoreContext } from '../context.js'
import { PUBLIC } from '../route.js'
import type { JsonObject, Session } from '../store.js'
import { type AccessToken, issueAccessToken, type TokenInfo } from './access-token.js'

/** A session as every answer shows it. */
export interface SessionView {
  readonly handle: string
  readonly userId: string
  readonly recipeUserId: string
  readonly userDataInJWT: JsonObject
  readonly tenantId: string
}

/** What comes of asking for, refreshing or verifying a session. */
export type SessionAnswer =
  | {
      readonly session: SessionView
      readonly accessToken?: TokenInfo
      readonly refreshToken?: TokenInfo
      readonly antiCsrfToken?: string | undefined
      readonly status: 'OK'
    }
  | { readonly status: 'UNAUTHORISED' | 'TRY_REFRESH_TOKEN'; readonly message: string }
  | {
      readonly status: 'TOKEN_THEFT_DETECTED'
      readonly session: Pick<SessionView, 'handle' | 'userId' | 'recipeUserId'>
    }

/** Shows a session with this payload. */
export function toView(
  session: Pick<Session, 'handle' | 'userId'>,
  userDataInJWT: JsonObject,
): SessionView {
  const { handle, userId } = session
  return { handle, userId, recipeUserId: userId, userDataInJWT, tenantId: PUBLIC }
}

/** There is no such session, or no longer. */
export function unauthorised(message: string): SessionAnswer {
  return { status: 'UNAUTHORISED', message }
}

/** The token holds as it is. */
export function unchanged(token: AccessToken): SessionAnswer {
  const { sessionHandle: handle, userId, userData } = token
  return { session: toView({ handle, userId }, userData), status: 'OK' }
}

/**
 * A token to be used instead, with the payload the session has now.
 *
 * @param expiry Milliseconds since the epoch; default a whole validity from now.
 */
export async function renewed(
  core: CoreContext,
  session: Session,
  content: Omit<AccessToken, 'expiry' | 'userData'>,
  expiry?: number,
): Promise<SessionAnswer> {
  const { userDataInJwt: userData, usesStaticKey } = session
  const accessToken = await issueAccessToken(core, { ...content, userData }, usesStaticKey, expiry)
  return { session: toView(session, userData), accessToken, status: 'OK' }
}
