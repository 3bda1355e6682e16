/** Sign-in by way of a third party. */

import { z } from 'zod'
import type { CoreContext } from '../context.js'
import { type CoreEndpoint, perTenant, post } from '../endpoint.js'
import { email } from '../fields.js'
import { toExternalId } from '../users/ids.js'
import { addUser, findByLogin, markActive, markVerified, toUserJson } from '../users/user.js'

const signIn = z.object({
  thirdPartyId: z.string(),
  thirdPartyUserId: z.string(),
  email: z.object({ id: email, isVerified: z.boolean() }),
})

export const thirdPartyEndpoints: readonly CoreEndpoint[] = [
  post('/recipe/signinup', signIn, signInUp, perTenant),
]

function signInUp(input: z.output<typeof signIn>, core: CoreContext): object {
  const thirdParty = { id: input.thirdPartyId, userId: input.thirdPartyUserId }
  const address = input.email.id
  const known = findByLogin(core.store, 'thirdparty', { thirdParty })
  const user = known ?? addUser(core, 'thirdparty', { thirdParty })
  // The third party knows the address best, at every sign-in.
  user.email = address
  if (input.email.isVerified) markVerified(core.store, user, address)
  markActive(core, user.id)
  const createdNewUser = known === undefined
  const recipeUserId = toExternalId(core.store, user.id)
  return { status: 'OK', createdNewUser, user: toUserJson(core.store, user), recipeUserId }
}
