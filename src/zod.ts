/**
 * The part of zod that checks options. The build turns this module into one file, with nothing else
 * of zod in it: loading all of zod takes longer than the rest of a first verdict.
 */

export type { core, output, ZodMiniObject, ZodMiniType } from 'zod/mini'
export {
  array,
  custom,
  optional,
  refine,
  safeParse,
  strictObject,
  string,
} from 'zod/mini'
