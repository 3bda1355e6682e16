/** What moving users needs of the SDK; loaded by apps that move, and when they do. */

import { getUsersOldestFirst, isRecipeInitialized, listUsersByAccountInfo } from 'supertokens-node'
import { verifyCredentials } from 'supertokens-node/recipe/emailpassword'
import { getUserMetadata } from 'supertokens-node/recipe/usermetadata'
import { configError, isAuthError } from '../../src/errors.js'
import { call, type SuperTokensUser } from './sdk.js'
import { hasSecondFactor } from './sdk-hand-over.js'

/** A user, and what the core keeps elsewhere. */
export interface AccountRecord {
  readonly user: SuperTokensUser
  readonly metadata: object
  readonly hasSecondFactor: boolean
}

/** How many users a page has. */
const PAGE_SIZE = 100

export async function findRecords(
  tenantId: string,
  email: string,
): Promise<readonly AccountRecord[]> {
  const users = await call(listUsersByAccountInfo(tenantId, { email: normalize(email) }))
  return Promise.all(users.map(toRecord))
}

/** Whether the core, or the app's override of it, says that the password is right. */
export async function isRightPassword(
  tenantId: string,
  email: string,
  password: string,
): Promise<boolean> {
  if (!isRecipeInitialized('emailpassword')) return false
  const { status } = await call(verifyCredentials(tenantId, normalize(email), password))
  return status === 'OK'
}

/** @throws {AuthError} `provider_unavailable`; `config_invalid` for a token that is none. */
export async function listRecords(
  tenantId: string,
  paginationToken: string | null,
): Promise<{ readonly records: readonly AccountRecord[]; readonly next: string | null }> {
  const start = paginationToken === null ? {} : { paginationToken }
  const page = await call(getUsersOldestFirst({ tenantId, limit: PAGE_SIZE, ...start })).catch(
    (error: unknown) => {
      if (!isAuthError(error) || error.code !== 'token_invalid') throw error
      throw configError([{ name: 'cursor', message: 'is none of the core’s' }], error)
    },
  )
  const records = await Promise.all(page.users.map(toRecord))
  return { records, next: page.nextPaginationToken ?? null }
}

async function toRecord(user: SuperTokensUser): Promise<AccountRecord> {
  const [{ metadata }, isEnrolled] = await Promise.all([
    call(getUserMetadata(user.id)),
    hasSecondFactor(user.id),
  ])
  return { user, metadata, hasSecondFactor: isEnrolled }
}

/** The core keeps addresses in lower case, and finds them in no other. */
function normalize(email: string): string {
  return email.trim().toLowerCase()
}
