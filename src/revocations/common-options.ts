/** Checks of the options that lists of every kind have in common. */

import { amount } from '../schema-problems.js'
import * as z from '../zod.js'

export const positive: z.ZodMiniType<number, number> = amount(
  (value) => value > 0,
  'must be a number above 0',
)

export const functionSchema: z.ZodMiniType = z.custom(
  (value) => typeof value === 'function',
  'must be a function',
)
