/** `cutOver`: the plan of a move from one vendor to another, for the `migration` option. */

import { type ConfigIssue, configError } from '../errors.js'
import { lazily } from '../lazily.js'
import type { Comparison, Plan, PlanShadow } from '../plan.js'
import type { ProviderName } from '../register.js'
import type { ActiveProvider } from '../resolve-provider.js'
import { readProblems } from '../schema-problems.js'
import * as z from '../zod.js'
import type { MigrationEvent } from './events.js'
import { type Identities, type IdentityOptions, identitiesOf } from './identity.js'
import type { MoveIn, Sides } from './move-in.js'
import {
  acceptedSides,
  isStep,
  type Side,
  type Situation,
  type Step,
  sidesOf,
  steps,
} from './steps.js'

/** Options of {@link cutOver}. */
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

/** `2027-03-01T00:00:00Z`, or the date itself. */
type EndDate = string | Date

/** A plan, and what the app can ask it. */
export interface CutOver extends Plan {
  /**
   * Key of the provider somebody should sign in with.
   * @param userId As the cohort function knows them; `null` for a visitor nothing is known of.
   * @returns `null` when no vendor counts any more.
   * @throws {AuthError} `config_invalid`.
   */
  signInProvider(userId: string | null): ProviderName | null
  /**
   * Where the move stands.
   * @throws {AuthError} `config_invalid`.
   */
  situation(): Situation
  /** Users who come to the new vendor when they sign in there for the first time. */
  readonly moveIn: MoveIn
}

const DATE_FORM = 'a date with a time zone: 2027-03-01T00:00:00Z'

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
      unmapped: z.optional(z.enum(['refuse', 'namespace'])),
      cacheSeconds: z.optional(
        z.number().check(z.refine((value) => value >= 0, 'must not be negative')),
      ),
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
        z.number().check(z.refine((value) => value >= 0 && value <= 1, 'must be from 0 to 1')),
      ),
    }),
  ),
  now: z.optional(functionOr(() => false, 'must be a function')),
})

/**
 * Makes the plan of a move, for the `migration` option.
 * @throws {AuthError} `config_invalid`, at once, for options no environment could make right; the
 * step is checked at first use.
 */
export function cutOver(options: CutOverOptions): CutOver {
  checkOptions(options)
  const {
    from,
    to,
    step,
    oldEndsAt,
    refused = null,
    cohort,
    identity = {},
    shadow,
    now = Date.now,
  } = options
  const names: Readonly<Record<Side, ProviderName>> = { old: from, new: to }
  const fixedEnd = typeof oldEndsAt === 'function' ? null : readDate(oldEndsAt)
  let made: readonly ActiveProvider[] = []

  const lists = new WeakMap<readonly Side[], readonly ProviderName[]>()

  function namesOf(sides: readonly Side[]): readonly ProviderName[] {
    let list = lists.get(sides)
    if (!list) {
      list = sides.map((side) => names[side])
      lists.set(sides, list)
    }
    return list
  }

  function situation(): Situation {
    return {
      step: readStep(typeof step === 'function' ? step() : step),
      oldEndsAt: typeof oldEndsAt === 'function' ? readDate(oldEndsAt()) : fixedEnd,
      refused: readSide(typeof refused === 'function' ? refused() : refused),
    }
  }

  function signInProvider(userId: string | null, time: number): ProviderName | null {
    const current = situation()
    const sides = acceptedSides(current, time)
    const isEarly =
      current.step === 'dual-old-primary' && userId !== null && (cohort?.(userId) ?? false)
    const side = isEarly && sides.includes('new') ? 'new' : sides[0]
    return side === undefined ? null : names[side]
  }

  /** Both sides, while both count. */
  function bothAt(time: number): Sides | null {
    if (acceptedSides(situation(), time).length < 2) return null
    const [old, next] = [from, to].map((key) => made.find(({ name }) => name === key))
    return old && next ? { from: old, to: next } : null
  }

  /** Told on the side: no hand-over waits for an audit log, or fails with it. */
  function onEvent(event: MigrationEvent): void {
    Promise.resolve(event).then(options.onEvent).catch(console.error)
  }

  const { map, linkByVerifiedEmail: decide } = identity
  const linker =
    map &&
    decide &&
    lazily(['link'], async () => {
      const { createLinker } = await import('./verified-email.js')
      return { link: createLinker({ decide, map, sides: () => bothAt(now()), onEvent, now }) }
    })
  const identities = identitiesOf(to, identity, linker?.link)
  const moveIn = lazily(['signIn', 'isElsewhere', 'findResettable', 'reset'], async () =>
    (await import('./move-in.js')).createMoveIn({
      sides: () => bothAt(now()),
      signInProvider: (userId) => signInProvider(userId, now()),
      subjectOf: identities.subjectOf,
      map,
      onEvent,
      now,
    }),
  )

  return {
    contract: 1,
    situation,
    ...(shadow && { shadow: toShadow(shadow, identities) }),
    attach(active) {
      made = active
    },
    moveIn,
    providers() {
      const { step: current } = situation()
      const sides = typeof step === 'function' ? sidesOf['dual-old-primary'] : sidesOf[current]
      return sides.map((side) => names[side])
    },
    accepted: (time) => namesOf(acceptedSides(situation(), time)),
    signInProvider: (userId) => signInProvider(userId, now()),
    identify: (active, session, time) => identities.userIdOf(active, session, time),
    subjectOf: (active, userId) => identities.subjectOf(active, userId),
    async appIdOf(user, readAppId) {
      if (user.provider === from || user.provider === to) {
        return identities.appIdOf(user, readAppId)
      }
      const message = `names neither ${user.provider} as the old provider nor as the new one`
      throw configError([{ name: 'cutOver', message }])
    },
    async handle(request, tools) {
      const path = new URL(request.url).pathname.slice(tools.basePath.length)
      // Both are of no use to all the other auth routes.
      if (path.startsWith('/hand-over/')) {
        const [{ serveHandOver }, { serveMove }] = await Promise.all([
          import('./hand-over.js'),
          import('./moving-on.js'),
        ])
        const plan = { signInProvider, subjectOf: identities.subjectOf, onEvent }
        return (await serveMove(request, tools, plan)) ?? serveHandOver(request, tools, plan)
      }
      if (!path.startsWith('/move-in/')) return null
      const { serveMoveIn } = await import('./move-in-endpoints.js')
      return serveMoveIn(request, tools, moveIn)
    },
  }
}

function toShadow(
  { onComparison, sampleRate = 1 }: ShadowOptions,
  { knownUserIdOf }: Identities,
): PlanShadow {
  return {
    isSampled: () => Math.random() < sampleRate,
    knownUserId: knownUserIdOf,
    tell: (comparison) => void Promise.resolve(comparison).then(onComparison).catch(console.error),
  }
}

function checkOptions(options: CutOverOptions): void {
  const issues = readProblems(z.safeParse(schema, options).error).map(
    ({ path, message }): ConfigIssue => ({ name: `cutOver({ ${path.join('.')} })`, message }),
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

function readStep(value: string | undefined): Step {
  if (isStep(value)) return value
  const message = value === undefined || value === '' ? 'is not set' : 'is not a step'
  throw configError([
    { name: 'cutOver({ step })', message: `${message}. Use one of: ${steps.join(', ')}` },
  ])
}

/** A date that cannot be read must not be taken for none. */
function readDate(value: EndDate | null | undefined): number | null {
  if (value === undefined || value === null) return null
  if (isDate(value)) return new Date(value).getTime()
  throw configError([{ name: 'cutOver({ oldEndsAt })', message: `is not ${DATE_FORM}` }])
}

/** A switch that says something else must not be taken for one that is off. */
function readSide(value: unknown): Side | null {
  if (value === 'old' || value === 'new' || value === null || value === undefined) {
    return value ?? null
  }
  const message = 'says neither old nor new nor null'
  throw configError([{ name: 'cutOver({ refused })', message }])
}

/** Without a zone, a date would mean another moment on every machine. */
function isDate(value: unknown): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime())
  const isZoned = typeof value === 'string' && /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(value)
  return isZoned && !Number.isNaN(Date.parse(value))
}

function isMap(value: unknown): boolean {
  const map = value as Partial<Record<string, unknown>> | null
  return ['find', 'findSubject', 'link'].every((name) => typeof map?.[name] === 'function')
}
