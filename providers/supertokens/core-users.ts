/**
 * Making users who have an id of the app from the first moment: the core's import of a single user.
 * What the app overrides for sign-ups is not run: nobody signs up here.
 */

import { configError } from '../../src/errors.js'
import type { JsonObject } from '../../src/jwt/token.js'
import { toNameParts } from '../../src/person-name.js'
import type { Creation, NewPassword, NewUser } from '../../src/provider-users.js'
import { type AskCore, askCore } from './core.js'
import { createInMemory } from './core-memory-users.js'
import type { SuperTokensSettings } from './settings.js'

/** Digests the core can check, by their hasher: its name for it, and their form. */
const DIGESTS: Readonly<Record<string, { readonly name: string; readonly form: RegExp }>> = {
  bcrypt: { name: 'bcrypt', form: /^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$/ },
  argon2i: { name: 'argon2', form: /^\$argon2i\$v=\d+\$[^$]+\$[^$]+\$[^$]+$/ },
  argon2id: { name: 'argon2', form: /^\$argon2id\$v=\d+\$[^$]+\$[^$]+\$[^$]+$/ },
}

/** What a core without a database says to an import. */
const IN_MEMORY = 'not supported in the in-memory database'

/** Codes by which the core says that an address or an id is somebody's already. */
const TAKEN = /^E00[3567]$|^E031$/

/** @throws {AuthError} `provider_unavailable`, `config_invalid`. */
export async function createUser(
  settings: SuperTokensSettings,
  tenantId: string,
  user: NewUser,
): Promise<Creation> {
  const [email] = user.emails
  if (!email) return refused('email_missing')
  if (user.password === null) return refused('password_missing')
  const password = toPassword(user.password)
  if (typeof password === 'string') return refused(password)
  const ask = askCore(settings)
  const answer = await ask('POST', '/bulk-import/import', {
    externalUserId: user.appId,
    userMetadata: toMetadata(user),
    loginMethods: [
      {
        recipeId: 'emailpassword',
        tenantIds: [tenantId],
        email: email.address,
        isVerified: email.verified,
        ...joinedAt(user),
        ...password,
      },
    ],
  })
  if ('body' in answer) return { outcome: 'created', subject: user.appId }
  if (!answer.refusal.includes(IN_MEMORY)) return toOutcome(answer.refusal)
  return createWithoutDatabase(ask, tenantId, user)
}

/** A core to try things out with takes no imports, and no digests. */
async function createWithoutDatabase(
  ask: AskCore,
  tenantId: string,
  user: NewUser,
): Promise<Creation> {
  const { password } = user
  if (password && 'plain' in password) {
    return createInMemory(ask, tenantId, user, password.plain, toMetadata(user))
  }
  const message = 'keeps its users in memory, and takes digests with a database only'
  throw configError([{ name: 'SuperTokens core', message }])
}

/** @returns a reason where the core could not check the password. */
function toPassword(password: NewPassword): object | string {
  if ('plain' in password) return { plainTextPassword: password.plain }
  const { digest, hasher } = password
  const kind = Object.hasOwn(DIGESTS, hasher) ? DIGESTS[hasher] : undefined
  if (!kind) return 'hasher_not_supported'
  // The core looks at the beginning only, and would let nobody in with the rest cut off.
  if (!kind.form.test(digest)) return 'digest_invalid'
  return { passwordHash: digest, hashingAlgorithm: kind.name }
}

/** Names where the vendor's dashboard shows them. */
function toMetadata({ name, metadata }: NewUser): JsonObject {
  const names = toNameParts(name)
  return {
    ...metadata,
    ...(names && { first_name: names.first, ...(names.last && { last_name: names.last }) }),
  }
}

/** Left out where the core's clock might call it the future. */
function joinedAt({ createdAt }: NewUser): object {
  const time = createdAt.getTime()
  return time < Date.now() - 60_000 ? { timeJoinedInMSSinceEpoch: time } : {}
}

/** The core's texts name addresses and ids; its codes do not. */
function toOutcome(refusal: string): Creation {
  const codes = [...refusal.matchAll(/\bE\d{3}\b/g)].map(([code]) => code)
  if (codes.length > 0 && codes.every((code) => TAKEN.test(code))) return { outcome: 'exists' }
  return refused(codes[0] ?? 'invalid')
}

function refused(reason: string): Creation {
  return { outcome: 'refused', reason }
}
