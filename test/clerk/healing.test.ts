import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clerk } from '../../providers/clerk/index.js'
import { createAuth } from '../../src/auth.js'
import type { JsonObject } from '../../src/jwt/token.js'
import {
  createApp,
  createInstance,
  NOW,
  NOW_SECONDS,
  ORIGIN,
  optionsOf,
} from '../support/clerk-app.js'
import { backend, isolateNetwork, refusal } from '../support/clerk-backend.js'
import {
  type Browser,
  type BrowserOptions,
  createBrowser,
  navigationHeaders,
} from '../support/clerk-browser.js'
import { toCookieHeader } from '../support/cookie-jar.js'

isolateNetwork()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  for (const method of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => undefined)
  }
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const HEAL = '/api/auth/session/refresh/continue'
const PAGE = '/dashboard?tab=2'
const NONCE = 'nonce_1'

async function world(isProduction: boolean) {
  const instance = await createInstance(isProduction)
  const options = optionsOf(instance)
  const auth = createApp(options)
  const handle = auth.authHandler()
  const page = auth.requireAuth(({ auth }) => new Response(`hello ${auth.userId}`))
  const host = new URL(instance.issuer).host

  const claims = (changes: JsonObject = {}) => ({
    iss: instance.issuer,
    sub: 'user_1',
    sid: 'sess_1',
    azp: ORIGIN,
    iat: NOW_SECONDS,
    nbf: NOW_SECONDS - 10,
    exp: NOW_SECONDS + 60,
    ...changes,
  })
  const header = { typ: 'JWT', cat: 'cl_B7d4PD111AAA' }

  return {
    instance,
    host,
    options,
    auth,
    handle,
    sign: (changes?: JsonObject) => instance.sign(claims(changes), header),
    /** Set-Cookie lines with which the Frontend API renews a session. */
    async directives(token: string): Promise<readonly string[]> {
      const cookies = await instance.cookies(token, NOW_SECONDS - 100)
      return cookies.split('; ').map((cookie) => `${cookie}; Path=/; SameSite=Lax`)
    },
    /** A browser that comes to the app with these cookies. */
    browser(cookie: string, overrides: Partial<BrowserOptions> = {}): Browser {
      const browser = createBrowser({
        serve: async (request) => {
          const { pathname } = new URL(request.url)
          if (pathname.startsWith('/api/auth/')) return handle(request)
          if (pathname === '/sign-in') return new Response('sign in')
          return page(request)
        },
        visit: (url, { cookies }) => comeBack(url, cookies, isProduction),
        ...overrides,
      })
      for (const pair of cookie.split('; ').filter(Boolean)) {
        browser.cookies.set(pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1))
      }
      return browser
    },
    async expired(): Promise<string> {
      const token = await instance.sign(
        claims({ iat: NOW_SECONDS - 90, exp: NOW_SECONDS - 30 }),
        header,
      )
      return instance.cookies(token, NOW_SECONDS - 100)
    },
  }
}

/** The Frontend API sends the browser back with a nonce: in the address, or in a cookie. */
function comeBack(url: URL, cookies: Map<string, string>, isProduction: boolean): string {
  const back = new URL(url.searchParams.get('redirect_url') ?? '')
  if (isProduction) cookies.set('__clerk_handshake_nonce', NONCE)
  else back.searchParams.set('__clerk_handshake_nonce', NONCE)
  return back.href
}

const worlds = { development: await world(false), production: await world(true) }

function answerNonce({ options }: Awaited<ReturnType<typeof world>>) {
  return backend(options.secretKey ?? '')
    .get('/v1/clients/handshake_payload')
    .query({ nonce: NONCE })
}

for (const [kind, subject] of Object.entries(worlds)) {
  describe(`a page load with a session that ran out, in ${kind}`, () => {
    it('ends on the page, signed in, after one visit to the Frontend API', async () => {
      const renewed = await subject.sign()
      answerNonce(subject).reply(200, { directives: await subject.directives(renewed) })
      const browser = subject.browser(await subject.expired())
      const answer = await browser.open(PAGE)
      expect([answer.status, await answer.text()]).toEqual([200, 'hello user_1'])
      expect(browser.cookies.get('__session')).toBe(renewed)
      const places = browser.visited.map((url) => `${new URL(url).host}${new URL(url).pathname}`)
      const app = new URL(ORIGIN).host
      expect(places).toEqual([
        `${app}/dashboard`,
        `${app}${HEAL}`,
        `${app}${HEAL}`,
        `${subject.host}/v1/client/handshake`,
        `${app}${HEAL}`,
        `${app}/dashboard`,
      ])
      expect(browser.visited.at(-1)).toBe(ORIGIN + PAGE)
    })

    const stale = async (changes: Readonly<Record<string, string | null>>) => {
      const cookies = new Map(
        (await subject.instance.cookies(await subject.sign(), NOW_SECONDS - 100))
          .split('; ')
          .map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
      )
      for (const name of [...cookies.keys()]) {
        for (const [start, value] of Object.entries(changes)) {
          if (!name.startsWith(start)) continue
          if (value === null) cookies.delete(name)
          else cookies.set(name, value)
        }
      }
      return toCookieHeader(cookies)
    }

    it.each([
      { says: 'nothing vouches for the session', changes: { __client_uat: null } },
      { says: 'somebody signed in since', changes: { __client_uat: String(NOW_SECONDS + 5) } },
      { says: 'the session itself is missing', changes: { __session: null } },
    ])('heals as well when $says', async ({ changes }) => {
      answerNonce(subject).reply(200, {
        directives: await subject.directives(await subject.sign()),
      })
      const browser = subject.browser(await stale(changes))
      expect(await (await browser.open(PAGE)).text()).toBe('hello user_1')
    })

    it('is not tried for a browser that has signed out, or was never here', async () => {
      for (const cookie of [await stale({ __client_uat: '0' }), '']) {
        const browser = subject.browser(cookie)
        expect(await (await browser.open(PAGE)).text()).toBe('sign in')
        expect(browser.visited).toHaveLength(2)
      }
    })

    it('is not taken to the Frontend API with a session that is garbage', async () => {
      const browser = subject.browser(await stale({ __session: 'garbage' }))
      expect(await (await browser.open(PAGE)).text()).toBe('sign in')
      expect(browser.visited.every((url) => url.startsWith(ORIGIN))).toBe(true)
    })

    const failures: readonly { says: string; answer: () => Promise<void> }[] = [
      {
        says: 'the nonce is not known',
        answer: async () => void answerNonce(subject).reply(404, refusal('resource_not_found')),
      },
      {
        says: 'the answer brings nothing',
        answer: async () => void answerNonce(subject).reply(200, { directives: [] }),
      },
      {
        says: 'the answer signs the browser out',
        answer: async () =>
          void answerNonce(subject).reply(200, { directives: ['__client_uat=0; Path=/'] }),
      },
      {
        says: 'the answer brings a session that has run out',
        answer: async () => {
          const late = await subject.sign({ iat: NOW_SECONDS - 90, exp: NOW_SECONDS - 30 })
          // Development forgives a clock that is off by a day.
          const older = await subject.sign({ iat: NOW_SECONDS - 2e5, exp: NOW_SECONDS - 1e5 })
          const token = kind === 'production' ? late : older
          answerNonce(subject).reply(200, { directives: await subject.directives(token) })
        },
      },
      {
        says: 'the answer brings a session of elsewhere',
        answer: async () => {
          const foreign = await subject.sign({ iss: 'https://clerk.elsewhere.test' })
          answerNonce(subject).reply(200, { directives: await subject.directives(foreign) })
        },
      },
      {
        says: 'the answer brings a forged session',
        answer: async () => {
          const forged = `${(await subject.sign()).slice(0, -8)}AAAAAAAA`
          answerNonce(subject).reply(200, { directives: await subject.directives(forged) })
        },
      },
    ]

    for (const { says, answer } of failures) {
      it(`ends at the sign-in page when ${says}`, async () => {
        await answer()
        const expired = await subject.expired()
        const browser = subject.browser(expired)
        expect(await (await browser.open(PAGE)).text()).toBe('sign in')
        // Nothing that does not hold replaces what the browser had.
        expect(expired).toContain(`__session=${browser.cookies.get('__session')};`)
        const { pathname, searchParams } = new URL(browser.visited.at(-1) ?? '')
        expect([pathname, searchParams.get('returnTo')]).toEqual(['/sign-in', PAGE])
      })
    }

    it('ends at the sign-in page when the Frontend API brings nothing back', async () => {
      const visit = (url: URL) => url.searchParams.get('redirect_url')
      const browser = subject.browser(await subject.expired(), { visit })
      expect(await (await browser.open(PAGE)).text()).toBe('sign in')
    })

    it('ends at the sign-in page for a browser that keeps no cookies', async () => {
      const browser = subject.browser(await subject.expired(), { keepsCookies: false })
      expect(await (await browser.open(PAGE)).text()).toBe('sign in')
      expect(browser.visited.every((url) => url.startsWith(ORIGIN))).toBe(true)
    })

    it('ends in 401 where there is no sign-in page, with cookies or without', async () => {
      const auth = createAuth({
        providers: { clerk: () => clerk(subject.options) },
        origins: [ORIGIN],
        now: () => Date.now(),
      })
      const page = auth.requireAuth(() => new Response('in'))
      const handle = auth.authHandler()
      for (const keepsCookies of [true, false]) {
        const browser = subject.browser(await subject.expired(), {
          keepsCookies,
          serve: (request) =>
            new URL(request.url).pathname.startsWith('/api/auth/')
              ? handle(request)
              : page(request),
          visit: (url) => url.searchParams.get('redirect_url'),
        })
        expect((await browser.open(PAGE)).status).toBe(401)
      }
    })

    it('is tried once for a credential, and again for the next', async () => {
      const visit = (url: URL) => url.searchParams.get('redirect_url')
      const browser = subject.browser(await subject.expired(), { visit })
      await browser.open(PAGE)
      const away = () => browser.visited.filter((url) => !url.startsWith(ORIGIN)).length
      expect(away()).toBe(1)
      await browser.open(PAGE)
      expect(away()).toBe(1)
      browser.cookies.set('__client_uat', String(NOW_SECONDS - 99))
      for (const name of browser.cookies.keys()) {
        if (name.startsWith('__client_uat')) browser.cookies.set(name, String(NOW_SECONDS - 99))
      }
      await browser.open(PAGE)
      expect(away()).toBe(2)
    })

    it.each([
      { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'http' },
      { 'x-forwarded-host': 'evil.test, app.example.com' },
      { 'cloudfront-forwarded-proto': 'http', forwarded: 'host=evil.test;proto=http' },
      { host: 'evil.test' },
      { host: 'app.example.com.evil.test', 'x-forwarded-host': 'evil.test' },
      { referer: 'https://evil.test/', origin: 'https://evil.test' },
      { 'x-original-url': 'https://evil.test/', 'x-rewrite-url': 'https://evil.test/' },
    ])('goes nowhere else for %o', async (headers) => {
      answerNonce(subject).reply(200, {
        directives: await subject.directives(await subject.sign()),
      })
      const browser = subject.browser(await subject.expired(), { headers })
      expect(await (await browser.open(PAGE)).text()).toBe('hello user_1')
      for (const url of browser.visited) {
        expect([ORIGIN, subject.instance.issuer]).toContain(new URL(url).origin)
        expect(url).not.toContain('evil.test')
      }
    })
  })

  describe(`the healing address by itself, in ${kind}`, () => {
    const call = (query: string, cookie: string, headers: Record<string, string> = {}) =>
      subject.handle(
        new Request(`${ORIGIN}${HEAL}${query}`, {
          headers: { ...navigationHeaders, ...(cookie && { cookie }), ...headers },
        }),
      )
    const marker = (answer: Response) => answer.headers.getSetCookie().at(0)?.split(';')[0] ?? ''

    it.each([
      'https://evil.test/',
      '//evil.test/',
      '/\\evil.test/',
      'javascript:alert(1)',
      '\t//evil.test',
      'https://app.example.com@evil.test/',
      'https://app.example.com.evil.test/',
      '/..//evil.test',
    ])('returns to no address of others: %s', async (returnTo) => {
      const good = await subject.instance.cookies(await subject.sign(), NOW_SECONDS - 100)
      for (const cookie of [good, '', await subject.expired()]) {
        const answer = await call(`?returnTo=${encodeURIComponent(returnTo)}`, cookie)
        const location = new URL(answer.headers.get('location') ?? '', ORIGIN)
        expect([answer.status, location.origin]).toEqual([307, ORIGIN])
        const target = new URL(location.searchParams.get('returnTo') ?? '/', ORIGIN)
        expect(target.origin).toBe(ORIGIN)
      }
    })

    it.each([
      '__clerk_redirect_url=https%3A%2F%2Fevil.test%2F',
      '__clerk_synced=false&__clerk_redirect_url=https%3A%2F%2Fevil.test%2F',
      '__clerk_db_jwt=dvb_of_evil',
      'redirect_url=https%3A%2F%2Fevil.test%2F',
    ])(
      'sends a marked browser to the Frontend API, whatever else it is told: %s',
      async (extra) => {
        const expired = await subject.expired()
        const marked = marker(await call('?returnTo=%2F', expired))
        const answer = await call(`?returnTo=%2F&marked&${extra}`, `${expired}; ${marked}`)
        const location = new URL(answer.headers.get('location') ?? '', ORIGIN)
        expect(location.origin).toBe(subject.instance.issuer)
        expect(location.searchParams.get('__clerk_db_jwt') ?? '').not.toContain('evil')
      },
    )

    it('hands the browser nothing but cookies and an address', async () => {
      const expired = await subject.expired()
      const marked = marker(await call('?returnTo=%2F', expired))
      const answer = await call('?returnTo=%2F&marked', `${expired}; ${marked}`)
      expect([...new Set(answer.headers.keys())].sort()).toEqual([
        'cache-control',
        'location',
        'set-cookie',
        'vary',
      ])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const own = answer.headers.getSetCookie().filter((line) => line.startsWith('authmux_heal_'))
      expect(own).toHaveLength(1)
      expect(own[0]).toMatch(/; Max-Age=30; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
      expect(own[0]).not.toContain('eyJ')
    })

    it.each([
      { says: 'a script', headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } },
      { says: 'a frame', headers: { 'sec-fetch-dest': 'iframe' } },
      { says: 'a prefetch', headers: { 'sec-purpose': 'prefetch' } },
      { says: 'the router', headers: { rsc: '1' } },
      { says: 'a router prefetch', headers: { 'next-router-prefetch': '1' } },
    ])('tells $says 401 and uses nothing up', async ({ headers }) => {
      const answer = await call('?returnTo=%2F', await subject.expired(), headers)
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []])
      expect((await answer.json()).code).toBe('token_expired')
    })

    it.each(['POST', 'PUT', 'DELETE'])('does not answer %s', async (method) => {
      const answer = await subject.handle(
        new Request(`${ORIGIN}${HEAL}`, {
          method,
          headers: { ...navigationHeaders, 'sec-fetch-site': 'same-origin' },
        }),
      )
      expect(answer.status).toBe(404)
    })

    it('is not reached with a session that is good', async () => {
      const good = await subject.instance.cookies(await subject.sign(), NOW_SECONDS - 100)
      const answer = await call(`?returnTo=${encodeURIComponent(PAGE)}`, good)
      expect(answer.headers.get('location')).toBe(PAGE)
    })

    it('goes to a proxied Frontend API where one is configured', async () => {
      const proxied = createApp({ ...subject.options, proxyUrl: '/__clerk' }).authHandler()
      const expired = await subject.expired()
      const open = (query: string, cookie: string) =>
        proxied(
          new Request(`${ORIGIN}${HEAL}${query}`, { headers: { ...navigationHeaders, cookie } }),
        )
      const marked = marker(await open('?returnTo=%2F', expired))
      const answer = await open('?returnTo=%2F&marked', `${expired}; ${marked}`)
      const location = new URL(answer.headers.get('location') ?? '')
      expect(location.origin + location.pathname).toBe(`${ORIGIN}/__clerk/v1/client/handshake`)
    })

    it('goes nowhere without the secret key it would take to come back', async () => {
      const { secretKey: _, ...others } = subject.options
      const browser = subject.browser(await subject.expired(), {
        serve: async (request) => {
          const { pathname } = new URL(request.url)
          const keyless = createApp(others)
          if (pathname.startsWith('/api/auth/')) return keyless.authHandler()(request)
          if (pathname === '/sign-in') return new Response('sign in')
          return keyless.requireAuth(() => new Response('in'))(request)
        },
      })
      expect(await (await browser.open(PAGE)).text()).toBe('sign in')
      expect(browser.visited.filter((url) => !url.startsWith(ORIGIN))).toEqual([])
    })
  })
}

describe('a satellite in production', () => {
  it('heals at the Frontend API of its own domain', async () => {
    const subject = worlds.production
    const options = { ...subject.options, isSatellite: true, domain: 'satellite.test' }
    const handle = createApp(options).authHandler()
    const cookie = await subject.expired()
    const open = (query: string, more: string) =>
      handle(
        new Request(`${ORIGIN}${HEAL}${query}`, {
          headers: { ...navigationHeaders, cookie: cookie + more },
        }),
      )
    const marked = (await open('?returnTo=%2F', '')).headers.getSetCookie()[0]?.split(';')[0]
    const answer = await open('?returnTo=%2F&marked', `; ${marked}`)
    const location = new URL(answer.headers.get('location') ?? '', ORIGIN)
    expect(location.origin).toBe('https://clerk.satellite.test')
  })
})

describe('a refresh token beside the session', () => {
  const subject = worlds.production

  it('heals without leaving the app', async () => {
    const renewed = await subject.sign()
    backend(subject.options.secretKey ?? '')
      .post('/v1/sessions/sess_1/refresh')
      .query(true)
      .reply(200, { object: 'cookies', cookies: await subject.directives(renewed) })
    const expired = await subject.expired()
    const suffix = /__session_([\w-]{8})=/.exec(expired)?.[1] ?? ''
    const browser = subject.browser(`${expired}; __refresh_${suffix}=refresh_1`)
    expect(await (await browser.open(PAGE)).text()).toBe('hello user_1')
    expect(browser.visited.every((url) => url.startsWith(ORIGIN))).toBe(true)
  })
})
