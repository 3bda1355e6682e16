/** Who puts sessions on the list, and who is refused for being on it. */

import { describe, expect, it, vi } from 'vitest'
import { createAuth } from '../../src/auth.js'
import { memoryRevocations } from '../../src/revocations/index.js'
// Loaded ahead: a comparison is not to wait for its own code.
import '../../src/shadow.js'
import { memoryAuth } from '../support/core-auth.js'
import { frozenClock, START } from '../support/core-clock.js'
import { bearerOf, requestWith, twoSides } from '../support/migrate-two-sides.js'
import { watchedRevocations } from '../support/revocations.js'

function world() {
  const { now } = frozenClock()
  const revocations = watchedRevocations(now)
  return { ...memoryAuth({ revocations }), revocations }
}

describe('signing out', () => {
  it.each([
    ['signOut', { provider: 'memory', sessionId: 'session-1' }],
    ['signOutEverywhere', { provider: 'memory', providerUserId: 'user-1' }],
  ] as const)('by %s is put on the list, and the token counts no more', async (name, ended) => {
    const { auth, signIn, revocations } = world()
    const credentials = await signIn()
    const response = new Response()
    await auth[name](credentials.request('/'), response)
    expect(revocations.told).toEqual([ended])
    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(await auth.getAuth(credentials.request('/'))).toMatchObject({
      isAuthenticated: false,
      reason: 'session_revoked',
    })
  })

  it('is put on the list although the token has run out', async () => {
    const { auth, signIn, revocations, advance } = world()
    const credentials = await signIn({ expiresInSeconds: 60 })
    advance(61_000)
    await auth.signOut(credentials.request('/'), new Response())
    expect(revocations.told).toEqual([{ provider: 'memory', sessionId: 'session-1' }])
  })

  it('is not put on the list while the vendor has not ended it', async () => {
    const { auth, signIn, revocations, provider } = world()
    const credentials = await signIn()
    provider.setAvailable(false)
    const signOut = auth.signOut(credentials.request('/'), new Response())
    await expect(signOut).rejects.toMatchObject({ code: 'provider_unavailable' })
    expect(revocations.told).toEqual([])
  })

  it.each(['signOut', 'signOutEverywhere'] as const)(
    'by %s is not told as done when the list cannot be told, and works when tried again',
    async (name) => {
      const { auth, signIn, revocations } = world()
      const credentials = await signIn()
      const response = new Response()
      revocations.goDown()
      await expect(auth[name](credentials.request('/'), response)).rejects.toMatchObject({
        code: 'provider_unavailable',
      })
      expect(response.headers.getSetCookie()).toEqual([])
      revocations.goDown(false)
      await auth[name](credentials.request('/'), response)
      expect((await auth.getAuth(credentials.request('/'))).isAuthenticated).toBe(false)
    },
  )

  it('everywhere is nothing a session on the list can do', async () => {
    const { auth, signIn, revocations } = world()
    const [ended, other] = [await signIn(), await signIn({ sessionId: 's2' })]
    await revocations.revoke({ provider: 'memory', sessionId: 'session-1' })
    await expect(auth.signOutEverywhere(ended.request('/'))).rejects.toMatchObject({
      code: 'session_revoked',
    })
    expect((await auth.getAuth(other.request('/'))).isAuthenticated).toBe(true)
  })

  it('of nobody tells nobody', async () => {
    const { auth, revocations } = world()
    await auth.signOut(new Request('http://localhost/'), new Response())
    expect([revocations.told, revocations.checks()]).toEqual([[], 0])
  })
})

describe('a session on the list', () => {
  it('is refused by every guard, beside a vendor that would confirm it', async () => {
    const { auth, signIn, revocations } = world()
    const credentials = await signIn()
    await revocations.revoke({ provider: 'memory', sessionId: 'session-1' })
    const handler = () => new Response('secret')
    for (const policy of [{}, { revocation: 'session' } as const, { role: 'admin' }]) {
      const answer = await auth.requireAuth(handler, policy)(credentials.request('/'))
      expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'session_revoked' }])
    }
    expect(await auth.currentUser(credentials.request('/'))).toBeNull()
  })

  it('is one the vendor knows of, or one the list knows of: either is enough', async () => {
    const { auth, signIn, provider } = world()
    const credentials = await signIn()
    provider.revoke('session-1')
    const handler = auth.requireAuth(() => new Response(), { revocation: 'session' })
    expect((await handler(credentials.request('/'))).status).toBe(401)
    expect((await auth.getAuth(credentials.request('/'))).isAuthenticated).toBe(true)
  })

  it('is known to every createAuth that has the list', async () => {
    const revocations = memoryRevocations({ now: () => START })
    const first = memoryAuth({ revocations })
    const credentials = await first.signIn()
    const second = createAuth({
      providers: { memory: () => first.provider },
      origins: ['http://localhost'],
      now: first.now,
      revocations,
    })
    await first.auth.signOut(credentials.request('/'), new Response())
    expect((await second.getAuth(credentials.request('/'))).reason).toBe('session_revoked')
  })
})

describe('the option', () => {
  it.each([{}, 7, null, { contract: 2 }])('refuses %j', (revocations) => {
    expect(() => memoryAuth({ revocations: revocations as never })).toThrow(/revocations: must be/)
  })
})

describe('a move with two vendors', () => {
  const both = { cookie: 'old=ada; new=new-ada' }
  const setup = (more: Parameters<typeof twoSides>[0] = {}) => {
    const revocations = watchedRevocations(() => START)
    return { ...twoSides(more, { revocations, now: () => START }), revocations }
  }

  it.each([
    [
      'signOut',
      [
        { provider: 'old-vendor', sessionId: 'old-session-of-ada' },
        { provider: 'new-vendor', sessionId: 'new-session-of-new-ada' },
      ],
    ],
    [
      'signOutEverywhere',
      [
        { provider: 'old-vendor', providerUserId: 'ada' },
        { provider: 'new-vendor', providerUserId: 'new-ada' },
      ],
    ],
  ] as const)('puts the sessions of both on the list: %s', async (name, ended) => {
    const { auth, revocations } = setup()
    await auth[name](requestWith(both), new Response())
    expect(revocations.told).toEqual(expect.arrayContaining([...ended]))
    expect(revocations.told).toHaveLength(2)
    for (const authorization of [bearerOf('old', 'ada'), bearerOf('new', 'new-ada')]) {
      expect((await auth.getAuth(requestWith({ authorization }))).reason).toBe('session_revoked')
    }
  })

  it('ends what is left of both although one is down', async () => {
    const { auth, revocations, down, ended } = setup()
    down.add('old')
    await expect(auth.signOut(requestWith(both), new Response())).rejects.toMatchObject({
      code: 'provider_unavailable',
    })
    expect(ended).toEqual(['new-session-of-new-ada'])
    expect(revocations.told).toMatchObject([{ provider: 'new-vendor' }])
  })

  it('hands over no session that is on the list', async () => {
    const { auth, revocations, asked } = setup()
    await revocations.revoke({ provider: 'old-vendor', sessionId: 'old-session-of-ada' })
    const answer = await auth.authHandler()(
      new Request('https://app.example/api/auth/hand-over/mint', {
        method: 'POST',
        headers: {
          cookie: 'old=ada',
          origin: 'https://app.example',
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/json',
        },
      }),
    )
    expect(asked).toContain('old:ada')
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'session_revoked' }])
  })

  it('compares both vendors without asking the store for the other', async () => {
    const outcomes: string[] = []
    const shadow = {
      onComparison: ({ outcome }: { outcome: string }) => void outcomes.push(outcome),
    }
    const { auth, revocations } = setup({ shadow })
    await auth.getAuth(requestWith(both))
    await vi.waitFor(() => expect(outcomes).toHaveLength(1), { timeout: 10_000, interval: 2 })
    expect(revocations.checks()).toBe(1)
  })
})
