/** What a person can do with the example: the same on both vendors. */

import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from '../support/browser.js'
import { startOtherSite } from './other-site.js'
import {
  call,
  type DemoSite,
  giveRole,
  press,
  readAuth,
  type StartSite,
  seeClient,
  seeSignedIn,
  seeSignedOut,
  signIn,
  signUp,
  stopAtHome,
} from './site.js'

const GUARDED = ['GET /api/me', 'GET /api/pages/me'] as const
const ADMIN = ['GET /api/admin', 'GET /api/pages/admin'] as const

export function describeDemo(vendor: string, start: StartSite): void {
  describe.skipIf(!hasChromium)(`the example on ${vendor}`, () => {
    const newVisitor = useChromium()
    let site: DemoSite
    beforeAll(async () => {
      site = await start({})
    })
    afterAll(() => stopAtHome(site))

    it('shows a new account as the normalised object, and lets it into both routers', async () => {
      const { page } = await newVisitor()
      await page.goto(site.origin)
      await seeSignedOut(page)
      for (const route of GUARDED) expect((await call(page, route)).status).toBe(401)
      await signUp(site, page)
      const auth = await readAuth(page)
      expect(auth).toMatchObject({ isAuthenticated: true, provider: vendor, roles: [] })
      for (const route of GUARDED) {
        const { status, text } = await call(page, route)
        expect(status).toBe(200)
        expect(text).toContain(auth.userId)
      }
    })

    it('says that a password is wrong, and takes the right one after it', async () => {
      const { page, context } = await newVisitor()
      const person = await signUp(site, page)
      await context.clearCookies()
      await page.goto(`${site.origin}/sign-in`)
      await site.signIn(page, { ...person, password: 'not the password 1' })
      await page.getByText(site.wrongPassword).first().waitFor()
      await signIn(site, page, person)
    })

    it('keeps the session over a reload, and in a second tab', async () => {
      const visitor = await newVisitor()
      await signUp(site, visitor.page)
      const { sessionId } = await readAuth(visitor.page)
      await visitor.page.reload()
      expect(await readAuth(visitor.page)).toMatchObject({ sessionId })
      const tab = await visitor.newTab()
      await tab.goto(site.origin)
      expect(await readAuth(tab)).toMatchObject({ sessionId })
    })

    it('refuses admin routes in words, and lets in who has become one', async () => {
      const { page } = await newVisitor()
      const person = await signUp(site, page)
      for (const route of ADMIN) {
        const { status, text } = await call(page, route)
        expect(status).toBe(403)
        expect(text).toContain('Give yourself the role admin, then refresh the session')
      }
      await page.goto(`${site.origin}/admin`)
      await page.getByText('not allowed to see this: it takes the role admin').waitFor()
      await page.goto(site.origin)
      await giveRole(page, person, 'admin')
      await press(page, 'Refresh session')
      await page.locator('#roles', { hasText: 'admin' }).waitFor()
      for (const route of ADMIN) expect((await call(page, route)).status).toBe(200)
      await page.goto(`${site.origin}/admin`)
      await page.getByRole('heading', { name: 'Admin' }).waitFor()
    })

    it('asks who signed in a while ago to do so again', async () => {
      const { page } = await newVisitor()
      const person = await startedEarlier(() => signUp(site, page))
      const { status, text } = await call(page, 'POST /api/recent')
      expect(status).toBe(403)
      expect(text).toContain('You signed in too long ago for this')
      await press(page, 'Sign in again')
      await page.waitForURL(`${site.origin}/sign-in?returnTo=%2F`)
      await site.signIn(page, person)
      await seeSignedIn(page)
      expect((await call(page, 'POST /api/recent')).status).toBe(200)
    })

    it('ends the session in every tab on signing out', async () => {
      const visitor = await newVisitor()
      await signUp(site, visitor.page)
      const tab = await visitor.newTab()
      await tab.goto(site.origin)
      await seeClient(tab)
      await press(visitor.page, 'Sign out')
      await seeSignedOut(visitor.page)
      for (const page of [visitor.page, tab]) {
        for (const route of GUARDED) expect((await call(page, route)).status).toBe(401)
      }
    })

    it('ends the session by a server action, and for good', async () => {
      const { page } = await newVisitor()
      await signUp(site, page)
      await page.goto(`${site.origin}/actions`)
      await press(page, 'Remember me')
      await page.locator('#remembered', { hasNotText: 'nothing' }).waitFor()
      await press(page, 'Sign out')
      await seeSignedOut(page)
      // As long as a vendor's client takes to notice that its cookie has gone.
      await wait(6000)
      await page.goto(site.origin)
      await seeSignedOut(page)
    })

    it('leads to signing in, and back to the page that asked for it', async () => {
      const { page, context } = await newVisitor()
      const person = await signUp(site, page)
      await context.clearCookies()
      await page.goto(`${site.origin}/dashboard`)
      await page.waitForURL(`${site.origin}/sign-in?returnTo=%2Fdashboard`)
      await site.signIn(page, person)
      await page.getByRole('heading', { name: 'Dashboard' }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/dashboard')
    })

    it('leads nowhere else after signing in', async () => {
      const { page, context } = await newVisitor()
      const person = await signUp(site, page)
      await context.clearCookies()
      await page.goto(`${site.origin}/sign-in?returnTo=%2F%2Fevil.example%2F`)
      await site.signIn(page, person)
      await seeSignedIn(page)
      expect(new URL(page.url()).origin).toBe(site.origin)
    })

    it('ends the sessions of other browsers, from their next refresh on', async () => {
      const one = await newVisitor()
      const person = await signUp(site, one.page)
      const other = await newVisitor()
      await signIn(site, other.page, person)
      await press(one.page, 'Sign out everywhere')
      await seeSignedOut(one.page)
      await press(other.page, 'Refresh session')
      await seeSignedOut(other.page)
      expect((await call(other.page, 'GET /api/me')).status).toBe(401)
    })

    it.each([
      { says: 'another origin of the same site', host: 'localhost', status: 403 },
      { says: 'another site, which cookies are kept from', host: '127.0.0.1', status: 401 },
    ] as const)('lets no form post from $says', async ({ host, status }) => {
      const { page } = await newVisitor()
      await signUp(site, page)
      const other = await startOtherSite(`${site.origin}/api/me`)
      try {
        await page.goto(other.url(host))
        const posted = page.waitForResponse((response) => response.request().method() === 'POST')
        await page.getByRole('button', { name: 'Win' }).click()
        expect((await posted).status()).toBe(status)
      } finally {
        await other.close()
      }
    })

    /** Does something as if it had been done three minutes ago. */
    async function startedEarlier<Result>(work: () => Promise<Result>): Promise<Result> {
      site.clock.advance(-180)
      try {
        return await work()
      } finally {
        site.clock.advance(180)
      }
    }
  })
}
