import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { NextApp } from '../support/next-app.js'
import { call, readAuth, seeSignedIn, seeSignedOut } from './demo/site.js'
import {
  personOf,
  press,
  readCounts,
  signInAt,
  startMoveSite,
  type VendorName,
  watch,
} from './migration-site.js'
import { hasChromium, useChromium } from './support/browser.js'

const FORWARD = 'A step forward'
const BACK = 'A step back'
const WAIT = { timeout: 15_000, interval: 200 }
const GUARDED = ['GET /api/me', 'GET /api/pages/me'] as const

/** What is pressed, where the plan stands then, and whose session there is. */
const STORY = [
  [FORWARD, 'dual-old-primary', 'old'],
  [FORWARD, 'dual-new-primary', 'new'],
  [FORWARD, 'new-only', 'new'],
  [BACK, 'dual-new-primary', 'new'],
  [BACK, 'dual-old-primary', 'old'],
  [BACK, 'old-only', 'old'],
] as const

describe.skipIf(!hasChromium).each([
  ['supertokens', 'clerk'],
  ['clerk', 'supertokens'],
] as const)('the example of a move from %s to %s', (from, to) => {
  const newVisitor = useChromium()
  let site: NextApp
  beforeAll(async () => {
    site = await startMoveSite(from)
  })
  afterAll(async () => {
    await site?.stop()
    expect(site?.output() ?? '').not.toContain('left the machine')
  })

  async function signIn(page: Page, name: string, vendor: VendorName): Promise<string> {
    await page.goto(`${site.origin}/sign-in`)
    await signInAt[vendor](page, personOf(name))
    await seeSignedIn(page)
    return String((await readAuth(page)).userId)
  }

  /** Living sessions at the old vendor, and at the new one. */
  async function readLiving(page: Page): Promise<readonly number[]> {
    const { vendors } = await readCounts(page.context(), site.origin)
    return vendors.map(({ sessions }) => sessions)
  }

  /** The session is where it belongs, and nowhere else. */
  async function expectAt(page: Page, vendor: VendorName, living: readonly number[]) {
    await expect.poll(async () => (await readAuth(page)).provider, { timeout: 15_000 }).toBe(vendor)
    await expect.poll(() => readLiving(page), { timeout: 15_000 }).toEqual(living)
  }

  /** Calls both guarded routes from the page, which may just be opened anew. */
  async function expectInside(page: Page, userId: string) {
    for (const route of GUARDED) {
      await vi.waitFor(async () => {
        const { status, text } = await call(page, route)
        expect([status, text]).toEqual([200, expect.stringContaining(userId)])
      }, WAIT)
    }
    await vi.waitFor(() => page.goto(`${site.origin}/dashboard`), WAIT)
    await page.locator('#who', { hasText: userId }).waitFor()
    await page.goto(site.origin)
  }

  it('goes through every step and back, and logs nobody out', async () => {
    const { page, context, requests } = await newVisitor()
    const userId = await signIn(page, 'ada', from)
    const mark = requests.length
    const watched = watch(context, site.origin)
    try {
      for (const [button, step, vendor] of STORY) {
        await press(page, button)
        await page.locator('#steps [aria-current]', { hasText: step }).waitFor()
        const isOld = vendor === 'old'
        await expectAt(page, isOld ? from : to, isOld ? [1, 0] : [0, 1])
        await expectInside(page, userId)
        expect(watched.seen(), step).toEqual([`200 ${userId}`])
      }
    } finally {
      await watched.stop()
    }
    const asked = requests.slice(mark).map(({ url }) => url.pathname)
    expect(asked.filter((path) => path.startsWith('/sign-in'))).toEqual([])
    expect(await readCounts(context, site.origin)).toMatchObject({ confirmed: 2, refusals: {} })
  })

  it('leaves who was forgotten at the old vendor, and says so', async () => {
    const { page } = await newVisitor()
    const before = await readLiving(page)
    const userId = await signIn(page, 'linus', from)
    await press(page, FORWARD)
    await press(page, FORWARD)
    await page.locator('#refused', { hasText: '× unmapped' }).waitFor()
    expect(await readLiving(page)).toEqual([(before[0] ?? 0) + 1, before[1]])
    await expectInside(page, userId)
    await page.locator('#unmapped', { hasText: `1 of 4 ${userId}` }).waitFor()
    await press(page, 'The old one’s')
    await seeSignedOut(page)
    await press(page, 'Off')
    await seeSignedIn(page)
    expect((await readAuth(page)).userId).toBe(userId)
    for (const button of [BACK, BACK]) await press(page, button)
    await press(page, 'Now')
    await seeSignedOut(page)
    await press(page, 'Never')
    await seeSignedIn(page)
  })

  // Towards Clerk it takes the page.
  if (to === 'clerk') return
  it('takes a session along on the way to a page', async () => {
    const { page, context, requests } = await newVisitor()
    const userId = await signIn(page, 'grace', from)
    // The helper of the page is not there to help.
    await context.route('**/api/auth/hand-over/mint', (route) => route.abort())
    await press(page, FORWARD)
    await press(page, FORWARD)
    const before = await readCounts(context, site.origin)
    await page.goto(`${site.origin}/dashboard`)
    await page.locator('#who', { hasText: `${userId} by supertokens` }).waitFor()
    const { confirmed } = await readCounts(context, site.origin)
    expect(confirmed).toBe(before.confirmed + 1)
    const pages = requests.filter(({ url }) => url.pathname.endsWith('/hand-over/continue'))
    expect(pages.length).toBeGreaterThanOrEqual(2)
  })
})
