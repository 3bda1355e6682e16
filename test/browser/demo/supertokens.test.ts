import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from '../support/browser.js'
import { type DemoSite, seeSignedIn, signUp } from './site.js'
import { describeDemo } from './suite.js'
import { startSuperTokensSite } from './supertokens-site.js'

describeDemo('supertokens', startSuperTokensSite)

describe.skipIf(!hasChromium)('e-mail of the example on supertokens', () => {
  const newVisitor = useChromium()
  let site: DemoSite
  beforeAll(async () => {
    site = await startSuperTokensSite({})
  })
  afterAll(() => site?.stop())

  it('is printed, and its link leads to a new password', async () => {
    const { page, context } = await newVisitor()
    const person = await signUp(site, page)
    await context.clearCookies()
    await page.goto(`${site.origin}/sign-in`)
    await page.getByText('Forgot password?').click()
    await page.locator('input[name=email]').fill(person.email)
    await page.getByRole('button', { name: 'Email me' }).click()
    await page.getByText('password reset email has been sent').waitFor()
    const mail = site.output().slice(site.output().indexOf(`E-mail to ${person.email}`))
    const [link] = /http:\/\/localhost\S+/.exec(mail) ?? []
    expect(link).toContain(`${site.origin}/sign-in/reset-password?token=`)
    await page.goto(link ?? '')
    const changed = { ...person, password: 'another horse battery 2' }
    await page.locator('input[name=password]').fill(changed.password)
    await page.locator('input[name=confirm-password]').fill(changed.password)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await site.signIn(page, changed)
    await seeSignedIn(page)
  })
})
