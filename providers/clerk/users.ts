/** Clerk's user records. */

import type { ProviderUser, ProviderUsers } from '../../src/provider.js'
import type { ClerkSdk } from './sdk.js'

export function clerkUsers(
  loadSdk: () => Promise<ClerkSdk>,
): Pick<Required<ProviderUsers>, 'get' | 'appId' | 'subjectOf'> {
  return {
    async get(subject) {
      const user = await (await loadSdk()).call(({ users }) => users.getUser(subject))
      return user && toUser(user)
    },
    async appId(subject) {
      const user = await (await loadSdk()).call(({ users }) => users.getUser(subject))
      return user?.externalId || null
    },
    async subjectOf(appId) {
      const page = await (await loadSdk()).call(({ users }) =>
        users.getUserList({ externalId: [appId], limit: 2 }),
      )
      const found = page?.data.filter(({ externalId }) => externalId === appId) ?? []
      return found.length === 1 ? (found[0]?.id ?? null) : null
    },
  }
}

export type ClerkUser = Awaited<
  ReturnType<import('@clerk/backend').ClerkClient['users']['getUser']>
>

export function toUser(user: ClerkUser): ProviderUser {
  const primary = user.primaryEmailAddress
  const others = user.emailAddresses.filter(({ id }) => id !== primary?.id)
  return {
    id: user.id,
    emails: [...(primary ? [primary] : []), ...others].map(({ emailAddress, verification }) => ({
      address: emailAddress,
      verified: verification?.status === 'verified',
    })),
    phone: user.primaryPhoneNumber?.phoneNumber ?? null,
    name: user.fullName ?? user.username,
    imageUrl: user.hasImage ? user.imageUrl : null,
    createdAt: new Date(user.createdAt),
    metadata: { ...user.publicMetadata },
  }
}
