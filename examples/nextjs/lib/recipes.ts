import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session from 'supertokens-node/recipe/session'
import UserRoles from 'supertokens-node/recipe/userroles'

/** What SuperTokens serves below /api/auth; loaded only when SuperTokens is the provider. */
export const recipeList = [EmailPassword.init(), Session.init(), UserRoles.init()]
