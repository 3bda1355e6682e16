import { describe, expect, it } from 'vitest'
import { createAuth } from '../../src/auth.js'
import { AuthError, type AuthErrorCode, configError } from '../../src/errors.js'
import type { AuthProvider } from '../../src/provider.js'
import { signedOut } from '../../src/session.js'
import { createTestResponse, signedOut as nobody } from '../../src/testing/index.js'
import { memoryAuth, ORIGIN } from '../support/core-auth.js'
import { START } from '../support/core-clock.js'
import { fakeProvider, fakeSession, only } from '../support/core-provider.js'
import { twoSides } from '../support/migrate-two-sides.js'

const CLEARED = 'memory_session=; Path=/; Max-Age=0; HttpOnly'
const EVIL = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }

function authOver(provider: AuthProvider) {
  return createAuth({ providers: only(provider), origins: [ORIGIN], onError: () => undefined })
}

const request = (headers: Record<string, string> = { cookie: 'fake=user-1' }, method = 'GET') =>
  new Request(ORIGIN, { method, headers })

describe('getAuth', () => {
  it('says everything about who is signed in', async () => {
    const { auth, signIn } = memoryAuth()
    const credentials = await signIn({
      role: ['admin', 'member'],
      permission: 'read',
      orgId: 'org_1',
      orgRole: 'org:admin',
      orgPermissions: ['org:a:b'],
      tenantId: 't1',
      claims: { plan: 'pro' },
    })
    expect((await auth.getAuth(credentials.request('/'))).toJSON()).toEqual({
      isAuthenticated: true,
      reason: null,
      provider: 'memory',
      userId: 'user-1',
      providerUserId: 'user-1',
      sessionId: 'session-1',
      tenantId: 't1',
      orgId: 'org_1',
      orgRole: 'org:admin',
      orgPermissions: ['org:a:b'],
      roles: ['admin', 'member'],
      permissions: ['read'],
      actor: null,
      claims: expect.objectContaining({ sub: 'user-1', plan: 'pro' }),
      issuedAt: new Date(START),
      expiresAt: new Date(START + 3_600_000),
      authenticatedAt: new Date(START),
    })
  })

  it('has the same keys for somebody and nobody', async () => {
    const { auth, signIn } = memoryAuth()
    const somebody = await auth.getAuth((await signIn()).request('/'))
    const anybody = await auth.getAuth(nobody().request('/'))
    expect(Object.keys(somebody).sort()).toEqual(Object.keys(anybody).sort())
    expect(Object.keys(somebody.toJSON()).sort()).toEqual(Object.keys(anybody.toJSON()).sort())
  })

  it('gives the same plain data whatever was done to it before', async () => {
    const { auth, signIn } = memoryAuth()
    for (const credentials of [await signIn(), nobody()]) {
      const seen = await auth.getAuth(credentials.request('/'))
      const before = JSON.stringify(seen)
      expect(() => Object.assign(seen, { userId: 'admin' })).toThrow(TypeError)
      try {
        Object.assign(seen.toJSON(), { userId: 'admin', isAuthenticated: true })
      } catch {
        // Refusing is as good as ignoring.
      }
      expect(JSON.stringify(seen)).toBe(before)
    }
  })

  it('lets no handler make itself an admin', async () => {
    const roles = ['member']
    const auth = authOver(fakeProvider({ session: () => ({ roles, permissions: roles }) }))
    const seen = await auth.getAuth(request())
    for (const list of [seen.roles, seen.permissions] as unknown as string[][]) {
      try {
        list.push('admin')
      } catch {
        // Refusing is as good as ignoring.
      }
    }
    expect(seen.has({ role: 'admin' })).toBe(false)
    expect(seen.has({ permission: 'admin' })).toBe(false)
  })

  it('takes a provider that finds no credentials at its word', async () => {
    const auth = authOver(fakeProvider({ authenticate: async () => null }))
    expect((await auth.getAuth(request())).reason).toBe('no_credentials')
  })

  it('does not take a bug of a provider for signed out', async () => {
    const bug = new TypeError('bug')
    const auth = authOver(fakeProvider({ authenticate: () => Promise.reject(bug) }))
    await expect(auth.getAuth(request())).rejects.toBe(bug)
  })

  it.each([
    ['POST', EVIL, 'csrf_rejected'],
    ['GET', EVIL, null],
    ['POST', { origin: ORIGIN }, null],
    ['POST', {}, null],
  ])('counts cookies on a %s with %o: %s', async (method, headers, reason) => {
    let asked = 0
    const session = () => {
      asked++
      return {}
    }
    const auth = authOver(fakeProvider({ session }))
    const seen = await auth.getAuth(request({ cookie: 'fake=user-1', ...headers }, method))
    expect(seen.reason).toBe(reason)
    expect(asked).toBe(reason === null ? 1 : 0)
  })

  it('keeps the sources of roles and dates apart from null', async () => {
    const auth = authOver(fakeProvider({ session: () => ({ roles: null, permissions: null }) }))
    const seen = await auth.getAuth(request())
    expect([seen.roles, seen.permissions, seen.authenticatedAt]).toEqual([[], [], null])
  })
})

describe('headers for the answer', () => {
  it.each<[string, (request: object) => object]>([
    ['a request', (request) => request],
    ['a request that cannot be extended', Object.freeze],
  ])('of %s reach the response', async (_, finish) => {
    const provider = fakeProvider({
      session(_view, { responseHeaders }) {
        responseHeaders.append('set-cookie', 'fake=replaced')
        return {}
      },
    })
    const incoming = { method: 'GET', url: '/', headers: { cookie: 'fake=user-1' } }
    const response = createTestResponse()
    await authOver(provider).getAuth(finish(incoming) as typeof incoming, response)
    expect(response.getHeader('set-cookie')).toEqual(['fake=replaced'])
  })
})

describe.each<[string, (answer: () => ReturnType<typeof fakeSession> | null) => AuthProvider]>([
  ['at once', (answer) => fakeProvider({ authenticate: () => answer() })],
  ['later', (answer) => fakeProvider({ authenticate: async () => answer() })],
])('a provider that answers %s', (_, providerOf) => {
  const refusing = (code: AuthErrorCode) => () => {
    throw new AuthError(code, 'refused')
  }
  const enter = (answer: Parameters<typeof providerOf>[0]) =>
    authOver(providerOf(answer)).requireAuth(() => new Response('in'))(request())

  it('lets its sessions in', async () => {
    const seen = await authOver(providerOf(() => fakeSession())).getAuth(request())
    expect(seen).toMatchObject({ isAuthenticated: true, userId: 'user-1' })
    expect((await enter(() => fakeSession())).status).toBe(200)
  })

  it('may find nobody', async () => {
    const seen = await authOver(providerOf(() => null)).getAuth(request())
    expect(seen).toMatchObject({ isAuthenticated: false, reason: 'no_credentials' })
    expect((await enter(() => null)).status).toBe(401)
  })

  it.each<[AuthErrorCode, string]>([
    ['token_expired', 'token_expired'],
    ['token_invalid', 'token_invalid'],
    ['session_revoked', 'session_revoked'],
    ['session_pending', 'session_pending'],
    ['csrf_rejected', 'csrf_rejected'],
    ['forbidden', 'session_pending'],
  ])('refuses with %s, which is signed out', async (code, reason) => {
    const { getAuth } = authOver(providerOf(refusing(code)))
    const seen = await getAuth(request())
    expect(seen).toMatchObject({ isAuthenticated: false, reason, userId: null })
    expect((await enter(refusing(code))).status).toBeGreaterThanOrEqual(401)
  })

  it.each<[AuthErrorCode, number]>([
    ['provider_unavailable', 503],
    ['config_invalid', 500],
  ])('fails with %s, by rejecting', async (code, status) => {
    const asked = authOver(providerOf(refusing(code))).getAuth(request())
    await expect(asked).rejects.toMatchObject({ code })
    expect((await enter(refusing(code))).status).toBe(status)
  })

  it('is asked again after a failure, and once otherwise', async () => {
    let asked = 0
    const { getAuth } = authOver(
      providerOf(() => {
        if (++asked === 1) throw new AuthError('provider_unavailable', 'away')
        return fakeSession()
      }),
    )
    const same = request()
    await expect(getAuth(same)).rejects.toMatchObject({ code: 'provider_unavailable' })
    await getAuth(same)
    await getAuth(same)
    expect(asked).toBe(2)
  })

  it('never makes a session out of its own mistakes', async () => {
    const broken = () => {
      throw new TypeError('broken')
    }
    await expect(authOver(providerOf(broken)).getAuth(request())).rejects.toThrow('broken')
  })
})

describe('signedOut', () => {
  it('is empty, frozen, and answers no to everything', async () => {
    const auth = signedOut('token_expired')
    expect(Object.isFrozen(auth)).toBe(true)
    expect(auth.has({ role: 'admin' })).toBe(false)
    expect(await auth.getToken()).toBeNull()
    expect(await auth.native()).toBeNull()
    expect(JSON.parse(JSON.stringify(auth))).toMatchObject({
      reason: 'token_expired',
      userId: null,
    })
  })
})

describe('signOut', () => {
  it('ends the session at the vendor and in the browser', async () => {
    const { auth, signIn } = memoryAuth()
    const { cookie, request: ask } = await signIn()
    const headers = new Headers()
    await auth.signOut(new Request(ORIGIN, { headers: { cookie } }), headers)
    expect(headers.getSetCookie()).toEqual([CLEARED])
    const strict = auth.requireAuth(() => new Response(), { revocation: 'session' })
    expect((await strict(ask('/'))).status).toBe(401)
  })

  it('ends one session, and signOutEverywhere all of them', async () => {
    const { auth, signIn } = memoryAuth()
    const [first, second, third] = [
      await signIn(),
      await signIn({ sessionId: 's2' }),
      await signIn({ sessionId: 's3' }),
    ]
    const strict = auth.requireAuth(() => new Response(), { revocation: 'session' })
    await auth.signOut(first.request('/'))
    expect((await strict(second.request('/'))).status).toBe(200)
    await auth.signOutEverywhere(second.request('/'))
    expect((await strict(third.request('/'))).status).toBe(401)
  })

  it.each([
    { says: 'has run out', isEnded: false },
    { says: 'was ended and has run out', isEnded: true },
  ])('everywhere is nothing a session can do that $says', async ({ isEnded }) => {
    const { auth, signIn, provider, advance } = memoryAuth()
    const lapsed = await signIn({ expiresInSeconds: 60 })
    const other = await signIn({ sessionId: 's2' })
    if (isEnded) provider.revoke('session-1')
    advance(61_000)
    const headers = new Headers()
    const done = auth.signOutEverywhere(lapsed.request('/'), headers)
    await expect(done).rejects.toMatchObject({ code: 'token_expired' })
    expect(headers.getSetCookie()).toEqual([])
    const strict = auth.requireAuth(() => new Response(), { revocation: 'session' })
    expect((await strict(other.request('/'))).status).toBe(200)
  })

  it('does nothing for nobody', async () => {
    const { auth } = memoryAuth()
    const headers = new Headers()
    await auth.signOut(nobody().request('/'), headers)
    expect([...headers]).toEqual([])
  })

  it('makes the browser forget what does not count any more', async () => {
    const { auth, signIn } = memoryAuth()
    const { cookie } = await signIn({ expiresInSeconds: -60 })
    const headers = new Headers()
    await auth.signOut(new Request(ORIGIN, { headers: { cookie } }), headers)
    expect(headers.getSetCookie()).toEqual([CLEARED])
  })

  it.each(['signOut', 'signOutEverywhere'] as const)(
    '%s is nothing another site can do to somebody',
    async (name) => {
      const { auth, signIn } = memoryAuth()
      const { cookie, request: ask } = await signIn()
      const headers = new Headers()
      const forged = new Request(ORIGIN, { method: 'POST', headers: { cookie, ...EVIL } })
      await expect(auth[name](forged, headers)).rejects.toMatchObject({ code: 'csrf_rejected' })
      expect(headers.getSetCookie()).toEqual([])
      const strict = auth.requireAuth(() => new Response(), { revocation: 'session' })
      expect((await strict(ask('/'))).status).toBe(200)
    },
  )

  it('keeps the cookie when the vendor cannot be told, so that one can try again', async () => {
    const { auth, signIn, provider } = memoryAuth()
    provider.setAvailable(false)
    const headers = new Headers()
    const asked = (await signIn()).request('/')
    await expect(auth.signOut(asked, headers)).rejects.toMatchObject({
      code: 'provider_unavailable',
    })
    expect(headers.getSetCookie()).toEqual([])
  })

  it('writes to a Node response', async () => {
    const { auth, signIn } = memoryAuth()
    const response = createTestResponse()
    await auth.signOut((await signIn()).nodeRequest('/'), response)
    expect(response.getHeader('set-cookie')).toEqual([CLEARED])
  })
})

describe('currentUser', () => {
  it('gives the record of who is signed in', async () => {
    const { auth, signIn } = memoryAuth()
    expect(await auth.currentUser((await signIn()).request('/'))).toMatchObject({
      id: 'user-1',
      providerUserId: 'user-1',
      emails: [{ address: 'user-1@example.com', verified: true }],
    })
  })

  it.each([
    ['nobody', {}],
    ['garbage', { authorization: 'Bearer x' }],
  ])('gives null for %s', async (_, headers) => {
    expect(await memoryAuth().auth.currentUser(new Request(ORIGIN, { headers }))).toBeNull()
  })

  it('gives null for a user who no longer exists', async () => {
    const auth = authOver(fakeProvider({ users: { get: async () => null } }))
    expect(await auth.currentUser(request())).toBeNull()
  })

  it('does not call an outage nobody', async () => {
    const { auth, signIn, provider } = memoryAuth()
    const asked = (await signIn()).request('/')
    provider.setAvailable(false)
    await expect(auth.currentUser(asked)).rejects.toMatchObject({ code: 'provider_unavailable' })
  })
})

describe('what a provider does not offer', () => {
  it.each(['currentUser', 'signOut', 'signOutEverywhere'] as const)(
    'is named when %s needs it',
    async (name) => {
      await expect(authOver(fakeProvider())[name](request())).rejects.toMatchObject({
        code: 'config_invalid',
        details: { issues: [{ name: 'providers.fake' }] },
      })
    },
  )
})

describe('checkAuthConfig', () => {
  it.each([
    ['options', { provider: 'other', providers: only(fakeProvider()), origins: [ORIGIN] }],
    ['origins', { providers: only(fakeProvider()), origins: [undefined] }],
    [
      'the provider',
      {
        origins: [ORIGIN],
        providers: only(
          fakeProvider({
            check: () => Promise.reject(new AuthError('config_invalid', 'key is broken')),
          }),
        ),
      },
    ],
  ])('finds what is wrong with %s', async (_, options) => {
    await expect(createAuth(options).checkAuthConfig()).rejects.toMatchObject({
      code: 'config_invalid',
    })
  })

  const failing = (error: AuthError) => ({ check: () => Promise.reject(error) })
  const broken = (name: string) => failing(configError([{ name, message: 'is broken' }]))
  const down = failing(new AuthError('provider_unavailable', 'does not answer'))

  it.each([
    ['both', broken('ONE'), broken('TWO'), ['ONE', 'TWO']],
    ['the first', broken('ONE'), {}, ['ONE']],
    ['the second', {}, broken('TWO'), ['TWO']],
    ['one, while the other is down', down, broken('TWO'), ['TWO']],
    ['none, while one is down', {}, down, undefined],
  ])('asks all providers, and tells what is wrong with %s', async (_, old, next, names) => {
    const { auth } = twoSides({}, {}, { old, new: next })
    const error = await auth.checkAuthConfig().catch((reason) => reason)
    expect(error.code).toBe(names ? 'config_invalid' : 'provider_unavailable')
    expect(error.details.issues?.map(({ name }: { name: string }) => name)).toEqual(names)
  })

  it('finds nothing wrong where nothing is', async () => {
    await expect(authOver(fakeProvider()).checkAuthConfig()).resolves.toBeUndefined()
  })

  it('is not needed to create functions: an empty environment does no harm before use', () => {
    expect(() =>
      createAuth({ provider: undefined, providers: only(fakeProvider()), origins: [undefined] }),
    ).not.toThrow()
  })
})
