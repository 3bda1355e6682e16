/** Import of users: one at once, or many by way of a queue. */

import { z } from 'zod'
import { Refusal } from '../answer.js'
import { importBatch } from '../bulk-import/import.js'
import { enqueue } from '../bulk-import/queue.js'
import { type ImportUser, toImportUser } from '../bulk-import/user.js'
import type { CoreContext } from '../context.js'
import { type CoreEndpoint, get, post } from '../endpoint.js'
import { integer, jsonObject } from '../fields.js'
import type { JsonObject, QueuedUser } from '../store.js'
import { compare, toPaginationToken, toStart } from '../users/listing.js'
import { toUserJson } from '../users/user.js'

const MAX_QUEUED = 10_000
const MAX_PAGE = 500
const MAX_REMOVED = 500
const INVALID = 'Data has missing or invalid fields. Please check the users field for more details.'

const status = z
  .enum(['NEW', 'PROCESSING', 'FAILED'], {
    error: 'Invalid value for status. Pass one of NEW, PROCESSING, or FAILED!',
  })
  .optional()

const listing = z.object({
  paginationToken: z.string().optional(),
  limit: integer('limit')
    .refine((limit) => limit <= MAX_PAGE, `Max limit allowed is ${MAX_PAGE}`)
    .refine((limit) => limit >= 1, 'limit must a positive integer with min value 1')
    .default(100),
  status,
})

const removal = z.object({
  ids: z
    .array(z.string().min(1, "Field name 'ids' cannot contain an empty string"))
    .max(MAX_REMOVED, `Field name 'ids' cannot contain more than ${MAX_REMOVED} elements`),
})

export const bulkImportEndpoints: readonly CoreEndpoint[] = [
  post('/bulk-import/import', jsonObject, importNow),
  post('/bulk-import/users', z.object({ users: z.array(jsonObject) }), queue),
  get('/bulk-import/users', listing, list),
  get('/bulk-import/users/count', z.object({ status }), (input, { store }) => {
    const items = [...store.bulkImport.values()]
    return { status: 'OK', count: items.filter((item) => isOfStatus(item, input.status)).length }
  }),
  post('/bulk-import/users/remove', removal, ({ ids }, { store }) => {
    const deletedIds = ids.filter((id) => store.bulkImport.delete(id))
    return { deletedIds, invalidIds: ids.filter((id) => !deletedIds.includes(id)) }
  }),
]

async function importNow(input: JsonObject, core: CoreContext): Promise<object> {
  const user = toImportUser(core, input, new Set())
  if ('errors' in user) throw refusal({ errors: user.errors })
  const { imported, conflicts } = await importBatch(core, [user])
  const [first] = imported
  if (first) return { status: 'OK', user: toUserJson(core.store, first) }
  throw refusal({ errors: [...conflicts.values()].map(toSoleError) })
}

/** That of a whole batch comes wrapped. */
function toSoleError(conflict: string): string {
  return conflict.startsWith('E019') ? `java.lang.Exception: ${conflict}` : conflict
}

function queue(input: { users: readonly JsonObject[] }, core: CoreContext): object {
  if (input.users.length === 0) return { status: 'OK' }
  if (input.users.length > MAX_QUEUED) {
    throw refusal({ error: `You can only add ${MAX_QUEUED} users at a time.` })
  }
  const externalIds = new Set<string>()
  const read = input.users.map((user) => toImportUser(core, user, externalIds))
  const invalid = read.flatMap((user, index) =>
    'errors' in user ? [{ index, errors: user.errors }] : [],
  )
  if (invalid.length > 0) throw refusal({ error: INVALID, users: invalid })
  const users = read.flatMap((user) => ('errors' in user ? [] : [user]))
  enqueue(core, users)
  return { status: 'OK', users: users.map(toSummary) }
}

function toSummary({ externalUserId, login }: ImportUser): object {
  const { recipeId, superTokensUserId, tenantIds, email, phoneNumber, thirdParty } = login
  const userId = externalUserId ?? superTokensUserId
  const thirdPartyFields = { thirdPartyId: thirdParty?.id, thirdPartyUserId: thirdParty?.userId }
  const method = { recipeId, userId: superTokensUserId, tenants: tenantIds, email, phoneNumber }
  return { userId, loginMethods: [{ ...method, ...thirdPartyFields }] }
}

function list(input: z.output<typeof listing>, { store }: CoreContext): object {
  const { paginationToken, limit } = input
  const start = paginationToken === undefined ? null : toStart(paginationToken)
  const items = [...store.bulkImport.values()]
    .filter((item) => isOfStatus(item, input.status))
    .sort((one, other) => compare(toPosition(one), toPosition(other), 'DESC'))
    .filter((item) => start === null || compare(toPosition(item), start, 'DESC') >= 0)
  const users = items.slice(0, limit).map(({ input: user, ...rest }) => ({ ...user, ...rest }))
  const next = items[limit]
  const nextPaginationToken = next && toPaginationToken(toPosition(next))
  return { status: 'OK', users, nextPaginationToken }
}

function toPosition({ id, createdAt }: QueuedUser): { id: string; time: number } {
  return { id, time: createdAt }
}

function isOfStatus(item: QueuedUser, wanted: QueuedUser['status'] | undefined): boolean {
  return wanted === undefined || item.status === wanted
}

/** Errors of the import are JSON, sent as text. */
function refusal(body: object): Refusal {
  return new Refusal(400, JSON.stringify(body))
}
