/** The example as a person uses it: what its pages have in common on both vendors. */

import type { Locator, Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import type { Clock } from '../../../emulator/src/base/clock.js'

/** Somebody who signs up or in. */
export interface Person {
  readonly email: string
  readonly password: string
}

/** The example on a stand-in. */
export interface DemoSite {
  readonly origin: string
  /** Time of the stand-in; the app and the browser keep the system's. */
  readonly clock: Clock
  /** How long a token counts after it has run out, in seconds. */
  readonly leewaySeconds: number
  /** What the vendor's form says to a wrong password. */
  readonly wrongPassword: string
  /** Fills the vendor's form, which is open, and hands it in. */
  signIn(page: Page, person: Person): Promise<void>
  /** The same for a new account, up to the last step. */
  signUp(page: Page, person: Person): Promise<void>
  /** Ends everybody's sessions at the vendor. */
  endSessions(): void
  /** What the app has printed. */
  output(): string
  stop(): Promise<void>
}

/** How the example is started on a vendor. */
export type StartSite = (options: { tokenSeconds?: number }) => Promise<DemoSite>

/** What the panel shows of a route's answer. */
export interface ShownAnswer {
  readonly status: number
  /** All of it: outcome, explanation, headers and body. */
  readonly text: string
}

let people = 0

/** Somebody nobody knows yet. */
function newPerson(): Person {
  return { email: `person-${++people}+clerk_test@example.com`, password: 'correct horse battery 1' }
}

/** Stops a site, whose server has talked to nobody but this machine. */
export async function stopAtHome(site: DemoSite | undefined): Promise<void> {
  await site?.stop()
  expect(site?.output() ?? '').not.toContain('left the machine')
}

/** Signs a new person up, and waits for the home page to say so. */
export async function signUp({ origin, ...site }: DemoSite, page: Page): Promise<Person> {
  const person = newPerson()
  await page.goto(`${origin}/sign-in`)
  await site.signUp(page, person)
  await seeSignedIn(page)
  return person
}

/** Signs somebody in, and waits for the home page to say so. */
export async function signIn(
  { origin, ...site }: DemoSite,
  page: Page,
  person: Person,
): Promise<void> {
  await page.goto(`${origin}/sign-in`)
  await site.signIn(page, person)
  await seeSignedIn(page)
}

export async function seeSignedIn(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
}

export async function seeSignedOut(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
}

/** The normalised object, as the home page shows it. */
export async function readAuth(page: Page): Promise<Record<string, unknown>> {
  return JSON.parse((await page.locator('#auth').textContent()) ?? '')
}

/** Presses a button of the session. */
export async function press(page: Page, name: string): Promise<void> {
  await sessionButton(page, name).click()
}

/** Waits until the vendor's client is there: what other tabs said before, it has not heard. */
export async function seeClient(page: Page): Promise<void> {
  await sessionButton(page, 'Sign out').click({ trial: true })
}

function sessionButton(page: Page, name: string): Locator {
  return page.getByRole('main').getByRole('button', { name, exact: true })
}

/** Gives a role in the inspector, which the home page links to. */
export async function giveRole(page: Page, { email }: Person, role: string): Promise<void> {
  const opened = page.waitForEvent('popup')
  await page.getByRole('link', { name: 'the inspector', exact: true }).click()
  const inspector = await opened
  const row = inspector.getByRole('row', { name: email }).first()
  await row.getByLabel('Role').fill(role)
  await row.getByRole('button', { name: 'Give' }).click()
  await row.getByRole('button', { name: role }).waitFor()
  await inspector.close()
}

/**
 * Calls a route through the panel; again where a vendor's client opens the page anew in between, as it
 * does after signing out in another tab.
 */
export async function call(page: Page, route: string): Promise<ShownAnswer> {
  return vi.waitFor(() => callOnce(page, route), { timeout: 60_000, interval: 200 })
}

async function callOnce(page: Page, route: string): Promise<ShownAnswer> {
  const fresh = page.locator('#answer:not([data-seen])')
  await page.evaluate(() => {
    document.getElementById('answer')?.setAttribute('data-seen', '')
  })
  await page.getByRole('button', { name: `${route} ` }).click()
  await fresh.waitFor({ timeout: 10_000 })
  const status = Number(await fresh.getAttribute('data-status'))
  return { status, text: await fresh.innerText() }
}
