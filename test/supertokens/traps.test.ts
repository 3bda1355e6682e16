/** The ten traps of the SDK that a wrapper must know, each held against our functions. */

import nock from 'nock'
import SuperTokens from 'supertokens-node'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session from 'supertokens-node/recipe/session'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { supertokens } from '../../providers/supertokens/index.js'
import { isAuthError } from '../../src/errors.js'
import type { JsonObject } from '../../src/jwt/token.js'
import {
  APP_INFO,
  askSdk,
  createApp,
  NOW,
  requestWith,
  resetSdk,
  type TestApp,
} from '../support/supertokens-app.js'
import { CORE_URL, createScriptedCore } from '../support/supertokens-core.js'
import { payloadOf, signToken } from '../support/supertokens-tokens.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const light = { provider: { requiredClaims: {} } }
const modes = [
  ['declared', light],
  ['learned', {}],
] as const
const pass = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000)

const codeOf = (promise: Promise<{ reason: string | null }>) =>
  promise.then(
    ({ reason }) => reason ?? 'signed in',
    (error) => (isAuthError(error) ? error.code : 'threw something else'),
  )

/** A guarded route and its answer. */
const visit = async ({ auth }: TestApp, request: Request, policy = {}) =>
  (await auth.requireAuth(() => new Response('in'), policy)(request)).status

describe.each(modes)('trap 1: an outage is no sign-out, rules %s', (_mode, options) => {
  it('cold, it is 503; the SDK says try refresh token', async () => {
    const app = createApp(options)
    const { accessToken: bearer } = app.core.issue()
    await app.auth.checkAuthConfig()
    app.core.goOffline()
    expect(await askSdk(requestWith({ bearer }))).toMatchObject({ type: 'TRY_REFRESH_TOKEN' })
    expect(await visit(app, requestWith({ bearer }))).toBe(503)
  })

  it('warm, nobody notices, for longer than the SDK’s four hours', async () => {
    const app = createApp(options)
    await app.auth.getAuth(requestWith({ bearer: app.core.issue().accessToken }))
    app.core.goOffline()
    pass(12 * 3600)
    const { accessToken: bearer } = app.core.issue()
    expect(await visit(app, requestWith({ bearer }))).toBe(200)
    pass(13 * 3600)
    const later = app.core.issue().accessToken
    expect(await visit(app, requestWith({ bearer: later }))).toBe(503)
  })

  it('an expired token stays expired meanwhile', async () => {
    const app = createApp(options)
    const { accessToken: bearer } = app.core.issue()
    await app.auth.getAuth(requestWith({ bearer }))
    app.core.goOffline()
    pass(3601)
    expect(await visit(app, requestWith({ bearer }))).toBe(401)
  })
})

describe('trap 2: nothing waits for ever', () => {
  /** Lets the time that fetches are given pass at once; returns what they were given. */
  function hurry(): number[] {
    const given: number[] = []
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      given.push(milliseconds)
      const controller = new AbortController()
      setTimeout(() => controller.abort(new DOMException('late', 'TimeoutError')), 20)
      return controller.signal
    })
    return given
  }

  it('not for keys that never come', async () => {
    const app = createApp(light)
    app.core.faults = [[/jwks/, 'hang']]
    const given = hurry()
    const { accessToken: bearer } = app.core.issue()
    expect(await visit(app, requestWith({ bearer }))).toBe(503)
    expect(given).toEqual([5000])
  })

  it('not for keys of which only the beginning comes', async () => {
    const app = createApp(light)
    const body = () =>
      new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([0x7b])) })
    const stalling: typeof fetch = async (_input, init) => {
      const stalled = body()
      const reader = stalled.getReader()
      init?.signal?.addEventListener('abort', () => void reader.cancel())
      return new Response(
        new ReadableStream({
          async pull(controller) {
            await new Promise((_, reject) => init?.signal?.addEventListener('abort', reject))
            controller.close()
          },
        }),
      )
    }
    const stalled = createApp({ ...light, core: app.core, auth: { fetch: stalling } })
    const given = hurry()
    const { accessToken: bearer } = app.core.issue()
    expect(await visit(stalled, requestWith({ bearer }))).toBe(503)
    expect(given).toEqual([5000])
  })

  it('not for a core that is asked about a session', async () => {
    const app = createApp(light)
    const { accessToken: bearer } = app.core.issue()
    await visit(app, requestWith({ bearer }), { revocation: 'session' })
    app.core.faults = [[/verify/, 'hang']]
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: NOW })
    const pending = visit(app, requestWith({ bearer }), { revocation: 'session' })
    await vi.advanceTimersByTimeAsync(5000)
    expect(await pending).toBe(503)
  })
})

describe('trap 3: one SDK per process', () => {
  const optionsFor = (name: string, recipeList = [EmailPassword.init(), Session.init()]) => ({
    appInfo: { ...APP_INFO, appName: name },
    connectionURI: CORE_URL,
    recipes: async () => ({ recipeList }),
  })

  it('a second configuration is an error, where the SDK says nothing', async () => {
    resetSdk()
    await supertokens(optionsFor('first')).check?.()
    await expect(supertokens(optionsFor('second')).check?.()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('initialised with other options before'),
    })
    await supertokens(optionsFor('first')).check?.()
  })

  it('an app that calls init itself is told so', async () => {
    resetSdk()
    const { recipes: _, connectionURI, appInfo } = optionsFor('first')
    SuperTokens.init({
      appInfo,
      supertokens: { connectionURI },
      recipeList: [Session.init()],
    } as never)
    await expect(supertokens(optionsFor('first')).check?.()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('by the app itself'),
    })
  })

  it('the first error of init is the one that is told, however often it is asked for', async () => {
    resetSdk()
    const broken = () =>
      supertokens(optionsFor('first', [Session.init({ antiCsrf: 'SOMETIMES' as never })]))
    const reason = { code: 'config_invalid', message: expect.stringContaining('antiCsrf config') }
    const provider = broken()
    await expect(provider.check?.()).rejects.toMatchObject(reason)
    await expect(provider.check?.()).rejects.toMatchObject(reason)
    await expect(broken().check?.()).rejects.toMatchObject(reason)
  })

  it('and so is one of a recipe that comes after the Session recipe', async () => {
    resetSdk()
    const failing = () => {
      throw new Error('no such mail server')
    }
    const broken = () => supertokens(optionsFor('first', [Session.init(), failing]))
    const reason = { code: 'config_invalid', message: expect.stringContaining('no such mail') }
    await expect(broken().check?.()).rejects.toMatchObject(reason)
    await expect(broken().check?.()).rejects.toMatchObject(reason)
  })
})

describe('trap 4: the cross-site default of anti-CSRF is enforced', () => {
  const appInfo = {
    appName: 'tests',
    apiDomain: 'https://api.example.com',
    websiteDomain: 'https://example.org',
  }
  const ISSUER = 'https://api.example.com/auth'

  it.each([
    [{}, 401],
    [{ rid: 'session' }, 200],
    [{ 'anti-csrf': 'x' }, 401],
  ])('a cookie on a POST with %j: %i', async (headers, status) => {
    const core = createScriptedCore(ISSUER)
    const app = createApp({ core, provider: { appInfo } })
    const { accessToken: cookie } = core.issue()
    expect(await visit(app, requestWith({ cookie, method: 'POST', headers }))).toBe(status)
    const direct = await Session.getSessionWithoutRequestResponse(cookie)
    expect(direct?.getUserId()).toBe('user-1')
  })
})

describe.each(modes)('trap 5: looking is no reason to throw, rules %s', (_mode, options) => {
  it('at an expired token', async () => {
    const app = createApp(options)
    const { accessToken: bearer } = app.core.issue()
    await app.auth.checkAuthConfig()
    pass(3601)
    expect(await askSdk(requestWith({ bearer }), { sessionRequired: false })).toMatchObject({
      outcome: 'refused',
    })
    expect(await codeOf(app.auth.getAuth(requestWith({ bearer })))).toBe('token_expired')
    const open = app.auth.withAuth(({ auth }) => Response.json(auth))
    const response = await open(requestWith({ bearer }))
    expect(await response.json()).toMatchObject({ reason: 'token_expired' })
  })

  it.each([
    ['a wrong signature', (token: string) => `${token.slice(0, -8)}AAAAAAAA`],
    ['a fourth part', (token: string) => `${token}.AA`],
    ['nothing', () => ''],
  ])('at a token with %s', async (_says, spoil) => {
    const app = createApp(options)
    const cookie = spoil(app.core.issue().accessToken)
    const open = app.auth.withAuth(({ auth }) => Response.json(auth.isAuthenticated))
    expect(await (await open(requestWith({ cookie }))).json()).toBe(false)
  })
})

describe.each(modes)('trap 6: a refreshed token costs one call, rules %s', (_mode, options) => {
  it('because the one that replaces it reaches the client', async () => {
    const app = createApp(options)
    const refreshed = app.core.refresh(app.core.issue().refreshToken)
    let cookie = String(refreshed.accessToken)
    for (let turn = 0; turn < 5; turn++) {
      const response = await app.auth.requireAuth(() => new Response())(requestWith({ cookie }))
      const [, replaced] =
        /^sAccessToken=([^;]+)/.exec(response.headers.getSetCookie()[0] ?? '') ?? []
      cookie = replaced ?? cookie
    }
    expect(payloadOf(cookie).parentRefreshTokenHash1).toBeNull()
    expect(app.core.count('/recipe/session/verify')).toBe(1)
  })
})

describe.each(modes)('trap 7: old tokens never reach the core, rules %s', (_mode, options) => {
  it('however many are forged', async () => {
    const app = createApp(options)
    await app.auth.checkAuthConfig()
    app.core.calls.length = 0
    const payload: JsonObject = {
      sessionHandle: 'h',
      userId: 'victim',
      refreshTokenHash1: 'x',
      userData: {},
      expiryTime: NOW + 3_600_000,
      timeCreated: NOW,
    }
    const legacy = JSON.stringify({ alg: 'RS256', typ: 'JWT', version: '2' })
    const forge = (index: number) =>
      signToken(app.core.keys.static, { ...payload, sessionHandle: `h-${index}` }, legacy)
    for (let index = 0; index < 50; index++) {
      for (const parts of [{ bearer: forge(index) }, { cookie: forge(index) }]) {
        expect(await codeOf(app.auth.getAuth(requestWith(parts)))).toBe('token_expired')
      }
    }
    expect(app.core.calls).toEqual([])
  })

  it('and unknown keys fetch at most every half minute', async () => {
    const app = createApp(options)
    await app.auth.getAuth(requestWith({ bearer: app.core.issue().accessToken }))
    const before = app.core.count('/.well-known/jwks.json')
    for (let second = 0; second < 120; second++) {
      const forged = signToken(app.core.keys.static, payloadOf(app.core.issue().accessToken), {
        kid: `d-${second}`,
        version: '5',
      })
      expect(await codeOf(app.auth.getAuth(requestWith({ bearer: forged })))).toBe('token_invalid')
      pass(1)
    }
    expect(app.core.count('/.well-known/jwks.json') - before).toBeLessThanOrEqual(4)
  })
})

describe('trap 8: a dead first host costs once', () => {
  it('and not on every verification', async () => {
    const core = createScriptedCore()
    const connectionURI = `http://dead.test:3567;${CORE_URL}`
    const app = createApp({ core, provider: { requiredClaims: {}, connectionURI } })
    let attempts = 0
    nock('http://dead.test:3567')
      .persist()
      .get(/.*/)
      .reply(() => {
        attempts++
        return [502, 'Bad gateway']
      })
    for (let turn = 1; turn <= 5; turn++) {
      expect(await visit(app, requestWith({ bearer: core.issue().accessToken }))).toBe(200)
      await vi.waitFor(() => expect(core.count('/.well-known/jwks.json')).toBe(turn))
      pass(31)
    }
    expect(attempts).toBe(1)
  })
})

describe.each(modes)(
  'trap 9: malformed cookies next to ours do no harm, rules %s',
  (_mode, options) => {
    const NEIGHBOURS = ['foo=%E0%A4%A', 'sFoo', '=', 'a=b=c', '__proto__=x', 'q="\\"', 'é=ü', '%']

    it.each(NEIGHBOURS)('%s', async (neighbour) => {
      const app = createApp(options)
      const { accessToken, refreshToken } = app.core.issue()
      const refresh = `sRefreshToken=${encodeURIComponent(refreshToken)}`
      const cookie = `${neighbour}; sAccessToken=${accessToken}; ${refresh}; ${neighbour}`
      const headers = { cookie: Buffer.from(cookie).toString('latin1') }
      for (const policy of [{}, { revocation: 'session' as const }]) {
        expect(await visit(app, requestWith({ headers }), policy)).toBe(200)
      }
      const refreshed = await app.endpoint('/session/refresh', { method: 'POST', headers })
      expect(refreshed.status).toBe(200)
      const signedOut = await app.endpoint('/signout', { method: 'POST', headers })
      expect(signedOut.status).toBe(200)
    })
  },
)

describe.each(modes)(
  'trap 10: issuer, tenant and times are checked, rules %s',
  (_mode, options) => {
    it.each<[string, JsonObject, string, string]>([
      ['another issuer', { iss: 'https://evil.example' }, '5', 'token_invalid'],
      ['another tenant', { tId: 'other' }, '5', 'token_invalid'],
      ['no tenant in version 5', { tId: undefined }, '5', 'token_invalid'],
      ['no tenant in version 4', { tId: undefined }, '4', 'token_invalid'],
      ['no tenant in version 3', { tId: undefined }, '3', 'signed in'],
      ['a time of issue in two minutes', { iat: NOW / 1000 + 120 }, '5', 'token_invalid'],
      ['a time of issue in half a minute', { iat: NOW / 1000 + 30 }, '5', 'signed in'],
      ['nobody as the subject', { sub: '' }, '5', 'token_invalid'],
      ['blanks as the subject', { sub: '   ' }, '5', 'token_invalid'],
      ['an expiry that never comes', { exp: 1e15 }, '5', 'token_invalid'],
    ])('%s', async (_says, claims, version, expected) => {
      const app = createApp(options)
      await app.auth.checkAuthConfig()
      const genuine = payloadOf(app.core.issue().accessToken)
      const bearer = signToken(app.core.keys.dynamic, { ...genuine, ...claims }, { version })
      expect(await askSdk(requestWith({ bearer }))).toMatchObject({ outcome: 'accepted' })
      expect(await codeOf(app.auth.getAuth(requestWith({ bearer })))).toBe(expected)
    })
  },
)
