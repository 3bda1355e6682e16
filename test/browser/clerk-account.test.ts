import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './support/browser.js'
import {
  askServer,
  createPerson,
  enterCode,
  KEYS,
  openAs,
  type Person,
  seeNobody,
  useClerkSite,
} from './support/clerk-site.js'

describe.skipIf(!hasChromium).each(KEYS)('an account on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({ isProduction })

  async function open(path: string): Promise<{ page: Page; person: Person }> {
    const person = await createPerson(site())
    const { page } = await newVisitor()
    await openAs(site(), page, person, path)
    return { page, person }
  }

  it('is left by <UserButton/>', async () => {
    const { page, person } = await open('/')
    await page.getByRole('button', { name: 'Open user menu' }).click()
    await page.getByText(person.email).waitFor()
    await page.getByText('Sign out', { exact: true }).click()
    await page.getByText('signed out').waitFor()
    await seeNobody(page)
    const { data } = await site().backend.sessions.getSessionList({ userId: person.id })
    expect(data.map(({ status }) => status)).toEqual(['removed'])
  })

  it('is managed from <UserButton/>: a name is changed', async () => {
    const { page, person } = await open('/')
    await page.getByRole('button', { name: 'Open user menu' }).click()
    await page.getByText('Manage account', { exact: true }).click()
    await page.getByRole('button', { name: 'Update profile' }).click()
    await page.getByLabel('First name').fill('Ada')
    await page.getByLabel('Last name').fill('Lovelace')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Ada Lovelace').first().waitFor()
    const user = await site().backend.users.getUser(person.id)
    expect(user.fullName).toBe('Ada Lovelace')
  })

  it('gets another password, given the current one', async () => {
    const { page, person } = await open('/account#/security')
    await page.getByRole('button', { name: 'Update password' }).click()
    await page.getByLabel('Current password').fill('battery staple')
    await page.getByLabel('New password').fill('another horse battery')
    await page.getByLabel('Confirm password').fill('another horse battery')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByTestId('form-feedback-error').filter({ hasText: 'incorrect' }).waitFor()
    await page.getByLabel('Current password').fill(person.password)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Update password' }).waitFor()
    const password = 'another horse battery'
    const asked = site().backend.users.verifyPassword({ userId: person.id, password })
    expect(await asked).toMatchObject({ verified: true })
  })

  it('is open on several devices, and closed on one of them from another', async () => {
    const { page, person } = await open('/account#/security')
    const other = (await newVisitor()).page
    await openAs(site(), other, person)
    await page.reload()
    await page.getByText('This device').waitFor()
    await page.getByRole('button', { name: 'Open menu' }).last().click()
    await page.getByRole('menuitem', { name: 'Sign out of device' }).click()
    await expect
      .poll(async () => {
        const userId = person.id
        const list = await site().backend.sessions.getSessionList({ userId, status: 'active' })
        return list.data.length
      })
      .toBe(1)
    await other.reload()
    await other.getByText('signed out').waitFor()
    expect(await askServer(page)).toMatchObject({ userId: person.id })
  })

  it('gets another e-mail address, once it is verified', async () => {
    const { page, person } = await open('/account')
    await page.getByRole('button', { name: 'Add email address' }).click()
    await page.getByLabel('Email address').fill(`second-${person.email}`)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('Enter the verification code').waitFor()
    await enterCode(page, await site().readCode(`second-${person.email}`))
    await expect
      .poll(async () => {
        const { emailAddresses } = await site().backend.users.getUser(person.id)
        return emailAddresses.map(({ verification }) => verification?.status)
      })
      .toEqual(['verified', 'verified'])
  })

  it('is deleted by who confirms it', async () => {
    const { page, person } = await open('/account#/security')
    await page.getByRole('button', { name: 'Delete account' }).click()
    await page.getByLabel(/Type .* below to continue/).fill('Delete account')
    await page.getByRole('button', { name: 'Delete account' }).last().click()
    await page.getByText('signed out').waitFor()
    await expect(site().backend.users.getUser(person.id)).rejects.toMatchObject({ status: 404 })
  })
})
