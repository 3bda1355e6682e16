/** Schemas of parameters that several endpoints take. */

import { z } from 'zod'
import type { JsonObject } from './json/types.js'

const MAX_PAGE = 500
const MAX_VALUES = 100

/** Rows of a page: 10, and 500 at most, as at Clerk. */
export const limit: z.ZodType<number> = z.coerce.number().int().min(1).max(MAX_PAGE).default(10)

/** Rows to skip. */
export const offset: z.ZodType<number> = z.coerce.number().int().min(0).default(0)

/** A parameter of a query that may be given several times. */
export const values: z.ZodType<string[] | undefined> = z
  .preprocess(
    (given) => (given === undefined ? undefined : [given].flat()),
    z.array(z.string()).max(MAX_VALUES).optional(),
  )
  .optional()

/** A parameter of a form that may be given several times, and is given at least once. */
export function list<Item>(item: z.ZodType<Item>): z.ZodType<Item[]> {
  return z.preprocess((given) => (given === undefined ? [] : [given].flat()), z.array(item).min(1))
}

/** A time in a query, in milliseconds since the epoch. */
export const milliseconds: z.ZodType<number | undefined> = z.coerce.number().int().optional()

/** A switch in a query or a form. */
export const flag: z.ZodType<boolean | undefined> = z
  .union([z.boolean(), z.stringbool()])
  .optional()

/** A string that may be absent; `null` counts as such in most places, and clears in some. */
export const text: z.ZodType<string | null | undefined> = z.string().nullish()

/** An object that apps keep whatever they like in. */
export const metadata: z.ZodType<JsonObject | undefined> = z
  .record(z.string(), z.unknown())
  .optional()

/** A time in a body, by RFC 3339; leaves as milliseconds since the epoch. */
export const time: z.ZodType<number | null | undefined> = z.iso
  .datetime({ offset: true })
  .transform((given) => Date.parse(given))
  .nullish()

/** A life in days, a year at most; leaves as seconds. */
export const lifeInDays: z.ZodType<number | null | undefined> = z
  .number()
  .int()
  .min(1)
  .max(365)
  .transform((days) => days * 86_400)
  .nullish()

/** What a browser sends for metadata: JSON in a field of a form. */
export const metadataText: z.ZodType<JsonObject | undefined> = z
  .string()
  .transform((given, context) => {
    try {
      return metadata.parse(JSON.parse(given || '{}'))
    } catch {
      context.addIssue('must be a JSON object')
      return z.NEVER
    }
  })
  .optional()

/** One page of a list. */
export function page<Row>(rows: readonly Row[], { limit, offset }: Page): Row[] {
  return rows.slice(offset, offset + limit)
}

interface Page {
  readonly limit: number
  readonly offset: number
}
