/** Options of `cutOver`, and what is wrong with them whatever the environment. */

import { type ConfigIssue, configError } from '../errors.js'
import type { Comparison } from '../plan.js'
import type { ProviderName } from '../register.js'
import { amount, oneOf, readProblems } from '../schema-problems.js'
import * as z from '../zod.js'
import { DATE_FORM, type EndDate, isDate } from './end-date.js'
import type { MigrationEvent } from './events.js'
import type { IdentityOptions } from './identity.js'
import type { Side } from './steps.js'

/** Options of `cutOver`. */
export interface CutOverOptions {
  /** Key of the provider the users have been with so far. */
  readonly from: ProviderName
  /** Key of the provider they move to. */
  readonly to: ProviderName
  /**
   * Where the move stands, usually `process.env.AUTH_STEP`: `old-only`, `dual-old-primary`,
   * `dual-new-primary` or `new-only`. A function is asked at every request; then both providers are
   * made, whatever it says.
   */
  readonly step: string | undefined | (() => string | undefined)
  /**
   * When the old vendor stops to count, whatever the step: a date with a time zone. Default never. A
   * function is asked at every request.
   */
  readonly oldEndsAt?: EndDate | (() => EndDate | null)
  /** The kill switch: a side whose sessions count for nothing, from the next request on. */
  readonly refused?: Side | null | (() => Side | null)
  /**
   * Who signs in at the new vendor while the old one is primary; default nobody.
   * @param userId Id of the user in the app, or whatever the app tells visitors apart by.
   */
  readonly cohort?: (userId: string) => boolean
  /** How sessions of the new vendor come to the app's ids. */
  readonly identity?: IdentityOptions
  /** Told of every session and user that is moved, linked or refused, not waited for; default nobody. */
  readonly onEvent?: (event: MigrationEvent) => void | Promise<void>
  /** Compares what both vendors say of requests that carry both sessions; default off. */
  readonly shadow?: ShadowOptions
  /** Clock, in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
}

/** How two vendors are compared. */
export interface ShadowOptions {
  /** Told of every comparison, not waited for. Says nothing of who it was. */
  readonly onComparison: (comparison: Comparison) => void | Promise<void>
  /** Share of the verdicts to look at, from 0 to 1; default 1. */
  readonly sampleRate?: number
}

const functionOr = <Value>(isValue: (value: unknown) => boolean, message: string) =>
  z.custom<Value>((value) => typeof value === 'function' || isValue(value), message)

const schema = z.strictObject({
  from: z.string(),
  to: z.string(),
  step: functionOr(
    (value) => value === undefined || typeof value === 'string',
    'must be a step or a function',
  ),
  oldEndsAt: z.optional(functionOr(isDate, `must be ${DATE_FORM}`)),
  refused: z.optional(
    functionOr(
      (value) => value === null || value === 'old' || value === 'new',
      'must be old, new, null or a function',
    ),
  ),
  cohort: z.optional(functionOr(() => false, 'must be a function')),
  identity: z.optional(
    z.strictObject({
      map: z.optional(z.custom(isMap, 'must be an identity map')),
      claim: z.optional(z.string().check(z.refine((value) => value !== '', 'must not be empty'))),
      unmapped: z.optional(oneOf('refuse', 'namespace')),
      cacheSeconds: z.optional(amount()),
      linkByVerifiedEmail: z.optional(
        functionOr((value) => value === true, 'must be true or a function'),
      ),
    }),
  ),
  onEvent: z.optional(functionOr(() => false, 'must be a function')),
  shadow: z.optional(
    z.strictObject({
      onComparison: functionOr(() => false, 'must be a function'),
      sampleRate: z.optional(
        amount((value) => value >= 0 && value <= 1, 'must be a number from 0 to 1'),
      ),
    }),
  ),
  now: z.optional(functionOr(() => false, 'must be a function')),
})

/** @throws {AuthError} `config_invalid` with every problem. */
export function checkOptions(options: CutOverOptions): void {
  const values: Readonly<Record<PropertyKey, unknown>> = { ...options }
  const issues = readProblems(z.safeParse(schema, options).error).map(
    ({ path, message }): ConfigIssue => {
      const [option = ''] = path
      const isMissing = option in schema.shape && values[option] === undefined
      return {
        name: `cutOver({ ${path.join('.')} })`,
        message: isMissing ? 'is not set' : message,
      }
    },
  )
  if (options?.identity?.linkByVerifiedEmail && !options.identity.map) {
    const message = 'needs identity.map, where every link is written down'
    issues.push({ name: 'cutOver({ identity.linkByVerifiedEmail })', message })
  }
  if (issues.length === 0 && options.from === options.to) {
    issues.push({ name: 'cutOver({ to })', message: 'is the provider it moves from' })
  }
  if (issues.length > 0) throw configError(issues)
}

function isMap(value: unknown): boolean {
  const map = value as Partial<Record<string, unknown>> | null
  return ['find', 'findSubject', 'link'].every((name) => typeof map?.[name] === 'function')
}
