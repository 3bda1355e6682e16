import nock from 'nock'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type AppOptions,
  createApp,
  forgets,
  NOW,
  requestWith,
} from '../support/supertokens-app.js'
import { ACCESS_TOKEN_SECONDS, type IssuedSession } from '../support/supertokens-core.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

const REMOVE = '/recipe/session/remove'

describe('signOut', () => {
  it.each(['cookie', 'bearer'])(
    'ends the session at the core and in the browser: %s',
    async (carrier) => {
      const { auth, core } = createApp()
      const { accessToken, handle } = core.issue()
      const other = core.issue()
      const response = new Response()
      await auth.signOut(requestWith({ [carrier]: accessToken }), response)
      expect(core.has(handle)).toBe(false)
      expect(core.has(other.handle)).toBe(true)
      expect(forgets(response)).toBe(true)
      expect(response.headers.has('content-type')).toBe(false)
    },
  )

  it('everywhere ends every session of the user, and of nobody else', async () => {
    const { auth, core } = createApp()
    const [mine, too, theirs] = [core.issue(), core.issue(), core.issue({ userId: 'user-2' })]
    const response = new Response()
    await auth.signOutEverywhere(requestWith({ cookie: mine.accessToken }), response)
    expect([mine, too, theirs].map(({ handle }) => core.has(handle))).toEqual([false, false, true])
    expect(forgets(response)).toBe(true)
  })

  const runOut = () => void vi.setSystemTime(NOW + (ACCESS_TOKEN_SECONDS + 1) * 1000)

  it.each<[string, AppOptions]>([
    ['declared', { provider: { requiredClaims: {} } }],
    ['learned', {}],
  ])('ends a session whose token has merely run out, rules %s', async (_mode, options) => {
    const { auth, core } = createApp(options)
    const { accessToken: cookie, handle } = core.issue()
    runOut()
    const response = new Response()
    await auth.signOut(requestWith({ cookie }), response)
    expect(forgets(response)).toBe(true)
    expect(core.has(handle)).toBe(false)
  })

  // The SDK judges by the system's clock, and says the same of an expired token as of an outage.
  it.each<[string, AppOptions]>([
    ['demands claims', { recipes: [EmailVerification.init({ mode: 'REQUIRED' })] }],
    ['has a token refreshed and never used', { provider: { requiredClaims: {} } }],
  ])('at least forgets one that has run out where the app %s', async (_says, options) => {
    const { auth, core } = createApp(options)
    const first = core.issue({ claims: { 'st-ev': { v: true, t: NOW } } })
    const { accessToken: cookie } = core.refresh(first.refreshToken) as IssuedSession
    runOut()
    const response = new Response()
    await auth.signOut(requestWith({ cookie }), response)
    expect(forgets(response)).toBe(true)
  })

  it('forgets what nobody can verify, and ends nothing for it', async () => {
    const { auth, core } = createApp()
    const { accessToken, handle } = core.issue()
    const response = new Response()
    await auth.signOut(requestWith({ cookie: `${accessToken.slice(0, -8)}AAAAAAAA` }), response)
    expect(forgets(response)).toBe(true)
    expect(core.has(handle)).toBe(true)
    expect(core.count(REMOVE)).toBe(0)
  })

  it('of nobody does nothing', async () => {
    const { auth, core } = createApp()
    const response = new Response()
    await auth.signOut(requestWith({}), response)
    expect([...response.headers]).toEqual([])
    expect(core.calls).toEqual([])
  })

  it('from another site does nothing at all', async () => {
    const { auth, core } = createApp()
    const { accessToken: cookie, handle } = core.issue()
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const response = new Response()
    const request = requestWith({ cookie, method: 'POST', headers })
    await expect(auth.signOut(request, response)).rejects.toMatchObject({ code: 'csrf_rejected' })
    expect(core.has(handle)).toBe(true)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('is not told as done when the core is away', async () => {
    const { auth, core } = createApp()
    const { accessToken: cookie } = core.issue()
    await auth.getAuth(requestWith({ cookie }))
    core.goOffline()
    const response = new Response()
    await expect(auth.signOut(requestWith({ cookie }), response)).rejects.toMatchObject({
      code: 'provider_unavailable',
    })
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it("clears what the app's own error handler clears, too", async () => {
    const { auth, core } = createApp({
      session: {
        cookieDomain: '.localhost',
        errorHandlers: {
          async onUnauthorised(_message, _request, response) {
            response.setHeader('x-app', 'signed-out', false)
            response.setStatusCode(401)
            response.sendJSONResponse({})
          },
        },
      },
    })
    const { accessToken: cookie } = core.issue()
    const response = new Response()
    await auth.signOut(requestWith({ cookie }), response)
    expect(response.headers.get('x-app')).toBe('signed-out')
    expect(forgets(response)).toBe(true)
  })
})
