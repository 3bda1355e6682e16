/** Reads the fields of a user to be imported, and collects everything wrong with them. */

import { PUBLIC } from '../route.js'
import type { JsonObject } from '../store.js'

interface Kinds {
  readonly string: string
  readonly integer: number
  readonly boolean: boolean
  readonly object: JsonObject
  readonly 'array of string': readonly string[]
  readonly 'array of object': readonly JsonObject[]
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const checks: { readonly [Kind in keyof Kinds]: (value: unknown) => value is Kinds[Kind] } = {
  string: isText,
  integer: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  object: isObject,
  'array of string': (value) => Array.isArray(value) && value.every(isText),
  'array of object': (value) => Array.isArray(value) && value.every(isObject),
}

/** The fields of one object, each `undefined` where it is absent or wrong. */
export interface Fields {
  required<Kind extends keyof Kinds>(name: string, kind: Kind): Kinds[Kind] | undefined
  optional<Kind extends keyof Kinds>(name: string, kind: Kind): Kinds[Kind] | undefined
}

/** @param where Ends every complaint about the fields. */
export function toFields(object: JsonObject, errors: string[], where = '.'): Fields {
  const fields: Fields = {
    required(name, kind) {
      if (object[name] === undefined) errors.push(`${name} is required${where}`)
      return fields.optional(name, kind)
    },
    optional(name, kind) {
      const value = object[name]
      if (value === undefined || checks[kind](value)) return value
      errors.push(`${name} should be of type ${kind}${where}`)
      return undefined
    },
  }
  return fields
}

/** Complains about text of more than so many characters; names the text unless it is `secret`. */
export function checkLength(
  name: string,
  text: string | undefined,
  maxLength: number,
  errors: string[],
  secret?: 'secret',
): void {
  if (text === undefined || text.length <= maxLength) return
  const shown = secret ? name : `${name} ${text}`
  errors.push(`${shown} is too long. Max length is ${maxLength}.`)
}

/** Tenants other than the public one need a licence; they are left out. */
export function toTenantIds(tenantIds: readonly string[] | undefined, errors: string[]): string[] {
  const given = tenantIds ?? [PUBLIC]
  const own = given.filter((tenantId) => tenantId === PUBLIC)
  const complaint = 'Multitenancy must be enabled before importing users to a different tenant.'
  for (let others = given.length - own.length; others > 0; others--) errors.push(complaint)
  return own
}
