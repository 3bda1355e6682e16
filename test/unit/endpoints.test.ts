import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createAuth } from '../../src/auth.js'
import { AuthError, type AuthErrorCode } from '../../src/errors.js'
import type { NodeRequestStream } from '../../src/node-http.js'
import type { EndpointContext, ProviderEndpoints } from '../../src/provider.js'
import type { RequestView } from '../../src/request.js'
import { fakeProvider, fakeSession, only } from '../support/core-provider.js'
import { askServer, type RawRequest } from '../support/core-server.js'

const MAIN = 'https://app.example'
const LISTED = 'https://www.example'
const EVIL = 'https://evil.example'
const NO_STORE = 'no-cache, no-store, max-age=0, must-revalidate'

type Handle = ProviderEndpoints['handle']

function endpointsOf(handle: Handle = async () => new Response('vendor')) {
  const errors: AuthError[] = []
  const contexts: EndpointContext[] = []
  const provider = fakeProvider({
    challenge: ({ code }) => ({ members: { vendor: code } }),
    endpoints: {
      corsHeaders: ['rid', 'anti-csrf'],
      acceptsCrossSite: (path) => path.endsWith('/callback'),
      handle: (request, context) => {
        contexts.push(context)
        return handle(request, context)
      },
    },
  })
  const auth = createAuth({
    providers: only(provider),
    origins: [MAIN, LISTED],
    onError: (error) => errors.push(error),
  })
  return { handler: auth.authHandler(), errors, contexts }
}

interface Ask {
  readonly path?: string
  readonly method?: string
  readonly headers?: Record<string, string>
}

function ask({ path = '/api/auth/x', method = 'GET', headers = {} }: Ask = {}): Request {
  return new Request(MAIN + path, { method, headers })
}

describe('CORS', () => {
  it.each([
    ['the main origin', MAIN, MAIN],
    ['a listed origin', LISTED, LISTED],
    ['another origin', EVIL, null],
    ['an opaque origin', 'null', null],
    ['an origin that begins like a listed one', `${LISTED}.evil.example`, null],
    ['an origin that ends like a listed one', 'https://evilwww.example', null],
    ['a listed host on another port', `${LISTED}:8443`, null],
    ['a listed host without TLS', 'http://www.example', null],
    ['a listed origin with a slash', `${LISTED}/`, null],
    ['a listed origin in capitals', LISTED.toUpperCase(), null],
    ['two origins', `${LISTED}, ${EVIL}`, null],
    ['a wildcard', '*', null],
    ['no origin', undefined, null],
  ])('for %s', async (_, origin, allowed) => {
    const headers: Record<string, string> = origin === undefined ? {} : { origin }
    const { handler } = endpointsOf()
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const response = await handler(ask({ method, headers }))
      expect(response.headers.get('access-control-allow-origin')).toBe(allowed)
      expect(response.headers.get('access-control-allow-credentials')).toBe(allowed && 'true')
      expect(response.headers.get('vary')).toMatch(/\bOrigin\b/)
    }
  })

  it('tells a listed origin what it may send, and nobody else', async () => {
    const { handler, contexts } = endpointsOf()
    const headers = { origin: LISTED, 'access-control-request-headers': 'x-evil' }
    const answer = await handler(ask({ method: 'OPTIONS', headers }))
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-headers')).toBe('content-type, rid, anti-csrf')
    expect(answer.headers.get('access-control-allow-methods')).toMatch(/^GET, POST, /)
    const refused = await handler(ask({ method: 'OPTIONS', headers: { origin: EVIL } }))
    expect(refused.headers.has('access-control-allow-headers')).toBe(false)
    expect(refused.headers.has('access-control-allow-methods')).toBe(false)
    expect(contexts).toEqual([])
  })

  it('leaves open what the vendor opened, without credentials', async () => {
    const { handler } = endpointsOf(
      async () => new Response('keys', { headers: { 'access-control-allow-origin': '*' } }),
    )
    const { headers } = await handler(ask({ headers: { origin: LISTED } }))
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.has('access-control-allow-credentials')).toBe(false)
  })

  it.each<[string, Handle, number]>([
    ['nothing there', async () => null, 404],
    ['an outage', () => Promise.reject(new AuthError('provider_unavailable', 'down')), 503],
    ['a refusal', () => Promise.reject(new AuthError('token_invalid', 'no')), 401],
  ])('lets a listed origin read %s as well', async (_, handle, status) => {
    const response = await endpointsOf(handle).handler(ask({ headers: { origin: LISTED } }))
    expect(response.status).toBe(status)
    expect(response.headers.get('access-control-allow-origin')).toBe(LISTED)
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
  })
})

describe('answers', () => {
  it.each<[string, Handle]>([
    ['a redirect', async () => Response.redirect(`${EVIL}/authorize`, 302)],
    ['a fetched answer', () => fetch('data:text/plain,hello')],
  ])('of the vendor may have immutable headers: %s', async (_, handle) => {
    const response = await endpointsOf(handle).handler(ask({ headers: { origin: LISTED } }))
    expect(response.headers.get('access-control-allow-origin')).toBe(LISTED)
    expect(response.headers.get('cache-control')).toBe(NO_STORE)
  })

  it.each([
    [undefined, NO_STORE],
    ['public, max-age=3600', 'public, max-age=3600'],
    ['no-store', 'no-store'],
  ])('of the vendor with Cache-Control %j say %j', async (given, expected) => {
    const headers = given === undefined ? {} : { 'cache-control': given }
    const { handler } = endpointsOf(async () => new Response('x', { headers }))
    expect((await handler(ask())).headers.get('cache-control')).toBe(expected)
  })

  it.each<[string, Ask, Handle | undefined, number]>([
    ['404', {}, async () => null, 404],
    ['preflights', { method: 'OPTIONS' }, undefined, 204],
    ['503', {}, () => Promise.reject(new AuthError('provider_unavailable', 'x')), 503],
  ])('of its own are not to be stored: %s', async (_, asked, handle, status) => {
    const response = await endpointsOf(handle).handler(ask(asked))
    expect(response.status).toBe(status)
    expect(response.headers.get('cache-control')).toContain('no-store')
  })

  it('say 404 where the provider has no endpoints', async () => {
    const auth = createAuth({ providers: only(fakeProvider()), origins: [MAIN] })
    expect((await auth.authHandler()(ask())).status).toBe(404)
    expect((await auth.authHandler()(ask({ method: 'OPTIONS' }))).status).toBe(204)
  })

  it('tell the vendor where the app is, whatever the request says', async () => {
    const { handler, contexts } = endpointsOf()
    const spoofed = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
    await handler(ask({ headers: spoofed }))
    expect(contexts).toMatchObject([
      { origin: MAIN, basePath: '/api/auth', origins: [MAIN, LISTED] },
    ])
  })

  it.each<[AuthErrorCode, number]>([
    ['provider_unavailable', 503],
    ['config_invalid', 500],
    ['token_invalid', 401],
    ['token_expired', 401],
    ['forbidden', 403],
  ])('turn %s into %d', async (code, status) => {
    const { handler, errors } = endpointsOf(() => Promise.reject(new AuthError(code, 'inside')))
    const response = await handler(ask())
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code, status })
    expect(errors).toHaveLength(status >= 500 ? 1 : 0)
  })

  it('carry what the vendor’s browser SDK needs', async () => {
    const { handler } = endpointsOf(() => Promise.reject(new AuthError('token_expired', 'old')))
    expect(await (await handler(ask())).json()).toMatchObject({ vendor: 'token_expired' })
  })

  it('leave bugs to the framework', async () => {
    const bug = new TypeError('bug')
    await expect(endpointsOf(() => Promise.reject(bug)).handler(ask())).rejects.toBe(bug)
  })

  it('say 500 and tell the operator when the configuration is wrong', async () => {
    const errors: AuthError[] = []
    const onError = (error: AuthError) => void errors.push(error)
    const auth = createAuth({ providers: only(fakeProvider()), origins: [undefined], onError })
    const response = await auth.authHandler()(ask())
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('origins')
    expect(errors).toMatchObject([{ code: 'config_invalid' }])
  })
})

it('takes a provider that is an instance of a class', async () => {
  class Acme {
    readonly contract = 1
    readonly name = 'acme'
    readonly cookie: string = 'fake'
    readonly endpoints = {
      corsHeaders: [],
      body: 'acme',
      acceptsCrossSite: () => false,
      async handle() {
        return new Response(this.body)
      },
    }
    owns() {
      return this.cookie === ''
    }
    carries({ cookies }: RequestView) {
      return cookies.get(this.cookie) !== null
    }
    async authenticate() {
      return fakeSession({ subject: this.name })
    }
  }
  const auth = createAuth({ providers: only(new Acme()), origins: [MAIN] })
  const headers = { cookie: 'fake=1', origin: EVIL }
  expect((await auth.authHandler()(ask({ headers }))).status).toBe(200)
  expect((await auth.authHandler()(ask({ headers, method: 'POST' }))).status).toBe(403)
  expect((await auth.getAuth(ask({ headers }))).userId).toBe('acme')
})

describe('cross-site requests', () => {
  const cookie = 'fake=user-1'
  const evil = { origin: EVIL, 'sec-fetch-site': 'cross-site' }

  it.each([
    ['a GET with cookies', { headers: { cookie, ...evil } }, 200],
    ['a POST with cookies', { method: 'POST', headers: { cookie, ...evil } }, 403],
    ['a DELETE with cookies', { method: 'DELETE', headers: { cookie, ...evil } }, 403],
    [
      'a POST with cookies from nowhere',
      { method: 'POST', headers: { cookie, origin: 'null' } },
      403,
    ],
    ['a POST without cookies', { method: 'POST', headers: evil }, 403],
    ['a POST with other cookies', { method: 'POST', headers: { cookie: 'x=1', ...evil } }, 403],
    ['a POST from a listed origin', { method: 'POST', headers: { cookie, origin: LISTED } }, 200],
    ['a POST from no browser', { method: 'POST', headers: { cookie } }, 200],
    [
      'a POST from an identity provider',
      { method: 'POST', path: '/api/auth/callback', headers: { cookie, ...evil } },
      200,
    ],
    [
      'a POST that only looks like one',
      { method: 'POST', path: '/api/auth/x?/callback', headers: { cookie, ...evil } },
      403,
    ],
  ])('%s', async (_, asked, status) => {
    const { handler, contexts } = endpointsOf()
    const response = await handler(ask(asked))
    expect(response.status).toBe(status)
    expect(contexts).toHaveLength(status === 200 ? 1 : 0)
    if (status === 403) expect(await response.json()).toMatchObject({ code: 'csrf_rejected' })
  })
})

describe('a Node server', () => {
  function serve(request: RawRequest, body?: unknown) {
    const { handler } = endpointsOf(
      async (given) =>
        new Response(`${given.method} ${given.url} ${await given.text()}`, {
          headers: [
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        }),
    )
    return askServer((incoming, outgoing) => {
      if (body !== undefined) Object.assign(incoming, { body })
      return handler(incoming as unknown as NodeRequestStream, outgoing)
    }, request)
  }

  it('serves the vendor’s endpoints with body and cookies', async () => {
    const answer = await serve({ method: 'POST', path: '/api/auth/x', body: 'hello' })
    expect(answer.body).toBe(`POST ${MAIN}/api/auth/x hello`)
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(answer.headers['cache-control']).toBe(NO_STORE)
  })

  it('says what to do when a body parser has been there before', async () => {
    const answer = await serve({ method: 'POST', path: '/api/auth/x' }, { parsed: true })
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([500, 'config_invalid'])
  })

  it('answers a body that is too large with 413', async () => {
    const body = new Uint8Array(1_500_000)
    const answer = await serve({ method: 'POST', path: '/api/auth/x', body })
    expect(answer.status).toBe(413)
    expect(answer.headers['cache-control']).toContain('no-store')
  })

  it('survives a client that hangs up in the middle of a body', async () => {
    const { handler } = endpointsOf(async () => new Response('reached'))
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    client.write('POST /api/auth/x HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc')
    const status = await new Promise((resolve, reject) => {
      server.once('request', (incoming, outgoing) => {
        handler(incoming, outgoing).then(() => resolve(outgoing.statusCode), reject)
        client.destroy()
      })
    })
    server.close()
    expect(status).toBe(400)
  })

  it('survives a stream of Fetch that breaks', async () => {
    const { handler } = endpointsOf(async () => new Response('reached'))
    const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('')) })
    const init = { method: 'POST', body, duplex: 'half' }
    const request = new Request(`${MAIN}/api/auth/x`, init)
    expect((await handler(request)).status).toBe(400)
  })

  it('says what to do about a body of Fetch that somebody has read', async () => {
    const { handler } = endpointsOf(async () => new Response('reached'))
    const request = new Request(`${MAIN}/api/auth/x`, { method: 'POST', body: 'a' })
    await request.text()
    const response = await handler(request)
    expect([response.status, (await response.json()).code]).toEqual([500, 'config_invalid'])
  })

  it.each<[string, RawRequest]>([
    ['TRACE', { method: 'TRACE', path: '/api/auth/x' }],
    ['a target that is no path', { method: 'OPTIONS', path: '*' }],
    ['backslashes', { path: '/\\evil.example/api/auth/x' }],
    ['a broken percent sign', { path: '/api/auth/%' }],
    ['an absolute target', { path: 'http://evil.example/api/auth/x' }],
    ['letters beyond ASCII', { path: '/api/auth/x', headers: { 'x-a': '\u00e9\u00ff' } }],
  ])('never fails on %s, nor believes in another origin', async (_, request) => {
    const answer = await serve(request)
    expect(answer.status).toBeLessThan(500)
    expect(answer.body).not.toMatch(/https?:\/\/evil/)
  })
})
