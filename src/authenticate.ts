/** The way from a request to a verdict: view, resolve, verify, identify. */

import { type Awaitable, andThen, attempt } from './awaitable.js'
import { Context, type Scrutiny, type Send, type World } from './context.js'
import { isSameSite } from './csrf.js'
import { AuthError, type AuthErrorCode, isAuthError } from './errors.js'
import { meets } from './guard.js'
import { deepFreeze } from './jwt/freeze.js'
import type { Setup } from './options.js'
import type { AuthContext, ProviderSession } from './provider.js'
import type { ProviderName } from './register.js'
import type { RequestView } from './request.js'
import { type ActiveProvider, resolveProvider } from './resolve-provider.js'
import type { SessionData, SignedInAuth, SignedOutReason } from './session.js'
import type { Trail } from './telemetry.js'

/** What a request comes to. */
export type Verdict = SignedInVerdict | SignedOutVerdict

export interface SignedInVerdict {
  readonly kind: 'signed-in'
  readonly auth: SignedInAuth
  readonly session: ProviderSession
  readonly active: ActiveProvider
  readonly context: AuthContext
}

export interface SignedOutVerdict {
  readonly kind: 'signed-out'
  readonly reason: SignedOutReason
  /** The refusal of a provider; `null` when none was asked, or nothing was sent. */
  readonly error: AuthError | null
  readonly active: ActiveProvider | null
  readonly context: AuthContext | null
}

/** Refusals that mean "signed out" to whoever only asks who is there. */
const reasons: Partial<Record<AuthErrorCode, SignedOutReason>> = {
  token_expired: 'token_expired',
  token_invalid: 'token_invalid',
  session_revoked: 'session_revoked',
  session_pending: 'session_pending',
  csrf_rejected: 'csrf_rejected',
  // A provider refuses with `forbidden` when the vendor demands more of every session, such as a
  // second factor or a verified address: signed in by half, which is signed out.
  forbidden: 'session_pending',
}

/**
 * @throws {AuthError} `provider_unavailable`, `config_invalid`: failures, which are not a verdict; at
 * once, or by rejecting.
 */
export function authenticate(
  view: RequestView,
  setup: Setup,
  scrutiny: Scrutiny,
  world: World,
  send: Send,
  trail?: Trail,
): Awaitable<Verdict> {
  if (!setup.plan?.shadow?.isSampled()) {
    return reachVerdict(view, setup, scrutiny, world, send, trail)
  }
  const verdict = (async () => reachVerdict(view, setup, scrutiny, world, send, trail))()
  // Not waited for, and after the fact: an answer does not depend on who else looks at it.
  import('./shadow.js').then(({ watch }) => watch(verdict, view, setup, world)).catch(console.error)
  return verdict
}

function reachVerdict(
  view: RequestView,
  setup: Setup,
  scrutiny: Scrutiny,
  world: World,
  send: Send,
  trail: Trail | undefined,
  // Without a plan they count at all times: the clock, which some frameworks watch, is left alone.
  accepted: readonly ActiveProvider[] = setup.plan ? setup.accepted(world.now()) : setup.active,
): Awaitable<Verdict> {
  const resolution = resolveProvider(view, accepted)
  if (resolution.kind === 'none') return signedOutBecause('no_credentials')
  if (resolution.kind === 'foreign') return signedOutBecause('token_invalid')
  const { active, credential } = resolution
  if (trail) trail.active = active
  const context = new Context(credential, active, setup, scrutiny, world, send, trail)
  if (credential.source === 'cookie' && !isSameSite(view, setup.origins)) {
    const message = 'The request comes from another site, so its cookies do not count'
    const error = new AuthError('csrf_rejected', message)
    return { kind: 'signed-out', reason: 'csrf_rejected', error, active, context }
  }
  return attempt<Verdict>(
    () =>
      andThen(active.provider.authenticate(view, context), (session) => {
        if (!session) {
          // What looked like its cookies were another app's: those of the next provider count.
          const others = accepted.slice(accepted.indexOf(active) + 1)
          return resolveProvider(view, others).kind === 'owned'
            ? reachVerdict(view, setup, scrutiny, world, send, trail, others)
            : { kind: 'signed-out', reason: 'no_credentials', error: null, active, context }
        }
        return andThen(setup.revocations?.check(active.name, session, world.now()), () =>
          andThen(identify(active, session, setup, world), (userId) => {
            const auth = toAuth(active, session, userId)
            return { kind: 'signed-in', auth, session, active, context }
          }),
        )
      }),
    (error) => {
      const reason = isAuthError(error) ? reasons[error.code] : undefined
      if (!isAuthError(error) || !reason) throw error
      return { kind: 'signed-out', reason, error, active, context }
    },
  )
}

function identify(
  active: ActiveProvider,
  session: ProviderSession,
  { plan }: Setup,
  { now }: World,
): Awaitable<string> {
  return plan ? plan.identify(active, session, now()) : session.subject
}

function signedOutBecause(reason: SignedOutReason): Verdict {
  return { kind: 'signed-out', reason, error: null, active: null, context: null }
}

/** The refusal to throw; not made before somebody does, since its stack costs more than the verdict. */
export function refusalOf({ reason, error }: SignedOutVerdict): AuthError {
  if (error) return error
  return reason === 'no_credentials'
    ? new AuthError('unauthenticated', 'No session was sent')
    : new AuthError('token_invalid', 'The bearer token is not one this app accepts')
}

function toAuth({ name }: ActiveProvider, session: ProviderSession, userId: string): SignedInAuth {
  return Object.freeze(membersOf(name, session, userId)) as SignedInAuth
}

/** In one literal: members added to an object later cost more than all the others. */
function membersOf(
  name: ProviderName,
  session: ProviderSession,
  userId: string,
): Data & Pick<SignedInAuth, 'getToken' | 'has' | 'native' | 'toJSON'> {
  const { subject, authenticatedAt, roles, permissions } = session
  return {
    isAuthenticated: true,
    reason: null,
    provider: name,
    userId,
    providerUserId: subject,
    sessionId: session.sessionId,
    tenantId: session.tenantId,
    orgId: session.orgId,
    orgRole: session.orgRole,
    orgPermissions: frozenList(session.orgPermissions),
    roles: frozenList(roles) as SessionData['roles'],
    permissions: frozenList(permissions) as SessionData['permissions'],
    actor: deepFreeze(session.actor),
    claims: deepFreeze(session.claims) as SessionData['claims'],
    issuedAt: toDate(session.issuedAt),
    expiresAt: toDate(session.expiresAt),
    authenticatedAt: authenticatedAt === null ? null : toDate(authenticatedAt),
    getToken: (options) => session.getToken(options),
    has: (requirement) => meets(session, requirement),
    native: () => session.native() as Promise<never>,
    // With dates of its own: a date cannot be frozen.
    toJSON() {
      const { getToken, has, native, toJSON, ...data } = membersOf(name, session, userId)
      return data
    },
  }
}

type Data = ReturnType<SignedInAuth['toJSON']>

const nothing: readonly string[] = Object.freeze([])

/** A list of names that nobody can change; a copy unless it is that already. */
function frozenList(names: readonly string[] | null): readonly string[] {
  if (names === null || names.length === 0) return nothing
  return Object.isFrozen(names) ? names : Object.freeze([...names])
}

function toDate(seconds: number): Date {
  return new Date(seconds * 1000)
}
