/**
 * Handing a session over without a logout, in two phases: *mint* begins a session at the vendor where
 * the user belongs now, *confirm* is shown both and only then ends the other one. Whatever fails in
 * between, the user keeps the session there was.
 */

import { digest } from '#platform'
import { AuthError, configError, isAuthError } from '../errors.js'
import type { Identified, PlanTools } from '../plan.js'
import type { ProviderHandOver } from '../provider.js'
import { type RequestView, viewRequest } from '../request.js'
import type { ActiveProvider } from '../resolve-provider.js'
import { addHeaders } from '../response.js'
import { type Attempts, createAttempts } from './attempts.js'
import type { HandOverRefusal, MigrationEvent } from './events.js'
import { answer, requireOwnPage } from './own-page.js'

/** What the plan tells a hand-over. */
export interface HandOverPlan {
  /** Key of the provider a user belongs to now; `null` when no vendor counts any more. */
  signInProvider(userId: string, now: number): string | null
  subjectOf(active: ActiveProvider, userId: string): Promise<string | null>
  /** Told of what happens, not waited for. */
  onEvent(event: MigrationEvent): void
}

/** A session of one side, or why there is none. */
interface Presented {
  readonly active: ActiveProvider
  readonly found: Identified | null
  readonly error: AuthError | null
}

/** Everything one call works with. */
export interface Call {
  readonly view: RequestView
  /** Whether there is a page to use a ticket. */
  readonly hasPage: boolean
  readonly tools: PlanTools
  readonly plan: HandOverPlan
  readonly attempts: Attempts
  /** Headers the answer carries. */
  readonly headers: Headers
}

/** What a phase comes to. */
export interface Outcome {
  readonly status: HandOverStatus
  /** HTTP status of the answer to a page. */
  readonly code: number
  /** What the answer carries besides. */
  readonly more: object
}

type HandOverStatus = 'stay' | 'ticket' | 'confirm' | 'done' | 'incomplete' | HandOverRefusal

const PATHS: Readonly<Record<string, (call: Call) => Promise<Outcome>>> = {
  '/hand-over/mint': mint,
  '/hand-over/confirm': confirm,
}

/** @returns `null` for requests to other addresses. */
export async function serveHandOver(
  request: Request,
  tools: PlanTools,
  plan: HandOverPlan,
): Promise<Response | null> {
  const path = new URL(request.url).pathname.slice(tools.basePath.length)
  const run = Object.hasOwn(PATHS, path) ? PATHS[path] : undefined
  if (!run || request.method !== 'POST') return null
  const view = viewRequest(request)
  requireOwnPage(view, tools.origins)
  const call = createCall(view, true, tools, plan)
  const { status, code, more } = await run(call)
  const response = answer(status, code, more)
  addHeaders(call.headers, response)
  return response
}

export function createCall(
  view: RequestView,
  hasPage: boolean,
  tools: PlanTools,
  plan: HandOverPlan,
): Call {
  const attempts = tools.keep('migrate:attempts', createAttempts)
  return { view, hasPage, tools, plan, attempts, headers: new Headers() }
}

/** @throws {AuthError} what a session is refused with; `provider_unavailable`, `config_invalid`. */
export async function mint(call: Call): Promise<Outcome> {
  const { tools, plan, attempts, headers } = call
  if (tools.accepted.length < 2) return outcome('stay')
  const sides = await present(call, 'token')
  const held = sides.flatMap((side) => (side.found ? { ...side, found: side.found } : []))
  const [first, second] = held
  if (!first) throw refusalOf(sides)
  const { userId } = first.found
  if (second) return userId === second.found.userId ? outcome('confirm') : outcome('conflict', 409)
  const target = tools.accepted.find(
    ({ name }) => name === plan.signInProvider(userId, tools.now()),
  )
  if (!target || target.name === first.active.name) return outcome('stay')
  const taker = handOverOf(target)
  if (taker.mints === 'ticket' && !call.hasPage) return outcome('stay')
  const waitMs = attempts.wait(userId, tools.now())
  if (waitMs > 0) {
    headers.set('retry-after', String(Math.ceil(waitMs / 1000)))
    return refuse(call, first, target, 'too_many_requests', 429)
  }
  // A token may outlive its session: the vendor has to say that it has not.
  const living = await tools.verify(call.view, first.active, 'session', headers)
  if (living?.userId !== userId) throw refusalOf(sides)
  if (living.session.actor !== null) return refuse(call, first, target, 'impersonated', 409)
  const subject = await plan.subjectOf(target, userId)
  if (subject === null) return refuse(call, first, target, 'unmapped', 403)
  const there = await taker.secondFactor(subject, null)
  const needsProof = there.isEnrolled || (await hasSecondFactor(first.active, living))
  const canProve = there.isEnrolled && taker.asksForSecondFactor
  if (needsProof && !canProve) return refuse(call, first, target, 'second_factor', 409)
  const key = await keyOf(first.active, living)
  const minted = await attempts.share(key, tools.now(), () =>
    taker.mint(subject, key, call.view, tools.now()),
  )
  if (!minted) return refuse(call, first, target, 'unmapped', 403)
  tell(call, 'hand-over-minted', userId, first.active, target, null)
  if (minted.kind === 'ticket') {
    return outcome('ticket', 200, { provider: target.name, ticket: minted.ticket })
  }
  addHeaders(minted.headers, headers)
  return outcome('confirm')
}

/** @throws {AuthError} what a session is refused with; `provider_unavailable`, `config_invalid`. */
export async function confirm(call: Call): Promise<Outcome> {
  const { tools, plan, attempts, view, headers } = call
  if (tools.accepted.length < 2) return outcome('stay')
  const sides = await present(call, 'session')
  const someone = sides.find(({ found }) => found)?.found
  if (!someone) throw refusalOf(sides)
  const home = plan.signInProvider(someone.userId, tools.now())
  const to = sides.find(({ active }) => active.name === home)
  const from = sides.find(({ active }) => active.name !== home)
  if (!to?.found || !from) return outcome('incomplete', 409)
  if (!from.found) return confirmAgain(call, from)
  const { userId } = to.found
  if (from.found.userId !== userId) return refuse(call, from, to.active, 'conflict', 409)
  if (from.found.session.actor !== null || to.found.session.actor !== null) {
    return refuse(call, from, to.active, 'impersonated', 409)
  }
  const proof = await handOverOf(to.active).secondFactor(to.found.session.subject, to.found.session)
  const needsProof = proof.isEnrolled || (await hasSecondFactor(from.active, from.found))
  if (needsProof && !proof.isProven) {
    // Left alone, the weaker session would be the one that counts.
    await tools.end(view, to.active, to.found.session, headers)
    return refuse(call, from, to.active, 'second_factor', 409)
  }
  await tools.end(view, from.active, from.found.session, headers)
  attempts.forget(await keyOf(from.active, from.found))
  tell(call, 'hand-over-confirmed', userId, from.active, to.active, null)
  return outcome('done')
}

/** The old session is gone already, when an answer got lost on its way; a lapsed one is not. */
async function confirmAgain(
  { tools, view, headers }: Call,
  { active, error }: Presented,
): Promise<Outcome> {
  if (error !== null && error.code !== 'session_revoked') return outcome('incomplete', 409)
  await tools.clear(view, active, headers)
  return outcome('done')
}

/** What the request carries of each side; a vendor that does not answer stops everything. */
async function present(
  { tools, view, headers }: Call,
  revocation: 'token' | 'session',
): Promise<readonly Presented[]> {
  const sides: Presented[] = []
  for (const active of tools.accepted) {
    try {
      const found = await tools.verify(view, active, revocation, headers)
      sides.push({ active, found, error: null })
    } catch (error) {
      if (!isAuthError(error) || error.status >= 500) throw error
      sides.push({ active, found: null, error })
    }
  }
  return sides
}

function refusalOf(sides: readonly Presented[]): AuthError {
  const error = sides.find((side) => side.error)?.error
  return error ?? new AuthError('unauthenticated', 'No session was sent')
}

async function hasSecondFactor(active: ActiveProvider, { session }: Identified): Promise<boolean> {
  const { isEnrolled, isProven } = await handOverOf(active).secondFactor(session.subject, session)
  return isEnrolled || isProven
}

/** @throws {AuthError} `config_invalid`. */
function handOverOf({ name, provider }: ActiveProvider): ProviderHandOver {
  if (provider.handOver) return provider.handOver
  throw configError([{ name: `providers.${name}`, message: 'cannot hand sessions over' }])
}

/** Names a session to both vendors without telling either its id at the other. */
async function keyOf({ name }: ActiveProvider, { session }: Identified): Promise<string> {
  return digest(JSON.stringify([name, session.sessionId]))
}

function refuse(
  call: Call,
  from: Pick<Presented, 'active' | 'found'>,
  to: ActiveProvider,
  reason: HandOverRefusal,
  code: number,
): Outcome {
  tell(call, 'hand-over-refused', from.found?.userId ?? '', from.active, to, reason)
  return outcome(reason, code)
}

function tell(
  { plan, tools }: Call,
  type: MigrationEvent['type'],
  userId: string,
  from: ActiveProvider,
  to: ActiveProvider,
  reason: HandOverRefusal | null,
): void {
  const at = new Date(tools.now())
  plan.onEvent({ type, userId, from: from.name, to: to.name, reason, at })
}

function outcome(status: HandOverStatus, code = 200, more: object = {}): Outcome {
  return { status, code, more }
}
