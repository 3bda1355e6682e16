import { describe, expect, it } from 'vitest'
import { type AuthFunctions, createAuth } from '../../src/auth.js'
import type { AuthErrorCode } from '../../src/errors.js'
import { keepForProcess, keepIn } from '../../src/process.js'
import type { AuthContext } from '../../src/provider.js'
import type { NodeRequestLike } from '../../src/request.js'
import { createTestResponse } from '../../src/testing/index.js'
import { ORIGIN } from '../support/core-auth.js'
import { fakeProvider, only } from '../support/core-provider.js'

interface Counted {
  readonly auth: AuthFunctions
  readonly calls: readonly AuthContext[]
}

function counted(outcome: (call: number) => AuthErrorCode | null = () => null): Counted {
  const calls: AuthContext[] = []
  const provider = fakeProvider({
    session: (_view, context) => {
      calls.push(context)
      context.responseHeaders.append('set-cookie', `new=${calls.length}`)
      return outcome(calls.length) ?? {}
    },
  })
  const auth = createAuth({
    providers: only(provider),
    origins: [ORIGIN],
    onError: () => undefined,
  })
  return { auth, calls }
}

const request = (user = 'user-1') => new Request(ORIGIN, { headers: { cookie: `fake=${user}` } })
const nodeRequest = (user = 'user-1'): NodeRequestLike & { headers: Record<string, string> } => ({
  headers: { cookie: `fake=${user}` },
  method: 'GET',
  url: '/',
})

describe('a verdict is reached once', () => {
  it('for one request, however often and however close together it is asked for', async () => {
    const { auth, calls } = counted()
    const asked = request()
    await Promise.all([auth.getAuth(asked), auth.getAuth(asked)])
    await auth.getAuth(asked)
    await auth.withAuth((guarded) => auth.getAuth(guarded))(asked)
    expect(calls).toHaveLength(1)
  })

  it('for a Node request and the context it comes in', async () => {
    const { auth, calls } = counted()
    const req = nodeRequest()
    await auth.getAuth(req)
    await auth.getAuth({ req, res: createTestResponse() })
    expect(calls).toHaveLength(1)
  })

  it('anew for a request that nothing can be kept with', async () => {
    const { auth, calls } = counted()
    const asked = Object.freeze(nodeRequest())
    for (let time = 1; time <= 2; time++) {
      expect((await auth.getAuth(asked)).isAuthenticated).toBe(true)
      expect(calls).toHaveLength(time)
    }
  })

  it('for a request that is reached through a proxy', async () => {
    const { auth, calls } = counted()
    const asked = new Proxy(nodeRequest(), {})
    await auth.getAuth(asked)
    await auth.getAuth(asked)
    expect(calls).toHaveLength(1)
  })

  it('anew for a connection that stays open', async () => {
    let now = Date.now()
    const outcomes: (AuthErrorCode | null)[] = [null, 'session_revoked', 'token_expired']
    const provider = fakeProvider({ session: () => outcomes.shift() ?? {} })
    const auth = createAuth({ providers: only(provider), origins: [ORIGIN], now: () => now })
    const asked = request()
    const reasons: unknown[] = []
    for (const seconds of [0, 9.9, 0.2, 9.9, 0.2, 0]) {
      now += seconds * 1000
      reasons.push((await auth.getAuth(asked)).reason)
    }
    expect(reasons).toEqual([
      null,
      null,
      'session_revoked',
      'session_revoked',
      'token_expired',
      'token_expired',
    ])
  })

  it('for a refusal too', async () => {
    const { auth, calls } = counted(() => 'token_expired')
    const asked = request()
    expect((await auth.getAuth(asked)).reason).toBe('token_expired')
    expect((await auth.getAuth(asked)).reason).toBe('token_expired')
    expect(calls).toHaveLength(1)
  })
})

describe('a verdict is reached anew', () => {
  it('for another request with the same credentials', async () => {
    const { auth, calls } = counted()
    await auth.getAuth(request())
    await auth.getAuth(request())
    expect(calls).toHaveLength(2)
  })

  it('for other credentials in the same request object', async () => {
    const { auth } = counted()
    const req = nodeRequest('user-1')
    expect((await auth.getAuth(req)).userId).toBe('user-1')
    req.headers.cookie = 'fake=user-2'
    expect((await auth.getAuth(req)).userId).toBe('user-2')
    delete req.headers.cookie
    expect((await auth.getAuth(req)).userId).toBeNull()
    req.headers.cookie = 'fake=user-1'
    expect((await auth.getAuth(req)).userId).toBe('user-1')
  })

  it('for credentials that only look the same when put together', async () => {
    const { auth, calls } = counted()
    const req = nodeRequest()
    req.headers = { authorization: 'x', cookie: 'fake=1' }
    await auth.getAuth(req)
    req.headers = { authorization: 'x","fake=1', cookie: 'fake=1' }
    await auth.getAuth(req)
    expect(calls).toHaveLength(2)
  })

  it('for another origin or method, which decide whether cookies count', async () => {
    const { auth } = counted()
    const req: { method: string; headers: Record<string, string> } = nodeRequest() as never
    expect((await auth.getAuth(req)).userId).toBe('user-1')
    Object.assign(req, { method: 'POST' })
    req.headers.origin = 'https://evil.example'
    expect((await auth.getAuth(req)).reason).toBe('csrf_rejected')
  })

  it.each([
    ['revocation', { revocation: 'session' }, { revocation: 'session' }],
    ['age', { maxAuthAgeSeconds: 60 }, { needsAuthenticatedAt: true }],
    ['the vendor', { vendor: { fake: { a: 1 } } }, { vendorPolicy: { a: 1 } }],
  ] as const)('when a policy asks more of it: %s', async (_, policy, expected) => {
    const { auth, calls } = counted()
    const asked = request()
    await auth.getAuth(asked)
    await auth.requireAuth(() => new Response(), policy as object)(asked)
    expect(calls).toHaveLength(2)
    expect(calls[0]).toMatchObject({ revocation: 'token', needsAuthenticatedAt: false })
    expect(calls[1]).toMatchObject(expected)
  })

  it('after a failure, which is no verdict', async () => {
    const { auth, calls } = counted((call) => (call === 1 ? 'provider_unavailable' : null))
    const asked = request()
    await expect(auth.getAuth(asked)).rejects.toMatchObject({ code: 'provider_unavailable' })
    expect((await auth.getAuth(asked)).userId).toBe('user-1')
    expect(calls).toHaveLength(2)
  })

  it('by another instance', async () => {
    const [one, two] = [counted(), counted()]
    const asked = request()
    await one.auth.getAuth(asked)
    await two.auth.getAuth(asked)
    expect([one.calls.length, two.calls.length]).toEqual([1, 1])
  })
})

it('mixes up none of a thousand users at the same time', async () => {
  const { auth } = counted()
  const users = Array.from({ length: 1000 }, (_, index) => `user-${index}`)
  const seen = await Promise.all(users.map((user) => auth.getAuth(request(user))))
  expect(seen.map(({ userId }) => userId)).toEqual(users)
})

describe('headers of the answer', () => {
  it('are delivered once', async () => {
    const { auth } = counted()
    const [asked, target] = [request(), new Headers()]
    await auth.getAuth(asked, target)
    await auth.getAuth(asked, target)
    expect(target.getSetCookie()).toEqual(['new=1'])
  })

  it('are delivered once when asked for twice at the same time', async () => {
    const { auth } = counted()
    const [asked, target] = [request(), new Headers()]
    await Promise.all([auth.getAuth(asked, target), auth.getAuth(asked, target)])
    expect(target.getSetCookie()).toEqual(['new=1'])
  })

  it.each([
    ['Headers', () => new Headers()],
    ['a Response', () => new Response()],
  ])('go to %s', async (_, make) => {
    const target = make()
    await counted().auth.getAuth(request(), target)
    const headers = target instanceof Response ? target.headers : target
    expect(headers.getSetCookie()).toEqual(['new=1'])
  })

  it('go to the response in the context of getServerSideProps', async () => {
    const res = createTestResponse()
    await counted().auth.getAuth({ req: nodeRequest(), res })
    expect(res.getHeader('set-cookie')).toEqual(['new=1'])
  })

  it('go to the answer of the guard the request is in', async () => {
    const { auth } = counted()
    const response = await auth.withAuth(async (asked) => {
      await auth.getAuth(asked)
      return new Response()
    })(request())
    expect(response.headers.getSetCookie()).toEqual(['new=1'])
  })

  it('wait for a place to go to', async () => {
    const { auth } = counted()
    const [asked, target] = [request(), new Headers()]
    await auth.getAuth(asked)
    await auth.getAuth(asked, target)
    expect(target.getSetCookie()).toEqual(['new=1'])
  })

  it('wait for the guard when a middleware has asked before', async () => {
    const { auth } = counted()
    const asked = request()
    await auth.getAuth(asked)
    const response = await auth.requireAuth(() => new Response())(asked)
    expect(response.headers.getSetCookie()).toEqual(['new=1'])
  })
})

describe('values kept', () => {
  it('are made once per name', () => {
    const keep = keepIn(new Map())
    const [one, again, other] = [
      keep('a', () => ({})),
      keep('a', () => ({})),
      keep('b', () => ({})),
    ]
    expect(again).toBe(one)
    expect(other).not.toBe(one)
  })

  it('are kept when they are undefined, null or false', () => {
    const keep = keepIn(new Map())
    let made = 0
    for (const value of [undefined, null, false, 0]) {
      const make = () => {
        made++
        return value
      }
      expect([keep(String(value), make), keep(String(value), make)]).toEqual([value, value])
    }
    expect(made).toBe(4)
  })

  it('are not kept when making them failed', () => {
    const keep = keepIn(new Map())
    const fail = () => {
      throw new TypeError('not yet')
    }
    expect(() => keep('a', fail)).toThrow('not yet')
    expect(keep('a', () => 1)).toBe(1)
  })

  it('are shared by every copy of the module in a process', async () => {
    const name = `test-${crypto.randomUUID()}`
    const copy = (await import('../../src/process.js?copy' as string)) as {
      keepForProcess: typeof keepForProcess
    }
    const value = keepForProcess(name, () => ({}))
    expect(copy.keepForProcess).not.toBe(keepForProcess)
    expect(copy.keepForProcess(name, () => ({}))).toBe(value)
  })

  it.each([
    ['a clock', { now: Date.now }],
    ['a fetch', { fetch }],
  ])('are an instance’s own when it has %s of its own', async (_, options) => {
    const kept: object[] = []
    const provider = fakeProvider({
      session: (_view, { keep }) => {
        kept.push(keep('test-own', () => ({})))
        return {}
      },
    })
    for (let round = 0; round < 2; round++) {
      const auth = createAuth({ providers: only(provider), origins: [ORIGIN], ...options })
      await auth.getAuth(request())
      await auth.getAuth(request())
    }
    expect(kept[0]).toBe(kept[1])
    expect(kept[2]).toBe(kept[3])
    expect(kept[0]).not.toBe(kept[2])
  })
})
