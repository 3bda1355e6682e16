/** The user who makes a request. */

import { type Engine, plainScrutiny } from './engine.js'
import { missingCapability } from './errors.js'
import type { ProviderUser } from './provider.js'
import type { RequestSource } from './request.js'
import type { ResponseTarget } from './response.js'

/** The user behind a session, from the vendor's records. */
export interface CurrentUser extends ProviderUser {
  /** Id of the user in this app. */
  readonly id: string
  /** Id of the user at the vendor. */
  readonly providerUserId: string
}

/**
 * @returns `null` when nobody is signed in, or the user no longer exists.
 * @throws {AuthError} `provider_unavailable`, `config_invalid`.
 */
export async function currentUser(
  engine: Engine,
  source: RequestSource | undefined,
  response: ResponseTarget | undefined,
): Promise<CurrentUser | null> {
  const { verdict } = await engine.judge(source, plainScrutiny, response)
  if (verdict.kind === 'signed-out') return null
  const { users } = verdict.active.provider
  if (!users) throw missingCapability(verdict.active.name, 'users')
  const user = await users.get(verdict.auth.providerUserId)
  return user && { ...user, id: verdict.auth.userId, providerUserId: user.id }
}
