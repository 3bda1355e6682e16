/** `cutOver`: the plan of a move from one vendor to another, for the `migration` option. */

import { configError } from '../errors.js'
import { lazily } from '../lazily.js'
import type { Plan, PlanShadow } from '../plan.js'
import type { ProviderName } from '../register.js'
import type { ActiveProvider } from '../resolve-provider.js'
import { type CutOverOptions, checkOptions, type ShadowOptions } from './cut-over-options.js'
import type { MigrationEvent } from './events.js'
import { type Identities, identitiesOf } from './identity.js'
import type { MoveIn, Sides } from './move-in.js'
import { situationOf } from './situation.js'
import { acceptedSides, type Side, type Situation, sidesOf } from './steps.js'

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

/**
 * Makes the plan of a move, for the `migration` option.
 * @throws {AuthError} `config_invalid`, at once, for options no environment could make right; the
 * step is checked at first use.
 */
export function cutOver(options: CutOverOptions): CutOver {
  checkOptions(options)
  const { from, to, step, cohort, identity = {}, shadow, now = Date.now } = options
  const names: Readonly<Record<Side, ProviderName>> = { old: from, new: to }
  const situation = situationOf(options)
  let made: readonly ActiveProvider[] = []

  let lastSides: readonly Side[] = []
  let lastNames: readonly ProviderName[] = []

  /** The same list for the same answer. */
  function namesOf(sides: readonly Side[]): readonly ProviderName[] {
    if (sides !== lastSides) {
      lastSides = sides
      lastNames = sides.map((side) => names[side])
    }
    return lastNames
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
