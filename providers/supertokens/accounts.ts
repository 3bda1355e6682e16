/** SuperTokens' user records as moving users needs them. */

import { isSameAddress } from '../../src/email-address.js'
import type { JsonObject } from '../../src/jwt/token.js'
import type { ProviderUsers, UserAccount } from '../../src/provider-users.js'
import type { SuperTokensSdk } from './sdk.js'
import type { AccountRecord } from './sdk-accounts.js'
import type { SuperTokensSettings } from './settings.js'
import { toUser } from './users.js'

type Accounts = Pick<Required<ProviderUsers>, 'findByEmail' | 'verifyPassword' | 'create' | 'list'>

export function superTokensAccounts(
  settings: SuperTokensSettings,
  loadSdk: () => Promise<SuperTokensSdk>,
): Accounts {
  const [tenantId = 'public'] = settings.tenants

  /** The SDK's part of it, once the SDK is initialised. */
  async function load(): Promise<typeof import('./sdk-accounts.js')> {
    await loadSdk()
    return import('./sdk-accounts.js')
  }

  async function findByEmail(address: string): Promise<readonly UserAccount[]> {
    const accounts = (await (await load()).findRecords(tenantId, address)).map(toAccount)
    return accounts.filter(({ emails }) =>
      emails.some((its) => isSameAddress(its.address, address)),
    )
  }

  return {
    findByEmail,
    async verifyPassword(address, password) {
      const { isRightPassword } = await load()
      if (!(await isRightPassword(tenantId, address, password))) return null
      const holders = (await findByEmail(address)).filter(({ emails }) =>
        emails.some((its) => its.isIdentifier && isSameAddress(its.address, address)),
      )
      return holders.length === 1 ? (holders[0] ?? null) : null
    },
    async create(user) {
      const { createUser } = await import('./core-users.js')
      return createUser(settings, tenantId, user)
    },
    async list(cursor) {
      const { records, next } = await (await load()).listRecords(tenantId, cursor)
      return { accounts: records.map(toAccount), next }
    },
  }
}

function toAccount({ user, metadata, hasSecondFactor }: AccountRecord): UserAccount {
  const common = toUser(user, metadata as JsonObject)
  const own = user.loginMethods.filter(({ recipeId }) => recipeId === 'emailpassword')
  return {
    ...common,
    emails: common.emails.map((its) => ({
      ...its,
      isIdentifier: own.some(({ email }) => email === its.address),
    })),
    // The core keeps nobody out.
    isBlocked: false,
    hasPassword: own.length > 0,
    hasSecondFactor,
  }
}
