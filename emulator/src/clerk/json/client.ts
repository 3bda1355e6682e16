/** Clients and their sessions, as browsers see them. */

import { appOrigin, type Call } from '../call.js'
import type { ClientRecord, SessionRecord } from '../records.js'
import { sessionsIn } from '../sessions.js'
import { mintSessionToken } from '../tokens.js'
import { requireUser } from '../users.js'
import { publicUserJson } from './public-user.js'
import { factorAges, sessionJson } from './session.js'
import { signInJson } from './sign-in.js'
import { signUpJson } from './sign-up.js'
import type { JsonObject } from './types.js'
import { userJson } from './user.js'

/** A client with its sessions and unfinished attempts. */
export async function clientJson(call: Call, client: ClientRecord): Promise<JsonObject> {
  const { state } = call
  const signIn = state.store.signIns.get(client.signInId ?? '')
  const signUp = state.store.signUps.get(client.signUpId ?? '')
  const sessions = sessionsIn(state, client)
  return {
    object: 'client',
    id: client.id,
    sessions: await Promise.all(sessions.map((its) => ownSessionJson(call, its))),
    sign_in: signIn && !signIn.createdSessionId ? signInJson(state, signIn) : null,
    sign_up: signUp && !signUp.createdSessionId ? signUpJson(state, signUp) : null,
    last_active_session_id: client.lastActiveSessionId,
    last_authentication_strategy: client.lastStrategy,
    captcha_bypass: false,
    cookie_expires_at: null,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  }
}

/** A session with all that ClerkJS needs to show who is signed in, a token included. */
export async function ownSessionJson(call: Call, session: SessionRecord): Promise<JsonObject> {
  const { state } = call
  const user = requireUser(state, session.userId)
  const jwt = await mintSessionToken(state, session, { origin: appOrigin(call) })
  return {
    ...sessionJson(state, session),
    factor_verification_age: factorAges(state, session),
    user: userJson(state, user),
    public_user_data: publicUserJson(user),
    last_active_token: { object: 'token', jwt },
  }
}
