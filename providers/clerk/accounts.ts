/** Clerk's user records as moving users needs them. */

import { isSameAddress } from '../../src/email-address.js'
import { type AuthError, configError } from '../../src/errors.js'
import { toNameParts } from '../../src/person-name.js'
import type { Creation, NewUser, ProviderUsers, UserAccount } from '../../src/provider-users.js'
import type { ClerkSdk, Refusal } from './sdk.js'
import { type ClerkUser, toUser } from './users.js'

/** How many users a page has. */
const PAGE_SIZE = 100

/** Codes by which Clerk says that an identifier is somebody's already. */
const TAKEN = ['form_identifier_exists', 'external_id_exists']

type Accounts = Pick<
  Required<ProviderUsers>,
  'findByEmail' | 'verifyPassword' | 'create' | 'setPassword' | 'list'
>

export function clerkAccounts(loadSdk: () => Promise<ClerkSdk>): Accounts {
  async function findByEmail(address: string): Promise<readonly UserAccount[]> {
    const page = await (await loadSdk()).call(({ users }) =>
      users.getUserList({ emailAddress: [address], limit: PAGE_SIZE }),
    )
    const accounts = page?.data.map(toAccount) ?? []
    return accounts.filter(({ emails }) =>
      emails.some((its) => isSameAddress(its.address, address)),
    )
  }

  return {
    findByEmail,
    async verifyPassword(address, password) {
      const holders = (await findByEmail(address)).filter(({ emails }) =>
        emails.some((its) => its.isIdentifier && isSameAddress(its.address, address)),
      )
      const [holder] = holders
      if (!holder?.hasPassword || holders.length > 1) return null
      const verdict = await (await loadSdk()).attempt(({ users }) =>
        users.verifyPassword({ userId: holder.id, password }),
      )
      return 'value' in verdict ? holder : null
    },
    async create(user) {
      const sdk = await loadSdk()
      const made = await sdk.attempt(({ users }) => users.createUser(toParameters(user)))
      if (!('value' in made)) return toOutcome(made)
      const claimed = user.emails.filter(({ verified }) => !verified)
      const isPromoted = toAccount(made.value).emails.some(
        (its) => its.verified && claimed.some(({ address }) => isSameAddress(address, its.address)),
      )
      if (!isPromoted) return { outcome: 'created', subject: made.value.id }
      // An older version of the API does not know how to reserve an address, and takes it for proven.
      await sdk.call(({ users }) => users.deleteUser(made.value.id))
      return { outcome: 'refused', reason: 'unverified_not_supported' }
    },
    async setPassword(subject, password) {
      const user = await (await loadSdk()).attempt(({ users }) =>
        users.updateUser(subject, { password, skipPasswordChecks: true }),
      )
      return 'value' in user
    },
    async list(cursor) {
      const query = { orderBy: '+created_at' as const, limit: PAGE_SIZE }
      // The API takes it, the SDK passes it on, and its types do not have it (3.25).
      const after = cursor === null ? {} : { startingAfter: cursor }
      const page = await (await loadSdk()).call(({ users }) =>
        users.getUserList({ ...query, ...after }),
      )
      if (!page) throw lostCursor()
      const last = page.data.length < PAGE_SIZE ? undefined : page.data.at(-1)
      return { accounts: page.data.map(toAccount), next: last?.id ?? null }
    },
  }
}

/** Nothing is checked that the user has met before, somewhere else. */
function toParameters({ appId, emails, name, createdAt, metadata, password }: NewUser) {
  const names = toNameParts(name)
  return {
    externalId: appId,
    emailAddress: emails.map(({ address }) => address),
    // Without it, every address would count as verified.
    emailAddressIdentificationStatus: emails.map(({ verified }) =>
      verified ? ('verified' as const) : ('reserved' as const),
    ),
    ...(names && { firstName: names.first, lastName: names.last }),
    // Public metadata can be read by browsers, which this could not before.
    privateMetadata: { ...metadata },
    createdAt,
    skipLegalChecks: true,
    ...(password === null
      ? { skipPasswordRequirement: true }
      : 'plain' in password
        ? { password: password.plain, skipPasswordChecks: true }
        : { passwordDigest: password.digest, passwordHasher: password.hasher as never }),
  }
}

function toOutcome({ codes }: Refusal): Creation {
  if (codes.some((code) => TAKEN.includes(code))) return { outcome: 'exists' }
  return { outcome: 'refused', reason: codes[0] ?? 'unknown' }
}

function toAccount(user: ClerkUser): UserAccount {
  const reserved = new Set(
    user.raw?.email_addresses
      .filter((its) => 'reserved' in its && its.reserved === true)
      .map(({ email_address }) => email_address),
  )
  const common = toUser(user)
  return {
    ...common,
    emails: common.emails.map((its) => ({
      ...its,
      isIdentifier: its.verified || reserved.has(its.address),
    })),
    isBlocked: user.banned || user.locked,
    hasPassword: user.passwordEnabled,
    hasSecondFactor: user.twoFactorEnabled,
  }
}

function lostCursor(): AuthError {
  const message = 'names a user who is gone. Begin again without it: nobody is made twice'
  return configError([{ name: 'cursor', message }])
}
