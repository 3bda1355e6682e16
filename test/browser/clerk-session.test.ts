import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium, type Visitor } from './support/browser.js'
import {
  askServer,
  createPerson,
  KEYS,
  openAs,
  type Person,
  seeNobody,
  useClerkSite,
} from './support/clerk-site.js'

const HANDSHAKE = '/__clerk/v1/client/handshake'

describe.skipIf(!hasChromium).each(KEYS)('a session on $keys keys', ({ isProduction }) => {
  const newVisitor = useChromium()
  const site = useClerkSite({ isProduction, sessionTokenSeconds: 12 })

  async function open(): Promise<{ visitor: Visitor; person: Person }> {
    const person = await createPerson(site())
    const visitor = await newVisitor()
    await openAs(site(), visitor.page, person)
    return { visitor, person }
  }

  async function tokenOf({ context }: Visitor): Promise<string | undefined> {
    const cookies = await context.cookies(site().url)
    return cookies.find(({ name }) => name === '__session')?.value
  }

  it('keeps its token fresh while the page is open', async () => {
    const { visitor, person } = await open()
    const first = await tokenOf(visitor)
    const wait = { timeout: 30_000, interval: 500 }
    await expect.poll(() => tokenOf(visitor), wait).not.toBe(first)
    const minted = visitor.requests.filter(({ url }) => url.pathname.endsWith('/tokens'))
    expect(minted.length).toBeGreaterThan(0)
    expect(await askServer(visitor.page)).toMatchObject({ userId: person.id })
  })

  it('is healed by a handshake when a document is loaded with a token that has run out', async () => {
    const { visitor, person } = await open()
    const { page, context, requests } = visitor
    await page.goto('about:blank')
    const [cookie] = (await context.cookies(site().url)).filter(({ name }) => name === '__session')
    site().instance.clock.advance(-60)
    const old = await site().backend.sessions.getToken((await sessionOf(person)) ?? '')
    site().instance.clock.advance(60)
    const names = (await context.cookies(site().url))
      .map(({ name }) => name)
      .filter((name) => name.startsWith('__session'))
    expect(cookie).toBeDefined()
    await context.addCookies(names.map((name) => ({ name, value: old.jwt, url: site().url })))
    await page.goto(`${site().url}/me`)
    expect(requests.filter(({ url }) => url.pathname === HANDSHAKE)).toHaveLength(1)
    const answer = JSON.parse(await page.locator('body').innerText())
    expect(answer).toMatchObject({ status: 'signed-in', userId: person.id })
    expect(page.url()).toBe(`${site().url}/me`)
  })

  it('ends in every tab when one signs out', async () => {
    const { visitor } = await open()
    const other = await visitor.newTab()
    await other.goto(`${site().url}/`)
    await other.getByText('signed in as').waitFor()
    await visitor.page.bringToFront()
    await visitor.page.getByRole('button', { name: 'Open user menu' }).click()
    await visitor.page.getByText('Sign out', { exact: true }).click()
    await visitor.page.getByText('signed out').waitFor()
    await other.bringToFront()
    await other.getByText('signed out').waitFor()
    await seeNobody(other)
  })

  it('ends when a server revokes it', async () => {
    const { visitor, person } = await open()
    await site().backend.sessions.revokeSession((await sessionOf(person)) ?? '')
    await visitor.page.reload()
    await visitor.page.getByText('signed out').waitFor()
    await seeNobody(visitor.page)
  })

  it('belongs to one browser', async () => {
    const { person } = await open()
    const { page } = await newVisitor()
    await page.goto(`${site().url}/`)
    await page.getByText('signed out').waitFor()
    await seeNobody(page)
    expect(await sessionOf(person)).toBeDefined()
  })

  async function sessionOf({ id }: Person): Promise<string | undefined> {
    const { data } = await site().backend.sessions.getSessionList({ userId: id, status: 'active' })
    return data[0]?.id
  }
})
