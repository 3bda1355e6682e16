/** Pages of users, in the order in which they joined. */

import { Refusal } from '../answer.js'
import type { LoginRecipe, User } from '../store.js'

/** Which users to list, from where on, and how many. */
export interface Listing {
  readonly order: 'ASC' | 'DESC'
  readonly limit: number
  readonly paginationToken?: string | undefined
  /** Recipes to list users of; empty for all. */
  readonly recipeIds: readonly string[]
  /** Beginnings a user's address, number or provider has to have one of; empty for any. */
  readonly search: Readonly<Record<'email' | 'phone' | 'provider', readonly string[]>>
}

/** Users, and where the next ones begin if there are any. */
export interface Page {
  readonly users: readonly User[]
  readonly nextPaginationToken?: string
}

/** Where a page begins: with this item. */
export interface Position {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly time: number
}

/** One page of a listing. */
export function listUsers(users: Iterable<User>, listing: Listing): Page {
  const { recipeIds, search, limit, paginationToken } = listing
  const sorted = [...users]
    .filter((user) => isOfRecipe(user, recipeIds) && isFound(user, search))
    .sort((one, other) => compare(toPosition(one), toPosition(other), listing.order))
  // A search is answered whole, whatever the limit.
  if (Object.values(search).some((beginnings) => beginnings.length > 0)) return { users: sorted }

  const start = paginationToken === undefined ? null : toStart(paginationToken)
  const rest = sorted.filter(
    (user) => start === null || compare(toPosition(user), start, listing.order) >= 0,
  )
  const next = rest[limit]
  const page = rest.slice(0, limit)
  return next
    ? { users: page, nextPaginationToken: toPaginationToken(toPosition(next)) }
    : { users: page }
}

/** Whether a user signs in with one of the recipes; an empty list means any. */
export function isOfRecipe(user: User, recipeIds: readonly string[]): boolean {
  return recipeIds.length === 0 || recipeIds.includes(user.recipeId satisfies LoginRecipe)
}

/** Users who joined at the same time follow one another by id, the last first in either order. */
export function compare(one: Position, other: Position, order: 'ASC' | 'DESC'): number {
  const byTime = order === 'ASC' ? one.time - other.time : other.time - one.time
  return byTime || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0)
}

/** The name of a position, which `toStart` reads. */
export function toPaginationToken({ id, time }: Position): string {
  return Buffer.from(`${id};${time}`).toString('base64')
}

/** @throws {Refusal} 400 when the token does not name a position. */
export function toStart(paginationToken: string): Position {
  const parts = Buffer.from(paginationToken, 'base64').toString().split(';')
  const [id = '', time = ''] = parts
  if (parts.length !== 2 || !/^-?\d+$/.test(time))
    throw new Refusal(400, 'invalid pagination token')
  return { id, time: Number(time) }
}

function toPosition(user: User): Position {
  return { id: user.id, time: user.timeJoined }
}

function isFound(user: User, { email, phone, provider }: Listing['search']): boolean {
  return (
    (email.length === 0 || email.some((text) => isEmailFound(user.email, text))) &&
    (phone.length === 0 || phone.some((text) => user.phoneNumber?.startsWith(text))) &&
    (provider.length === 0 || provider.some((text) => user.thirdParty?.id.startsWith(text)))
  )
}

/** The beginning can be that of the address, or that of its domain. */
function isEmailFound(email: string | undefined, text: string): boolean {
  return email !== undefined && (email.startsWith(text) || email.includes(`@${text}`))
}
