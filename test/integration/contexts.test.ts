import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestCredentials } from '../../src/testing/index.js'
import { documentHeaders, request } from '../support/http.js'
import { type NextApp, startExample } from '../support/next-app.js'
import { createVendorKit, type VendorKit, vendors } from '../support/vendor-kits.js'

const guardedRoutes = ['/api/me', '/api/items/7', '/api/pages/me', '/api/token'] as const
const openRoutes = ['/api/maybe', '/api/pages/maybe', '/api/pages/plain'] as const
const pages = ['/', '/ssr', '/actions'] as const

describe.each(vendors)('a built Next.js app on %s', (vendor) => {
  let app: NextApp
  let kit: VendorKit
  let user: TestCredentials
  let admin: TestCredentials
  let expired: TestCredentials
  let foreign: TestCredentials

  beforeAll(async () => {
    app = await startExample(async (origin) => {
      kit = await createVendorKit(vendor, origin)
      return { ...kit.environment }
    })
    user = await kit.signIn('user-1')
    admin = await kit.signIn('boss', { role: 'admin' })
    expired = await kit.signIn('user-1', { expiresInSeconds: -600 })
    const other = await createVendorKit(vendor, app.origin)
    foreign = await other.signIn('user-1', { role: 'admin' })
    await other.stop()
  })

  afterAll(async () => {
    await app.stop()
    await kit.stop()
  })

  const get = (path: string, headers: Record<string, string> = {}) =>
    request(app.origin + path, { headers })

  describe.each(guardedRoutes)('guarded route %s', (path) => {
    it.each([
      { says: 'a bearer token', headers: () => ({ authorization: `Bearer ${user.token}` }) },
      { says: 'a cookie', headers: () => ({ cookie: user.cookie }) },
      {
        says: 'a cookie beside somebody else’s bearer token',
        headers: () => ({ cookie: user.cookie, authorization: 'Bearer e30.e30.AA' }),
      },
      {
        says: 'a cookie beside a malformed one',
        headers: () => ({ cookie: `foo=%E0%A4%A; ${user.cookie}` }),
      },
    ])('answers 200 to $says', async ({ headers }) => {
      const response = await get(path, headers())
      expect(response.status).toBe(200)
      expect(response.headers['cache-control']).toBe('private, no-store')
      expect(response.headers.vary).toContain('Cookie')
    })

    it.each([
      { says: 'nothing', headers: () => ({}), code: 'unauthenticated' },
      {
        says: 'an expired token',
        headers: () => ({ authorization: `Bearer ${expired.token}` }),
        code: 'token_expired',
      },
      {
        says: 'an expired cookie',
        headers: () => ({ cookie: expired.cookie }),
        code: 'token_expired',
      },
      {
        says: 'a token signed by another key',
        headers: () => ({ authorization: `Bearer ${foreign.token}` }),
        code: 'token_invalid',
      },
      {
        says: 'a cookie signed by another key',
        headers: () => ({ cookie: foreign.cookie }),
        code: 'token_invalid',
      },
      {
        says: 'garbage',
        headers: () => ({ authorization: 'Bearer garbage' }),
        code: 'token_invalid',
      },
      {
        says: 'a payload of null in every cookie',
        headers: () => ({ cookie: user.cookie.replaceAll(user.token, 'bnVsbA.bnVsbA.bnVsbA') }),
        code: 'token_invalid',
      },
    ])('answers 401 $code to $says', async ({ headers, code }) => {
      const response = await get(path, headers())
      expect(response.status).toBe(401)
      expect(response.json()).toMatchObject({ code, status: 401 })
      expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="localhost:\d+"/)
      expect(response.headers['content-type']).toBe('application/problem+json')
      expect(response.headers['cache-control']).toBe('private, no-store')
    })

    it('does not redirect a person from an API', async () => {
      expect((await get(path, documentHeaders)).status).toBe(401)
    })
  })

  it.each(['/api/me', '/api/pages/me'])('gives the whole object at %s', async (path) => {
    const object = (await get(path, { cookie: user.cookie })).json()
    expect(object).toMatchObject({
      isAuthenticated: true,
      provider: vendor,
      userId: 'user-1',
      providerUserId: 'user-1',
      reason: null,
      orgId: null,
      roles: [],
    })
    expect(object).toHaveProperty('claims.sub', 'user-1')
    expect(Date.parse(String(object.expiresAt))).toBeGreaterThan(Date.now())
  })

  it.each(['/api/admin', '/api/pages/admin'])('lets only the role into %s', async (path) => {
    const refused = await get(path, { cookie: user.cookie })
    expect(refused.status).toBe(403)
    expect(refused.json()).toMatchObject({ code: 'forbidden' })
    expect(refused.headers['www-authenticate']).toContain('insufficient_scope')
    expect((await get(path, { cookie: admin.cookie })).json()).toEqual({ admin: 'boss' })
  })

  it('keeps route parameters', async () => {
    const response = await get('/api/items/42', { cookie: user.cookie })
    expect(response.json()).toEqual({ id: '42', owner: 'user-1' })
  })

  it.each([
    { id: 'latest', status: 308, location: '/api/items/42' },
    { id: 'none', status: 404, location: undefined },
  ])('keeps the $status of a guarded handler to whom it is for', async (expected) => {
    const { status, headers } = await get(`/api/items/${expected.id}`, { cookie: user.cookie })
    expect([status, headers.location]).toEqual([expected.status, expected.location])
    expect(headers['cache-control']).toBe('private, no-store')
    expect(headers.vary).toContain('Cookie')
  })

  it.each(openRoutes)('lets everybody into %s and says who they are', async (path) => {
    expect((await get(path, { cookie: user.cookie })).text).toContain('user-1')
    expect((await get(path)).text).toContain('no_credentials')
    expect((await get(path, { cookie: expired.cookie })).text).toContain('token_expired')
  })

  it.each(pages)('tells page %s who is there', async (path) => {
    expect((await get(path, { cookie: user.cookie })).text).toContain('user-1')
    const nobody = await get(path)
    expect(nobody.status).toBe(200)
    expect(nobody.text).not.toContain('user-1')
  })

  it.each([
    { says: 'from another origin', headers: { origin: 'https://evil.example' }, status: 403 },
    { says: 'from another site', headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
    { says: 'from its own origin', headers: {}, status: 200, own: true },
  ])('judges a POST $says', async ({ headers, status, own }) => {
    const response = await request(`${app.origin}/api/me`, {
      method: 'POST',
      headers: { cookie: user.cookie, ...headers, ...(own && { origin: app.origin }) },
    })
    expect(response.status).toBe(status)
    if (status === 403) expect(response.json()).toMatchObject({ code: 'csrf_rejected' })
  })

  describe('pages that need a session', () => {
    it.each([
      { says: 'a person', headers: documentHeaders },
      { says: 'a client without fetch metadata', headers: { accept: 'text/html' } },
      { says: 'a script', headers: { accept: '*/*', 'sec-fetch-mode': 'cors' } },
    ])('send $says to sign in', async ({ headers }) => {
      const response = await get('/dashboard', headers)
      expect(response.status).toBe(307)
      expect(response.headers.location).toBe('/sign-in?returnTo=%2Fdashboard')
    })

    it('let a session in', async () => {
      const response = await get('/dashboard', { ...documentHeaders, cookie: user.cookie })
      expect(response.status).toBe(200)
      expect(response.text).toContain('user-1')
      expect(response.headers['cache-control']).toContain('no-store')
    })

    it('send a person with an expired session to be healed, before rendering', async () => {
      const response = await get('/dashboard?tab=1', { ...documentHeaders, cookie: expired.cookie })
      expect(response.status).toBe(307)
      expect(response.headers.location).toBe(
        '/api/auth/session/refresh/continue?returnTo=%2Fdashboard%3Ftab%3D1',
      )
    })

    it('tell an error boundary that the session is not allowed', async () => {
      const response = await get('/admin', { ...documentHeaders, cookie: user.cookie })
      expect(response.status).toBe(500)
      expect(response.text).toContain('authmux:forbidden')
      expect(response.text).not.toContain('Admin user-1')
    })
  })

  describe('headers a client may send', () => {
    const spoofs: readonly Record<string, string>[] = [
      { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
      { 'x-middleware-subrequest': 'src/middleware:src/middleware:src/middleware' },
      { 'x-middleware-next': '1' },
      { 'x-middleware-override-headers': 'x-user-id', 'x-middleware-request-x-user-id': 'user-1' },
      { 'x-clerk-auth-status': 'signed-in', 'x-clerk-auth-token': 'e30.e30.AA' },
      { 'x-clerk-auth-reason': 'x', 'x-clerk-auth-message': 'x', 'x-clerk-auth-signature': '0' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      { 'x-user-id': 'user-1', 'x-auth': 'user-1' },
      { rid: 'session', 'st-auth-mode': 'header' },
    ]

    it.each(spoofs.map((headers) => ({ says: Object.keys(headers).join(', '), headers })))(
      'open nothing: $says',
      async ({ headers }) => {
        for (const path of [...guardedRoutes, '/api/admin']) {
          expect((await get(path, headers)).status).toBe(401)
        }
        const page = await get('/dashboard', headers)
        expect(page.status).toBe(307)
        expect(page.headers.location).toBe('/sign-in?returnTo=%2Fdashboard')
      },
    )

    it('choose no host to redirect to', async () => {
      const headers = {
        ...documentHeaders,
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
      }
      const { headers: received } = await get('/dashboard', headers)
      expect(received.location).toBe('/sign-in?returnTo=%2Fdashboard')
    })
  })
})
