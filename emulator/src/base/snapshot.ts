/** The memory of a stand-in as JSON, with maps and sets told apart from objects and lists. */

import { z } from 'zod'
import { EmulatorMisuse } from './production.js'

/** All that one stand-in remembers, keys included, in JSON; made for the release that wrote it. */
export type Snapshot = Readonly<Record<string, unknown>>

/** The tables of a store: maps by id, or lists. */
export type Tables = Readonly<Record<string, Map<string, unknown> | unknown[]>>

/** The tables, ready for `JSON.stringify`. */
export function saveTables(store: object): Snapshot {
  return Object.fromEntries(Object.entries(store).map(([name, table]) => [name, toJson(table)]))
}

/**
 * Fills the tables of a store that is empty. Tables that were not saved stay so.
 * @throws {EmulatorMisuse} when a table is unknown, or of another kind.
 */
export function loadTables(store: Tables, saved: Snapshot): void {
  for (const [name, value] of Object.entries(saved)) {
    const table = Object.hasOwn(store, name) ? store[name] : undefined
    const content = tryFromJson(value)
    if (table instanceof Map && content instanceof Map) {
      for (const [id, record] of content) table.set(id, record)
    } else if (Array.isArray(table) && Array.isArray(content)) {
      table.push(...content)
    } else {
      throw new EmulatorMisuse(`the saved state has a table "${name}" that cannot be read`)
    }
  }
}

/**
 * Reads the parts of a snapshot.
 * @throws {EmulatorMisuse} when it is not one, naming the first thing wrong.
 */
export function readSnapshot<Schema extends z.ZodType>(
  schema: Schema,
  snapshot: Snapshot,
): z.output<Schema> {
  const { data, error } = schema.safeParse(snapshot)
  if (!error) return data
  const [issue] = error.issues
  const where = issue?.path.join('.') ?? ''
  throw new EmulatorMisuse(`the saved state cannot be read: ${where}: ${issue?.message}`)
}

function toJson(value: unknown): unknown {
  if (value instanceof Map) {
    return { $map: [...value].map(([key, member]) => [key, toJson(member)]) }
  }
  if (value instanceof Set) return { $set: [...value].map(toJson) }
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, toJson(member)])
  // Data of the app may have names like ours.
  const isAmbiguous = members.some(([name]) => String(name).startsWith('$'))
  return isAmbiguous ? { $object: members } : Object.fromEntries(members)
}

/** `null` where it was not made by {@link saveTables}. */
function tryFromJson(value: unknown): unknown {
  try {
    return fromJson(value)
  } catch (error) {
    if (error instanceof z.ZodError) return null
    throw error
  }
}

const pairs = z.array(z.tuple([z.string(), z.unknown()]))

function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson)
  if (typeof value !== 'object' || value === null) return value
  const [first, ...others] = Object.entries(value)
  const read = first && others.length === 0 ? readers.get(first[0]) : undefined
  if (first && read) return read(first[1])
  return Object.fromEntries(Object.entries(value).map(([name, its]) => [name, fromJson(its)]))
}

const readers: ReadonlyMap<string, (content: unknown) => unknown> = new Map([
  ['$map', (content: unknown): unknown => new Map(readPairs(content))],
  ['$set', (content) => new Set(z.array(z.unknown()).parse(content).map(fromJson))],
  ['$object', (content) => Object.fromEntries(readPairs(content))],
])

function readPairs(content: unknown): [string, unknown][] {
  return pairs.parse(content).map(([key, member]) => [key, fromJson(member)])
}
