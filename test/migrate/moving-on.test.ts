import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { moveFor } from '../../src/moving.js'
import { viewRequest } from '../../src/request.js'
import { NAVIGATION } from '../support/core-auth.js'
import { type LiveMove, type Person, startMove } from '../support/migrate-live.js'
import { requestWith, twoSides } from '../support/migrate-two-sides.js'

const START = '/hand-over/continue?returnTo=%2Fpage%3Fq%3D1'
const SECOND = `${START}&marked`

/** Follows the redirects of the address, as long as they lead there. */
async function walk(person: Person, headers: Record<string, string> = {}): Promise<string[]> {
  const trail: string[] = []
  for (let path = START; trail.length < 5; ) {
    const response = await person.open(path, headers)
    const location = response.headers.get('location') ?? String(response.status)
    trail.push(location)
    if (!location.startsWith('?')) break
    path = `/hand-over/continue${location}`
  }
  return trail
}

describe('a document on the way to SuperTokens', () => {
  let move: LiveMove
  beforeAll(async () => {
    move = await startMove('clerk')
  })
  afterAll(() => move.stop())

  it('takes the session along, in two visits', async () => {
    const ada = await move.person()
    const first = await ada.open(START)
    expect(first.headers.get('location')).toBe('?returnTo=%2Fpage%3Fq%3D1&marked')
    expect(move.living(ada)).toEqual({ supertokens: 1, clerk: 1 })
    const second = await ada.open(SECOND)
    expect(second.headers.get('location')).toBe('/page?q=1')
    expect(second.headers.get('cache-control')).toContain('no-store')
    expect(move.living(ada)).toEqual({ supertokens: 1, clerk: 0 })
    expect(await ada.who()).toMatchObject({ provider: 'supertokens', userId: ada.userId })
    expect([...ada.cookies.keys()]).not.toContain('authmux_move')
    expect([...ada.cookies.keys()]).not.toContain('__session')
  })

  it('makes the browser SDK look for its session again', async () => {
    const ada = await move.person()
    ada.cookies.set('st-last-access-token-update', '1')
    await walk(ada)
    expect(ada.cookies.has('st-last-access-token-update')).toBe(false)
  })

  it('leaves a browser alone for a while that could not be helped', async () => {
    const ada = await move.person({ isMapped: false })
    expect(await walk(ada)).toEqual(['?returnTo=%2Fpage%3Fq%3D1&marked', '/page?q=1'])
    expect(ada.cookies.get('authmux_move')).toBe('tried')
    expect(move.living(ada)).toMatchObject({ clerk: 1 })
    expect(await ada.who()).toMatchObject({ provider: 'clerk', userId: ada.userId })
  })

  it('keeps the old session where only the old one comes back', async () => {
    const ada = await move.person()
    const before = new Map(ada.cookies)
    await ada.open(START)
    for (const name of ada.cookies.keys()) {
      if (!before.has(name) && name !== 'authmux_move') ada.cookies.delete(name)
    }
    expect((await ada.open(SECOND)).headers.get('location')).toBe('/page?q=1')
    expect(move.living(ada)).toMatchObject({ clerk: 1 })
    expect(await ada.who()).toMatchObject({ provider: 'clerk', userId: ada.userId })
  })

  it('ends no session of somebody else’s', async () => {
    const [ada, bob] = [await move.person(), await move.person()]
    await bob.open(START)
    for (const [name, value] of bob.cookies) if (name[0] === 's') ada.cookies.set(name, value)
    expect(await walk(ada)).toEqual(['?returnTo=%2Fpage%3Fq%3D1&marked', '/page?q=1'])
    expect(move.living(ada)).toEqual({ supertokens: 0, clerk: 1 })
    expect(move.living(bob)).toEqual({ supertokens: 1, clerk: 1 })
  })

  it('goes on while a vendor is down', async () => {
    const ada = await move.person()
    move.core.faults.isOffline = true
    expect((await walk(ada)).at(-1)).toBe('/page?q=1')
    move.core.faults.isOffline = false
    expect(move.living(ada)).toEqual({ supertokens: 0, clerk: 1 })
  })

  it('ends for a browser that keeps no cookies', async () => {
    const ada = await move.person()
    expect((await ada.open(SECOND)).status).toBe(401)
    expect(move.living(ada)).toEqual({ supertokens: 0, clerk: 1 })
  })

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another origin of the site', { 'sec-fetch-site': 'same-site' }],
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
  ])('is nothing %s can make it do', async (_, headers) => {
    const ada = await move.person()
    expect(await walk(ada, headers)).toEqual(['/page?q=1'])
    expect((await ada.open(SECOND, headers)).headers.get('location')).toBe('/page?q=1')
    expect(move.living(ada)).toEqual({ supertokens: 0, clerk: 1 })
  })

  it('leads nowhere else', async () => {
    const ada = await move.person()
    const response = await ada.open('/hand-over/continue?returnTo=%2F%2Fevil.example&marked', {
      'sec-fetch-site': 'cross-site',
    })
    expect(response.headers.get('location')).toBe('/')
  })
})

it('a document on the way to Clerk has no ticket made for it', async () => {
  const move = await startMove('supertokens')
  const ada = await move.person()
  expect((await walk(ada)).at(-1)).toBe('/page?q=1')
  expect(move.living(ada)).toEqual({ supertokens: 1, clerk: 0 })
  expect(move.events).toEqual([])
  await move.stop()
})

describe('a glance at a document request', () => {
  const OWN = { ...NAVIGATION, 'sec-fetch-site': 'none' }
  const GO = '/api/auth/hand-over/continue?returnTo=%2Fpage'

  it.each([
    ['dual-new-primary', 'session', 'old=ada', {}, GO],
    ['dual-new-primary', 'session', 'old=ada', { 'sec-fetch-site': 'same-origin' }, GO],
    // The second half of a move may have got lost.
    ['dual-new-primary', 'session', 'old=ada; new=new-ada', {}, GO],
    ['dual-old-primary', 'session', 'new=new-ada', {}, GO],
    ['dual-new-primary', 'session', 'new=new-ada', {}, null],
    ['dual-old-primary', 'session', 'old=ada', {}, null],
    ['new-only', 'session', 'old=ada', {}, null],
    ['dual-new-primary', 'session', 'old=ada; authmux_move=tried', {}, null],
    ['dual-new-primary', 'session', 'old=ada', { 'sec-fetch-site': 'cross-site' }, null],
    ['dual-new-primary', 'session', 'old=ada', { 'next-router-prefetch': '1' }, null],
    // Only a page can use a ticket.
    ['dual-new-primary', 'ticket', 'old=ada', {}, null],
  ] as const)('in %s, where a %s is minted, with %s %o: %s', (step, mints, cookie, more, to) => {
    const handOver = {
      mints,
      asksForSecondFactor: false,
      secondFactor: async () => ({ isEnrolled: false, isProven: false }),
      mint: async () => null,
    }
    const { setup } = twoSides({ step }, {}, { old: { handOver }, new: { handOver } })
    const view = viewRequest(requestWith({ ...OWN, ...more, cookie }))
    expect(moveFor(view, '/page', setup(), Date.now())).toBe(to)
  })
})
