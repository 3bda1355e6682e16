/** The example on a stand-in core, with SuperTokens' forms. */

import type { Page } from 'playwright-core'
import { listen } from '../../../emulator/src/base/listen.js'
import { createSuperTokensCore } from '../../../emulator/src/supertokens/core.js'
import { loopbackOnly, startExample } from '../../support/next-app.js'
import type { Person, StartSite } from './site.js'

export const startSuperTokensSite: StartSite = async ({ tokenSeconds = 3600 }) => {
  const core = await createSuperTokensCore({ accessTokenValiditySeconds: tokenSeconds })
  const server = await listen(core)
  const app = await startExample(() => ({
    ...loopbackOnly,
    AUTH_PROVIDER: 'supertokens',
    SUPERTOKENS_CONNECTION_URI: server.url,
    INSPECTOR_URL: `${server.url}/_emulator/`,
  }))
  return {
    origin: app.origin,
    clock: core.clock,
    leewaySeconds: 0,
    wrongPassword: 'Incorrect email and password combination',
    signIn: signInAtSuperTokens,
    async signUp(page, person) {
      await page.getByText('Sign Up', { exact: true }).click()
      await handIn(page, person, 'SIGN UP')
    },
    endSessions: () => core.store.sessions.clear(),
    output: app.output,
    async stop() {
      await app.stop()
      await server.close()
    },
  }
}

/** Fills SuperTokens' form, which is open, and hands it in. */
export function signInAtSuperTokens(page: Page, person: Person): Promise<void> {
  return handIn(page, person, 'SIGN IN')
}

async function handIn(page: Page, { email, password }: Person, button: string): Promise<void> {
  await page.getByRole('button', { name: button }).waitFor()
  await page.locator('input[name=email]').fill(email)
  await page.locator('input[name=password]').fill(password)
  await page.getByRole('button', { name: button }).click()
}
