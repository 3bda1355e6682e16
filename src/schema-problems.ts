/** What a schema objects to, in words for the author of the app; never the value objected to. */

import * as z from './zod.js'

export interface SchemaProblem {
  /** Members on the way to the value at fault. */
  readonly path: readonly PropertyKey[]
  readonly message: string
}

type Issue = z.core.$ZodIssue

/** Problems of a failed parse, in the schema's order; an unknown member is a problem of its own. */
export function readProblems(error: z.core.$ZodError | undefined): readonly SchemaProblem[] {
  return (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not an option' }))
      : [{ path: issue.path, message: toMessage(issue) }],
  )
}

/** The short build of zod has no texts of its own; those of our schemas come as they are. */
function toMessage(issue: Issue): string {
  if (issue.code === 'invalid_type') return `must be ${withArticle(issue.expected)}`
  return issue.message
}

function withArticle(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`
}

/** One of a few values; zod's own way to say so is ten times as long. */
export function oneOf<const Values extends readonly (string | boolean)[]>(
  ...values: Values
): z.ZodMiniType<Values[number], Values[number]> {
  return z.custom<Values[number], Values[number]>(
    (value) => values.some((its) => its === value),
    `must be one of: ${values.join(', ')}`,
  )
}

/** A number of seconds, say; without zod's own numbers, which every bundle would have to carry. */
export function amount(
  isRight: (value: number) => boolean = (value) => value >= 0,
  message = 'must be a number, 0 or more',
): z.ZodMiniType<number, number> {
  return z.custom<number, number>(
    (value) => Number.isFinite(value) && isRight(value as number),
    message,
  )
}

/** A string or a list of them; without zod's own unions, for the same reason. */
export const strings: z.ZodMiniType<string | readonly string[], string | readonly string[]> =
  z.custom<string | readonly string[], string | readonly string[]>(
    (value) => [value].flat().every((item) => typeof item === 'string'),
    'must be a string or a list of strings',
  )

/** Whether a value is an object with members, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
