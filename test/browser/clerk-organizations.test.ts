import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './support/browser.js'
import {
  askServer,
  createPerson,
  KEYS,
  openAs,
  type Person,
  useClerkSite,
} from './support/clerk-site.js'

describe.skipIf(!hasChromium).each(KEYS)('an organisation on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({ isProduction })

  async function open(path = '/'): Promise<{ page: Page; person: Person }> {
    const person = await createPerson(site())
    const { page } = await newVisitor()
    await openAs(site(), page, person, path)
    return { page, person }
  }

  async function seeOnServer(page: Page, view: object): Promise<void> {
    await expect.poll(() => askServer(page)).toMatchObject(view)
  }

  it('is made with <OrganizationSwitcher/>, and left for the personal account', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: /organization switcher/i }).click()
    await page.getByText('Create organization').click()
    await page.getByLabel('Name').fill('Analytical Engines')
    await page.getByRole('button', { name: 'Create organization' }).click()
    await page.getByText('Skip').click()
    const { data } = await site().backend.organizations.getOrganizationList()
    const [organization] = data
    expect(organization).toMatchObject({ name: 'Analytical Engines', slug: 'analytical-engines' })
    await seeOnServer(page, { orgId: organization?.id, orgRole: 'org:admin' })
    await page.getByRole('button', { name: /organization switcher/i }).click()
    await page.getByText('Personal account', { exact: true }).click()
    await seeOnServer(page, { orgId: null })
  })

  it('is switched between', async () => {
    const { page, person } = await open()
    const { backend } = site()
    const make = (name: string) =>
      backend.organizations.createOrganization({ name, createdBy: person.id })
    const [red, blue] = [await make('Red'), await make('Blue')]
    await page.reload()
    for (const { id, name } of [red, blue, red]) await switchTo(page, name, id)
  })

  it('gets members by invitation: sent by one, accepted by the other', async () => {
    const { page, person } = await open()
    const { backend } = site()
    const { id } = await backend.organizations.createOrganization({
      name: 'Engines',
      createdBy: person.id,
    })
    const guest = await createPerson(site())
    await page.reload()
    await switchTo(page, 'Engines', id)
    await page.goto(`${site().url}/team#/organization-members`)
    await page.getByRole('button', { name: 'Invite' }).first().click()
    await page.getByTestId('tag-input').fill(guest.email)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Send invitations' }).click()
    await page.getByText('Invitations successfully sent').waitFor()

    const other = (await newVisitor()).page
    await openAs(site(), other, guest)
    await other.getByRole('button', { name: /organization switcher/i }).click()
    await other.getByRole('button', { name: 'Join' }).click()
    await expect
      .poll(async () => {
        const list = await backend.organizations.getOrganizationMembershipList({
          organizationId: id,
        })
        return list.data.map(({ role }) => role).sort()
      })
      .toEqual(['org:admin', 'org:member'])
  })

  it('is renamed and left by those who may', async () => {
    const { page, person } = await open()
    const { backend } = site()
    const { id } = await backend.organizations.createOrganization({
      name: 'Old name',
      createdBy: person.id,
    })
    await page.reload()
    await switchTo(page, 'Old name', id)
    await page.goto(`${site().url}/team`)
    await page.getByRole('button', { name: 'Update profile' }).click()
    await page.getByLabel('Name').fill('New name')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect
      .poll(async () => {
        const organization = await backend.organizations.getOrganization({ organizationId: id })
        return organization.name
      })
      .toBe('New name')
    await page.getByRole('button', { name: 'Delete organization' }).click()
    await page.getByLabel(/Type .* below to continue/).fill('New name')
    await page.getByRole('button', { name: 'Delete organization' }).last().click()
    await seeOnServer(page, { orgId: null })
  })

  async function switchTo(page: Page, name: string, id: string): Promise<void> {
    await page.getByRole('button', { name: /organization switcher/i }).click()
    await page.getByRole('menuitem', { name }).or(page.getByRole('button', { name })).click()
    await seeOnServer(page, { orgId: id })
  }
})
