import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Step } from '../../src/migrate/steps.js'
import { toCookieHeader } from '../support/cookie-jar.js'
import { type LiveMove, type Person, redeemTicket, startMove } from '../support/migrate-live.js'

/** What a page of the app does when it is opened. */
async function openPage(person: Person): Promise<string | undefined> {
  const { body } = await person.post('/hand-over/mint')
  if (body.status === 'stay') return 'stay'
  if (body.ticket) await redeemTicket(person, body.ticket)
  return (await person.post('/hand-over/confirm')).body.status
}

const there = ['old-only', 'dual-old-primary', 'dual-new-primary', 'new-only'] as const
const walk: readonly Step[] = [...there, ...[...there].reverse()]

describe.each([
  ['supertokens', 'clerk'],
  ['clerk', 'supertokens'],
] as const)('a move from %s to %s', (from, to) => {
  let move: LiveMove
  let step: Step = 'old-only'
  beforeAll(async () => {
    move = await startMove(from, { step: () => step })
  })
  afterAll(() => move.stop())

  it('goes through every step and back, and logs nobody out', async () => {
    step = 'old-only'
    const ada = await move.person()
    const seen: string[] = []
    for (const next of walk) {
      step = next
      const before = await ada.who()
      const done = await openPage(ada)
      const after = await ada.who()
      expect([before.userId, after.userId]).toEqual([ada.userId, ada.userId])
      seen.push(`${next}: ${done}, with ${after.provider}`)
    }
    expect(seen).toEqual([
      `old-only: stay, with ${from}`,
      `dual-old-primary: stay, with ${from}`,
      `dual-new-primary: done, with ${to}`,
      `new-only: stay, with ${to}`,
      `new-only: stay, with ${to}`,
      `dual-new-primary: stay, with ${to}`,
      `dual-old-primary: done, with ${from}`,
      `old-only: stay, with ${from}`,
    ])
    const { supertokens, clerk } = move.living(ada)
    expect(supertokens + clerk).toBe(1)
  })

  it('takes what ClerkJS leaves behind for no session', async () => {
    const primary = (vendor: 'clerk' | 'supertokens'): Step =>
      vendor === from ? 'dual-old-primary' : 'dual-new-primary'
    step = primary('clerk')
    const ada = await move.person()
    await openPage(ada)
    expect(await ada.who()).toMatchObject({ provider: 'clerk' })
    const left = [...ada.cookies].filter(([name]) => name.startsWith('__session'))
    step = primary('supertokens')
    expect(await openPage(ada)).toBe('done')
    for (const [name, token] of left) {
      ada.cookies.set(name, token)
      ada.cookies.set(name.replace('__session', '__client_uat'), '0')
    }
    expect(left).toHaveLength(2)
    step = primary('clerk')
    expect(await ada.who()).toMatchObject({ provider: 'supertokens', userId: ada.userId })
    expect(await openPage(ada)).toBe('done')
    expect(await ada.who()).toMatchObject({ provider: 'clerk', userId: ada.userId })
  })

  it('lets an outage of one vendor alone', async () => {
    step = 'dual-old-primary'
    const [moved, stayed] = [await move.person(), await move.person()]
    step = 'dual-new-primary'
    expect(await openPage(moved)).toBe('done')
    const vendors = { supertokens: move.core, clerk: move.instance } as const
    for (const [down, person] of [
      [to, stayed],
      [from, moved],
    ] as const) {
      vendors[down].faults.isOffline = true
      expect(await person.who()).toMatchObject({ userId: person.userId })
      vendors[down].faults.isOffline = false
    }
  })

  it('ends the sessions of both at a sign-out', async () => {
    step = 'dual-new-primary'
    const ada = await move.person()
    const { body } = await ada.post('/hand-over/mint')
    if (body.ticket) await redeemTicket(ada, body.ticket)
    expect(move.living(ada)).toEqual({ supertokens: 1, clerk: 1 })
    const cookie = toCookieHeader(ada.cookies)
    const headers = new Headers()
    const request = new Request('http://localhost:3000/', {
      method: 'POST',
      headers: { cookie, origin: 'http://localhost:3000' },
    })
    await move.auth.signOut(request, headers)
    expect(move.living(ada)).toEqual({ supertokens: 0, clerk: 0 })
    const cleared = headers.getSetCookie().map((text) => text.split('=')[0])
    expect(cleared).toEqual(expect.arrayContaining(['sAccessToken', 'sRefreshToken', '__session']))
  })

  it('ends all sessions of a person at both', async () => {
    step = 'dual-new-primary'
    const ada = await move.person()
    const { body } = await ada.post('/hand-over/mint')
    if (body.ticket) await redeemTicket(ada, body.ticket)
    const cookie = toCookieHeader(ada.cookies)
    const headers = { cookie, origin: 'http://localhost:3000' }
    const request = new Request('http://localhost:3000/', { method: 'POST', headers })
    await move.auth.signOutEverywhere(request, new Headers())
    expect(move.living(ada)).toEqual({ supertokens: 0, clerk: 0 })
  })
})
