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
 * @returns `null` when there is no such user: the SDK itself would not mind.
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
  await call(createNewSession(request, response, tenantId, method.recipeUserId, {}, data))
  return takeHeaders(response)
}
