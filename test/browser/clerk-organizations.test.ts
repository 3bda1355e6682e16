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
    await seeOnServer(page, { orgId: undefined })
  })

  it('is switched between', async () => {
    const { page, person } = await open()
    const { backend } = site()
    const make = (name: string) =>
      backend.organizations.createOrganization({ name, createdBy: person.id })
    const [red, blue] = [await make('Red'), await make('Blue')]
    await page.reload()
    for (const { id, name } of [red, blue]) {
      await page.getByRole('button', { name: /organization switcher/i }).click()
      await page.getByRole('menuitem', { name }).or(page.getByRole('button', { name })).click()
      await seeOnServer(page, { orgId: id })
    }
  })
})
