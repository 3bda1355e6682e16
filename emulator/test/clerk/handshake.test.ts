import type { ClerkClient } from '@clerk/backend'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { APP, type Browser, openBrowser, readSetCookies, signUp, toHeader } from './browser.js'
import { reset, type Served, serve } from './support.js'

type State = Awaited<ReturnType<ClerkClient['authenticateRequest']>>

const NOW = Date.UTC(2026, 10, 21, 12)

let instances: { development: Served; production: Served }
let served: Served
let browser: Browser

beforeAll(async () => {
  instances = { development: await serve(), production: await serve({ isProduction: true }) }
})
afterAll(async () => {
  await instances.development.close()
  await instances.production.close()
})
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: NOW }))
afterEach(() => vi.useRealTimers())

async function start(isProduction: boolean): Promise<void> {
  served = instances[isProduction ? 'production' : 'development']
  reset(served.instance)
  browser = await openBrowser(served.instance)
}

function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000)
}

/** Opens a page of the app, whose server asks the real SDK about the request. */
async function open(url = `${APP}/`, headers: HeadersInit = { 'sec-fetch-dest': 'document' }) {
  const state = await served.client.authenticateRequest(
    new Request(url, { headers: { ...headers, cookie: toHeader(browser.cookies) } }),
    { jwtKey: served.instance.jwtKey },
  )
  for (const [name, value] of readSetCookies(state.headers)) {
    if (value === '') browser.cookies.delete(name)
    else browser.cookies.set(name, value)
  }
  return state
}

/** Opens a page and follows redirects as long as the SDK asks for them. */
async function navigate(url = `${APP}/`): Promise<{ state: State; hops: string[] }> {
  const hops: string[] = []
  let state = await open(url)
  for (let location = state.headers.get('location'); location && hops.length < 6; ) {
    hops.push(new URL(location).pathname)
    const isAway = location.startsWith(served.instance.issuer)
    state = await open(isAway ? await browser.follow(location) : location)
    location = state.headers.get('location')
  }
  return { state, hops }
}

describe.each([
  { key: 'a development key', isProduction: false },
  { key: 'a production key', isProduction: true },
])('with $key', ({ isProduction }) => {
  beforeEach(() => start(isProduction))

  it('leaves nobody signed in who is not', async () => {
    const { state } = await navigate()
    expect(state.status).toBe('signed-out')
    expect(browser.cookies.get('__session')).toBeUndefined()
  })

  it('accepts the cookies that ClerkJS leaves', async () => {
    await signUp(served.instance, browser)
    await browser.sync()
    const { state, hops } = await navigate()
    expect(state).toMatchObject({ status: 'signed-in', reason: null })
    expect(hops).toEqual([])
  })

  it('heals an expired cookie by a trip to the Frontend API', async () => {
    await signUp(served.instance, browser)
    await browser.sync()
    pass(120)
    const expired = await open(`${APP}/`, {})
    expect(expired.status).toBe('signed-out')
    const { state, hops } = await navigate(`${APP}/page?q=1`)
    expect(hops[0]).toBe('/v1/client/handshake')
    expect(state).toMatchObject({ status: 'signed-in' })
    const again = await navigate(`${APP}/page?q=1`)
    expect(again).toMatchObject({ state: { status: 'signed-in' }, hops: [] })
  })

  it('heals by refresh token, without a trip, after the first time', async () => {
    await signUp(served.instance, browser)
    await browser.sync()
    pass(120)
    await navigate()
    pass(120)
    const { state, hops } = await navigate()
    expect(state.status).toBe('signed-in')
    expect(hops).toEqual([])
    expect(served.instance.log.entries.at(-1)?.path).toMatch(/\/refresh$/)
  })

  it('gives a session back to a browser that lost its token', async () => {
    await signUp(served.instance, browser)
    await browser.sync()
    for (const name of [...browser.cookies.keys()]) {
      if (name.startsWith('__session')) browser.cookies.delete(name)
    }
    expect((await navigate()).state.status).toBe('signed-in')
  })

  it('signs out a browser whose session was revoked', async () => {
    const { body } = await signUp(served.instance, browser)
    await browser.sync()
    await served.client.sessions.revokeSession(body.response.created_session_id)
    pass(120)
    const { state } = await navigate()
    expect(state.status).toBe('signed-out')
    expect(browser.cookies.get('__session')).toBeUndefined()
    expect(browser.cookies.get('__client_uat')).toBe('0')
  })

  it('hands the cookies over once, and not for long', async () => {
    const handshake = `${served.instance.issuer}/v1/client/handshake?format=nonce&redirect_url=${APP}/`
    const request = () => new Request(handshake, { redirect: 'manual' })
    const nonceOf = async () => {
      const { headers } = await served.instance.fetch(request())
      const location = new URL(headers.get('location') ?? '')
      const byCookie = new Map(readSetCookies(headers)).get('__clerk_handshake_nonce')
      return location.searchParams.get('__clerk_handshake_nonce') ?? byCookie ?? ''
    }
    const redeem = (nonce: string) => served.client.clients.getHandshakePayload({ nonce })

    const nonce = await nonceOf()
    expect((await redeem(nonce)).directives.length).toBeGreaterThan(0)
    await expect(redeem(nonce)).rejects.toMatchObject({ status: 404 })

    const late = await nonceOf()
    pass(61)
    await expect(redeem(late)).rejects.toMatchObject({ status: 404 })
    await expect(redeem('guess')).rejects.toMatchObject({ status: 404 })
  })

  it('also speaks the older form, a signed payload', async () => {
    await signUp(served.instance, browser)
    await browser.sync()
    pass(120)
    const { headers } = await open(`${APP}/`)
    const location = new URL(headers.get('location') ?? '')
    location.searchParams.set('format', 'token')
    const before = served.instance.log.entries.length
    const state = await open(await browser.follow(location.href))
    expect(state.status).toBe('signed-in')
    expect(
      served.instance.log.entries.slice(before).some(({ path }) => path.includes('payload')),
    ).toBe(false)
  })

  it('switches the organisation a page is about', async () => {
    const { body } = await signUp(served.instance, browser)
    const createdBy = body.response.created_user_id
    const { id } = await served.client.organizations.createOrganization({ name: 'Acme', createdBy })
    await browser.sync()
    const match = { organizationPatterns: ['/orgs/:slug'] }
    const url = `${APP}/orgs/acme`
    const request = new Request(url, {
      headers: { 'sec-fetch-dest': 'document', cookie: toHeader(browser.cookies) },
    })
    const options = { jwtKey: served.instance.jwtKey, organizationSyncOptions: match }
    const state = await served.client.authenticateRequest(request, options)
    expect(state).toMatchObject({ status: 'handshake', reason: 'active-organization-mismatch' })
    await navigate(await browser.follow(state.headers.get('location') ?? ''))
    expect((await open(url)).toAuth()).toMatchObject({
      orgId: id,
      orgSlug: 'acme',
      orgRole: 'org:admin',
    })
  })
})

describe('the handshake endpoint', () => {
  it.each([
    { says: 'nowhere to return to', query: '' },
    { says: 'no address to return to', query: 'redirect_url=page' },
    { says: 'a script to return to', query: 'redirect_url=javascript:alert(1)' },
  ])('refuses to go $says', async ({ query }) => {
    await start(false)
    const url = `${served.instance.issuer}/v1/client/handshake?${query}`
    const response = await served.instance.fetch(new Request(url))
    expect(response.status).toBe(422)
    expect(response.headers.get('location')).toBeNull()
  })

  it('gives a new development browser in place of an unknown one', async () => {
    await start(false)
    browser.cookies.set('__clerk_db_jwt', 'invented')
    browser.cookies.set('__client_uat', '1')
    const { state } = await navigate()
    expect(state.status).toBe('signed-out')
    expect(browser.cookies.get('__clerk_db_jwt')).toMatch(/^dvb_/)
  })

  it("shares the app's domain only under a name of its own, and only by https", async () => {
    await start(true)
    const handshake = async (host: string, headers: HeadersInit = {}) => {
      const url = `${host}/v1/client/handshake?redirect_url=https://app.stand-in.test/`
      const response = await served.instance.fetch(new Request(url, { headers }))
      return response.headers.getSetCookie().find((its) => its.startsWith('__clerk_handshake='))
    }
    const own = await handshake('https://clerk.stand-in.test')
    expect(own).toContain('Domain=stand-in.test')
    expect(own).toContain('Secure')
    expect(own).toContain('HttpOnly')
    const proxied = await handshake('http://127.0.0.1:4000', {
      'x-forwarded-host': 'localhost:3000',
    })
    expect(proxied).not.toContain('Domain')
    expect(proxied).not.toContain('Secure')
  })
})
