/** The example on a stand-in core, over real HTTP. */

import { listen } from '../../emulator/src/base/listen.js'
import { createSuperTokensCore } from '../../emulator/src/supertokens/core.js'
import type { SuperTokensCoreOptions } from '../../emulator/src/supertokens/options.js'
import { type Browser, createBrowser } from './browser.js'
import { startExample } from './next-app.js'

export interface LiveSuperTokens {
  readonly origin: string
  readonly core: Awaited<ReturnType<typeof createSuperTokensCore>>
  /** A browser whose user has just signed up. */
  signUp(email: string): Promise<Browser>
  /** How often the core was asked for something since `mark`. */
  calls(path: string, mark?: number): number
  /** A point in the core's log. */
  mark(): number
  stop(): Promise<void>
}

export async function startLiveSuperTokens(
  options: SuperTokensCoreOptions = {},
): Promise<LiveSuperTokens> {
  const core = await createSuperTokensCore(options)
  const server = await listen(core)
  const app = await startExample(() => ({
    AUTH_PROVIDER: 'supertokens',
    SUPERTOKENS_CONNECTION_URI: server.url,
  }))
  return {
    origin: app.origin,
    core,
    async signUp(email) {
      const browser = createBrowser(app.origin)
      const response = await browser.fetch('/api/auth/signup', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'st-auth-mode': 'cookie',
          rid: 'emailpassword',
        },
        body: JSON.stringify({
          formFields: [
            { id: 'email', value: email },
            { id: 'password', value: 'correct horse battery 1' },
          ],
        }),
      })
      if (response.json().status !== 'OK') throw new Error(`no sign-up: ${response.text}`)
      return browser
    },
    mark: () => core.log.entries.length,
    calls: (path, mark = 0) =>
      core.log.entries.slice(mark).filter((entry) => entry.path.endsWith(path)).length,
    async stop() {
      await app.stop()
      await server.close()
    },
  }
}
