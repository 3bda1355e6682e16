/** What telling of users needs of the SDK; loaded inside its overrides, when it is initialised. */

import { getUser } from 'supertokens-node'
import type { RecipeInterface as AccountLinkingFunctions } from 'supertokens-node/recipe/accountlinking'
import type { RecipeInterface as EmailPasswordFunctions } from 'supertokens-node/recipe/emailpassword'
import type { RecipeInterface as EmailVerificationFunctions } from 'supertokens-node/recipe/emailverification'
import type { RecipeInterface as PasswordlessFunctions } from 'supertokens-node/recipe/passwordless'
import type { RecipeInterface as SessionFunctions } from 'supertokens-node/recipe/session'
import type { RecipeInterface as ThirdPartyFunctions } from 'supertokens-node/recipe/thirdparty'
import {
  getUserMetadata,
  type RecipeInterface as UserMetadataFunctions,
} from 'supertokens-node/recipe/usermetadata'
import type { RecipeInterface as WebAuthnFunctions } from 'supertokens-node/recipe/webauthn'
import type { ProviderUser } from '../../src/provider.js'
import { call } from './sdk.js'
import { findAppId } from './sdk-hand-over.js'
import { toUser } from './users.js'

export type {
  AccountLinkingFunctions,
  EmailPasswordFunctions,
  EmailVerificationFunctions,
  PasswordlessFunctions,
  SessionFunctions,
  ThirdPartyFunctions,
  UserMetadataFunctions,
  WebAuthnFunctions,
}

/** Id of the app in a mapping of user ids; `null` without one. */
export async function appId(userId: string): Promise<string | null> {
  return findAppId(userId)
}

/** The record as it is now; `null` for a user who is gone. */
export async function get(userId: string): Promise<ProviderUser | null> {
  const user = await call(getUser(userId))
  if (!user) return null
  const { metadata } = await call(getUserMetadata(user.id))
  return toUser(user, metadata)
}

/** Id of the user whom one of several linked accounts belongs to; `null` for one who is gone. */
export async function userIdOf(accountId: string): Promise<string | null> {
  return (await call(getUser(accountId)))?.id ?? null
}
