/** What taking sessions over needs of the SDK; loaded by apps that move, and when they do. */

import { getUser, getUserIdMapping, isRecipeInitialized } from 'supertokens-node'
import { CollectingResponse } from 'supertokens-node/framework/custom'
import {
  getFactorsSetupForUser,
  getRequiredSecondaryFactorsForUser,
} from 'supertokens-node/recipe/multifactorauth'
import {
  createNewSession,
  getAllSessionHandlesForUser,
  getSessionInformation,
  revokeSession,
} from 'supertokens-node/recipe/session'
import type { RequestView } from '../../src/request.js'
import { call, HANDED_OVER } from './sdk.js'
import { takeHeaders, toSdkRequest } from './sdk-http.js'

/** Where the browser SDK notes when it last saw a session. */
const LAST_UPDATE_COOKIE = 'st-last-access-token-update'

/** Factors that are no first factor of anybody. */
const SECOND_FACTORS = ['totp']

/** The app's id in a mapping of user ids, whichever of the two ids is given; `null` without one. */
export async function findAppId(userId: string): Promise<string | null> {
  const mapping = await call(getUserIdMapping({ userId, userIdType: 'ANY' }))
  return mapping.status === 'OK' ? mapping.externalUserId : null
}

/** Whether a user has set a second factor up, or is made to. */
export async function hasSecondFactor(userId: string): Promise<boolean> {
  if (!isRecipeInitialized('multifactorauth') || !(await call(getUser(userId)))) return false
  const present = await call(getFactorsSetupForUser(userId))
  if (present.some((id) => SECOND_FACTORS.includes(id))) return true
  return (await call(getRequiredSecondaryFactorsForUser(userId))).length > 0
}

/**
 * Begins a session in place of another; one that was begun in its place before ends.
 * @returns `null` when there is no such user, which the SDK itself would not mind, or no way to hand
 * the session to the browser.
 */
export async function beginSession(
  userId: string,
  key: string,
  view: RequestView,
  tenantId: string,
): Promise<Headers | null> {
  const user = await call(getUser(userId))
  const [method] = user?.loginMethods.filter(({ tenantIds }) => tenantIds.includes(tenantId)) ?? []
  if (!user || !method) return null
  for (const handle of await call(getAllSessionHandlesForUser(userId))) {
    const session = await call(getSessionInformation(handle))
    const data: Readonly<Record<string, unknown>> = session?.sessionDataInDatabase ?? {}
    if (data[HANDED_OVER] === key) await call(revokeSession(handle))
  }
  const mode = view.header('st-auth-mode') === 'header' ? 'header' : 'cookie'
  // The token of the session that is handed over is none of this vendor's business.
  const request = toSdkRequest(view, { headers: { 'st-auth-mode': mode, authorization: null } })
  const response = new CollectingResponse()
  const data = { [HANDED_OVER]: key }
  const { recipeUserId } = method
  const session = await call(createNewSession(request, response, tenantId, recipeUserId, {}, data))
  const headers = takeHeaders(response)
  if (view.header('sec-fetch-mode') !== 'navigate') return headers
  // No script reads this answer, so an anti-CSRF token would be lost on the way.
  if (headers.has('anti-csrf')) {
    await call(session.revokeSession())
    return null
  }
  // The browser SDK goes by its own note, which may say that there is no session; without it, it asks.
  headers.append('set-cookie', `${LAST_UPDATE_COOKIE}=; Path=/; Max-Age=0`)
  return headers
}
