/** What a seed comes to at a core. */

import type { Seed, SeedReport, SeedUser } from '../seed/schema.js'
import type { CoreContext } from './context.js'
import { hashPassword } from './passwords.js'
import { toExternalId } from './users/ids.js'
import { addUser, findByLogin, markVerified } from './users/user.js'

/** Adds what is not there yet. */
export async function seedCore(core: CoreContext, seed: Seed): Promise<SeedReport> {
  const { store } = core
  for (const [role, permissions] of Object.entries(seed.roles)) {
    store.roles.set(role, new Set([...(store.roles.get(role) ?? []), ...permissions]))
  }
  let added = 0
  for (const user of seed.users) if (await seedUser(core, user)) added++
  const skipped =
    seed.organizations.length > 0 ? ['organizations, because a SuperTokens core has none'] : []
  return { added, kept: seed.users.length - added, skipped }
}

/** @returns `false` when there is a user of this address. */
async function seedUser(core: CoreContext, user: SeedUser): Promise<boolean> {
  const { email, password, firstName, lastName, roles } = user
  const { store } = core
  const recipes = ['emailpassword', 'passwordless'] as const
  if (recipes.some((recipe) => findByLogin(store, recipe, { email }))) return false
  const passwordHash =
    password === undefined ? undefined : await hashPassword(password, core.settings.bcryptRounds)
  const recipe = passwordHash === undefined ? 'passwordless' : 'emailpassword'
  const added = addUser(core, recipe, { email, passwordHash })
  const id = toExternalId(store, added.id)
  if (user.isEmailVerified) markVerified(store, added, email)
  if (roles.length > 0) store.userRoles.set(id, new Set(roles))
  const names = {
    ...(firstName !== undefined && { first_name: firstName }),
    ...(lastName !== undefined && { last_name: lastName }),
  }
  const metadata = { ...names, ...user.metadata }
  if (Object.keys(metadata).length > 0) store.metadata.set(id, metadata)
  return true
}
