/** What the app's recipes do to users and sessions, told as events of any vendor. */

import { lazily } from '../../src/lazily.js'
import type { UserEvent, VendorEvent } from '../../src/user-events/event.js'
import type { UserEvents } from '../../src/user-events/user-events.js'
import type * as sdk from './sdk-user-events.js'

type Override<Functions> = (original: Functions) => Functions

/** For the `override.functions` of the recipe of the same name. */
export interface SuperTokensOverrides {
  readonly accountLinking: Override<sdk.AccountLinkingFunctions>
  readonly emailPassword: Override<sdk.EmailPasswordFunctions>
  readonly emailVerification: Override<sdk.EmailVerificationFunctions>
  readonly passwordless: Override<sdk.PasswordlessFunctions>
  readonly session: Override<sdk.SessionFunctions>
  readonly thirdParty: Override<sdk.ThirdPartyFunctions>
  readonly userMetadata: Override<sdk.UserMetadataFunctions>
  readonly webauthn: Override<sdk.WebAuthnFunctions>
}

/** A user as the SDK's functions give them. */
interface SdkUser {
  readonly id: string
  readonly timeJoined: number
  readonly loginMethods: readonly unknown[]
}

interface AccountId {
  getAsString(): string
}

const loadSdk = () => import('./sdk-user-events.js')

/**
 * Functions to put into the app's recipes, each of which tells of what it has done.
 *
 * They wait until the event is delivered, and never fail because it cannot be: what the vendor has
 * done is done, and the event waits in the store.
 */
export function superTokensUserEvents(userEvents: UserEvents): SuperTokensOverrides {
  const users = lazily(['get', 'appId'], loadSdk)
  const { take } = userEvents.from({ provider: 'supertokens', users })

  /** A user of its own is new; an account that was added to another user has changed that one. */
  function tellNew({ id, timeJoined, loginMethods }: SdkUser): Promise<void> {
    if (loginMethods.length > 1) return take(toEvent('user.updated', id))
    return take({ ...toEvent('user.created', id), id: `user.created:${id}:${timeJoined}` })
  }

  function tellChanged(account: string | AccountId): Promise<void> {
    const accountId = typeof account === 'string' ? account : account.getAsString()
    return take(
      userIdOf(accountId).then((id) => (id === null ? null : toEvent('user.updated', id))),
    )
  }

  return {
    accountLinking: (original) => ({
      ...original,
      async linkAccounts(input) {
        const result = await original.linkAccounts(input)
        if (result.status === 'OK') await tellChanged(result.user.id)
        return result
      },
      async unlinkAccount(input) {
        const primary = await original.getUser({
          userId: input.recipeUserId.getAsString(),
          userContext: input.userContext,
        })
        const result = await original.unlinkAccount(input)
        if (primary) await tellChanged(primary.id)
        return result
      },
      async deleteUser(input) {
        const { userId, userContext, removeAllLinkedAccounts } = input
        const user = await original.getUser({ userId, userContext })
        // Gone with the user.
        const appId = user ? await users.appId(user.id) : null
        const result = await original.deleteUser(input)
        if (user && !removeAllLinkedAccounts && user.loginMethods.length > 1) {
          await tellChanged(user.id)
        } else if (user) await take({ ...toEvent('user.deleted', user.id), appId })
        return result
      },
    }),
    emailPassword: (original) => ({
      ...original,
      async signUp(input) {
        const result = await original.signUp(input)
        if (result.status === 'OK') await tellNew(result.user)
        return result
      },
      async updateEmailOrPassword(input) {
        const result = await original.updateEmailOrPassword(input)
        if (result.status === 'OK' && input.email) await tellChanged(input.recipeUserId)
        return result
      },
    }),
    emailVerification: (original) => ({
      ...original,
      async verifyEmailUsingToken(input) {
        const result = await original.verifyEmailUsingToken(input)
        if (result.status === 'OK') await tellChanged(result.user.recipeUserId)
        return result
      },
      async unverifyEmail(input) {
        const result = await original.unverifyEmail(input)
        await tellChanged(input.recipeUserId)
        return result
      },
    }),
    passwordless: (original) => ({
      ...original,
      async consumeCode(input) {
        const result = await original.consumeCode(input)
        if (result.status === 'OK' && result.createdNewRecipeUser) await tellNew(result.user)
        return result
      },
      async updateUser(input) {
        const result = await original.updateUser(input)
        if (result.status === 'OK') await tellChanged(input.recipeUserId)
        return result
      },
    }),
    session: (original) => ({
      ...original,
      async createNewSession(input) {
        const session = await original.createNewSession(input)
        await take(toEvent('session.created', session.getUserId(), session.getHandle()))
        return session
      },
      async revokeSession(input) {
        const session = await original.getSessionInformation(input)
        const isRevoked = await original.revokeSession(input)
        if (session && isRevoked) {
          await take(toEvent('session.ended', session.userId, input.sessionHandle))
        }
        return isRevoked
      },
      async revokeMultipleSessions(input) {
        const { sessionHandles, userContext } = input
        const sessions = await Promise.all(
          sessionHandles.map((sessionHandle) =>
            original.getSessionInformation({ sessionHandle, userContext }),
          ),
        )
        const revoked = await original.revokeMultipleSessions(input)
        for (const session of sessions) {
          if (!session || !revoked.includes(session.sessionHandle)) continue
          await take(toEvent('session.ended', session.userId, session.sessionHandle))
        }
        return revoked
      },
      async revokeAllSessionsForUser(input) {
        const revoked = await original.revokeAllSessionsForUser(input)
        for (const handle of revoked) {
          await take(
            userIdOf(input.userId).then((id) =>
              toEvent('session.ended', id ?? input.userId, handle),
            ),
          )
        }
        return revoked
      },
    }),
    thirdParty: (original) => ({
      ...original,
      async manuallyCreateOrUpdateUser(input) {
        const result = await original.manuallyCreateOrUpdateUser(input)
        if (result.status !== 'OK') return result
        // Every sign-in may have brought another address.
        await (result.createdNewRecipeUser ? tellNew(result.user) : tellChanged(result.user.id))
        return result
      },
    }),
    userMetadata: (original) => ({
      ...original,
      async updateUserMetadata(input) {
        const result = await original.updateUserMetadata(input)
        await tellChanged(input.userId)
        return result
      },
      async clearUserMetadata(input) {
        const result = await original.clearUserMetadata(input)
        await tellChanged(input.userId)
        return result
      },
    }),
    webauthn: (original) => ({
      ...original,
      async signUp(input) {
        const result = await original.signUp(input)
        if (result.status === 'OK') await tellNew(result.user)
        return result
      },
    }),
  }
}

async function userIdOf(accountId: string): Promise<string | null> {
  return (await loadSdk()).userIdOf(accountId)
}

/** In the order of arrival: the record is read when the event is delivered. */
function toEvent(
  type: UserEvent['type'],
  subject: string,
  sessionId: string | null = null,
): VendorEvent {
  return { type, subject, sessionId, id: null, at: null, user: null }
}
