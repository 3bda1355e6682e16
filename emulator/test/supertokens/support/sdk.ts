/** The unmodified SDK, set up against a stand-in that listens on the loopback interface. */

import SuperTokens from 'supertokens-node'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import Passwordless from 'supertokens-node/recipe/passwordless'
import Session from 'supertokens-node/recipe/session'
import ThirdParty from 'supertokens-node/recipe/thirdparty'
import UserMetadata from 'supertokens-node/recipe/usermetadata'
import UserRoles from 'supertokens-node/recipe/userroles'
import { afterAll, beforeAll } from 'vitest'
import { type Listener, listen } from '../../../src/base/listen.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../../src/supertokens/core.js'

const API_KEY = 'key-for-tests-only-0123456789'

export interface Sdk {
  /** Where the SDK is connected to. */
  readonly core: SuperTokensCore
}

/** Sets the SDK up for a test file; a process has one SDK, and a file has its own process. */
export function useSdk(): Sdk {
  let core: SuperTokensCore
  let listener: Listener
  beforeAll(async () => {
    core = await createSuperTokensCore({ apiKeys: [API_KEY] })
    listener = await listen(core)
    SuperTokens.init({
      supertokens: { connectionURI: listener.url, apiKey: API_KEY },
      appInfo: {
        appName: 'test',
        apiDomain: 'http://localhost:3001',
        websiteDomain: 'http://localhost:3000',
      },
      telemetry: false,
      recipeList: [
        EmailPassword.init(),
        ThirdParty.init(),
        Passwordless.init({ contactMethod: 'EMAIL', flowType: 'USER_INPUT_CODE' }),
        EmailVerification.init({ mode: 'OPTIONAL' }),
        Session.init({ getTokenTransferMethod: () => 'header' }),
        UserRoles.init(),
        UserMetadata.init(),
      ],
    })
  })
  afterAll(() => listener.close())
  return {
    get core() {
      return core
    },
  }
}

const PASSWORD = 'correct horse 9'

/** A new user with an e-mail address and a password. */
export async function signUp(email: string): Promise<SuperTokens.User> {
  const result = await EmailPassword.signUp('public', email, PASSWORD)
  if (result.status !== 'OK') throw new TypeError(`sign-up answered ${result.status}`)
  return result.user
}

export async function createSession(
  user: SuperTokens.User,
): Promise<Awaited<ReturnType<typeof Session.createNewSessionWithoutRequestResponse>>> {
  return Session.createNewSessionWithoutRequestResponse('public', recipeUserIdOf(user))
}

export function recipeUserIdOf(user: SuperTokens.User): SuperTokens.RecipeUserId {
  return SuperTokens.convertToRecipeUserId(user.loginMethods[0]?.recipeUserId.getAsString() ?? '')
}
