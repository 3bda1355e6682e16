import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './support/browser.js'
import {
  askServer,
  createPerson,
  enterCode,
  KEYS,
  openAs,
  useClerkSite,
} from './support/clerk-site.js'

const PASSWORD = 'correct horse battery'
const PHONE = '+4915112345678'

async function enter(page: Page, field: string, value: string): Promise<void> {
  await page.getByLabel(field, { exact: true }).fill(value)
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
}

describe.skipIf(!hasChromium).each(KEYS)('a phone number on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({
    isProduction,
    signUpFields: { email_address: 'off', phone_number: 'required', password: 'off' },
  })

  it('is what one signs up with, and in', async () => {
    const { page } = await newVisitor()
    await page.goto(`${site().url}/sign-up`)
    await enter(page, 'Phone number', PHONE)
    await page.getByText('Verify your phone').waitFor()
    await enterCode(page, await site().readCode(PHONE))
    await page.getByText('signed in as').waitFor()
    const { userId } = await askServer(page)
    const { primaryPhoneNumber } = await site().backend.users.getUser(userId ?? '')
    expect(primaryPhoneNumber).toMatchObject({ phoneNumber: PHONE })

    const other = (await newVisitor()).page
    await other.goto(`${site().url}/sign-in`)
    await enter(other, 'Phone number', PHONE)
    await other.getByText('Check your phone').waitFor()
    await enterCode(other, await site().readCode(PHONE))
    await other.getByText(`signed in as ${userId}`).waitFor()
  })
})

describe.skipIf(!hasChromium).each(KEYS)('a second factor on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({ isProduction })

  it('is set up with an app, and asked for besides the password from then on', async () => {
    const person = await createPerson(site())
    const { page } = await newVisitor()
    await openAs(site(), page, person, '/account#/security')
    await page.getByRole('button', { name: 'Add two-step verification' }).click()
    await page.getByText('Authenticator application').click()
    await page.getByText(/Can.t scan QR code/).click()
    const secret = site().instance.store.totps.get(person.id)?.secret ?? ''
    await expect.poll(() => page.locator(`input[value="${secret}"]`).count()).toBe(1)
    await page.getByRole('button', { name: 'Continue' }).click()
    await enterCode(page, new TOTP({ secret }).generate())
    await page
      .getByRole('button', { name: 'Finish' })
      .or(page.getByText('Backup codes'))
      .first()
      .waitFor()
    await expect
      .poll(async () => (await site().backend.users.getUser(person.id)).totpEnabled)
      .toBe(true)

    const other = (await newVisitor()).page
    await other.goto(`${site().url}/sign-in`)
    await enter(other, 'Email address', person.email)
    await enter(other, 'Password', PASSWORD)
    await other.getByText('Two-step verification').waitFor()
    expect(await askServer(other)).toMatchObject({ isAuthenticated: false })
    await enterCode(other, new TOTP({ secret }).generate())
    await other.getByText(`signed in as ${person.id}`).waitFor()
    const { factorVerificationAge } = await askServer(other)
    expect(factorVerificationAge).toEqual([0, 0])
  })
})

describe.skipIf(!hasChromium).each(KEYS)('an invitation on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({ isProduction })

  it('lets somebody sign up without a code, and into an organisation', async () => {
    const host = await createPerson(site())
    const { backend, url, instance } = site()
    const organization = await backend.organizations.createOrganization({
      name: 'Engines',
      createdBy: host.id,
    })
    const invitation = await backend.organizations.createOrganizationInvitation({
      organizationId: organization.id,
      emailAddress: 'guest@example.com',
      role: 'org:member',
      redirectUrl: `${url}/sign-up`,
    })
    const link = new URL(invitation.url ?? '')
    expect(link.origin).toBe(instance.issuer)
    const { page } = await newVisitor()
    await page.goto(`${url}/__clerk${link.pathname}${link.search}`)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    // The form moves its button while a hint slides in.
    await page.getByLabel('Password', { exact: true }).press('Enter')
    await page.getByText('signed in as').waitFor()
    expect(await askServer(page)).toMatchObject({ orgId: organization.id, orgRole: 'org:member' })
  })
})

describe.skipIf(!hasChromium).each(KEYS)('a pending session on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({ isProduction, forcesOrganizationSelection: true })

  it('counts for nothing until an organisation is chosen', async () => {
    const person = await createPerson(site())
    const { page } = await newVisitor()
    await page.goto(`${site().url}/sign-in`)
    await enter(page, 'Email address', person.email)
    await enter(page, 'Password', PASSWORD)
    await page.getByLabel('Name').fill('Engines')
    expect(await askServer(page)).toMatchObject({ userId: null, sessionStatus: 'pending' })
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect
      .poll(() => askServer(page))
      .toMatchObject({ userId: person.id, orgRole: 'org:admin', sessionStatus: 'active' })
  })
})
