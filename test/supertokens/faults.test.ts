import nock from 'nock'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, NOW, requestWith, type TestApp } from '../support/supertokens-app.js'
import type { Fault } from '../support/supertokens-core.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => vi.useRealTimers())

const json = { 'content-type': 'application/json', 'st-auth-mode': 'cookie' }
const form = JSON.stringify({
  formFields: [
    { id: 'email', value: 'jo@example.com' },
    { id: 'password', value: 'correct-horse-1' },
  ],
})

describe('bodies nobody can read are the client’s fault, not the server’s', () => {
  it.each([
    ['nothing', ''],
    ['half of it', '{"formFields":['],
    ['a word', 'formFields'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00])],
    ['null', 'null'],
    ['a number', '7'],
    ['a string', '"formFields"'],
    ['a list', '[]'],
    ['true', 'true'],
    ['deep nesting', '['.repeat(100_000)],
    ['fields of null', '{"formFields":null}'],
    ['fields that are no list', '{"formFields":{"length":2}}'],
    ['a field of null', '{"formFields":[null]}'],
    ['a value of another type', '{"formFields":[{"id":"email","value":{}}]}'],
    ['a value that is a list', '{"formFields":[{"id":"email","value":["a@b.co"]}]}'],
    ['a lone surrogate', form.replace('jo@', '\\ud800@')],
    ['a NUL in the address', form.replace('jo@', '\\u0000@')],
    ['__proto__', '{"__proto__":{"formFields":[]}}'],
  ])('%s', async (_says, body) => {
    for (const path of ['/signin', '/signup', '/signup?x=%E0%A4%A', '/public/signin']) {
      const { endpoint, core } = createApp()
      core.users.add()
      const response = await endpoint(path, { method: 'POST', body, headers: json })
      expect(response.status).toBeLessThan(500)
      expect(await response.text()).not.toContain('node_modules')
    }
  })

  it.each([
    ['sign-out', '/signout'],
    ['refresh', '/session/refresh'],
  ])('%s does not even read them', async (_says, path) => {
    const { endpoint } = createApp()
    const response = await endpoint(path, { method: 'POST', body: '{', headers: json })
    expect(response.status).toBe(401)
  })

  it.each([
    ['a form that is none', 'x', 'application/x-www-form-urlencoded'],
    ['a multipart form without its boundary', '--x', 'multipart/form-data'],
    ['no form at all', '{}', 'application/json'],
  ])('%s, from an identity provider', async (_says, body, type) => {
    const { endpoint } = createApp()
    const headers = { 'content-type': type }
    const response = await endpoint('/callback/apple', { method: 'POST', body, headers })
    expect(response.status).toBeLessThan(500)
  })
})

describe('cookies that are there twice', () => {
  const twice = (name: string, first: string, second: string, rest = '') => ({
    method: 'POST',
    headers: { ...json, cookie: `${name}=${first}; ${name}=${second}; ${rest}` },
  })

  it.each(['sAccessToken', 'sRefreshToken'])(
    '%s: the refresh is refused with 4xx',
    async (name) => {
      const { endpoint, core } = createApp()
      const { accessToken, refreshToken } = core.issue()
      const value = encodeURIComponent(name === 'sAccessToken' ? accessToken : refreshToken)
      const rest = `sRefreshToken=${encodeURIComponent(refreshToken)}`
      const response = await endpoint('/session/refresh', twice(name, value, 'old', rest))
      expect(response.status).toBe(400)
      expect(core.count('/recipe/session/refresh')).toBe(0)
    },
  )

  it('the older ones are cleared where the app says which those are', async () => {
    const { endpoint, core } = createApp({ session: { olderCookieDomain: 'old.localhost' } })
    const { accessToken } = core.issue()
    const response = await endpoint('/session/refresh', twice('sAccessToken', accessToken, 'old'))
    expect(response.status).toBe(200)
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^sAccessToken=;.*Domain=old\.localhost/i),
    ])
  })
})

describe('a core that answers with an error', () => {
  const signIn = (app: TestApp) => {
    app.core.users.add()
    return app.endpoint('/signin', { method: 'POST', body: form, headers: json })
  }

  it.each<[string, Fault, number, string | undefined]>([
    ['400', { status: 400, text: "Field name 'email' is invalid" }, 400, undefined],
    ['401', { status: 401, text: 'Invalid API key' }, 500, 'config_invalid'],
    ['402', { status: 402, text: 'Cannot use feature' }, 500, 'config_invalid'],
    ['403', { status: 403, text: 'Forbidden' }, 500, 'config_invalid'],
    ['404', { status: 404, text: 'Not found' }, 500, 'config_invalid'],
    ['500', { status: 500, text: 'java.lang.NullPointerException' }, 503, 'provider_unavailable'],
    ['502', { status: 502 }, 503, 'provider_unavailable'],
    ['503', { status: 503 }, 503, 'provider_unavailable'],
    ['a redirect', { status: 301 }, 500, 'config_invalid'],
    ['an answer cut off', 'cut off', 503, 'provider_unavailable'],
    [
      'an answer that is no JSON',
      { status: 200, text: '<html>', type: 'application/json' },
      503,
      'provider_unavailable',
    ],
  ])('%s', async (_says, fault, status, code) => {
    const app = createApp()
    app.core.faults = [[/\/recipe\/signin$/, fault]]
    const response = await signIn(app)
    expect(response.status).toBe(status)
    const body = await response.json()
    expect(body.code).toBe(code)
    expect(JSON.stringify(body)).not.toMatch(/core\.test|java|api key/i)
    expect(response.headers.has('retry-after')).toBe(status === 503)
  })

  it('429, again and again: 503', async () => {
    const app = createApp()
    app.core.faults = [[/\/recipe\/signin$/, { status: 429 }]]
    expect((await signIn(app)).status).toBe(503)
    expect(app.core.count('/recipe/signin')).toBe(6)
  })

  it('unreachable: 503', async () => {
    const app = createApp()
    app.core.goOffline()
    const response = await signIn(app)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'provider_unavailable' })
  })

  it('of a version this SDK does not speak: 500, and the operator is told', async () => {
    const app = createApp()
    const versions = { status: 200, text: '{"versions":["2.7"]}', type: 'application/json' }
    app.core.faults = [[/\/apiversion$/, versions]]
    expect((await signIn(app)).status).toBe(500)
    expect(app.errors.map(({ code }) => code)).toEqual(['config_invalid'])
  })

  it('that never answers: 503 after thirty seconds, the time mail may take as well', async () => {
    const app = createApp()
    await app.auth.checkAuthConfig()
    app.core.faults = [[/./, 'hang']]
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: NOW })
    const pending = signIn(app)
    await vi.advanceTimersByTimeAsync(30_000)
    vi.useRealTimers()
    expect((await pending).status).toBe(503)
  })
})

describe('a core that fails while a session is judged', () => {
  const guarded = ({ auth }: TestApp) =>
    auth.requireAuth(() => new Response('in'), { revocation: 'session' })

  it.each<[string, Fault, number]>([
    ['400', { status: 400, text: 'Invalid Json Input' }, 401],
    ['401', { status: 401, text: 'Invalid API key' }, 500],
    ['500', { status: 500 }, 503],
    ['a redirect', { status: 302 }, 500],
    ['an answer cut off', 'cut off', 503],
    ['no JSON', { status: 200, text: '<html>', type: 'application/json' }, 503],
  ])('%s', async (_says, fault, status) => {
    const app = createApp({ provider: { requiredClaims: {} } })
    const { accessToken: bearer } = app.core.issue()
    app.core.faults = [[/\/recipe\/session\/verify$/, fault]]
    const response = await guarded(app)(requestWith({ bearer }))
    expect(response.status).toBe(status)
    expect(app.errors).toHaveLength(status < 500 ? 0 : 1)
  })

  it('a token that runs out in the meantime is expired, and no outage', async () => {
    const app = createApp({ provider: { requiredClaims: {} } })
    const { accessToken: bearer } = app.core.issue()
    await app.auth.getAuth(requestWith({ bearer }))
    // The SDK fetches the keys on its own, and that takes time.
    app.core.onCall = () => void vi.setSystemTime(NOW + 3600_000)
    vi.setSystemTime(NOW + 3_599_900)
    const response = await guarded(app)(requestWith({ bearer }))
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ message: 'try refresh token' })
  })

  it('keys the SDK cannot have are an outage, with claims to be checked by it', async () => {
    const recipes = [EmailPassword.init(), EmailVerification.init({ mode: 'REQUIRED' })]
    const app = createApp({ recipes })
    const claims = { 'st-ev': { v: true, t: NOW } }
    const { accessToken: bearer } = app.core.issue({ claims })
    const { auth, core } = app
    core.faults = [[/\.well-known/, { status: 500 }]]
    await expect(auth.getAuth(requestWith({ bearer }))).rejects.toMatchObject({
      code: 'provider_unavailable',
    })
    core.faults = []
    vi.setSystemTime(NOW + 2000)
    expect(await auth.getAuth(requestWith({ bearer }))).toMatchObject({ userId: 'user-1' })
  })
})

describe('a request line no URL parser takes', () => {
  it.each(['//', '///', '/\\', '//:80', 'http://[', '*', '', '/%', '/?a=%E0%A4%A'])(
    '%j is no reason to fail',
    async (url) => {
      for (const provider of [{}, { requiredClaims: {} }]) {
        const { auth, core } = createApp({ provider })
        const { accessToken } = core.issue()
        const headers = { host: 'localhost', cookie: `sAccessToken=${accessToken}` }
        const source = { method: 'GET', url, headers }
        expect(await auth.getAuth(source)).toMatchObject({ userId: 'user-1' })
      }
    },
  )
})
