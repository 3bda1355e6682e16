/**
 * What the vendor that does not decide would say of a request, for comparison. Looks at what the
 * request carries and at keys that are there already, asks nobody, and writes nothing.
 */

import type { Verdict } from './authenticate.js'
import type { World } from './context.js'
import { isSameSite } from './csrf.js'
import { AuthError, isAuthError } from './errors.js'
import type { Setup } from './options.js'
import type { Comparison, PlanShadow, SideFacts } from './plan.js'
import type { AuthContext, ProviderSession } from './provider.js'
import type { RequestView } from './request.js'
import { type ActiveProvider, resolveProvider } from './resolve-provider.js'

/** What one vendor says; no session where `code` says why. */
interface Opinion extends SideFacts {
  readonly active: ActiveProvider
  readonly session: ProviderSession | null
}

/** Begins once the verdict is reached and whoever waits for it has gone on. */
export function watch(
  reached: Promise<Verdict>,
  view: RequestView,
  setup: Setup,
  world: World,
): void {
  const { shadow } = setup.plan ?? {}
  if (!shadow) return
  const later = () =>
    setTimeout(() => compare(reached, view, setup, world, shadow).catch(console.error))
  reached.then(later, later)
}

async function compare(
  reached: Promise<Verdict>,
  view: RequestView,
  setup: Setup,
  world: World,
  shadow: PlanShadow,
): Promise<void> {
  const accepted = setup.accepted(world.now())
  const primary = await primaryOpinion(reached, view, accepted)
  if (!primary) return
  for (const active of accepted) {
    if (active === primary.active) continue
    const other = await otherOpinion(active, view, setup, world)
    if (other) shadow.tell(await toComparison(primary, other, world.now(), shadow))
  }
}

/** @returns `null` where there is nothing to compare with: nobody, or another site's request. */
async function primaryOpinion(
  reached: Promise<Verdict>,
  view: RequestView,
  accepted: readonly ActiveProvider[],
): Promise<Opinion | null> {
  try {
    const verdict = await reached
    const { active } = verdict
    if (!active) return null
    if (verdict.kind === 'signed-in') return opinion(active, verdict.session, null)
    if (!verdict.error || verdict.error.code === 'csrf_rejected') return null
    return opinion(active, null, verdict.error)
  } catch (error) {
    const resolution = resolveProvider(view, accepted)
    return resolution.kind === 'owned' ? opinion(resolution.active, null, error) : null
  }
}

/** @returns `null` when the request carries nothing of that vendor that could count. */
async function otherOpinion(
  active: ActiveProvider,
  view: RequestView,
  setup: Setup,
  world: World,
): Promise<Opinion | null> {
  const resolution = resolveProvider(view, [active])
  if (resolution.kind !== 'owned') return null
  const { credential } = resolution
  if (credential.source === 'cookie' && !isSameSite(view, setup.origins)) return null
  try {
    const context = offlineContext(credential, setup, world)
    const session = await active.provider.authenticate(view, context)
    return session && opinion(active, session, null)
  } catch (error) {
    return opinion(active, null, error)
  }
}

function opinion(active: ActiveProvider, session: ProviderSession | null, error: unknown): Opinion {
  const code = isAuthError(error) ? error.code : 'provider_unavailable'
  return { active, session, provider: active.name, code: session ? null : code }
}

/** Keys are shared with whoever verifies for real, and never fetched from here for the first time. */
function offlineContext(
  credential: AuthContext['credential'],
  { origins }: Setup,
  { now, keep }: World,
): AuthContext {
  return {
    credential,
    revocation: 'token',
    isOffline: true,
    needsAuthenticatedAt: false,
    vendorPolicy: undefined,
    origins,
    now,
    fetch: async () => refuse(),
    keep: (name) => keep(name, refuse),
    responseHeaders: new Headers(),
    deliver: async () => undefined,
  }
}

function refuse(): never {
  throw new AuthError('provider_unavailable', 'Nobody is asked for a comparison')
}

async function toComparison(
  primary: Opinion,
  other: Opinion,
  now: number,
  shadow: PlanShadow,
): Promise<Comparison> {
  const sides = { primary: toFacts(primary), other: toFacts(other) }
  const outcome = await outcomeOf(primary, other, now, shadow)
  const isSame = outcome === 'same_person' && primary.session && other.session
  const differences = isSame ? differencesOf(primary.session, other.session) : []
  return { outcome, differences, ...sides }
}

async function outcomeOf(
  primary: Opinion,
  other: Opinion,
  now: number,
  { knownUserId }: PlanShadow,
): Promise<Comparison['outcome']> {
  if (isUnsure(primary) || isUnsure(other)) return 'not_compared'
  if (!primary.session) return other.session ? 'primary_refused' : 'both_refused'
  if (!other.session) return 'other_refused'
  const [left, right] = await Promise.all([
    knownUserId(primary.active, primary.session, now),
    knownUserId(other.active, other.session, now),
  ])
  if (left === undefined || right === undefined) return 'not_compared'
  return left !== null && left === right ? 'same_person' : 'different_person'
}

function isUnsure({ code }: SideFacts): boolean {
  return code === 'provider_unavailable' || code === 'config_invalid'
}

/** A vendor that is not set up to know roles says nothing about them. */
function differencesOf(
  primary: ProviderSession,
  other: ProviderSession,
): Comparison['differences'] {
  return (['roles', 'permissions'] as const).filter((name) => {
    const [left, right] = [primary[name], other[name]]
    return left && right && JSON.stringify([...left].sort()) !== JSON.stringify([...right].sort())
  })
}

function toFacts({ provider, code }: Opinion): SideFacts {
  return { provider, code }
}
