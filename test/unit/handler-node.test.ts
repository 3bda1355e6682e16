import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { AuthError, type AuthErrorCode, statuses } from '../../src/errors.js'
import type { NodeRequestLike } from '../../src/request.js'
import type { SignedInAuth } from '../../src/session.js'
import { createTestResponse, signedOut, type TestResponse } from '../../src/testing/index.js'
import { memoryAuth, NAVIGATION } from '../support/core-auth.js'
import { askServer, type RawAnswer, type RawRequest } from '../support/core-server.js'

const PRIVATE = 'private, no-store'

describe('requireAuth for Node handlers', () => {
  it('gives the handler req.auth, the response and what follows, and its result back', async () => {
    const { auth, signIn } = memoryAuth()
    const guarded = auth.requireAuth(
      (request: AuthedRequest, response: TestResponse, next: () => string) => {
        response.json({ userId: request.auth.userId })
        return next()
      },
    )
    const response = createTestResponse()
    const result = await guarded((await signIn()).nodeRequest('/'), response, () => 'next')
    expect([result, response.body]).toEqual(['next', '{"userId":"user-1"}'])
  })

  it('does not enter the handler for nobody, and sends the answer itself', async () => {
    const { auth } = memoryAuth()
    let entered = false
    const guarded = auth.requireAuth((_request: AuthedRequest, _response: TestResponse) => {
      entered = true
    })
    const response = createTestResponse()
    expect(await guarded(signedOut().nodeRequest('/'), response)).toBeUndefined()
    expect([entered, response.statusCode]).toEqual([false, 401])
    expect(JSON.parse(response.body)).toMatchObject({ code: 'unauthenticated', status: 401 })
    expect(response.getHeader('www-authenticate')).toBe('Bearer realm="localhost"')
    expect(response.getHeader('cache-control')).toBe(PRIVATE)
  })

  it.each(Object.entries(statuses))('answers %s thrown by the handler', async (code, status) => {
    const { auth, signIn, errors } = memoryAuth()
    const guarded = auth.requireAuth(async (_request: AuthedRequest, _response: TestResponse) => {
      throw new AuthError(code as AuthErrorCode, 'said by the handler')
    })
    const response = createTestResponse()
    await guarded((await signIn()).nodeRequest('/'), response)
    expect([response.statusCode, JSON.parse(response.body).code]).toEqual([status, code])
    expect(errors).toHaveLength(status >= 500 ? 1 : 0)
  })

  it('does not answer twice', async () => {
    const { auth, signIn } = memoryAuth()
    const thrown = new AuthError('forbidden', 'too late')
    const guarded = auth.requireAuth((_request: AuthedRequest, response: TestResponse) => {
      response.json({ done: true })
      throw thrown
    })
    const response = createTestResponse()
    await expect(guarded((await signIn()).nodeRequest('/'), response)).rejects.toBe(thrown)
    expect([response.statusCode, response.body]).toEqual([200, '{"done":true}'])
  })

  it.each<[string, unknown]>([
    ['an error with a digest', Object.assign(new Error(), { digest: 'NEXT_REDIRECT;' })],
    ['a bug', new TypeError('bug')],
    ['a text', 'thrown'],
  ])('leaves %s to the framework', async (_, thrown) => {
    const { auth, signIn } = memoryAuth()
    const guarded = auth.requireAuth((_request: AuthedRequest, _response: TestResponse) => {
      throw thrown
    })
    const response = createTestResponse()
    await expect(guarded((await signIn()).nodeRequest('/'), response)).rejects.toBe(thrown)
    expect(response.headersSent).toBe(false)
  })

  it('tells the operator what the configuration lacks, and the client nothing', async () => {
    const { auth, errors } = memoryAuth({ provider: 'other' })
    const guarded = auth.requireAuth((_request: AuthedRequest, _response: TestResponse) => 'in')
    const response = createTestResponse()
    await guarded(signedOut().nodeRequest('/'), response)
    expect([response.statusCode, JSON.parse(response.body).code]).toEqual([500, 'config_invalid'])
    expect(response.body).not.toContain('memory')
    expect(errors).toMatchObject([{ details: { issues: [{ name: 'provider' }] } }])
  })

  it('redirects a person, and nobody else', async () => {
    const { auth } = memoryAuth({ signInPath: '/sign-in' })
    const guarded = auth.requireAuth((_request: AuthedRequest, _response: TestResponse) => 'in')
    const ask = async (headers: Record<string, string>) => {
      const response = createTestResponse()
      await guarded(signedOut().nodeRequest('/a?b=c', { headers }), response)
      return [response.statusCode, response.getHeader('location')]
    }
    expect(await ask(NAVIGATION)).toEqual([307, '/sign-in?returnTo=%2Fa%3Fb%3Dc'])
    expect(await ask({ accept: 'text/html' })).toEqual([401, undefined])
  })

  it('puts the cookies of signOut beside those of the handler', async () => {
    const { auth, signIn } = memoryAuth()
    const guarded = auth.requireAuth(async (request: AuthedRequest, response: TestResponse) => {
      response.setHeader('set-cookie', 'own=1')
      await auth.signOut(request)
      response.json({})
    })
    const response = createTestResponse()
    await guarded((await signIn()).nodeRequest('/'), response)
    expect(response.getHeader('set-cookie')).toEqual([
      'own=1',
      'memory_session=; Path=/; Max-Age=0; HttpOnly',
    ])
  })
})

/** What comes of a handler behind requireAuth on a real Node server. */
async function serve(
  handler: (request: AuthedMessage, response: ServerResponse) => unknown,
  before: (response: ServerResponse) => void = () => undefined,
  ask: RawRequest = {},
): Promise<RawAnswer> {
  const { auth, signIn } = memoryAuth()
  const { token } = await signIn()
  const guarded = auth.requireAuth(handler)
  const headers = { authorization: `Bearer ${token}`, ...ask.headers }
  return askServer(
    (request, response) => {
      before(response)
      return guarded(request, response)
    },
    { ...ask, headers },
  )
}

describe('shared caches and Node handlers', () => {
  const OPEN = 'public, max-age=600'

  it.each<[string, (response: ServerResponse) => unknown]>([
    ['says nothing', (response) => response.end('x')],
    ['sets a header', (response) => response.setHeader('Cache-Control', OPEN).end('x')],
    ['says no-cache', (response) => response.setHeader('Cache-Control', 'no-cache').end('x')],
    ['sets several', (response) => response.setHeader('Cache-Control', [OPEN, 's-maxage=1']).end()],
    [
      'flushes its headers',
      (response) => {
        response.setHeader('Cache-Control', OPEN).flushHeaders()
        response.end('x')
      },
    ],
    [
      'streams',
      (response) => {
        response.setHeader('Cache-Control', OPEN).write('x')
        response.end('y')
      },
    ],
    ['writes its head', (response) => response.writeHead(200).end('x')],
    [
      'writes its head with headers',
      (response) => response.writeHead(200, { 'Cache-Control': OPEN }).end('x'),
    ],
    [
      'writes its head with a reason and headers',
      (response) => response.writeHead(200, 'Fine', { 'cache-control': OPEN }).end('x'),
    ],
    [
      'writes its head with a list of headers',
      (response) => response.writeHead(200, ['Cache-Control', OPEN]).end('x'),
    ],
    [
      'sets one thing and writes another',
      (response) =>
        response
          .setHeader('Cache-Control', PRIVATE)
          .writeHead(200, { 'Cache-Control': OPEN })
          .end(),
    ],
  ])('stay closed when the handler %s', async (_, respond) => {
    const { status, headers } = await serve((_request, response) => respond(response))
    expect(status).toBe(200)
    expect(headers['cache-control']).toBe(PRIVATE)
  })

  it.each([
    [
      'a header',
      (response: ServerResponse) => response.setHeader('Cache-Control', 'no-store').end(),
    ],
    [
      'its head',
      (response: ServerResponse) => response.writeHead(200, { 'Cache-Control': 'no-store' }).end(),
    ],
  ])('do not overrule a handler that closes them itself by %s', async (_, respond) => {
    const { headers } = await serve((_request, response) => respond(response))
    expect(headers['cache-control']).toBe('no-store')
  })

  it('keep what headers the handler writes besides', async () => {
    const { status, headers, body } = await serve((_request, response) =>
      response.writeHead(201, 'Made', { 'X-Own': 'yes', 'Cache-Control': OPEN }).end('x'),
    )
    expect([status, headers['x-own'], body]).toEqual([201, 'yes', 'x'])
  })

  it.each([
    ['a middleware before', (response: ServerResponse) => response.setHeader('Vary', 'Origin'), ''],
    ['the handler', () => undefined, 'Origin'],
  ])('are told of everything the answer varies by, by %s too', async (_, before, own) => {
    const { headers } = await serve(
      (_request, response) => {
        if (own) response.setHeader('Vary', own)
        response.end()
      },
      before as (response: ServerResponse) => void,
    )
    const items = headers.vary?.toLowerCase().split(/\s*,\s*/)
    expect(items).toEqual(expect.arrayContaining(['origin', 'cookie', 'authorization']))
  })

  it('are told so in refusals, after a middleware has spoken', async () => {
    const { headers } = await serve(
      () => {
        throw new AuthError('forbidden', 'no')
      },
      (response) => response.setHeader('Vary', 'Origin'),
    )
    expect(headers.vary).toMatch(/origin/i)
    expect(headers.vary).toMatch(/cookie/i)
  })

  it('get a whole refusal where the handler had begun another answer', async () => {
    const { status, body } = await serve((_request, response) => {
      response.statusCode = 200
      response.setHeader('Content-Type', 'text/html')
      response.setHeader('Content-Length', '2')
      throw new AuthError('forbidden', 'no')
    })
    expect(status).toBe(403)
    expect(JSON.parse(body)).toMatchObject({ code: 'forbidden' })
  })
})

describe('hostile requests to a real Node server', () => {
  it.each<[string, RawRequest]>([
    ['a target that is no path', { method: 'OPTIONS', path: '*' }],
    ['an absolute target', { path: 'http://evil.example/a' }],
    ['two slashes', { path: '//evil.example/a' }],
    ['backslashes', { path: '/\\evil.example/a' }],
    ['a target no URL can be', { path: 'http://[' }],
    ['a query of percent signs', { path: '/?%%%' }],
    ['method TRACE', { method: 'TRACE' }],
    ['letters beyond ASCII', { headers: { cookie: 'memory_session=\u00e9\u00ff' } }],
    ['a bearer beyond ASCII', { headers: { authorization: 'Bearer \u00e9.\u00e9.\u00e9' } }],
  ])('never fail on %s', async (_, ask) => {
    const { auth } = memoryAuth({ signInPath: '/sign-in' })
    const guarded = auth.requireAuth((_request: AuthedMessage, response: ServerResponse) =>
      response.end('in'),
    )
    const headers = { ...NAVIGATION, ...ask.headers }
    const { status, headers: answered } = await askServer(guarded, { ...ask, headers })
    expect([307, 401]).toContain(status)
    const location = answered.location ?? '/'
    expect(new URL(location, 'https://app.example').origin).toBe('https://app.example')
    const back = new URL(location, 'https://app.example').searchParams.get('returnTo') ?? '/'
    expect(new URL(back, 'https://app.example').origin).toBe('https://app.example')
  })
})

type Signed = { readonly auth: SignedInAuth }
type AuthedMessage = IncomingMessage & Signed
type AuthedRequest = NodeRequestLike & Signed
