/** What keeps users from being imported, though nothing is wrong with any of them. */

import { ACCOUNT_LINKING } from '../licence.js'
import type { LoginRecipe, Store, User } from '../store.js'
import type { ImportUser } from './user.js'

/** Complaints in a core's words, by the place of the user in its batch. */
export type Conflicts = ReadonlyMap<number, string>

/** The steps of an import that can fail; each looks at the whole batch before the next begins. */
const steps: readonly ((store: Store, users: readonly ImportUser[]) => Conflicts)[] = [
  findTakenLogins,
  findPrimary,
  findTakenIds,
]

/** The conflicts of the first step that has any; empty if the batch can be imported. */
export function findConflicts(store: Store, users: readonly ImportUser[]): Conflicts {
  for (const findStep of steps) {
    const conflicts = findStep(store, users)
    if (conflicts.size > 0) return conflicts
  }
  return new Map()
}

type Login = Pick<User, 'email' | 'phoneNumber' | 'thirdParty'>

/** What no two users of a recipe may share, with the complaint if they would. */
const identities: Readonly<
  Record<LoginRecipe, (login: Login) => readonly (readonly [key: unknown, complaint: string])[]>
> = {
  emailpassword: ({ email }) => [
    [email, `E003: A user with email ${email} already exists in emailpassword loginMethod.`],
  ],
  thirdparty: ({ thirdParty }) => [
    [
      thirdParty && `${thirdParty.id} ${thirdParty.userId}`,
      `E005: A user with thirdPartyId ${thirdParty?.id} and thirdPartyUserId ` +
        `${thirdParty?.userId} already exists in thirdparty loginMethod.`,
    ],
  ],
  passwordless: ({ email, phoneNumber }) => [
    [email, `E006: A user with email ${email} already exists in passwordless loginMethod.`],
    [
      phoneNumber,
      `E007: A user with phoneNumber ${phoneNumber} already exists in passwordless loginMethod.`,
    ],
  ],
}

function findTakenLogins(store: Store, users: readonly ImportUser[]): Conflicts {
  const taken = new Set(
    [...store.users.values()].flatMap((user) => complaints(user.recipeId, user)),
  )
  return collect(users, ({ login }) => {
    const own = complaints(login.recipeId, login)
    const complaint = own.find((text) => taken.has(text))
    for (const text of own) taken.add(text)
    return complaint
  })
}

/** The complaints tell identities apart as well as these themselves. */
function complaints(recipeId: LoginRecipe, login: Login): string[] {
  return identities[recipeId](login)
    .filter(([key]) => key !== undefined)
    .map(([, complaint]) => complaint)
}

/** One primary user spoils the whole batch. */
function findPrimary(_: Store, users: readonly ImportUser[]): Conflicts {
  const isSpoiled = users.some(({ login }) => login.isPrimary)
  return collect(users, () => (isSpoiled ? `E019: ${ACCOUNT_LINKING}` : undefined))
}

function findTakenIds(store: Store, users: readonly ImportUser[]): Conflicts {
  const taken = new Set([...store.userIdMappings.values()].map((mapping) => mapping.externalUserId))
  return collect(users, ({ externalUserId: id }) =>
    id !== undefined && taken.has(id)
      ? `E031: A user with externalId ${id} already exists`
      : undefined,
  )
}

function collect(
  users: readonly ImportUser[],
  complain: (user: ImportUser) => string | undefined,
): Conflicts {
  const entries = users.map((user, index) => [index, complain(user)] as const)
  return new Map(entries.filter((entry): entry is [number, string] => entry[1] !== undefined))
}
