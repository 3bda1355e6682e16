/** Kinds of input fields that several endpoints take, with a core's words for bad ones. */

import { z } from 'zod'

/** Data of the app. */
export const jsonObject: z.ZodType<Readonly<Record<string, unknown>>> = z.record(
  z.string(),
  z.unknown(),
)

/** An address as a core keeps it; its syntax is not looked at. */
export const email: z.ZodType<string> = z.string().trim().toLowerCase()

/** A number as a core keeps it: with a country code, digits only. */
export const phoneNumber: z.ZodType<string> = z
  .string()
  .trim()
  .transform((number) => (number.startsWith('+') ? `+${number.replace(/\D/g, '')}` : number))

/** Text that is trimmed, and has to be left with something. */
export function filled(name: string): z.ZodType<string> {
  return z.string().trim().min(1, `Field name '${name}' cannot be an empty String`)
}

/** A whole number in a query. */
export function integer(name: string): z.ZodType<number> {
  return z
    .string()
    .regex(/^[+-]?\d+$/, `Field name '${name}' must be an int in the GET request`)
    .transform(Number)
}

/** Which id of a user is given. */
export const userIdType: z.ZodType<'SUPERTOKENS' | 'EXTERNAL' | 'ANY'> = z
  .string()
  .trim()
  .pipe(
    z.enum(['SUPERTOKENS', 'EXTERNAL', 'ANY'], {
      error: "Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL' or 'ANY'",
    }),
  )
  .default('ANY')

const recipeIds: ReadonlySet<string> = new Set([
  'emailpassword',
  'thirdparty',
  'session',
  'emailverification',
  'jwt',
  'passwordless',
  'usermetadata',
  'userroles',
  'useridmapping',
  'dashboard',
  'totp',
  'multitenancy',
  'accountlinking',
  'mfa',
  'oauth',
  'webauthn',
  'saml',
])

/** A list in a query, its items set apart by commas. */
export const includeRecipeIds: z.ZodType<string[]> = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )
  .check((context) => {
    const unknown = context.value.find((item) => !recipeIds.has(item))
    if (unknown === undefined) return
    const message = `Unknown recipe ID: ${unknown}`
    context.issues.push({ code: 'custom', message, input: context.value })
  })
  .default([])
