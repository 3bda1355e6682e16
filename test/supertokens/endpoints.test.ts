import { Readable } from 'node:stream'
import nock from 'nock'
import { getAllCORSHeaders } from 'supertokens-node'
import { handleAuthAPIRequest } from 'supertokens-node/custom'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTestResponse } from '../../src/testing/node-response.js'
import {
  APP_INFO,
  cookiesOf,
  createApp,
  NOW,
  ORIGIN,
  requestWith,
  type TestApp,
} from '../support/supertokens-app.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

const fields = (email: string, password = 'correct-horse-1') =>
  JSON.stringify({
    formFields: [
      { id: 'email', value: email },
      { id: 'password', value: password },
    ],
  })
const asCookie = { 'st-auth-mode': 'cookie', 'content-type': 'application/json' }
const post = (body: BodyInit = '', headers: Record<string, string> = asCookie): RequestInit => ({
  method: 'POST',
  body,
  headers,
})
const withCookies = (cookies: Record<string, string>, headers: Record<string, string> = {}) =>
  post('', { ...headers, cookie: toHeader(cookies) })
const toHeader = (cookies: Record<string, string>) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('; ')

/** An answer without what differs from one time to the next. */
async function outline(response: Response) {
  const body = (await response.text()).replaceAll(/[\da-f]{8}-[\da-f-]{27}|[\w-]{100,}/g, '…')
  const cookies = [...cookiesOf(response.headers)].map(
    ([name, { value, text }]) => `${name}=${value && '…'}${text.slice(text.indexOf(';'))}`,
  )
  const { headers } = response
  const exposed = headers.get('access-control-expose-headers')?.split(', ').sort()
  const kept = ['content-type', 'cache-control', 'access-control-allow-origin'].map((name) =>
    headers.get(name),
  )
  const tokens = ['front-token', 'st-access-token', 'st-refresh-token', 'anti-csrf'].map((name) =>
    headers.get(name)?.replace(/^.{20,}$/, '…'),
  )
  return { status: response.status, body, cookies, exposed, kept, tokens }
}

describe("every endpoint answers as the SDK's own handler does", () => {
  const session = (app: TestApp) => {
    const { accessToken: sAccessToken, refreshToken: sRefreshToken } = app.core.issue()
    return { sAccessToken, sRefreshToken }
  }

  it.each<[string, string, (app: TestApp) => RequestInit]>([
    ['sign-up, cookies', '/signup', () => post(fields('new@example.com'))],
    ['sign-up, headers', '/signup', () => post(fields('new@example.com'), {})],
    ['sign-up of somebody known', '/signup', () => post(fields('jo@example.com'))],
    ['sign-up with a weak password', '/signup', () => post(fields('new@example.com', 'x'))],
    ['sign-up without fields', '/signup', () => post('{}')],
    ['sign-up with fields of another type', '/signup', () => post('{"formFields":7}')],
    ['sign-in, cookies', '/signin', () => post(fields('jo@example.com'))],
    ['sign-in, headers', '/signin', () => post(fields('jo@example.com'), {})],
    ['sign-in with a wrong password', '/signin', () => post(fields('jo@example.com', 'wrong'))],
    ['sign-in for a tenant', '/public/signin', () => post(fields('jo@example.com'))],
    ['an e-mail that exists', '/signup/email/exists?email=jo@example.com', () => ({})],
    ['an e-mail that does not', '/emailpassword/email/exists?email=a@example.com', () => ({})],
    ['an e-mail left out', '/signup/email/exists', () => ({})],
    ['refresh, cookies', '/session/refresh', (app) => withCookies(session(app))],
    [
      'refresh, headers',
      '/session/refresh',
      (app) => post('', { authorization: `Bearer ${session(app).sRefreshToken}` }),
    ],
    ['refresh without a token', '/session/refresh', () => post('')],
    [
      'refresh without a token, next to an access token',
      '/session/refresh',
      (app) => withCookies({ sAccessToken: session(app).sAccessToken }),
    ],
    ['refresh with garbage', '/session/refresh', () => withCookies({ sRefreshToken: 'x' })],
    [
      'refresh of a legacy session',
      '/session/refresh',
      (app) => withCookies({ ...session(app), sIdRefreshToken: 'x' }),
    ],
    ['sign-out, cookies', '/signout', (app) => withCookies(session(app))],
    [
      'sign-out, headers',
      '/signout',
      (app) => post('', { authorization: `Bearer ${session(app).sAccessToken}` }),
    ],
    ['sign-out of nobody', '/signout', () => post('')],
    ['sign-out with garbage', '/signout', () => withCookies({ sAccessToken: 'x' })],
    ['keys', '/jwt/jwks.json', () => ({})],
    ['discovery', '/.well-known/openid-configuration', () => ({})],
    ['an unknown path', '/nothing/here', () => ({})],
    ['the base path itself', '', () => ({})],
    ['a known path with another method', '/signin', () => ({ method: 'DELETE' })],
  ])('%s', async (_says, path, make) => {
    const sdk = createApp()
    await sdk.auth.checkAuthConfig()
    sdk.core.users.add()
    const request = new Request(`${ORIGIN}/auth${path}`, make(sdk))
    const expected = await outline(await handleAuthAPIRequest()(request))
    const ours = createApp()
    ours.core.users.add()
    const answer = await outline(await ours.endpoint(path, make(ours)))
    // Nothing an auth endpoint says may be stored, unless the SDK says how long.
    const noStore = expected.kept[1] ?? 'no-cache, no-store, max-age=0, must-revalidate'
    const type = expected.status === 404 ? 'text/plain' : expected.kept[0]
    expect(answer).toEqual({ ...expected, kept: [type, noStore, expected.kept[2]] })
    expect(ours.core.calls).toEqual(
      expect.arrayContaining(sdk.core.calls.filter((call) => call.startsWith('POST '))),
    )
  })
})

describe('sign-in and sign-up', () => {
  it('make sessions that count, in cookies and in headers', async () => {
    const { auth, endpoint } = createApp()
    const byCookie = await endpoint('/signup', post(fields('a@example.com')))
    const cookie = cookiesOf(byCookie.headers).get('sAccessToken')?.value ?? ''
    const seen = await auth.getAuth(requestWith({ cookie }))
    expect(seen).toMatchObject({ isAuthenticated: true, tenantId: 'public' })
    expect(seen.claims).not.toHaveProperty('refreshTokenHash1')
    const byHeader = await endpoint('/signin', post(fields('a@example.com'), {}))
    const bearer = byHeader.headers.get('st-access-token') ?? ''
    expect(await auth.getAuth(requestWith({ bearer }))).toMatchObject({ userId: seen.userId })
  })

  it('sign-out ends the session at the core', async () => {
    const { auth, core, endpoint } = createApp()
    const { accessToken, handle } = core.issue()
    const response = await endpoint('/signout', withCookies({ sAccessToken: accessToken }))
    expect(response.headers.get('front-token')).toBe('remove')
    expect(core.has(handle)).toBe(false)
    const guarded = auth.requireAuth(() => new Response(), { revocation: 'session' })
    expect((await guarded(requestWith({ cookie: accessToken }))).status).toBe(401)
  })

  it('work over Node requests, too', async () => {
    const { auth } = createApp()
    const source = Object.assign(Readable.from([Buffer.from(fields('a@example.com'))]), {
      method: 'POST',
      url: '/auth/signup',
      headers: { host: 'localhost', ...asCookie },
    })
    const response = createTestResponse()
    await auth.authHandler()(source, response)
    expect(response.statusCode).toBe(200)
    expect(JSON.parse(response.body)).toMatchObject({ status: 'OK' })
    expect(response.getHeader('set-cookie')).toHaveLength(2)
  })
})

describe('behind a gateway that takes its own path away', () => {
  it('cookies and issuer are those of the path browsers see', async () => {
    const appInfo = { ...APP_INFO, apiGatewayPath: '/gw' }
    const { auth, endpoint } = createApp({ provider: { appInfo, requiredClaims: {} } })
    const response = await endpoint('/signup', post(fields('a@example.com')))
    const { sAccessToken, sRefreshToken } = Object.fromEntries(cookiesOf(response.headers))
    expect(sRefreshToken?.text).toContain('Path=/gw/auth/session/refresh;')
    const seen = await auth.getAuth(requestWith({ cookie: sAccessToken?.value ?? '' }))
    expect(seen.claims).toMatchObject({ iss: 'http://localhost/gw/auth' })
    const cookies = { sRefreshToken: sRefreshToken?.value ?? '' }
    expect((await endpoint('/session/refresh', withCookies(cookies))).status).toBe(200)
  })
})

describe('overrides of the app', () => {
  it.each(['signOutPOST', 'refreshPOST'] as const)('%s switched off is not found', async (name) => {
    const { endpoint, core } = createApp({
      session: { override: { apis: (original) => ({ ...original, [name]: undefined }) } },
    })
    const { accessToken: sAccessToken, refreshToken: sRefreshToken } = core.issue()
    const path = name === 'signOutPOST' ? '/signout' : '/session/refresh'
    const response = await endpoint(path, withCookies({ sAccessToken, sRefreshToken }))
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('Not found')
    expect(core.count('/recipe/session/refresh') + core.count('/recipe/session/remove')).toBe(0)
  })

  it.each(['signOutPOST', 'refreshPOST'] as const)('%s is run', async (name) => {
    const run = vi.fn()
    const { endpoint, core } = createApp({
      session: {
        override: {
          apis: (original) => ({
            ...original,
            async signOutPOST(input) {
              run('signOutPOST')
              return original.signOutPOST?.(input) as never
            },
            async refreshPOST(input) {
              run('refreshPOST')
              return original.refreshPOST?.(input) as never
            },
          }),
        },
      },
    })
    const { accessToken: sAccessToken, refreshToken: sRefreshToken } = core.issue()
    const path = name === 'signOutPOST' ? '/signout' : '/session/refresh'
    const response = await endpoint(path, withCookies({ sAccessToken, sRefreshToken }))
    expect(response.status).toBe(200)
    expect(run.mock.calls).toEqual([[name]])
  })
})

describe('other origins', () => {
  const other = 'https://website.example'
  const cors = { auth: { origins: [ORIGIN, other] } }

  it('are told what they may send', async () => {
    const { endpoint, auth } = createApp(cors)
    await auth.checkAuthConfig()
    const response = await endpoint('/signin', { method: 'OPTIONS', headers: { origin: other } })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(other)
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
    expect(response.headers.get('vary')).toContain('Origin')
    const allowed = response.headers.get('access-control-allow-headers')?.split(', ') ?? []
    expect(allowed).toEqual(expect.arrayContaining(['content-type', ...getAllCORSHeaders()]))
  })

  it.each(['https://evil.example', 'null', 'https://website.example.evil.example'])(
    '%s is told nothing',
    async (origin) => {
      const { endpoint } = createApp(cors)
      for (const method of ['OPTIONS', 'POST']) {
        const response = await endpoint('/signin', { method, headers: { origin } })
        expect(response.headers.get('access-control-allow-origin')).toBeNull()
        expect(response.headers.get('access-control-allow-credentials')).toBeNull()
      }
    },
  )

  it('may read the answers they are listed for', async () => {
    const { endpoint } = createApp(cors)
    const response = await endpoint('/signup', post(fields('a@example.com'), { origin: other }))
    expect(response.headers.get('access-control-allow-origin')).toBe(other)
    expect(response.headers.get('access-control-expose-headers')).toContain('st-access-token')
  })

  it('may read the keys, all of them, without credentials', async () => {
    const { endpoint } = createApp(cors)
    for (const origin of [other, 'https://anyone.example']) {
      const { headers } = await endpoint('/jwt/jwks.json', { headers: { origin } })
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      expect(headers.get('cache-control')).toBe('max-age=604700, must-revalidate')
    }
  })

  it.each([
    ['/signout', 403],
    ['/session/refresh', 403],
    ['/signin', 403],
  ])('that are not listed cannot use the cookies at %s', async (path, status) => {
    const { endpoint, core } = createApp(cors)
    const { accessToken: sAccessToken, refreshToken: sRefreshToken } = core.issue()
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const response = await endpoint(path, withCookies({ sAccessToken, sRefreshToken }, headers))
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ code: 'csrf_rejected' })
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect(core.calls).toEqual([])
  })

  it('that are not listed cannot use a refresh cookie that came without an access token', async () => {
    const { endpoint, core } = createApp(cors)
    const { refreshToken: sRefreshToken } = core.issue()
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const response = await endpoint('/session/refresh', withCookies({ sRefreshToken }, headers))
    expect(response.status).toBe(403)
    expect(core.count('/recipe/session/refresh')).toBe(0)
  })

  it('post the answers of identity providers', async () => {
    const { endpoint, core } = createApp()
    const { accessToken: sAccessToken } = core.issue()
    const headers = { origin: 'https://appleid.example', 'sec-fetch-site': 'cross-site' }
    const response = await endpoint('/callback/apple', withCookies({ sAccessToken }, headers))
    expect(response.status).toBe(404)
  })
})
