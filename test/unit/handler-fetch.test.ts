import { runInNewContext } from 'node:vm'
import { EdgeVM } from '@edge-runtime/vm'
import { describe, expect, it } from 'vitest'
import { bindAuth } from '../../src/auth.js'
import { createEngine } from '../../src/engine.js'
import { AuthError, type AuthErrorCode, statuses } from '../../src/errors.js'
import type { OptionalPolicy, Policy } from '../../src/guard.js'
import { signedOut } from '../../src/testing/index.js'
import { memoryAuth, NAVIGATION, ORIGIN } from '../support/core-auth.js'
import { fakeProvider, only } from '../support/core-provider.js'

const EVIL = 'https://evil.example'

describe('requireAuth for Fetch handlers', () => {
  it('gives the handler request.auth, what follows the request, and its result back', async () => {
    const { auth, signIn } = memoryAuth()
    const guarded = auth.requireAuth(
      (request, context: { params: { id: string } }, more: number) =>
        `${request.auth.userId} ${context.params.id} ${more} ${request.url}`,
    )
    const { request } = await signIn()
    const result = await guarded(request('/a'), { params: { id: 'x' } }, 2)
    expect(result).toBe(`user-1 x 2 ${ORIGIN}/a`)
  })

  it('gives the handler the request itself, and lets nobody bring their own auth', async () => {
    const { auth, signIn } = memoryAuth()
    const request = (await signIn()).request('/')
    Object.assign(request, { auth: { userId: 'admin' } })
    const seen = await auth.requireAuth((given) => [given === request, given.auth.userId])(request)
    expect(seen).toEqual([true, 'user-1'])
  })

  it('keeps request.auth out of what is enumerated, and lets guards be nested', async () => {
    const { auth, signIn } = memoryAuth()
    const seen: unknown[] = []
    // One that looks more closely gives the request another `auth`.
    const options = { revocation: 'session' } as const
    const inner = auth.withAuth((request) => {
      seen.push(request.auth.userId, Object.keys(request))
      return new Response()
    }, options)
    const request = (await signIn()).request('/')
    const keys = Object.keys(request)
    await auth.requireAuth((given) => inner(given))(request)
    expect(seen).toEqual(['user-1', keys])
  })

  it.each<[string, Policy, Record<string, string>, string, number, AuthErrorCode]>([
    ['nobody', {}, {}, 'GET', 401, 'unauthenticated'],
    ['garbage', {}, { authorization: 'Bearer x' }, 'GET', 401, 'token_invalid'],
    ['a cookie of no value', {}, { cookie: 'memory_session=x' }, 'GET', 401, 'token_invalid'],
    ['the wrong role', { role: 'admin' }, { as: 'member' }, 'GET', 403, 'forbidden'],
    ['a cross-site form', {}, { as: 'cookie', origin: EVIL }, 'POST', 403, 'csrf_rejected'],
    ['a check that says no', { check: () => false }, { as: 'member' }, 'GET', 403, 'forbidden'],
  ])(
    'does not enter the handler for %s',
    async (_, policy, { as, ...headers }, method, status, code) => {
      const { auth, signIn, errors } = memoryAuth()
      const { token, cookie } = await signIn({ role: 'member' })
      let entered = false
      const guarded = auth.requireAuth(() => {
        entered = true
        return new Response('secret')
      }, policy)
      const credentials = as === 'cookie' ? { cookie } : as && { authorization: `Bearer ${token}` }
      const response = await guarded(
        new Request(`${ORIGIN}/`, { method, headers: { ...headers, ...credentials } }),
      )
      expect([response.status, await problemCode(response)]).toEqual([status, code])
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      expect(entered).toBe(false)
      expect(errors).toEqual([])
    },
  )

  it.each(
    Object.entries(statuses).flatMap(([code, status]) => [
      { code: code as AuthErrorCode, status, when: 'at once' },
      { code: code as AuthErrorCode, status, when: 'later' },
    ]),
  )('answers $code thrown by the handler $when with $status', async ({ code, status, when }) => {
    const { auth, signIn, errors } = memoryAuth()
    const guarded = auth.requireAuth((): Promise<Response> => {
      const error = new AuthError(code, 'said by the handler')
      if (when === 'at once') throw error
      return Promise.resolve().then(() => Promise.reject(error))
    })
    const response = await guarded((await signIn()).request('/'))
    expect([response.status, await problemCode(response)]).toEqual([status, code])
    expect(errors.map((error) => error.code)).toEqual(status >= 500 ? [code] : [])
  })

  it.each<[string, () => unknown]>([
    ['at once', () => 'in'],
    ['later', async () => 'in'],
    ['later, in another realm', () => runInNewContext('Promise.resolve("in")')],
    // biome-ignore lint/suspicious/noThenProperty: that is what this is about
    ['by what only has a `then`', () => ({ then: (done: (it: string) => void) => done('in') })],
  ])('promises what the handler gives %s', async (_, handler) => {
    const { auth, signIn } = memoryAuth()
    const promise = auth.requireAuth(handler)((await signIn()).request('/'))
    expect(promise).toBeInstanceOf(Promise)
    expect(await promise).toBe('in')
  })

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['null, later', async () => null],
    ['an object that has headers of no kind', () => ({ headers: { append: 'x' } })],
  ])('gives back %s as it is', async (_, handler) => {
    const { auth, signIn } = memoryAuth()
    const given = await handler()
    for (const guarded of [auth.requireAuth(handler), auth.withAuth(handler)]) {
      expect(await guarded((await signIn()).request('/'))).toEqual(given)
    }
  })

  it.each<[string, unknown]>([
    ['a redirect of Next.js', withDigest('NEXT_REDIRECT;replace;/sign-in;307;')],
    ['notFound() of Next.js', withDigest('NEXT_HTTP_ERROR_FALLBACK;404')],
    ['a suspended prerendering', withDigest('HANGING_PROMISE_REJECTION')],
    ['a digest that looks like ours', withDigest('authmux:forbidden')],
    ['a bug', new TypeError('x is not a function')],
    ['an aborted request', new DOMException('aborted', 'AbortError')],
    ['a Response', new Response('thrown')],
    ['a text', 'thrown'],
    ['nothing', undefined],
    ['an object that claims to be ours', { isAuthError: true, code: 'forbidden', status: 403 }],
  ])('leaves %s to the framework', async (_, thrown) => {
    const { auth, signIn, errors } = memoryAuth()
    const handler = (): Response => {
      throw thrown
    }
    for (const guarded of [auth.requireAuth(handler), auth.withAuth(handler)]) {
      await expect(guarded((await signIn()).request('/'))).rejects.toBe(thrown)
    }
    expect(errors).toEqual([])
  })

  it('tells the operator what the configuration lacks, and the client nothing', async () => {
    const { auth, errors } = memoryAuth({ origins: [undefined] })
    const response = await auth.requireAuth(() => 'in')(new Request(ORIGIN))
    expect(response).toBeInstanceOf(Response)
    if (!(response instanceof Response)) return
    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/origins|is not set/)
    expect(errors).toMatchObject([{ code: 'config_invalid', details: { issues: [{}] } }])
  })

  it('looks at the configuration again once it was wrong', async () => {
    const origins: (string | undefined)[] = [undefined]
    const { auth, signIn } = memoryAuth({ origins })
    const guarded = auth.requireAuth(() => new Response('in'))
    const { request } = await signIn()
    expect((await guarded(request('/'))).status).toBe(500)
    origins[0] = ORIGIN
    expect((await guarded(request('/'))).status).toBe(200)
  })

  it('answers an outage with 503 and Retry-After, to people and programs alike', async () => {
    const { auth, signIn, provider, errors } = memoryAuth({ signInPath: '/sign-in' })
    const { cookie, request } = await signIn()
    provider.setAvailable(false)
    const guarded = auth.requireAuth(() => new Response('in'), { revocation: 'session' })
    const page = new Request(`${ORIGIN}/`, { headers: { ...NAVIGATION, cookie } })
    for (const asked of [request('/'), page]) {
      const response = await guarded(asked)
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    }
    expect(errors).toHaveLength(2)
  })

  it.each<[string, unknown]>([
    ['a misspelt field', { rol: 'admin' }],
    ['an undefined value', { role: undefined }],
    ['an empty text', { permission: '' }],
  ])('refuses a policy with %s before any request comes', (_, policy) => {
    const { auth } = memoryAuth()
    expect(() => auth.requireAuth(() => 'in', policy as Policy)).toThrow(/policy/)
    expect(() => auth.withAuth(() => 'in', policy as OptionalPolicy)).toThrow(/policy/)
  })
})

describe('withAuth for Fetch handlers', () => {
  it('tells who is signed in', async () => {
    const { auth, signIn } = memoryAuth()
    const guarded = auth.withAuth((request) => [request.auth.userId, request.auth.reason])
    expect(await guarded((await signIn()).request('/'))).toEqual(['user-1', null])
  })

  it.each([
    ['nobody', {}, 'no_credentials'],
    ['garbage', { authorization: 'Bearer x' }, 'token_invalid'],
    ['a cross-site form', { cookie: 'memory_session=x', origin: EVIL }, 'csrf_rejected'],
  ])('lets %s in as signed out', async (_, headers, reason) => {
    const { auth } = memoryAuth()
    const guarded = auth.withAuth((request) => [request.auth.userId, request.auth.reason])
    const request = new Request(ORIGIN, { method: 'POST', headers })
    expect(await guarded(request)).toEqual([null, reason])
  })

  it('answers an outage instead of calling it signed out', async () => {
    const { auth, signIn, provider } = memoryAuth()
    provider.setAvailable(false)
    const guarded = auth.withAuth(() => new Response('in'), { revocation: 'session' })
    expect((await guarded((await signIn()).request('/'))).status).toBe(503)
  })

  it.each(['role', 'permission', 'orgId', 'orgRole', 'orgPermission'])(
    'refuses a demand it would not enforce: %s',
    (field) => {
      const { auth } = memoryAuth()
      const policy = { [field]: 'x' } as OptionalPolicy
      expect(() => auth.withAuth(() => 'in', policy)).toThrow(/policy/)
    },
  )

  it('refuses a check or an age it would not enforce', () => {
    const { auth } = memoryAuth()
    const policies = [{ check: () => false }, { maxAuthAgeSeconds: 1 }]
    for (const policy of policies) {
      expect(() => auth.withAuth(() => 'in', policy as OptionalPolicy)).toThrow(/policy/)
    }
  })
})

describe('headers on the way out', () => {
  const cleared = 'memory_session=; Path=/; Max-Age=0; HttpOnly'

  it.each<[string, () => Response]>([
    ['an answer', () => new Response('bye', { headers: { 'set-cookie': 'own=1' } })],
    ['a redirect', () => Response.redirect(`${ORIGIN}/bye`, 303)],
    [
      'an error of authmux',
      () => {
        throw new AuthError('forbidden', 'no')
      },
    ],
  ])('carries the cookies of signOut inside of a handler: %s', async (_, finishHandler) => {
    const { auth, signIn } = memoryAuth()
    const guarded = auth.requireAuth(async (request) => {
      await auth.signOut(request)
      return finishHandler()
    })
    const response = await guarded((await signIn()).request('/'))
    expect(response.headers.getSetCookie()).toContain(cleared)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })

  it.each<[string, string[], () => unknown]>([
    ['a redirect of the framework', ['new=1'], () => Promise.reject(withDigest('NEXT_REDIRECT;'))],
    ['a bug', ['new=1'], () => Promise.reject(new TypeError('bug'))],
    ['a bug, but not what there is nothing of', [], () => Promise.reject(new TypeError('bug'))],
  ])('hands them to the framework for %s', async (_, cookies, finishHandler) => {
    const sent: string[][] = []
    const provider = fakeProvider({
      session: (_view, context) => {
        for (const cookie of cookies) context.responseHeaders.append('set-cookie', cookie)
        return {}
      },
    })
    const engine = createEngine(
      { providers: only(provider), origins: [ORIGIN] },
      {
        request: async () => new Request(ORIGIN),
        async send(headers) {
          sent.push(headers.getSetCookie())
          return true
        },
        answer: () => null,
      },
    )
    const guarded = bindAuth(engine).requireAuth(finishHandler)
    const request = new Request(ORIGIN, { headers: { cookie: 'fake=user-1' } })
    await expect(guarded(request)).rejects.toThrow(/^(?:NEXT_REDIRECT;|bug)$/)
    expect(sent).toEqual(cookies.length > 0 ? [cookies] : [])
  })

  it('carries new tokens on refusals as well', async () => {
    const provider = fakeProvider({
      session: (_view, context) => {
        context.responseHeaders.append('set-cookie', 'fake=; Max-Age=0')
        return 'token_invalid'
      },
    })
    const { auth } = memoryAuth({ providers: only(provider) })
    const request = new Request(ORIGIN, { headers: { cookie: 'fake=x' } })
    const response = await auth.requireAuth(() => new Response())(request)
    expect(response.status).toBe(401)
    expect(response.headers.getSetCookie()).toEqual(['fake=; Max-Age=0'])
  })
})

describe('document redirects', () => {
  const cases: readonly (readonly [string, Record<string, string>, string, number])[] = [
    ['a person', {}, 'GET', 307],
    ['a program', { 'sec-fetch-mode': '', 'sec-fetch-dest': '' }, 'GET', 401],
    ['a browser without fetch metadata', { 'sec-fetch-mode': '' }, 'GET', 401],
    ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 'GET', 401],
    ['a frame', { 'sec-fetch-dest': 'iframe' }, 'GET', 401],
    ['an image', { 'sec-fetch-dest': 'image' }, 'GET', 401],
    ['a prefetch', { 'sec-purpose': 'prefetch' }, 'GET', 401],
    ['a prerendering', { 'sec-purpose': 'prefetch;prerender' }, 'GET', 401],
    ['the router', { rsc: '1' }, 'GET', 401],
    ['a prefetch by the router', { 'next-router-prefetch': '1' }, 'GET', 401],
    ['the router’s data', { 'x-nextjs-data': '1' }, 'GET', 401],
    ['a server action', { 'next-action': 'abc' }, 'POST', 401],
    ['a form', {}, 'POST', 401],
    ['a HEAD request', {}, 'HEAD', 401],
    ['a token that is wrong', { authorization: 'Bearer x' }, 'GET', 401],
    ['another scheme', { authorization: 'Basic YTpi' }, 'GET', 401],
  ]

  it.each(cases)('answers %s rightly', async (_, changes, method, status) => {
    const { auth } = memoryAuth({ signInPath: '/sign-in' })
    const headers = new Headers({ ...NAVIGATION, ...changes })
    for (const [name, value] of Object.entries(changes)) if (!value) headers.delete(name)
    const request = new Request(`${ORIGIN}/guarded?q=1`, { method, headers })
    const response = await auth.requireAuth(() => new Response('in'))(request)
    expect(response.status).toBe(status)
    const expected = status === 307 ? '/sign-in?returnTo=%2Fguarded%3Fq%3D1' : null
    expect(response.headers.get('location')).toBe(expected)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })

  it('answers a person with 401 where there is no page to sign in', async () => {
    const { auth } = memoryAuth()
    const response = await auth.requireAuth(() => new Response())(
      new Request(`${ORIGIN}/`, { headers: NAVIGATION }),
    )
    expect(response.status).toBe(401)
  })

  it('does not send a person away who is signed in but may not', async () => {
    const { auth, signIn } = memoryAuth({ signInPath: '/sign-in' })
    const { cookie } = await signIn()
    const request = new Request(`${ORIGIN}/`, { headers: { ...NAVIGATION, cookie } })
    const response = await auth.requireAuth(() => new Response(), { role: 'admin' })(request)
    expect(response.status).toBe(403)
  })

  it.each(['host', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'x-original-url'])(
    'goes nowhere %s says',
    async (name) => {
      const { auth } = memoryAuth({ signInPath: '/sign-in' })
      const headers = { ...NAVIGATION, [name]: 'evil.example' }
      const request = { method: 'GET', url: `${ORIGIN}/a`, headers: new Headers(headers) }
      const response = await auth.requireAuth(() => new Response())(request as Request)
      expect(response.headers.get('location')).toBe('/sign-in?returnTo=%2Fa')
    },
  )
})

it('closes a Response of another realm to shared caches too', async () => {
  const { auth, signIn } = memoryAuth()
  const Foreign = new EdgeVM().evaluate<typeof Response>('Response')
  expect(Foreign).not.toBe(Response)
  const headers = { 'cache-control': 'public, max-age=600' }
  const guarded = auth.requireAuth(() => new Foreign('x', { headers }))
  const response = await guarded((await signIn()).request('/'))
  expect(response.headers.get('cache-control')).toBe('private, no-store')
})

it('leaves nobody’s request without a verdict', async () => {
  const { auth } = memoryAuth()
  const response = await auth.requireAuth(() => new Response())(signedOut().request('/'))
  expect(response.status).toBe(401)
})

function withDigest(digest: string): Error {
  return Object.assign(new Error(digest), { digest })
}

async function problemCode(response: Response): Promise<unknown> {
  return ((await response.json()) as { code?: unknown }).code
}
