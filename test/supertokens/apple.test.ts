import nock from 'nock'
import ThirdParty from 'supertokens-node/recipe/thirdparty'
import { beforeEach, describe, expect, it } from 'vitest'
import { APP_INFO, type AppOptions, createApp, ORIGIN } from '../support/supertokens-app.js'

beforeEach(() => nock.disableNetConnect())

const WEBSITE = 'https://www.example.com'
const OTHER = 'https://other.example'

type Override = NonNullable<Parameters<typeof ThirdParty.init>[0]>['override']

function site(override?: Override, provider?: AppOptions['provider']) {
  const appInfo = { ...APP_INFO, websiteDomain: 'www.example.com' }
  return createApp({
    recipes: [ThirdParty.init(override && { override })],
    provider: { appInfo, ...provider },
    auth: { origins: [ORIGIN, OTHER] },
  })
}

/** As Apple's page posts it, from Apple's site. */
async function answer(app: ReturnType<typeof site>, form: Record<string, string>, path = '') {
  const response = await app.endpoint(`${path}/callback/apple`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { origin: 'https://appleid.apple.com', 'sec-fetch-site': 'cross-site' },
  })
  return { status: response.status, location: response.headers.get('location') }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
const leadingTo = (frontendRedirectURI: unknown) => encode({ state: 'x', frontendRedirectURI })
const refused = { status: 400, location: null }

describe('Apple’s answer goes on', () => {
  it.each([
    `${ORIGIN}/auth/callback/apple`,
    `${OTHER}/auth/callback/apple?step=2`,
    `${WEBSITE}/auth/callback/apple`,
    'HTTPS://WWW.example.com:443/cb',
  ])('to %s', async (address) => {
    const state = leadingTo(address)
    for (const path of ['', '/public']) {
      const { status, location } = await answer(site(), { code: 'c', state }, path)
      expect(status).toBe(303)
      const url = new URL(location ?? '')
      expect(url.origin).toBe(new URL(address).origin)
      expect(url.pathname).toBe(new URL(address).pathname)
      expect([url.searchParams.get('code'), url.searchParams.get('state')]).toEqual(['c', state])
    }
  })

  it.each([
    'https://evil.example/phish',
    'http://www.example.com/',
    'https://www.example.com:8443/',
    'https://www.example.com.evil.example/',
    'https://evil.example/www.example.com',
    'https://www.example.com@evil.example/',
    'https://evil.example#@www.example.com/',
    'https://evil.example\\@www.example.com/',
    'https:evil.example',
    ' https://evil.example',
    '\thttps://evil.example',
    'ht\ntps://evil.example',
    'https:/\\evil.example',
    'https://xn--wwwexample-com.evil.example',
    'https://www。example。com。evil.example',
    '//evil.example',
    '/auth/callback/apple',
    'evil.example',
    '',
    'javascript:alert(document.domain)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://www.example.com/5a9a4f6c-8d0b-4b0e-9d63-2f6e3b2f0c11',
    'filesystem:https://www.example.com/temporary/x',
    'file:///etc/passwd',
    'ftp://www.example.com/',
    'ws://localhost/',
    'intent://callback#Intent;scheme=https;S.browser_fallback_url=https%3A%2F%2Fevil.example;end',
    'signinwithapple://callback',
    'com.example.app://callback',
    ['https://evil.example/'],
    [['https://evil.example/']],
    [`${ORIGIN}/`],
    { href: 'https://evil.example/' },
    null,
    0,
    true,
  ])('but never to %j', async (address) => {
    expect(await answer(site(), { code: 'c', state: leadingTo(address) })).toEqual(refused)
  })

  it.each([
    ['base64 for URLs', leadingTo('https://evil.example/?>>>').replaceAll('+', '-')],
    ['base64 without an end', leadingTo('https://evil.example/').replace(/=+$/, '')],
    ['base64 with spaces', leadingTo('https://evil.example/').replaceAll(/(.{5})/g, '$1 ')],
    ['base64 with rubbish', leadingTo('https://evil.example/').replaceAll(/(.{5})/g, '$1!')],
    [
      'a second member',
      btoa(`{"frontendRedirectURI":"${ORIGIN}/","frontendRedirectURI":"https://evil.example/"}`),
    ],
    ['an escape', btoa('{"frontendRedirectUR\\u0049":"https://evil.example/"}')],
  ])('nor by %s', async (_says, state) => {
    expect(await answer(site(), { code: 'c', state })).toEqual(refused)
  })

  it('nor by a second state', async () => {
    const app = site()
    const states = [leadingTo(`${ORIGIN}/`), leadingTo('https://evil.example/')]
    for (const [first = '', second = ''] of [states, [...states].reverse()]) {
      const response = await app.endpoint('/callback/apple', {
        method: 'POST',
        body: new URLSearchParams([
          ['state', first],
          ['state', second],
        ]),
      })
      expect(response.headers.get('location') ?? '').not.toMatch(/^https:\/\/evil/)
    }
  })

  it('nor where the app’s origin depends on the request', async () => {
    const origin = (() => 'https://evil.example') as unknown as string
    const app = site(undefined, { appInfo: { ...APP_INFO, origin } })
    expect(await answer(app, { state: leadingTo('https://evil.example/') })).toEqual(refused)
  })
})

describe('an answer without a state that says where to go', () => {
  const states = ['%', '\0', btoa('null'), btoa('{}'), btoa('[]'), btoa('"x"'), btoa('{')]

  it.each([undefined, '', ...states])('%j: 400', async (state) => {
    for (const path of ['', '/public']) {
      const form = state === undefined ? { code: 'c' } : { code: 'c', state }
      expect(await answer(site(), form, path)).toEqual(refused)
    }
  })

  it('of a file, or of another type: 400', async () => {
    const file = new FormData()
    file.set('state', new Blob(['x']), 'state')
    for (const body of [file, new URLSearchParams({ state: '' }), 'state=%', '{}']) {
      const response = await site().endpoint('/callback/apple/', { method: 'POST', body })
      expect(response.status).toBe(400)
    }
  })

  it('is the app’s to handle: native apps are told by members of their own', async () => {
    const app = site({
      apis: (original) => ({
        ...original,
        async appleRedirectHandlerPOST(input) {
          const { code, state } = input.formPostInfoFromProvider
          const { isAndroid } = JSON.parse(atob(state))
          if (!isAndroid) return original.appleRedirectHandlerPOST?.(input)
          const { res: response } = input.options
          const query = new URLSearchParams({ code })
          const intent = `intent://callback?${query}#Intent;package=com.example.app;end`
          response.setHeader('location', intent, false)
          response.setStatusCode(303)
          response.sendHTMLResponse('')
        },
      }),
    })
    const native = await answer(app, { code: 'c', state: encode({ isAndroid: true }) })
    expect(native).toEqual({
      status: 303,
      location: 'intent://callback?code=c#Intent;package=com.example.app;end',
    })
    const evil = { isAndroid: true, frontendRedirectURI: 'https://evil.example/' }
    expect(await answer(app, { code: 'c', state: encode(evil) })).toEqual(refused)
    expect((await answer(app, { code: 'c', state: leadingTo(`${ORIGIN}/`) })).status).toBe(303)
  })
})
