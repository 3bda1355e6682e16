import nock from 'nock'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  askSdk,
  createApp,
  NOW,
  type RequestParts,
  requestWith,
} from '../support/supertokens-app.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

describe('status codes of Session.init', () => {
  const codes = { sessionExpiredStatusCode: 440, invalidClaimStatusCode: 499 }

  it.each<[string, RequestParts, number]>([
    ['nobody', {}, 440],
    ['garbage', { bearer: 'garbage' }, 440],
    ['a malformed cookie', { cookie: 'garbage' }, 440],
    ['a role that is missing', { path: '/role' }, 499],
    ['an expired session', { path: '/expired' }, 440],
  ])('%s', async (_says, parts, status) => {
    const { auth, core } = createApp({
      session: codes,
      provider: { requiredClaims: {}, session: codes },
    })
    const { accessToken } = core.issue()
    if (parts.path === '/expired') vi.setSystemTime(NOW + 7200_000)
    const guarded = auth.requireAuth(() => new Response('in'), { role: 'admin' })
    const request = requestWith(parts.path ? { bearer: accessToken } : parts)
    const response = await guarded(request)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ status, message: expect.any(String) })
  })
})

describe('vendor options of a route: antiCsrfCheck', () => {
  const policy = (antiCsrfCheck: boolean) => ({ vendor: { supertokens: { antiCsrfCheck } } })

  it.each([
    ['VIA_CUSTOM_HEADER', 'POST', {}, undefined, false],
    ['VIA_CUSTOM_HEADER', 'POST', { rid: 'session' }, undefined, true],
    ['VIA_CUSTOM_HEADER', 'POST', {}, false, true],
    ['VIA_CUSTOM_HEADER', 'GET', {}, undefined, true],
    ['VIA_CUSTOM_HEADER', 'GET', {}, true, false],
    ['VIA_CUSTOM_HEADER', 'HEAD', {}, undefined, false],
    ['VIA_TOKEN', 'POST', {}, undefined, false],
    ['VIA_TOKEN', 'POST', { rid: 'session' }, undefined, false],
    ['VIA_TOKEN', 'POST', {}, false, true],
    ['VIA_TOKEN', 'GET', {}, true, false],
    ['VIA_TOKEN', 'POST', { 'anti-csrf': 'wrong' }, undefined, false],
    ['VIA_TOKEN', 'POST', 'right', undefined, true],
    ['NONE', 'POST', {}, undefined, true],
    ['NONE', 'POST', {}, true, true],
  ] as const)(
    '%s, %s, headers %j, check %j: in is %j',
    async (antiCsrf, method, sent, check, isIn) => {
      for (const provider of [{ requiredClaims: {}, session: { antiCsrf } }, {}]) {
        const { auth, core } = createApp({ session: { antiCsrf }, provider })
        await auth.checkAuthConfig()
        const { accessToken: cookie, antiCsrfToken } = core.issue({
          antiCsrf: antiCsrf === 'VIA_TOKEN',
        })
        const headers: Record<string, string> =
          sent === 'right' ? { 'anti-csrf': String(antiCsrfToken) } : sent
        const request = () => requestWith({ cookie, method, headers })
        const options = check === undefined ? {} : { antiCsrfCheck: check }
        expect((await askSdk(request(), options)).outcome).toBe(isIn ? 'accepted' : 'refused')
        const guarded = auth.requireAuth(
          () => new Response(),
          check === undefined ? {} : policy(check),
        )
        expect((await guarded(request())).status).toBe(isIn ? 200 : 401)
      }
    },
  )

  it.each(['VIA_TOKEN', 'VIA_CUSTOM_HEADER'] as const)(
    '%s does not concern bearer tokens',
    async (antiCsrf) => {
      const { auth, core } = createApp({ session: { antiCsrf } })
      const { accessToken: bearer } = core.issue({ antiCsrf: true })
      const guarded = auth.requireAuth(() => new Response(), policy(true))
      expect((await guarded(requestWith({ bearer, method: 'POST' }))).status).toBe(200)
    },
  )

  it('never switches off the check for other sites', async () => {
    const { auth, core } = createApp()
    const { accessToken: cookie } = core.issue()
    const guarded = auth.requireAuth(() => new Response(), policy(false))
    const headers = { origin: 'https://evil.example' }
    expect((await guarded(requestWith({ cookie, method: 'POST', headers }))).status).toBe(403)
  })
})

describe('server components, which are not told their method', () => {
  it.each([
    ['NONE', false],
    ['NONE', true],
    ['VIA_CUSTOM_HEADER', false],
    ['VIA_CUSTOM_HEADER', true],
    ['VIA_TOKEN', false],
    ['VIA_TOKEN', true],
  ] as const)(
    'have no anti-CSRF proof to show: %s, token refreshed %j',
    async (antiCsrf, isRefreshed) => {
      const { auth, core } = createApp({ session: { antiCsrf } })
      const first = core.issue({ antiCsrf: antiCsrf === 'VIA_TOKEN' })
      const next = core.refresh(first.refreshToken, first.antiCsrfToken)
      const token = isRefreshed ? next.accessToken : first.accessToken
      const headers = new Headers({ cookie: `sAccessToken=${token}` })
      expect(await auth.getAuth({ headers })).toMatchObject({ userId: 'user-1' })
    },
  )

  it.each([
    ['another origin', { origin: 'https://evil.example' }, 'csrf_rejected'],
    ['the origin of the app', { origin: 'http://localhost' }, null],
  ])(
    'are told by the origin that an action comes from elsewhere: %s',
    async (_says, sent, reason) => {
      const { auth, core } = createApp()
      const headers = new Headers({ cookie: `sAccessToken=${core.issue().accessToken}`, ...sent })
      expect(await auth.getAuth({ headers })).toMatchObject({ reason })
    },
  )
})
