/** The example of a move, by the command that starts it, as a person goes through it. */

import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import { freePort } from '../support/free-port.js'
import { loopbackOnly, type NextApp, startServer } from '../support/next-app.js'
import { signInAtClerk } from './demo/clerk-site.js'
import type { Person } from './demo/site.js'
import { signInAtSuperTokens } from './demo/supertokens-site.js'

export type VendorName = 'clerk' | 'supertokens'

const root = fileURLToPath(new URL('../..', import.meta.url))

export async function startMoveSite(from: VendorName): Promise<NextApp> {
  const port = await freePort()
  return startServer(`http://localhost:${port}`, ['scripts/start-migration.mjs'], root, {
    ...loopbackOnly,
    PORT: String(port),
    MIGRATE_FROM: from,
  })
}

export function personOf(name: string): Person {
  return { email: `${name}@example.com`, password: 'correct horse battery 1' }
}

/** Fills whichever vendor's form the plan shows. */
export const signInAt: Readonly<Record<VendorName, (page: Page, person: Person) => Promise<void>>> =
  { clerk: signInAtClerk, supertokens: signInAtSuperTokens }

/** Presses a button of the plan, and waits for the page that is opened anew. */
export async function press(page: Page, name: string): Promise<void> {
  const changed = page.waitForResponse(
    (response) => response.url().endsWith('/api/move') && response.request().method() === 'POST',
  )
  const opened = page.waitForEvent('load')
  await page.getByRole('button', { name, exact: true }).click()
  await changed
  await opened
}

/** What the page's own server counts. */
export interface Counts {
  readonly step: string
  readonly minted: number
  readonly confirmed: number
  readonly refusals: Readonly<Record<string, number>>
  readonly vendors: readonly { readonly name: VendorName; readonly sessions: number }[]
  readonly coverage: { readonly unmapped: readonly string[]; readonly total: number }
}

export async function readCounts({ request }: BrowserContext, origin: string): Promise<Counts> {
  return (await request.get(`${origin}/api/move`)).json()
}

/** What a guarded route says with the cookies of the browser, all the time until it is stopped. */
export interface Watch {
  /** Every different answer, as its status and the user's id, or what was wrong. */
  seen(): readonly string[]
  stop(): Promise<void>
}

/**
 * ClerkJS of a development instance removes its cookies, the session's and the one that vouches for it, and
 * sets them again whenever it looks at them. No script of the page sees that moment, but who asks from
 * outside may. Nobody is logged out unless it lasts.
 */
const IN_BETWEEN: readonly string[] = ['401 token_expired', '401 unauthenticated']

/** A tenth of what it may take until a script that has asked its vendor has set them. */
const MOMENT_MS = 50

export function watch({ request }: BrowserContext, origin: string): Watch {
  const seen = new Set<string>()
  const ask = async (): Promise<string> => {
    const response = await request.get(`${origin}/api/me`, { maxRetries: 2 })
    const { userId, code } = (await response.json()) as { userId?: string; code?: string }
    return `${response.status()} ${userId ?? code}`
  }
  let isOver = false
  const done = (async () => {
    while (!isOver) {
      let answer = await ask()
      for (let again = 0; again < 10 && IN_BETWEEN.includes(answer); again++) {
        await new Promise((resolve) => setTimeout(resolve, MOMENT_MS))
        answer = await ask()
      }
      seen.add(answer)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  return {
    seen: () => [...seen],
    async stop() {
      isOver = true
      await done
    },
  }
}
