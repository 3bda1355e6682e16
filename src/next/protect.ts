/** `protect`: the guard of server components and server actions. */

import { type Engine, scrutinyFor } from '../engine.js'
import { isAuthError } from '../errors.js'
import { checkPolicy, type Policy } from '../guard.js'
import { admit } from '../handler.js'
import { redirectFor } from '../navigation.js'
import { viewRequest } from '../request.js'
import { toReturnPath } from '../return-path.js'
import type { SignedInAuth } from '../session.js'

/** A policy, and where to come back to after signing in. */
export interface ProtectOptions extends Policy {
  /** Path of the page itself, which server components are not told: `/dashboard?tab=1`. */
  readonly returnTo?: string
}

/**
 * The signed-in object, or no return: a redirect to heal the session or to sign in.
 * @throws {AuthError} where there is nowhere to redirect to, and for everything but signed out. Its
 * `digest` tells an error boundary which: `authmux:forbidden`.
 */
export async function protect(
  engine: Engine,
  { returnTo, ...policy }: ProtectOptions = {},
): Promise<SignedInAuth> {
  checkPolicy(policy)
  const judgement = await engine.judge(undefined, scrutinyFor(policy))
  try {
    return await admit(judgement, policy, engine)
  } catch (error) {
    if (!isAuthError(error) || error.status !== 401) throw error
    const setup = engine.setup()
    const path = toReturnPath(returnTo, setup.origins)
    const location = await redirectFor(
      viewRequest(judgement.request),
      path,
      setup,
      engine.world.now(),
    )
    if (location === null) throw error
    const { redirect } = await import('next/navigation.js')
    return redirect(location)
  }
}
