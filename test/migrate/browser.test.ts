import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handOver } from '../../src/migrate/browser.js'
import type { Step } from '../../src/migrate/steps.js'
import { type LiveMove, type Person, redeemTicket, startMove } from '../support/migrate-live.js'

let move: LiveMove
let step: Step = 'dual-new-primary'
beforeAll(async () => {
  // The claim spares the look-ups.
  move = await startMove(
    'supertokens',
    { step: () => step, identity: { claim: 'app_id' } },
    { sessionTokenClaims: { app_id: '{{user.external_id}}' } },
  )
})
afterAll(() => move.stop())

/** The page's `fetch`: what the helper sends goes to the app with the cookies of the browser. */
function fetchOf(person: Person): typeof fetch {
  return async (input, init) => {
    const path = String(input).replace('/api/auth', '')
    const headers = Object.fromEntries(new Headers(init?.headers))
    const { status, body } = await person.post(path, JSON.parse(String(init?.body)), headers)
    return Response.json(body, { status })
  }
}

describe('the helper for open pages', () => {
  it('moves the session, once', async () => {
    const ada = await move.person()
    const signInWithTicket = vi.fn((ticket: string) => redeemTicket(ada, ticket))
    const options = { signInWithTicket, fetch: fetchOf(ada) }
    expect(await handOver(options)).toBe('moved')
    const mark = move.instance.log.entries.length
    expect(await ada.who()).toMatchObject({
      provider: 'clerk',
      userId: ada.userId,
      providerUserId: ada.clerkId,
    })
    expect(await handOver(options)).toBe('stayed')
    expect(signInWithTicket).toHaveBeenCalledTimes(1)
    const lookUps = move.instance.log.entries.slice(mark).map(({ path }) => path)
    expect(lookUps.filter((path) => path.startsWith('/v1/users'))).toEqual([])
  })

  it.each([
    ['the sign-in with the ticket fails', 'ticket', 'kept'],
    ['the network is gone', 'network', 'kept'],
    ['the answer is no JSON', 'garbage', 'kept'],
    ['the plan has gone back', 'step', 'stayed'],
  ] as const)('leaves the session as it is when %s', async (_, fault, expected) => {
    const ada = await move.person()
    const faults: Partial<Record<string, typeof fetch>> = {
      network: () => Promise.reject(new TypeError('Failed to fetch')),
      garbage: async () => new Response('<h1>Maintenance</h1>'),
    }
    if (fault === 'step') step = 'dual-old-primary'
    const result = await handOver({
      fetch: faults[fault] ?? fetchOf(ada),
      signInWithTicket: () => Promise.reject(new TypeError('ClerkJS is not loaded')),
    })
    step = 'dual-new-primary'
    expect(result).toBe(expected)
    expect(await ada.who()).toMatchObject({ provider: 'supertokens', userId: ada.userId })
    expect(move.living(ada)).toEqual({ supertokens: 1, clerk: 0 })
  })
})
