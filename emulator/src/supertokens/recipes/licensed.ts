/** What takes a licence, which a stand-in never has; with the reads around it that do not. */

import { z } from 'zod'
import { notEmulated, Refusal } from '../answer.js'
import type { CoreContext } from '../context.js'
import { anyTenant, type CoreEndpoint, get, nothing, perTenant, post, put } from '../endpoint.js'
import { filled } from '../fields.js'
import { ACCOUNT_LINKING, MULTI_FACTOR, MULTI_TENANCY } from '../licence.js'
import { PUBLIC } from '../route.js'
import { findUser } from '../users/ids.js'

const tenant = { tenantId: PUBLIC, thirdParty: { providers: [] }, coreConfig: {} }
const recipeUser = z.object({ recipeUserId: z.string() })
const pair = z.object({ recipeUserId: z.string(), primaryUserId: z.string() })

export const licensedEndpoints: readonly CoreEndpoint[] = [
  get(
    '/recipe/multitenancy/tenant/v2',
    nothing,
    (_, __, { route }) =>
      route.tenantId === PUBLIC
        ? { ...tenant, status: 'OK' }
        : { status: 'TENANT_NOT_FOUND_ERROR' },
    anyTenant,
  ),
  get(
    '/recipe/multitenancy/tenant/list/v2',
    nothing,
    () => ({ status: 'OK', tenants: [tenant] }),
    perTenant,
  ),
  put(
    '/recipe/multitenancy/tenant/v2',
    z.object({ tenantId: z.string().trim().toLowerCase() }),
    ({ tenantId }) => {
      if (tenantId === PUBLIC) throw notEmulated('settings of the public tenant')
      throw new Refusal(402, MULTI_TENANCY)
    },
    perTenant,
  ),
  post(
    '/recipe/multitenancy/tenant/user',
    z.object({ recipeUserId: filled('userId') }),
    (input, { store }) => {
      if (!findUser(store, input.recipeUserId)) return { status: 'UNKNOWN_USER_ID_ERROR' }
      throw new Refusal(402, MULTI_TENANCY)
    },
    perTenant,
  ),

  get('/recipe/accountlinking/user/primary/check', recipeUser, (input, core) => {
    assertKnown(core, input.recipeUserId)
    return { status: 'OK', wasAlreadyAPrimaryUser: false }
  }),
  post('/recipe/accountlinking/user/primary', recipeUser, (input, core) => {
    assertKnown(core, input.recipeUserId)
    throw new Refusal(402, ACCOUNT_LINKING)
  }),
  get('/recipe/accountlinking/user/link/check', pair, (input, core) => {
    assertKnown(core, input.recipeUserId, input.primaryUserId)
    return { status: 'INPUT_USER_IS_NOT_A_PRIMARY_USER' }
  }),
  post('/recipe/accountlinking/user/link', pair, (input, core) => {
    assertKnown(core, input.recipeUserId, input.primaryUserId)
    throw new Refusal(402, ACCOUNT_LINKING)
  }),
  post('/recipe/accountlinking/user/unlink', recipeUser, (input, core) => {
    assertKnown(core, input.recipeUserId)
    return { status: 'OK', wasRecipeUserDeleted: false, wasLinked: false }
  }),

  get(
    '/recipe/totp/device/list',
    z.object({ userId: z.string().min(1, 'userId cannot be empty') }),
    () => ({ status: 'OK', devices: [] }),
  ),
  post('/recipe/totp/device', z.object({ userId: z.string() }), () => {
    throw new Refusal(402, MULTI_FACTOR)
  }),
]

function assertKnown({ store }: CoreContext, ...userIds: readonly string[]): void {
  if (userIds.every((userId) => findUser(store, userId))) return
  throw new Refusal(400, 'Unknown user ID provided')
}
