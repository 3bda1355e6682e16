import type EmailPassword from 'supertokens-node/recipe/emailpassword'

type Options = NonNullable<Parameters<typeof EmailPassword.init>[0]>

/** A message as a mail service takes it. */
interface Message {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/**
 * Prints e-mail instead of sending it. Without this, SuperTokens sends it through a service of its
 * own. Put yours here.
 */
async function deliver({ to, subject, text }: Message): Promise<void> {
  console.log(`\nE-mail to ${to}: ${subject}\n${text}\n`)
}

/** The links to choose a new password. */
export const passwordMail: Options['emailDelivery'] = {
  override: (original) => ({
    ...original,
    sendEmail: ({ user, passwordResetLink }) =>
      deliver({
        to: user.email,
        subject: 'Choose a new password',
        text: `Open this link to choose a new password:\n${passwordResetLink}`,
      }),
  }),
}
