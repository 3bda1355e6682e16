import { describe, expect, it, vi } from 'vitest'
import { createAuth } from '../../src/auth.js'
import type { AuthEvent, AuthTelemetry } from '../../src/events.js'
import { createNextAuth } from '../../src/next/index.js'
import { createTestResponse, signedOut } from '../../src/testing/index.js'
import { memoryAuth, ORIGIN } from '../support/core-auth.js'
import { fakeProvider, only } from '../support/core-provider.js'

vi.mock('next/headers.js', () => ({
  headers: async () => new Headers({ cookie: 'fake=user-1' }),
  cookies: async () => ({ set: () => undefined }),
}))

function listening() {
  const events: AuthEvent[] = []
  return { ...memoryAuth({ onEvent: (event) => void events.push(event) }), events }
}

const bearer = (token: string, method = 'GET') =>
  new Request(ORIGIN, { method, headers: { authorization: `Bearer ${token}` } })

/** Events are told after the verdict, not before. */
const settle = () => new Promise((resolve) => setTimeout(resolve))

const refused = {
  type: 'refused',
  provider: 'memory',
  credential: 'bearer',
  method: 'GET',
  claim: null,
  policyField: null,
} as const

describe('onEvent', () => {
  it('is told of a token that is nobody’s', async () => {
    const { auth, events } = listening()
    await auth.getAuth(bearer('garbage', 'POST'))
    await settle()
    expect(events).toEqual([{ ...refused, code: 'token_invalid', provider: null, method: 'POST' }])
  })

  it('is told of a session that has expired, and by which claim', async () => {
    const { auth, events, signIn, advance } = listening()
    const { token } = await signIn()
    advance(3_600_001)
    await auth.getAuth(bearer(token))
    await settle()
    expect(events).toEqual([{ ...refused, code: 'token_expired', claim: 'exp' }])
  })

  it('is told of a tampered cookie', async () => {
    const { auth, events, signIn } = listening()
    const { cookie } = await signIn()
    await auth.getAuth(
      new Request(ORIGIN, { headers: { cookie: `${cookie.slice(0, -8)}AAAAAAAA` } }),
    )
    await settle()
    expect(events).toMatchObject([{ code: 'token_invalid', credential: 'cookie' }])
  })

  it('is told of cookies sent by another site', async () => {
    const { auth, events, signIn } = listening()
    const headers = { cookie: (await signIn()).cookie, origin: 'https://evil.example' }
    await auth.getAuth(new Request(ORIGIN, { method: 'POST', headers }))
    await settle()
    expect(events).toEqual([
      { ...refused, code: 'csrf_rejected', credential: 'cookie', method: 'POST' },
    ])
  })

  it.each([
    ['requireAuth of a Fetch handler', 'request'],
    ['requireAuth of a Node handler', 'nodeRequest'],
  ] as const)('is told by %s which policy was not met', async (_, kind) => {
    const { auth, events, signIn } = listening()
    const credentials = await signIn({ role: 'member' })
    const guarded = auth.requireAuth(() => new Response(), { role: 'admin' }) as (
      ...given: object[]
    ) => Promise<unknown>
    await guarded(credentials[kind]('/'), createTestResponse())
    await settle()
    expect(events).toEqual([{ ...refused, code: 'forbidden', policyField: 'role' }])
  })

  it('is told by protect, which is not told the method', async () => {
    const events: AuthEvent[] = []
    const { protect } = createNextAuth({
      providers: only(fakeProvider()),
      origins: [ORIGIN],
      onEvent: (event) => void events.push(event),
    })
    await expect(protect({ role: 'admin' })).rejects.toMatchObject({ code: 'forbidden' })
    await settle()
    expect(events).toEqual([
      {
        ...refused,
        code: 'forbidden',
        provider: 'fake',
        credential: 'cookie',
        method: null,
        policyField: 'role',
      },
    ])
  })

  it('is told once of one request', async () => {
    const { auth, events } = listening()
    const asked = bearer('garbage')
    await Promise.all([auth.getAuth(asked), auth.getAuth(asked)])
    await auth.requireAuth(() => new Response())(asked)
    await settle()
    expect(events).toHaveLength(1)
  })

  it.each([
    ['nobody', async () => signedOut().request('/')],
    [
      'somebody',
      async (signIn: ReturnType<typeof listening>['signIn']) => (await signIn()).request('/'),
    ],
  ])('is not told of %s', async (_, ask) => {
    const { auth, events, signIn } = listening()
    await auth.requireAuth(() => new Response())(await ask(signIn))
    await settle()
    expect(events).toEqual([])
  })

  it('is not told of an outage, which onError is', async () => {
    const { auth, events, errors, signIn, provider } = listening()
    provider.setAvailable(false)
    const guarded = auth.requireAuth(() => new Response(), { revocation: 'session' })
    await guarded((await signIn()).request('/'))
    await settle()
    expect(events).toEqual([])
    expect(errors.map(({ code }) => code)).toEqual(['provider_unavailable'])
  })

  it.each([
    [
      'throws',
      () => {
        throw new TypeError('bug')
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('bug'))],
  ])('changes no answer when it %s', async (_, onEvent) => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { auth } = memoryAuth({ onEvent })
    expect((await auth.getAuth(bearer('garbage'))).reason).toBe('token_invalid')
    await settle()
    expect(reported).toHaveBeenCalledOnce()
    reported.mockRestore()
  })
})

describe('telemetry that fails', () => {
  const failing: AuthTelemetry = {
    authenticate: (reach) =>
      reach(() => {
        throw new TypeError('the recorder is broken')
      }),
    refused() {
      throw new TypeError('the sink is broken')
    },
  }

  it.each([
    { says: 'nobody', headers: {}, status: 401 },
    { says: 'a token of nobody', headers: { authorization: 'Bearer garbage' }, status: 401 },
    { says: 'somebody', headers: { cookie: 'fake=user-1' }, status: 200 },
    {
      says: 'somebody without the role',
      headers: { cookie: 'fake=user-1' },
      role: 'x',
      status: 403,
    },
    { says: 'an outage', headers: { cookie: 'fake=user-1' }, isDown: true, status: 503 },
  ])('changes nothing for $says', async ({ headers, role, isDown = false, status }) => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const provider = fakeProvider({
      session: () => (isDown ? 'provider_unavailable' : { roles: ['member'] }),
    })
    const auth = createAuth({
      providers: only(provider),
      origins: [ORIGIN],
      telemetry: failing,
      onError: () => undefined,
    })
    const guarded = auth.requireAuth(() => new Response(), role ? { role } : {})
    expect((await guarded(new Request(ORIGIN, { headers }))).status).toBe(status)
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ name: 'TypeError' }))
    told.mockRestore()
  })
})
