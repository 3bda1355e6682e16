/** Which users a server asks for. */

import { z } from 'zod'
import { type Call, readQuery } from '../call.js'
import { flag, limit, milliseconds, offset, page, values } from '../fields.js'
import { primaryAddress } from '../json/public-user.js'
import { findMembership } from '../memberships.js'
import { ClerkProblem, notFound } from '../problem.js'
import type { UserRecord } from '../records.js'

const querySchema = z.object({
  limit,
  offset,
  email_address: values,
  phone_number: values,
  username: values,
  external_id: values,
  user_id: values,
  organization_id: values,
  web3_wallet: values,
  query: z.string().optional(),
  banned: flag,
  created_at_before: milliseconds,
  created_at_after: milliseconds,
  last_active_at_before: milliseconds,
  last_active_at_after: milliseconds,
  last_active_at_since: milliseconds,
  last_sign_in_at_before: milliseconds,
  last_sign_in_at_after: milliseconds,
  order_by: z.string().default('-created_at'),
  starting_after: z.string().optional(),
})

type Query = z.output<typeof querySchema>

const SORT_KEYS: Readonly<Record<string, (user: UserRecord) => string | number>> = {
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
  last_active_at: ({ lastActiveAt }) => lastActiveAt ?? 0,
  last_sign_in_at: ({ lastSignInAt }) => lastSignInAt ?? 0,
  email_address: (user) => primaryAddress(user) ?? '',
  phone_number: ({ phoneNumbers }) => phoneNumbers[0]?.number ?? '',
  first_name: ({ firstName }) => firstName ?? '',
  last_name: ({ lastName }) => lastName ?? '',
  username: ({ username }) => username ?? '',
  web3wallet: () => '',
}

/** One page of the users a query describes, and how many there are in all. */
export function listUsers(call: Call): { page: UserRecord[]; total: number } {
  const query = readQuery(call, querySchema)
  const users = [...call.state.store.users.values()].filter((user) => matches(call, user, query))
  const sorted = sort(users, query.order_by)
  const offset = query.starting_after === undefined ? query.offset : after(sorted, query)
  return { page: page(sorted, { limit: query.limit, offset }), total: users.length }
}

function matches({ state }: Call, user: UserRecord, query: Query): boolean {
  const emails = user.emailAddresses.map(({ address }) => address.toLowerCase())
  const phones = user.phoneNumbers.map(({ number }) => number)
  const { username, externalId, createdAt, lastActiveAt, lastSignInAt } = user
  return (
    isAmong(
      query.email_address?.map((its) => its.toLowerCase()),
      emails,
    ) &&
    isAmong(query.phone_number, phones) &&
    isAmong(query.username, [username]) &&
    isAmong(query.web3_wallet, []) &&
    isWanted(query.user_id, (id) => id === user.id) &&
    isWanted(query.external_id, (id) => id === externalId) &&
    isWanted(query.organization_id, (id) => findMembership(state, id, user.id) !== undefined) &&
    (query.banned === undefined || query.banned === user.isBanned) &&
    isBetween(createdAt, query.created_at_after, query.created_at_before) &&
    isBetween(lastActiveAt, query.last_active_at_after, query.last_active_at_before) &&
    isBetween(lastActiveAt, query.last_active_at_since, undefined) &&
    isBetween(lastSignInAt, query.last_sign_in_at_after, query.last_sign_in_at_before) &&
    contains([...emails, ...phones, username, user.id, user.firstName, user.lastName], query.query)
  )
}

function isAmong(wanted: string[] | undefined, given: readonly (string | null)[]): boolean {
  return !wanted || given.some((value) => value !== null && wanted.includes(value))
}

/** Values may begin with `+` to be included, the default, or `-` to be excluded. */
function isWanted(wanted: string[] | undefined, isIts: (value: string) => boolean): boolean {
  if (!wanted) return true
  const excluded = wanted.filter((value) => value.startsWith('-'))
  const included = wanted.filter((value) => !value.startsWith('-'))
  if (excluded.some((value) => isIts(value.slice(1)))) return false
  return included.length === 0 || included.some((value) => isIts(value.replace(/^\+/, '')))
}

function isBetween(time: number | null, after?: number, before?: number): boolean {
  if (after !== undefined && !(time !== null && time > after)) return false
  return before === undefined || (time !== null && time < before)
}

function contains(fields: readonly (string | null)[], part = ''): boolean {
  return part === '' || fields.some((its) => its?.toLowerCase().includes(part.toLowerCase()))
}

function sort(users: readonly UserRecord[], order: string): UserRecord[] {
  const key = SORT_KEYS[order.replace(/^[+-]/, '')]
  if (!key) throw invalid('order_by', `it cannot be ${order}`)
  const sorted = users.toSorted((one, other) => compare(key(one), key(other)))
  return order.startsWith('-') ? sorted.reverse() : sorted
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : Number(one > other)
}

/** Where the page after a user begins. */
function after(users: readonly UserRecord[], { starting_after: id = '', ...query }: Query): number {
  if (!/^[+-]?created_at$/.test(query.order_by)) {
    throw invalid('starting_after', 'it goes with an order by created_at only')
  }
  if (query.offset > 0) throw invalid('starting_after', 'it does not go with an offset')
  const index = users.findIndex((user) => user.id === id)
  if (index === -1) throw notFound('user', id)
  return index + 1
}

function invalid(parameter: string, reason: string): ClerkProblem {
  const longMessage = `${parameter} is invalid: ${reason}`
  return new ClerkProblem({
    code: 'form_param_value_invalid',
    message: 'is invalid',
    longMessage,
    parameter,
  })
}
