/** Users who come from another vendor at SuperTokens' own forms. */

import { AuthError } from '../../src/errors.js'
import type { MoveIn, MoveInResult } from '../../src/migrate/move-in.js'
import type { EmailPasswordApis, ResetRequest } from './sdk-move-in.js'

type FormFields = readonly { readonly id: string; readonly value: unknown }[]

interface Form {
  readonly formFields: FormFields
  readonly userContext: ResetRequest['userContext']
}

const STAYS = 'This account cannot be used here yet. Sign in the way you did before.'

/**
 * Endpoints of the EmailPassword recipe that know the old vendor's users, for its
 * `override.apis`: they are made at their first sign-in, sign-up or new password, and keep the app's id.
 * What the old vendor does not prove stays what it was; while it does not answer, so do they not
 * (503).
 * @param moveIn Of the plan of {@link cutOver}.
 */
export function superTokensMoveIn(
  moveIn: MoveIn,
): (original: EmailPasswordApis) => EmailPasswordApis {
  return (original) => {
    const { signInPOST, signUpPOST, generatePasswordResetTokenPOST, passwordResetPOST } =
      boundTo(original)
    return {
      ...original,
      signInPOST:
        signInPOST &&
        (async (input) => {
          const result = await signInPOST(input)
          // Beside a session it is a second factor, of somebody who is here already.
          if (result.status !== 'WRONG_CREDENTIALS_ERROR' || input.session) return result
          const { outcome } = await tryIn(moveIn, input)
          if (outcome === 'moved') return signInPOST(input)
          return outcome === 'refused' ? { status: 'SIGN_IN_NOT_ALLOWED', reason: STAYS } : result
        }),
      signUpPOST:
        signUpPOST &&
        (async (input) => {
          if (input.session) return signUpPOST(input)
          const { outcome } = await tryIn(moveIn, input)
          if (outcome === 'refused') return { status: 'SIGN_UP_NOT_ALLOWED', reason: STAYS }
          const result = outcome === 'moved' ? await signInPOST?.(input) : undefined
          if (result?.status === 'OK') return result
          const isKnown =
            outcome === 'moved' || (await moveIn.isElsewhere(emailIn(input.formFields)))
          return isKnown ? { status: 'EMAIL_ALREADY_EXISTS_ERROR' } : signUpPOST(input)
        }),
      generatePasswordResetTokenPOST:
        generatePasswordResetTokenPOST &&
        (async (input) => {
          const result = await generatePasswordResetTokenPOST(input)
          const user =
            result.status === 'OK' && (await moveIn.findResettable(emailIn(input.formFields)))
          if (user) await (await import('./sdk-move-in.js')).sendResetLink(input, user)
          return result
        }),
      passwordResetPOST:
        passwordResetPOST &&
        (async (input) => {
          const { readResetToken, findPasswordUser } = await import('./sdk-move-in.js')
          const email = await readResetToken(input.token)
          if (email === null) return passwordResetPOST(input)
          const password = textIn(input.formFields, 'password')
          const { outcome } = unlessLimited(await moveIn.reset(email, password))
          const user = outcome === 'moved' ? await findPasswordUser(input.tenantId, email) : null
          return user
            ? { status: 'OK', email, user }
            : { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' }
        }),
    }
  }
}

/** The SDK's functions find each other by their `this`. */
function boundTo(original: EmailPasswordApis): EmailPasswordApis {
  const entries = Object.entries(original).map(([name, run]) => [name, run?.bind(original)])
  return Object.fromEntries(entries)
}

async function tryIn(moveIn: MoveIn, { formFields, userContext }: Form): Promise<MoveInResult> {
  const password = textIn(formFields, 'password')
  const result = unlessLimited(await moveIn.signIn(emailIn(formFields), password))
  // The SDK remembers answers of the core for one request (24.0.3): this user was not there yet.
  if (result.outcome === 'moved')
    userContext._default = { ...userContext._default, coreCallCache: {} }
  return result
}

/** @throws {AuthError} `provider_unavailable`: nobody was asked, so nothing was wrong. */
function unlessLimited(result: MoveInResult): MoveInResult {
  if (result.outcome !== 'limited') return result
  const { retryAfterSeconds } = result
  throw new AuthError('provider_unavailable', 'Too many attempts with one address', {
    details: { retryAfterSeconds },
  })
}

function emailIn(fields: FormFields): string {
  return textIn(fields, 'email')
}

function textIn(fields: FormFields, wanted: string): string {
  const value = fields.find(({ id }) => id === wanted)?.value
  return typeof value === 'string' ? value : ''
}
