import nock from 'nock'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { VENDOR_TIMEOUT_MS } from '../../src/deadline.js'
import { type AppOptions, createApp, NOW, ORIGIN, requestWith } from '../support/supertokens-app.js'
import { type Browser, createBrowser, type RequestKind } from '../support/supertokens-browser.js'
import { ACCESS_TOKEN_SECONDS, type IssuedSession } from '../support/supertokens-core.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

const HEAL = '/auth/session/refresh/continue'
const REFRESH = '/recipe/session/refresh'

const pass = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000)
const expire = () => pass(ACCESS_TOKEN_SECONDS + 1)

/** A site with a page for signed-in people, and browsers to visit it with. */
function createSite(options: AppOptions = {}) {
  const app = createApp({ ...options, auth: { signInPath: '/sign-in', ...options.auth } })
  const page = app.auth.requireAuth(({ auth }) => Response.json({ userId: auth.userId }))
  const auth = app.auth.authHandler()
  const browser = () =>
    createBrowser(async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/sign-in') return new Response('please sign in')
      return pathname.startsWith('/auth/') ? auth(request) : page(request)
    })
  return { ...app, browser }
}

function signIn(browser: Browser, session: IssuedSession): void {
  browser.set('sAccessToken', session.accessToken)
  browser.set('sRefreshToken', encodeURIComponent(session.refreshToken), '/auth/session/refresh')
}

/** A browser signed in, whose access token has run out. */
function expired(options?: AppOptions) {
  const site = createSite(options)
  const browser = site.browser()
  const session = site.core.issue({ antiCsrf: options?.session?.antiCsrf === 'VIA_TOKEN' })
  signIn(browser, session)
  expire()
  /** Another tab, with the cookies as they are now and the answers of later to itself. */
  const tab = () => {
    const other = site.browser()
    for (const [name, { value, path }] of browser.cookies) other.set(name, value, path)
    return other
  }
  return { ...site, browser, session, tab }
}

describe('a page whose session has run out', () => {
  it('is shown after one refresh', async () => {
    const { browser, core } = expired()
    const { response, visited } = await browser.open('/dashboard?tab=1')
    expect(await response.json()).toEqual({ userId: 'user-1' })
    const returnTo = encodeURIComponent('/dashboard?tab=1')
    expect(visited).toEqual([
      '/dashboard?tab=1',
      `${HEAL}?returnTo=${returnTo}`,
      `${HEAL}?returnTo=${returnTo}&marked`,
      '/dashboard?tab=1',
    ])
    expect(core.count(REFRESH)).toBe(1)
    // The refresh token has been used; the first use of the new access token promoted it.
    expect(core.count('/recipe/session/verify')).toBe(1)
  })

  it('stays open through two further refreshes', async () => {
    const { browser, core, session } = expired()
    for (let turn = 1; turn <= 3; turn++) {
      const { response } = await browser.open('/dashboard')
      expect(response.status).toBe(200)
      expect(core.count(REFRESH)).toBe(turn)
      expire()
    }
    expect(core.has(session.handle)).toBe(true)
  })

  it('leads to sign-in when the session has ended, and forgets it', async () => {
    const { browser, core, session } = expired()
    core.revoke(session.handle)
    const { response } = await browser.open('/dashboard')
    expect(await response.text()).toBe('please sign in')
    expect(browser.get('sAccessToken')).toBeUndefined()
    expect(browser.get('sRefreshToken')).toBeUndefined()
    expect((await browser.open('/dashboard')).visited).toEqual([
      '/dashboard',
      '/sign-in?returnTo=%2Fdashboard',
    ])
    expect(core.count(REFRESH)).toBe(1)
  })

  it('leads to sign-in, and not round in circles, when there is no refresh token', async () => {
    const { browser, core } = expired()
    browser.cookies.delete('sRefreshToken')
    expect((await browser.open('/dashboard')).visited.at(-1)).toMatch(/^\/sign-in/)
    expect(core.count(REFRESH)).toBe(0)
  })

  it('leads to sign-in, and not round in circles, in a browser that keeps no cookies', async () => {
    const { browser } = expired()
    browser.cookies.set = () => browser.cookies
    expect((await browser.open('/dashboard')).visited.at(-1)).toMatch(/^\/sign-in/)
  })

  it('is an outage, and no sign-out, when the core is away', async () => {
    const { browser, core } = expired()
    core.goOffline()
    const { response } = await browser.open('/dashboard')
    expect(response.status).toBe(503)
    expect(browser.get('sAccessToken')).toBeDefined()
    core.mount()
    pass(2)
    expect((await browser.open('/dashboard')).response.status).toBe(200)
  })

  it('is an outage after five seconds when the core never answers', async () => {
    const { browser, core } = expired()
    core.faults = [[/\/recipe\/session\/refresh$/, 'hang']]
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() })
    const pending = browser.open('/dashboard')
    await vi.advanceTimersByTimeAsync(VENDOR_TIMEOUT_MS)
    vi.useRealTimers()
    expect((await pending).response.status).toBe(503)
  })

  it('survives a refresh the browser SDK has made at the same time', async () => {
    const { browser, core, session } = expired()
    core.refresh(session.refreshToken)
    expect((await browser.open('/dashboard')).response.status).toBe(200)
    expect(core.has(session.handle)).toBe(true)
  })

  it.each<RequestKind>(['prefetch', 'speculation', 'script', 'frame', 'router'])(
    'gets the ordinary refusal for a %s, which heals nothing',
    async (kind) => {
      const { browser, core } = expired()
      const refusal = await browser.send('/dashboard', kind)
      expect(refusal.status).toBe(401)
      expect(await refusal.json()).toMatchObject({ message: 'try refresh token' })
      const direct = await browser.send(`${HEAL}?returnTo=/dashboard`, kind)
      expect(direct.status).toBe(401)
      expect(direct.headers.getSetCookie()).toEqual([])
      expect(core.count(REFRESH)).toBe(0)
    },
  )

  it.each(['POST', 'PUT', 'HEAD'])('is not healed by %s', async (method) => {
    const { endpoint, core, browser } = expired()
    const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
    const headers = { cookie, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    await endpoint('/session/refresh/continue?returnTo=/', { method, headers })
    expect(core.count(REFRESH)).toBe(0)
  })
})

describe('many tabs', () => {
  it('and prefetches refresh once, and the session lives on', async () => {
    const { browser, core, session } = expired()
    const tabs = Array.from({ length: 20 }, (_, index) => browser.open(`/page-${index}`))
    const fetches = Array.from({ length: 20 }, () => browser.send('/dashboard', 'prefetch'))
    const opened = await Promise.all(tabs)
    expect(opened.map(({ response }) => response.status)).toEqual(Array(20).fill(200))
    expect((await Promise.all(fetches)).every(({ status }) => [200, 401].includes(status))).toBe(
      true,
    )
    expect(core.count(REFRESH)).toBe(1)
    for (let turn = 2; turn <= 3; turn++) {
      expire()
      expect((await browser.open('/dashboard')).response.status).toBe(200)
      expect(core.count(REFRESH)).toBe(turn)
    }
    expect(core.has(session.handle)).toBe(true)
  })

  it('share a refresh that comes late, even after its tokens have been used', async () => {
    const { browser, core, session, tab } = expired()
    const late = tab()
    await browser.open('/dashboard')
    pass(9)
    expect((await late.open('/late')).response.status).toBe(200)
    expect(core.count(REFRESH)).toBe(1)
    expect(core.has(session.handle)).toBe(true)
  })

  it('of people without a refresh token share nothing, whatever the app’s refreshPOST grants', async () => {
    let granted = 0
    const { browser, tab } = expired({
      session: {
        override: {
          apis: (original) => ({
            ...original,
            async refreshPOST({ options }) {
              granted += 1
              options.res.setHeader('x-granted', String(granted), false)
              throw new Error('granted')
            },
          }),
        },
      },
    })
    browser.cookies.delete('sRefreshToken')
    await Promise.all([browser, tab()].map((one) => one.open('/dashboard').catch(() => undefined)))
    expect(granted).toBe(2)
  })

  it('of two people share nothing', async () => {
    const site = createSite()
    const browsers = ['user-1', 'user-2'].map((userId) => {
      const browser = site.browser()
      signIn(browser, site.core.issue({ userId }))
      return browser
    })
    expire()
    const opened = await Promise.all(browsers.map((browser) => browser.open('/dashboard')))
    const bodies = await Promise.all(opened.map(({ response }) => response.json()))
    expect(bodies).toEqual([{ userId: 'user-1' }, { userId: 'user-2' }])
    expect(site.core.count(REFRESH)).toBe(2)
  })

  it('are signed out together when the refresh token is an old one: that is theft', async () => {
    const { browser, core, session, tab } = expired()
    const thief = tab()
    await browser.open('/dashboard')
    pass(60)
    const { response } = await thief.open('/dashboard')
    expect(await response.text()).toBe('please sign in')
    expect(core.has(session.handle)).toBe(false)
  })
})

describe('the app’s own rules apply to healing', () => {
  it('refreshPOST is run, and may refuse', async () => {
    const run = vi.fn()
    const { browser, core } = expired({
      session: {
        override: {
          apis: (original) => ({
            ...original,
            async refreshPOST(input) {
              run(input.options.req.getMethod())
              return original.refreshPOST?.(input) as never
            },
          }),
        },
      },
    })
    expect((await browser.open('/dashboard')).response.status).toBe(200)
    expect(run.mock.calls).toEqual([['post']])
    expect(core.count(REFRESH)).toBe(1)
  })

  it('refreshPOST switched off heals nothing', async () => {
    const { browser, core } = expired({
      session: { override: { apis: (original) => ({ ...original, refreshPOST: undefined }) } },
    })
    expect((await browser.open('/dashboard')).visited.at(-1)).toMatch(/^\/sign-in/)
    expect(core.count(REFRESH)).toBe(0)
  })

  it('the rid header is satisfied', async () => {
    const { browser } = expired({ session: { antiCsrf: 'VIA_CUSTOM_HEADER' } })
    expect((await browser.open('/dashboard')).response.status).toBe(200)
  })

  it.each(['/dashboard', `${HEAL}?returnTo=%2Fdashboard`, `${HEAL}?returnTo=%2Fdashboard&marked`])(
    'sessions with an anti-CSRF token are left to the browser SDK: %s',
    async (path) => {
      const { browser, core, session } = expired({ session: { antiCsrf: 'VIA_TOKEN' } })
      const { visited } = await browser.open(path)
      expect(visited.at(-1)).toMatch(/^\/sign-in/)
      expect(core.count(REFRESH)).toBe(0)
      expect(browser.get('sAccessToken')).toBe(session.accessToken)
      expect(browser.get('sRefreshToken')).toBeDefined()
    },
  )
})

describe('the way back', () => {
  it.each([
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['javascript:alert(1)', '/'],
    [`${ORIGIN}/dashboard`, '/dashboard'],
  ])('to %s leads to %s', async (returnTo, path) => {
    const { browser } = expired()
    const { visited } = await browser.open(`${HEAL}?returnTo=${encodeURIComponent(returnTo)}`)
    expect(visited.at(-1)).toBe(path)
  })

  it('is taken at once while the session is fresh', async () => {
    const site = createSite()
    const browser = site.browser()
    signIn(browser, site.core.issue())
    const { visited } = await browser.open(`${HEAL}?returnTo=%2Fdashboard`)
    expect(visited).toEqual([`${HEAL}?returnTo=%2Fdashboard`, '/dashboard'])
    expect(site.core.count(REFRESH)).toBe(0)
  })

  it('is counted by a marker that scripts cannot read and that is soon gone', async () => {
    const { browser } = expired()
    const response = await browser.send(`${HEAL}?returnTo=%2Fdashboard`)
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^authmux_heal_[\w-]+=set\.[\w.-]+; Max-Age=30; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    ])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

describe('credentials nobody can use are not healed', () => {
  it.each([
    ['garbage', 'garbage'],
    ['an empty token', ''],
    ['somebody else’s JWT', 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJlbHNld2hlcmUifQ.AA'],
  ])('%s', async (_says, cookie) => {
    const site = createSite()
    const browser = site.browser()
    browser.set('sAccessToken', cookie)
    expect((await browser.open('/dashboard')).visited.at(-1)).toMatch(/^\/sign-in/)
    expect(site.core.count(REFRESH)).toBe(0)
  })

  it('a bearer token is no browser', async () => {
    const { auth, core } = createSite()
    const { accessToken: bearer } = core.issue()
    expire()
    const headers = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const response = await auth.requireAuth(() => new Response())(requestWith({ bearer, headers }))
    expect(response.status).toBe(401)
  })
})
