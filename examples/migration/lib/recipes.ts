import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session from 'supertokens-node/recipe/session'
import { passwordMail } from '../../nextjs/lib/mail'
import { SESSION_EXPIRED_STATUS } from './session-status'

export const recipeList = [
  EmailPassword.init({ emailDelivery: passwordMail }),
  Session.init({ sessionExpiredStatusCode: SESSION_EXPIRED_STATUS }),
]
