import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session from 'supertokens-node/recipe/session'
import UserRoles, { PermissionClaim, UserRoleClaim } from 'supertokens-node/recipe/userroles'
import { passwordMail } from './mail'

/** What SuperTokens serves below /api/auth; loaded only when SuperTokens is the provider. */
export const recipeList = [
  EmailPassword.init({ emailDelivery: passwordMail }),
  Session.init({
    override: {
      functions: (original) => ({
        ...original,
        // Roles are looked up when a session begins. Looking again here, one that was given or
        // taken away since then counts from the next refresh on, as it does at Clerk.
        async refreshSession(input) {
          const session = await original.refreshSession(input)
          await session.fetchAndSetClaim(UserRoleClaim, input.userContext)
          await session.fetchAndSetClaim(PermissionClaim, input.userContext)
          return session
        },
      }),
    },
  }),
  UserRoles.init(),
]
