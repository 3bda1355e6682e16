import type { JsonObject } from './token.js'

/** What a claim by path, its members one by one, is; `undefined` where nothing is. */
export function readClaim(claims: JsonObject, path: readonly string[]): unknown {
  let value: unknown = claims
  for (const member of path) {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, member)
    value = isThere ? (value as JsonObject)[member] : undefined
  }
  return value
}
