/** Metadata: what apps keep with users and organisations. */

import type { JsonObject } from './json/types.js'

/** Merges deeply: objects are combined, everything else is replaced, `null` removes. */
export function mergeMetadata(current: JsonObject, given: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...current }
  for (const [name, value] of Object.entries(given)) {
    const before = merged[name]
    if (value === null) delete merged[name]
    else
      merged[name] = isObject(value) ? mergeMetadata(isObject(before) ? before : {}, value) : value
  }
  return merged
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
