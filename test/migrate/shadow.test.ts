import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthError } from '../../src/errors.js'
import { memoryIdentityMap } from '../../src/migrate/identity-map.js'
import type { Comparison } from '../../src/plan.js'
import type { AuthProvider } from '../../src/provider.js'
// Loaded ahead: a comparison is not to wait for its own code.
import '../../src/shadow.js'
import { fakeSession } from '../support/core-provider.js'
import { type LiveMove, redeemTicket, startMove } from '../support/migrate-live.js'
import { bearerOf, requestWith, twoSides } from '../support/migrate-two-sides.js'

/** The app's table: in it, `new-ada` is `ada`. */
const map = memoryIdentityMap([
  { provider: 'new-vendor', subject: 'new-ada', userId: 'ada' },
  { provider: 'new-vendor', subject: 'new-bob', userId: 'bob' },
])

function world(
  more: Partial<Record<'old' | 'new', Partial<AuthProvider>>> = {},
  plan: Parameters<typeof twoSides>[0] = {},
) {
  const seen: Comparison[] = []
  const sides = twoSides(
    {
      identity: { map },
      shadow: { onComparison: (comparison) => void seen.push(comparison) },
      ...plan,
    },
    {},
    more,
  )
  return { ...sides, seen }
}

/** Waits until so much has been done on the side. */
const told = (seen: readonly unknown[], count = 1) =>
  vi.waitFor(() => expect(seen).toHaveLength(count), { timeout: 10_000, interval: 2 })

/** Long enough for what must not be done on the side: turns, which a busy machine cannot skip. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
}

const rolesOf = (
  roles: readonly string[] | null,
  permissions: readonly string[] | null = null,
) => ({
  authenticate: async () =>
    fakeSession({ subject: 'new-ada', claims: Object.freeze({}), roles, permissions }),
})

describe('a request that carries both vendors’ sessions', () => {
  const same = { new: rolesOf(['old-role']) }
  it.each([
    ['old=ada; new=new-ada', same, ['same_person', [], null, null]],
    ['old=ada; new=new-ada', { new: rolesOf(null) }, ['same_person', [], null, null]],
    ['old=ada; new=new-ada', {}, ['same_person', ['roles'], null, null]],
    [
      'old=ada; new=new-ada',
      { new: rolesOf(['a'], ['x']), old: { authenticate: rolesOf(['b'], ['y']).authenticate } },
      ['different_person', [], null, null],
    ],
    ['old=ada; new=new-bob', {}, ['different_person', [], null, null]],
    ['old=ada; new=new-stranger', {}, ['different_person', [], null, null]],
    ['old=ada; new=expired', {}, ['other_refused', [], null, 'token_expired']],
    ['old=ada; new=forged', {}, ['other_refused', [], null, 'token_invalid']],
    ['old=expired; new=new-ada', {}, ['primary_refused', [], 'token_expired', null]],
    ['old=forged; new=expired', {}, ['both_refused', [], 'token_invalid', 'token_expired']],
  ] as const)('%s %o → %j', async (cookie, more, [outcome, differences, mine, others]) => {
    const { auth, seen } = world(more)
    await auth.getAuth(requestWith({ cookie }))
    expect(seen).toEqual([])
    await told(seen)
    const primary = { provider: 'old-vendor', code: mine }
    const other = { provider: 'new-vendor', code: others }
    expect(seen).toEqual([{ outcome, differences, primary, other }])
  })

  it('is compared from the view of the credential that decides', async () => {
    const { auth, seen } = world()
    await auth.getAuth(
      requestWith({ cookie: 'old=ada', authorization: bearerOf('new', 'new-bob') }),
    )
    await told(seen)
    expect(seen).toMatchObject([
      { outcome: 'different_person', primary: { provider: 'new-vendor' } },
    ])
  })

  it.each([
    ['old=ada', {}],
    ['new=new-ada', {}],
    ['', {}],
    ['old=ada; new=new-ada', { 'sec-fetch-site': 'cross-site' }],
    ['old=ada', { 'sec-fetch-site': 'cross-site', authorization: bearerOf('new', 'new-ada') }],
  ])('is the only kind that is compared: %j %o', async (cookie, headers) => {
    const { auth, seen } = world()
    const request = new Request('https://app.example/', {
      method: 'POST',
      headers: { cookie, ...headers },
    })
    await auth.getAuth(request)
    await settle()
    expect(seen).toEqual([])
  })

  it.each(['old-only', 'new-only'])('is not compared in the step %s', async (step) => {
    const { auth, seen, asked } = world({}, { step })
    await auth.getAuth(requestWith({ cookie: 'old=ada; new=new-ada' }))
    await settle()
    expect([seen, asked.length]).toEqual([[], 1])
  })

  it('is compared in the share that is asked for, and not at all by default', async () => {
    const both = { cookie: 'old=ada; new=new-ada' }
    const seen: Comparison[] = []
    const onComparison = (comparison: Comparison) => void seen.push(comparison)
    const random = vi.spyOn(Math, 'random')
    const { auth, asked } = world({}, { shadow: { onComparison, sampleRate: 0.25 } })
    for (const value of [0.24, 0.25, 0.9, 0]) {
      random.mockReturnValue(value)
      await auth.getAuth(requestWith(both))
    }
    random.mockRestore()
    await told(seen, 2)
    await settle()
    expect([seen.length, asked.length]).toEqual([2, 6])
    const off = twoSides({})
    await off.auth.getAuth(requestWith(both))
    await settle()
    expect(off.asked).toEqual(['old:ada'])
  })
})

describe('the answer', () => {
  const both = { cookie: 'old=ada; new=new-ada' }
  const failing: readonly [string, Partial<AuthProvider>][] = [
    ['throws', { authenticate: () => Promise.reject(new TypeError('broken')) }],
    [
      'is down',
      { authenticate: () => Promise.reject(new AuthError('provider_unavailable', 'down')) },
    ],
    [
      'wants to be asked',
      { authenticate: async (_view, { fetch }) => (await fetch('https://vendor.example')).json() },
    ],
    [
      'has no keys yet',
      {
        authenticate: async (_view, { keep }) =>
          keep(`never made ${crypto.randomUUID()}`, () => null),
      },
    ],
  ]

  it.each(failing)('is the primary’s when the other %s', async (_, broken) => {
    const { auth, seen } = world({ new: broken })
    expect(await auth.getAuth(requestWith(both))).toMatchObject({ userId: 'ada' })
    await told(seen)
    expect(seen).toMatchObject([
      { outcome: 'not_compared', other: { code: 'provider_unavailable' } },
    ])
  })

  it('is the primary’s outage when that is down', async () => {
    const { auth, seen, down } = world()
    down.add('old')
    const answer = auth.getAuth(requestWith(both))
    await expect(answer).rejects.toMatchObject({ code: 'provider_unavailable' })
    await told(seen)
    expect(seen).toMatchObject([
      { outcome: 'not_compared', primary: { code: 'provider_unavailable' } },
    ])
  })

  it('does not wait for the other, nor for who is told', async () => {
    const order: string[] = []
    const { auth } = world(
      {
        new: {
          async authenticate() {
            order.push('the other is looked at')
            return new Promise(() => undefined)
          },
        },
      },
      { shadow: { onComparison: () => new Promise(() => undefined) } },
    )
    const answer = await auth.requireAuth(() => Response.json({}))(requestWith(both))
    order.push(`answered ${answer.status}`)
    await told(order, 2)
    expect(order).toEqual(['answered 200', 'the other is looked at'])
  })

  it('carries no header of the other', async () => {
    const { auth, seen } = world({
      new: {
        async authenticate(_view, { responseHeaders, deliver }) {
          responseHeaders.append('set-cookie', 'new=replaced')
          await deliver()
          return fakeSession({ subject: 'new-ada' })
        },
      },
    })
    const headers = new Headers()
    await auth.getAuth(requestWith(both), headers)
    await told(seen)
    expect([...headers]).toEqual([])
  })

  it('is no business of a listener that fails', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { auth } = world(
      {},
      {
        shadow: {
          onComparison() {
            throw new TypeError('no log')
          },
        },
      },
    )
    expect(await auth.getAuth(requestWith(both))).toMatchObject({ userId: 'ada' })
    await told(printed.mock.calls)
    expect(printed.mock.calls.map(String)).toEqual(['TypeError: no log'])
    printed.mockRestore()
  })
})

describe.each(['supertokens', 'clerk'] as const)('beside a move from %s', (from) => {
  const to = from === 'clerk' ? 'supertokens' : 'clerk'
  const seen: Comparison[] = []
  let step = 'dual-new-primary'
  let move: LiveMove
  beforeAll(async () => {
    const onComparison = (comparison: Comparison) => void seen.push(comparison)
    move = await startMove(from, { step: () => step, shadow: { onComparison } })
  })
  afterAll(() => move.stop())
  beforeEach(() => {
    step = 'dual-new-primary'
    seen.length = 0
  })

  it('finds the same person, and asks no vendor', async () => {
    const ada = await move.person()
    const { body } = await ada.post('/hand-over/mint')
    if (body.ticket) await redeemTicket(ada, body.ticket)
    await ada.who()
    await told(seen)
    seen.length = 0
    const calls = () => move.core.log.entries.length + move.instance.log.entries.length
    const before = calls()
    for (const [index, next] of ['dual-new-primary', 'dual-old-primary'].entries()) {
      step = next
      expect(await ada.who()).toMatchObject({ userId: ada.userId })
      await told(seen, index + 1)
    }
    expect(seen).toEqual([
      {
        outcome: 'same_person',
        differences: [],
        primary: { provider: to, code: null },
        other: { provider: from, code: null },
      },
      {
        outcome: 'same_person',
        differences: [],
        primary: { provider: from, code: null },
        other: { provider: to, code: null },
      },
    ])
    expect(calls()).toBe(before)
    const said = JSON.stringify(seen)
    for (const secret of [ada.userId, ada.clerkId, ada.email]) expect(said).not.toContain(secret)
  })

  it('does not use a SuperTokens token for the first time', async () => {
    const ada = await move.person()
    const { body } = await ada.post('/hand-over/mint')
    if (body.ticket) await redeemTicket(ada, body.ticket)
    const { status } = await ada.post('/session/refresh', {}, { 'st-auth-mode': 'cookie' })
    expect(status).toBe(200)
    await settle()
    expect(seen).toEqual([])
    const before = move.core.log.entries.length
    step = from === 'supertokens' ? 'dual-new-primary' : 'dual-old-primary'
    expect(await ada.who()).toMatchObject({ provider: 'clerk' })
    await told(seen)
    expect(seen).toMatchObject([
      {
        outcome: 'not_compared',
        other: { provider: 'supertokens', code: 'provider_unavailable' },
      },
    ])
    expect(move.core.log.entries.length).toBe(before)
  })
})

describe.each(['supertokens', 'clerk'] as const)('before anybody of %s has been judged', (to) => {
  it('the comparison takes nothing from those who come later', async () => {
    const from = to === 'clerk' ? 'supertokens' : 'clerk'
    const seen: Comparison[] = []
    let step = 'dual-new-primary'
    const onComparison = (comparison: Comparison) => void seen.push(comparison)
    const move = await startMove(from, { step: () => step, shadow: { onComparison } })
    try {
      const ada = await move.person()
      const { body } = await ada.post('/hand-over/mint')
      if (body.ticket) await redeemTicket(ada, body.ticket)
      await settle()
      seen.length = 0
      step = 'dual-old-primary'
      expect(await ada.who()).toMatchObject({ userId: ada.userId, provider: from })
      await settle()
      const code = 'provider_unavailable'
      expect(seen).toMatchObject([{ outcome: 'not_compared', other: { provider: to, code } }])
      step = 'dual-new-primary'
      expect(await ada.who()).toMatchObject({ userId: ada.userId, provider: to })
      step = 'dual-old-primary'
      await ada.who()
      await settle()
      expect(seen.at(-1)).toMatchObject({ outcome: 'same_person' })
    } finally {
      await move.stop()
    }
  })
})
