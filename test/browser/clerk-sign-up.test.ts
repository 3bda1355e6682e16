import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './support/browser.js'
import { askServer, createPerson, enterCode, KEYS, useClerkSite } from './support/clerk-site.js'

/** By the Enter key, since the form moves its button while a hint slides in. */
async function handIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password', { exact: true }).press('Enter')
}

describe.skipIf(!hasChromium).each(KEYS)('<SignUp/> on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({ isProduction })

  it('makes a user of who enters the code from the e-mail', async () => {
    const { page } = await newVisitor()
    await page.goto(`${site().url}/sign-up`)
    await handIn(page, 'ada@example.com', 'correct horse battery')
    await page.getByText('Verify your email').waitFor()
    await enterCode(page, await site().readCode('ada@example.com'))
    await page.waitForURL(`${site().url}/`)
    await page.getByText('signed in as').waitFor()
    expect(await askServer(page)).toMatchObject({ isAuthenticated: true })
  })

  it('says that an address is taken, and what a password lacks', async () => {
    const { email } = await createPerson(site())
    const { page } = await newVisitor()
    await page.goto(`${site().url}/sign-up`)
    await page.getByLabel('Email address').fill(email)
    await page.getByLabel('Password', { exact: true }).fill('short')
    await page.getByText('Your password must contain 8 or more characters').first().waitFor()
    await handIn(page, email, 'correct horse battery')
    await page.getByTestId('form-feedback-error').filter({ hasText: 'taken' }).waitFor()
  })

  it('sends another code to who lost the first', async () => {
    const { page } = await newVisitor()
    await page.clock.install()
    await page.goto(`${site().url}/sign-up`)
    await handIn(page, 'late@example.com', 'correct horse battery')
    await page.getByText('Verify your email').waitFor()
    const { instance, readCode } = site()
    const late = await readCode('late@example.com')
    instance.clock.advance(11 * 60)
    await enterCode(page, late)
    await page.getByText('This verification has expired').first().waitFor()
    // The button counts down from half a minute.
    await page.clock.runFor(31_000)
    await page.getByRole('button', { name: /Resend$/ }).click()
    await enterCode(page, await readCode('late@example.com'))
    await page.getByText('signed in as').waitFor()
  })
})
