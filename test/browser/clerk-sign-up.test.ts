import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './support/browser.js'
import { askServer, createPerson, enterCode, KEYS, useClerkSite } from './support/clerk-site.js'

describe.skipIf(!hasChromium).each(KEYS)('<SignUp/> on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({ isProduction })

  it('makes a user of who enters the code from the e-mail', async () => {
    const { page } = await newVisitor()
    await page.goto(`${site().url}/sign-up`)
    await page.getByLabel('Email address').fill('ada@example.com')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Verify your email').waitFor()
    await enterCode(page, site().lastCode())
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
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByTestId('form-feedback-error').filter({ hasText: 'taken' }).waitFor()
  })

  it('sends another code to who lost the first', async () => {
    const { page } = await newVisitor()
    await page.goto(`${site().url}/sign-up`)
    await page.getByLabel('Email address').fill('late@example.com')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Verify your email').waitFor()
    const { instance } = site()
    instance.clock.advance(11 * 60)
    await enterCode(page, site().lastCode())
    await page.getByText('This verification has expired').first().waitFor()
    const late = site().lastCode()
    await page.getByRole('button', { name: /Resend$/ }).click({ timeout: 40_000 })
    await expect.poll(() => site().lastCode()).not.toBe(late)
    await enterCode(page, site().lastCode())
    await page.getByText('signed in as').waitFor()
  })
})
