/** The example on a stand-in Clerk instance, over real HTTP. */

import { listen } from '../../emulator/src/base/listen.js'
import { type ClerkInstance, createClerkInstance } from '../../emulator/src/clerk/instance.js'
import type { ClerkInstanceOptions } from '../../emulator/src/clerk/options.js'
import { openBrowser, signUp } from '../../emulator/test/clerk/browser.js'
import { type Browser, createBrowser } from './browser.js'
import { startExample } from './next-app.js'

/** A browser in which somebody is signed in, and who. */
export interface Visitor {
  readonly browser: Browser
  readonly userId: string
  readonly sessionId: string
}

export interface LiveClerk {
  readonly origin: string
  readonly instance: ClerkInstance
  /** Signs up at the Frontend API, as the vendor's components do. */
  signUp(email: string): Promise<Visitor>
  /** How often the instance was asked for a path that ends like this since `mark`. */
  calls(path: string, mark?: number): number
  /** A point in the instance's log. */
  mark(): number
  stop(): Promise<void>
}

export async function startLiveClerk(options: ClerkInstanceOptions = {}): Promise<LiveClerk> {
  const instance = await createClerkInstance(options)
  const server = await listen(instance)
  const app = await startExample(() => ({
    AUTH_PROVIDER: 'clerk',
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: instance.publishableKey,
    CLERK_SECRET_KEY: instance.secretKey,
    CLERK_API_URL: server.url,
    NEXT_PUBLIC_CLERK_PROXY_URL: server.url,
  }))
  return {
    origin: app.origin,
    instance,
    async signUp(email) {
      const page = await openBrowser(instance)
      const { body } = await signUp(instance, page, { email_address: email })
      await page.sync()
      const browser = createBrowser(app.origin)
      for (const [name, value] of page.cookies) browser.set(name, value)
      for (const [name, value] of page.own) {
        browser.set(name, value, '/', new URL(server.url).hostname)
      }
      const { created_user_id: userId, created_session_id: sessionId } = body.response
      return { browser, userId, sessionId }
    },
    mark: () => instance.log.entries.length,
    calls: (path, mark = 0) =>
      instance.log.entries.slice(mark).filter((entry) => entry.path.endsWith(path)).length,
    async stop() {
      await app.stop()
      await server.close()
    },
  }
}
