/** SuperTokens' user records. */

import type { JsonObject } from '../../src/jwt/token.js'
import type { ProviderUser, ProviderUsers } from '../../src/provider.js'
import { loadHandOver } from './hand-over.js'
import type { SuperTokensSdk, SuperTokensUser } from './sdk.js'

export function superTokensUsers(loadSdk: () => Promise<SuperTokensSdk>): Required<ProviderUsers> {
  return {
    async get(subject) {
      const record = await (await loadSdk()).user(subject)
      return record && toUser(record.user, record.metadata as JsonObject)
    },
    appId: async (subject) => (await loadHandOver(loadSdk)).findAppId(subject),
    async subjectOf(appId) {
      // With a mapping, the app's id is the one the core and its tokens use.
      return (await (await loadHandOver(loadSdk)).findAppId(appId)) === appId ? appId : null
    },
  }
}

/** Names and pictures are kept in metadata, under the names the vendor's dashboard shows. */
export function toUser(user: SuperTokensUser, metadata: JsonObject): ProviderUser {
  const { first_name, last_name, picture } = metadata
  const names = [first_name, last_name].filter((part) => typeof part === 'string' && part !== '')
  return {
    id: user.id,
    emails: user.emails.map((address) => ({
      address,
      verified: user.loginMethods.some(({ email, verified }) => email === address && verified),
    })),
    phone: user.phoneNumbers[0] ?? null,
    name: names.join(' ') || null,
    imageUrl: typeof picture === 'string' ? picture : null,
    createdAt: new Date(user.timeJoined),
    metadata,
  }
}
