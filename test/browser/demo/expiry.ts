/** What becomes of a session while its token runs out: the same on both vendors. */

import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from '../support/browser.js'
import {
  call,
  type DemoSite,
  readAuth,
  type StartSite,
  seeSignedOut,
  signUp,
  stopAtHome,
} from './site.js'

const TOKEN_SECONDS = 6

export function describeExpiry(vendor: string, start: StartSite): void {
  describe.skipIf(!hasChromium)(`the example on ${vendor}, as its tokens run out`, () => {
    const newVisitor = useChromium()
    let site: DemoSite
    beforeAll(async () => {
      site = await start({ tokenSeconds: TOKEN_SECONDS })
    })
    afterAll(() => stopAtHome(site))

    const tokenToExpire = () => wait((TOKEN_SECONDS + site.leewaySeconds + 1) * 1000)

    it('keeps calls working while the page is open', async () => {
      const { page } = await newVisitor()
      await signUp(site, page)
      const { expiresAt, sessionId } = await readAuth(page)
      await tokenToExpire()
      const { status, text } = await call(page, 'GET /api/me')
      expect(status).toBe(200)
      expect(text).toContain(sessionId)
      expect(text).not.toContain(`"expiresAt": "${expiresAt}"`)
    })

    it.each(['/dashboard', '/'])('revives the session when %s is opened later', async (path) => {
      const { page } = await newVisitor()
      await signUp(site, page)
      const { userId } = await readAuth(page)
      await page.goto('about:blank')
      await tokenToExpire()
      await page.goto(site.origin + path)
      await page.locator('#who', { hasText: String(userId) }).waitFor()
    })

    it('says so when the session is over', async () => {
      const { page } = await newVisitor()
      await signUp(site, page)
      site.endSessions()
      await tokenToExpire()
      await page.reload()
      await seeSignedOut(page)
      const { status, text } = await call(page, 'GET /api/me')
      expect(status).toBe(401)
      expect(text).toMatch(/Sign in (first|again)|Refresh the session/)
      await page.goto(`${site.origin}/dashboard`)
      await page.waitForURL(`${site.origin}/sign-in?returnTo=%2Fdashboard`)
    })
  })
}
