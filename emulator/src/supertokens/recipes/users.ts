/** Users of all recipes. */

import { z } from 'zod'
import type { CoreContext } from '../context.js'
import { type CoreEndpoint, get, nothing, perTenant, post } from '../endpoint.js'
import { email, includeRecipeIds, integer, phoneNumber } from '../fields.js'
import type { User } from '../store.js'
import { findUser } from '../users/ids.js'
import { isOfRecipe, listUsers } from '../users/listing.js'
import { removeUser, toUserJson } from '../users/user.js'

const MAX_LIMIT = 500

const ofUser = z.object({ userId: z.string() })

/** Beginnings to search for, set apart by semicolons. */
const beginnings = z
  .string()
  .default('')
  .transform((list) =>
    list
      .toLowerCase()
      .split(';')
      .map((item) => item.trim())
      .filter(Boolean),
  )

const listing = z
  .object({
    includeRecipeIds,
    paginationToken: z.string().optional(),
    limit: integer('limit').default(100),
    timeJoinedOrder: z
      .enum(['ASC', 'DESC'], { error: 'timeJoinedOrder can be either ASC OR DESC' })
      .default('ASC'),
    email: beginnings,
    phone: beginnings,
    provider: beginnings,
  })
  .refine(
    ({ limit, ...search }) => limit <= MAX_LIMIT || isSearch(search),
    `max limit allowed is ${MAX_LIMIT}`,
  )
  .refine(({ limit }) => limit >= 1, 'limit must a positive integer with min value 1')

const accountInfo = z
  .object({
    email: email.optional(),
    phoneNumber: phoneNumber.optional(),
    thirdPartyId: z.string().optional(),
    thirdPartyUserId: z.string().optional(),
    webauthnCredentialId: z.string().optional(),
    doUnionOfAccountInfo: z.string().refine((text) => text === 'true' || text === 'false', {
      error: "'doUnionOfAccountInfo' should be either 'true' or 'false'",
    }),
  })
  .refine(
    (input) => (input.thirdPartyId === undefined) === (input.thirdPartyUserId === undefined),
    "If 'thirdPartyId' is provided, 'thirdPartyUserId' must also be provided, and vice versa",
  )

const since = z
  .string()
  .regex(/^[+-]?\d+$/, "Field name 'since' must be a long in the GET request")
  .transform(Number)
  .refine((time) => time >= 0, "'since' query parameter must be >= 0")

export const usersEndpoints: readonly CoreEndpoint[] = [
  get('/users', listing, list, perTenant),
  get(
    '/users/count',
    z.object({ includeRecipeIds }),
    (input, { store }) => {
      const users = [...store.users.values()]
      return {
        status: 'OK',
        count: users.filter((user) => isOfRecipe(user, input.includeRecipeIds)).length,
      }
    },
    perTenant,
  ),
  get('/users/count/active', z.object({ since }), (input, { store }) => ({
    status: 'OK',
    count: [...store.lastActive.values()].filter((time) => time >= input.since).length,
  })),
  get('/user/id', ofUser, ({ userId }, { store }) => {
    const user = findUser(store, userId)
    return user
      ? { status: 'OK', user: toUserJson(store, user) }
      : { status: 'UNKNOWN_USER_ID_ERROR' }
  }),
  get('/users/by-accountinfo', accountInfo, findByAccountInfo, perTenant),
  post('/user/remove', ofUser, ({ userId }, core) => {
    const user = findUser(core.store, userId)
    if (user) removeUser(core, user)
    return { status: 'OK' }
  }),
  get('/user/search/tags', nothing, () => ({ status: 'OK', tags: ['email', 'phone', 'provider'] })),
]

function isSearch({ email, phone, provider }: Record<'email' | 'phone' | 'provider', string[]>) {
  return [email, phone, provider].some((list) => list.length > 0)
}

function list(input: z.output<typeof listing>, { store }: CoreContext): object {
  const { email, phone, provider, limit, paginationToken } = input
  const page = listUsers(store.users.values(), {
    order: input.timeJoinedOrder,
    limit,
    paginationToken,
    recipeIds: input.includeRecipeIds,
    search: { email, phone, provider },
  })
  return { status: 'OK', ...page, users: page.users.map((user) => toUserJson(store, user)) }
}

function findByAccountInfo(input: z.output<typeof accountInfo>, { store }: CoreContext): object {
  const { email, phoneNumber, thirdPartyId, thirdPartyUserId } = input
  const tests: readonly (readonly [unknown, (user: User) => boolean])[] = [
    [email, (user) => user.email === email],
    [phoneNumber, (user) => user.phoneNumber === phoneNumber],
    [
      thirdPartyId,
      ({ thirdParty }) =>
        thirdParty?.id === thirdPartyId && thirdParty?.userId === thirdPartyUserId,
    ],
    [input.webauthnCredentialId, () => false],
  ]
  const asked = tests.filter(([wanted]) => wanted !== undefined).map(([, test]) => test)
  const users = [...store.users.values()].filter((user) =>
    input.doUnionOfAccountInfo === 'true'
      ? asked.some((test) => test(user))
      : asked.length > 0 && asked.every((test) => test(user)),
  )
  return { status: 'OK', users: users.map((user) => toUserJson(store, user)) }
}
