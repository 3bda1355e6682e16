import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './support/browser.js'
import { askServer, createPerson, enterCode, KEYS, useClerkSite } from './support/clerk-site.js'

async function enter(page: Page, field: string, value: string): Promise<void> {
  await page.getByLabel(field, { exact: true }).fill(value)
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
}

async function seeError(page: Page, text: string): Promise<void> {
  await page.getByTestId('form-feedback-error').filter({ hasText: text }).waitFor()
}

describe.skipIf(!hasChromium).each(KEYS)('<SignIn/> on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({ isProduction })

  async function openForm(): Promise<Page> {
    const { page } = await newVisitor()
    await page.goto(`${site().url}/sign-in`)
    return page
  }

  it('takes a password, and the server knows who it is', async () => {
    const person = await createPerson(site())
    const page = await openForm()
    await enter(page, 'Email address', person.email)
    await enter(page, 'Password', person.password)
    await page.getByText(`signed in as ${person.id}`).waitFor()
    expect(await askServer(page)).toMatchObject({ isAuthenticated: true, userId: person.id })
  })

  it('says that a password is wrong, and takes the right one after it', async () => {
    const person = await createPerson(site())
    const page = await openForm()
    await enter(page, 'Email address', person.email)
    await enter(page, 'Password', 'battery staple')
    await seeError(page, 'Password is incorrect. Try again, or use another method.')
    expect(await askServer(page)).toMatchObject({ isAuthenticated: false, userId: null })
    await enter(page, 'Password', person.password)
    await page.getByText(`signed in as ${person.id}`).waitFor()
  })

  it('knows nobody by an address that has no account', async () => {
    const page = await openForm()
    await enter(page, 'Email address', 'nobody@example.com')
    await seeError(page, "Couldn't find your account.")
  })

  it('takes the code from an e-mail instead', async () => {
    const person = await createPerson(site())
    const page = await openForm()
    await enter(page, 'Email address', person.email)
    await page.getByRole('link', { name: 'Use another method' }).click()
    await page.getByRole('button', { name: `Email code to ${person.email}` }).click()
    await page.getByText('Check your email').waitFor()
    const code = await site().readCode(person.email)
    await enterCode(page, code === '000000' ? '111111' : '000000')
    await seeError(page, 'Incorrect code')
    await enterCode(page, code)
    await page.getByText(`signed in as ${person.id}`).waitFor()
  })

  it('replaces a password that was forgotten', async () => {
    const person = await createPerson(site())
    const page = await openForm()
    await enter(page, 'Email address', person.email)
    await page.getByRole('link', { name: 'Forgot password?' }).click()
    await page.getByRole('button', { name: 'Reset your password' }).click()
    await page.getByText('Reset password').first().waitFor()
    await enterCode(page, await site().readCode(person.email))
    await page.getByLabel('New password', { exact: true }).fill('another horse battery')
    await page.getByLabel('Confirm password', { exact: true }).fill('another horse battery')
    // The form moves its button while a hint slides in.
    await page.getByLabel('Confirm password', { exact: true }).press('Enter')
    await page.getByText(`signed in as ${person.id}`).waitFor()
    const { verified } = await site().backend.users.verifyPassword({
      userId: person.id,
      password: 'another horse battery',
    })
    expect(verified).toBe(true)
  })
})
