import type EmailPassword from 'supertokens-node/recipe/emailpassword'

type Options = NonNullable<Parameters<typeof EmailPassword.init>[0]>

/** A message as a mail service takes it. */
interface Message {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/**
 * Prints e-mail instead of sending it, and hands it to the inspector of a stand-in, if there is one.
 * Without this, SuperTokens sends e-mail through a service of its own. Put yours here.
 */
async function deliver(message: Message): Promise<void> {
  const { to, subject, text } = message
  console.log(`\nE-mail to ${to}: ${subject}\n${text}\n`)
  const sink = process.env.MAIL_SINK_URL
  if (!sink) return
  await fetch(sink, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
  })
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
