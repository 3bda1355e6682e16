import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './support/browser.js'
import { type ClerkSite, startClerkSite } from './support/clerk-site.js'

describe.skipIf(!hasChromium).each([
  { keys: 'development', isProduction: false },
  { keys: 'production', isProduction: true },
])('<SignUp/> on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  let site: ClerkSite
  beforeAll(async () => {
    site = await startClerkSite({ isProduction })
  })
  afterAll(() => site.close())

  it('makes a user of who enters the code from the e-mail', async () => {
    const { page } = await newVisitor()
    await page.goto(`${site.url}/sign-up`)
    await page.getByLabel('Email address').fill('ada@example.com')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Verify your email').waitFor()
    await page.keyboard.type(site.instance.store.emails.at(-1)?.code ?? '')
    await page.waitForURL(`${site.url}/`)
    await page.getByText('signed in as').waitFor()
    const me = await page.evaluate(async () => (await fetch('/me')).json())
    expect(me).toMatchObject({ isAuthenticated: true })
  })
})
