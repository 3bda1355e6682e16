/** The example on a stand-in of a Clerk instance, with Clerk's components. */

import type { Page } from 'playwright-core'
import { listen } from '../../../emulator/src/base/listen.js'
import { createClerkInstance } from '../../../emulator/src/clerk/instance.js'
import { loopbackOnly, startExample } from '../../support/next-app.js'
import { enterCode } from '../support/clerk-site.js'
import type { Person, StartSite } from './site.js'

/** Codes sent to addresses with `+clerk_test`, at Clerk and here. */
const TEST_CODE = '424242'

export const startClerkSite: StartSite = async ({ tokenSeconds = 3600 }) => {
  const instance = await createClerkInstance({
    sessionTokenSeconds: tokenSeconds,
    sessionTokenClaims: { metadata: '{{user.public_metadata}}' },
  })
  const server = await listen(instance)
  const app = await startExample(() => ({
    ...loopbackOnly,
    AUTH_PROVIDER: 'clerk',
    ...instance.environment(server.url),
    NEXT_PUBLIC_CLERK_PROXY_URL: server.url,
    NEXT_PUBLIC_CLERK_JS_URL: `${server.url}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`,
    NEXT_PUBLIC_CLERK_UI_URL: `${server.url}/npm/@clerk/ui@1/dist/ui.browser.js`,
    INSPECTOR_URL: `${server.url}/_emulator/`,
  }))
  return {
    origin: app.origin,
    clock: instance.clock,
    leewaySeconds: 5,
    wrongPassword: 'Password is incorrect',
    signIn: signInAtClerk,
    async signUp(page, { email, password }) {
      await enter(page, 'Email address', email)
      const sent = page.waitForResponse((answer) => answer.url().includes('/prepare_verification'))
      await enter(page, 'Password', password)
      // A code counts once it has been sent, which the form asks for on its way.
      await sent
      await enterCode(page, TEST_CODE)
    },
    endSessions() {
      for (const session of instance.store.sessions.values()) session.status = 'revoked'
    },
    output: app.output,
    async stop() {
      await app.stop()
      await server.close()
    },
  }
}

/** Fills Clerk's form, which is open, and hands it in. */
export async function signInAtClerk(page: Page, { email, password }: Person): Promise<void> {
  await enter(page, 'Email address', email)
  await enter(page, 'Password', password)
}

/** By the Enter key, since the form moves its button while a hint slides in. */
async function enter(page: Page, field: string, value: string): Promise<void> {
  await page.getByLabel(field, { exact: true }).fill(value)
  await page.getByLabel(field, { exact: true }).press('Enter')
}
