import nock from 'nock'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session from 'supertokens-node/recipe/session'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchedRevocations } from '../support/revocations.js'
import { type AppOptions, createApp, NOW, requestWith } from '../support/supertokens-app.js'
import { createBrowser } from '../support/supertokens-browser.js'
import { ACCESS_TOKEN_SECONDS } from '../support/supertokens-core.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

const provider = 'supertokens'

function world(options: AppOptions = {}) {
  const revocations = watchedRevocations()
  const app = createApp({ provider: { requiredClaims: {} }, auth: { revocations }, ...options })
  const reason = async (bearer: string) => (await app.auth.getAuth(requestWith({ bearer }))).reason
  return { ...app, revocations, reason }
}

const post = (headers: Record<string, string>, body: BodyInit = ''): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...headers },
})

describe('sessions that end at the endpoints', () => {
  it.each([
    ['cookie', (token: string) => ({ cookie: `sAccessToken=${token}` })],
    ['bearer', (token: string) => ({ authorization: `Bearer ${token}` })],
  ])('are put on the list by a sign-out, with a %s', async (_, carry) => {
    const { core, endpoint, revocations, reason } = world()
    const { accessToken, handle } = core.issue()
    const other = core.issue()
    const answer = await endpoint('/signout', post(carry(accessToken)))
    expect([answer.status, core.has(handle)]).toEqual([200, false])
    expect(revocations.told).toEqual([{ provider, sessionId: handle }])
    expect([await reason(accessToken), await reason(other.accessToken)]).toEqual([
      'session_revoked',
      null,
    ])
  })

  it('are put on the list when a refresh token was stolen', async () => {
    const { core, endpoint, revocations, reason } = world()
    const first = core.issue()
    const second = core.refresh(first.refreshToken) as typeof first
    // Used, so that the first one is known to be old.
    const third = core.refresh(second.refreshToken) as typeof first
    const answer = await endpoint(
      '/session/refresh',
      post({ authorization: `Bearer ${first.refreshToken}` }),
    )
    expect([answer.status, core.has(first.handle)]).toEqual([401, false])
    expect(revocations.told).toEqual([{ provider, sessionId: first.handle }])
    expect(await reason(third.accessToken)).toBe('session_revoked')
  })

  it('are not told as ended while the list cannot be told, and are once that works', async () => {
    const { core, endpoint, revocations, reason, errors } = world()
    const { accessToken, handle } = core.issue()
    const signOut = () => endpoint('/signout', post({ cookie: `sAccessToken=${accessToken}` }))
    revocations.goDown()
    const answer = await signOut()
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([503, []])
    expect(errors).toMatchObject([{ code: 'provider_unavailable' }])
    revocations.goDown(false)
    expect((await signOut()).status).toBe(200)
    expect(revocations.told).toEqual([{ provider, sessionId: handle }])
    expect(await reason(accessToken)).toBe('session_revoked')
  })

  it('are an outage when a refresh token was stolen while the list cannot be told', async () => {
    const { core, endpoint, revocations } = world()
    const first = core.issue()
    const second = core.refresh(first.refreshToken) as typeof first
    core.refresh(second.refreshToken)
    revocations.goDown()
    const headers = { authorization: `Bearer ${first.refreshToken}` }
    expect((await endpoint('/session/refresh', post(headers))).status).toBe(503)
  })

  it('are put on the list where an endpoint of the app ends all of a user', async () => {
    const { core, endpoint, revocations } = world({
      recipes: [
        EmailPassword.init({
          override: {
            apis: (original) => ({
              ...original,
              async signInPOST(input) {
                await Session.revokeAllSessionsForUser('user-1', true, undefined, input.userContext)
                return { status: 'WRONG_CREDENTIALS_ERROR' } as never
              },
            }),
          },
        }),
      ],
    })
    const handles = [core.issue().handle, core.issue().handle]
    const fields = [
      { id: 'email', value: 'jo@example.com' },
      { id: 'password', value: 'correct-horse-1' },
    ]
    await endpoint('/signin', post({}, JSON.stringify({ formFields: fields })))
    expect(handles.map(core.has)).toEqual([false, false])
    expect(revocations.told).toEqual(
      expect.arrayContaining(handles.map((sessionId) => ({ provider, sessionId }))),
    )
  })

  it('are told to nobody without a list, and without a request', async () => {
    const app = createApp()
    const { accessToken } = app.core.issue()
    const headers = { cookie: `sAccessToken=${accessToken}` }
    expect((await app.endpoint('/signout', post(headers))).status).toBe(200)
    const { core, auth, revocations } = world()
    await auth.checkAuthConfig()
    await Session.revokeSession(core.issue().handle)
    expect(revocations.told).toEqual([])
  })
})

describe('sessions that end while they are healed', () => {
  /** A page opened with a refresh token somebody else has used since. */
  function stolen(auth: AppOptions['auth'] = {}) {
    const site = world({ auth: { signInPath: '/sign-in', ...auth } })
    const browser = createBrowser(async (request) => {
      const { pathname, search } = new URL(request.url)
      const path = pathname.slice('/auth'.length) + search
      return pathname === '/sign-in' ? new Response('please sign in') : site.endpoint(path, request)
    })
    const first = site.core.issue()
    const second = site.core.refresh(first.refreshToken) as typeof first
    site.core.refresh(second.refreshToken)
    browser.set('sAccessToken', first.accessToken)
    browser.set('sRefreshToken', encodeURIComponent(first.refreshToken), '/auth/session/refresh')
    vi.setSystemTime(NOW + ACCESS_TOKEN_SECONDS * 1000)
    const open = () =>
      browser.open('/auth/session/refresh/continue?returnTo=%2Fauth%2Fjwt%2Fjwks.json')
    return { ...site, open, handle: first.handle }
  }

  it('are put on the list when the refresh token was stolen', async () => {
    const revocations = watchedRevocations()
    const { core, open, handle } = stolen({ revocations })
    expect(await (await open()).response.text()).toBe('please sign in')
    expect(core.has(handle)).toBe(false)
    expect(revocations.told).toEqual([{ provider, sessionId: handle }])
  })

  it('are an outage while the list cannot be told', async () => {
    const revocations = watchedRevocations()
    const { open } = stolen({ revocations })
    revocations.goDown()
    expect((await open()).response.status).toBe(503)
  })

  it('are told to nobody without a list', async () => {
    const { core, open, handle } = stolen()
    expect(await (await open()).response.text()).toBe('please sign in')
    expect(core.has(handle)).toBe(false)
  })
})

describe('signing out', () => {
  it.each([
    ['signOut', (handle: string) => ({ provider, sessionId: handle })],
    ['signOutEverywhere', () => ({ provider, providerUserId: 'user-1' })],
  ] as const)('by %s is put on the list once', async (name, ended) => {
    const { auth, core, revocations, reason } = world()
    const { accessToken, handle } = core.issue()
    await auth[name](requestWith({ cookie: accessToken }), new Response())
    expect(revocations.told).toEqual([ended(handle)])
    expect(await reason(accessToken)).toBe('session_revoked')
  })
})
