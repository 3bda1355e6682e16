import nock from 'nock'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session from 'supertokens-node/recipe/session'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchedRevocations } from '../support/revocations.js'
import { type AppOptions, createApp, NOW, requestWith } from '../support/supertokens-app.js'

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
