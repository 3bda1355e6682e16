import type { JsonObject } from './types.js'

/** What is left of a thing that was deleted. */
export function deletedJson(object: string, id: string): JsonObject {
  return { object, id, deleted: true }
}
