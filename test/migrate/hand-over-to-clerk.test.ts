import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveMove, type Person, redeemTicket, startMove } from '../support/migrate-live.js'

let move: LiveMove
beforeAll(async () => {
  move = await startMove('supertokens')
})
afterAll(() => move.stop())

const mint = (person: Person, headers = {}) => person.post('/hand-over/mint', {}, headers)
const confirm = (person: Person) => person.post('/hand-over/confirm')

async function expectKept(person: Person): Promise<void> {
  expect(await person.who()).toMatchObject({ provider: 'supertokens', userId: person.userId })
  expect(move.living(person).supertokens).toBe(1)
}

describe('a session of SuperTokens', () => {
  it('becomes one of Clerk, and the user stays who they are', async () => {
    const ada = await move.person()
    await expectKept(ada)
    const minted = await mint(ada)
    expect(minted).toMatchObject({ status: 200, body: { status: 'ticket', provider: 'clerk' } })
    expect(minted.headers.get('cache-control')).toContain('no-store')
    await expectKept(ada)
    expect(await redeemTicket(ada, minted.body.ticket ?? '')).toBe(200)
    expect(await ada.who()).toMatchObject({ provider: 'clerk', userId: ada.userId })
    expect(await confirm(ada)).toMatchObject({ status: 200, body: { status: 'done' } })
    expect([...ada.cookies.keys()].filter((name) => name.startsWith('s'))).toEqual([])
    expect(await ada.who()).toMatchObject({
      provider: 'clerk',
      userId: ada.userId,
      providerUserId: ada.clerkId,
    })
    expect(move.living(ada)).toEqual({ supertokens: 0, clerk: 1 })
    const mine = move.events.filter(({ userId }) => userId === ada.userId)
    expect(mine.map(({ type }) => type)).toEqual(['hand-over-minted', 'hand-over-confirmed'])
    expect(JSON.stringify(mine)).not.toContain(ada.email)
  })

  it('is confirmed once, and again when the answer got lost', async () => {
    const ada = await move.person()
    await redeemTicket(ada, (await mint(ada)).body.ticket ?? '')
    const before = new Map(ada.cookies)
    expect((await confirm(ada)).body.status).toBe('done')
    for (const [name, value] of before) ada.cookies.set(name, value)
    expect((await confirm(ada)).body.status).toBe('done')
    expect(move.living(ada)).toEqual({ supertokens: 0, clerk: 1 })
    expect((await mint(ada)).body).toEqual({ status: 'stay' })
  })

  it('gives two tabs the same ticket, and one session', async () => {
    const ada = await move.person()
    const [one, two] = await Promise.all([mint(ada), mint(ada)])
    expect(one.body.ticket).toBe(two.body.ticket)
    expect(await redeemTicket(ada, one.body.ticket ?? '')).toBe(200)
    expect(await redeemTicket(ada, two.body.ticket ?? '')).not.toBe(200)
    expect((await mint(ada)).body.status).toBe('confirm')
    const [first, second] = await Promise.all([confirm(ada), confirm(ada)])
    expect([first.body.status, second.body.status]).toContain('done')
    expect(move.living(ada)).toEqual({ supertokens: 0, clerk: 1 })
    expect(await ada.who()).toMatchObject({ provider: 'clerk', userId: ada.userId })
  })

  it('stays while nothing was done with the ticket', async () => {
    const ada = await move.person()
    await mint(ada)
    expect(await confirm(ada)).toMatchObject({ status: 409, body: { status: 'incomplete' } })
    await expectKept(ada)
  })

  it('stays when the user is not mapped', async () => {
    const ada = await move.person({ isMapped: false })
    expect(await mint(ada)).toMatchObject({ status: 403, body: { status: 'unmapped' } })
    await expectKept(ada)
  })

  it('stays when Clerk has banned the user', async () => {
    const ada = await move.person()
    const user = move.instance.store.users.get(ada.clerkId)
    if (user) user.isBanned = true
    expect(await mint(ada)).toMatchObject({ status: 403 })
    await expectKept(ada)
  })

  it('that was revoked mints nothing, though its token is good', async () => {
    const ada = await move.person()
    const cookies = new Map(ada.cookies)
    move.core.store.sessions.clear()
    for (const [name, value] of cookies) ada.cookies.set(name, value)
    const before = move.instance.store.tickets.size
    expect((await mint(ada)).status).toBe(401)
    expect(move.instance.store.tickets.size).toBe(before)
  })

  it('is not handed to another person', async () => {
    const [ada, bob] = [await move.person(), await move.person()]
    await redeemTicket(bob, (await mint(bob)).body.ticket ?? '')
    for (const [name, value] of bob.cookies) if (name.startsWith('__')) ada.cookies.set(name, value)
    expect(await mint(ada)).toMatchObject({ status: 409, body: { status: 'conflict' } })
    expect(await confirm(ada)).toMatchObject({ status: 409, body: { status: 'conflict' } })
    expect(move.living(ada).supertokens).toBe(1)
    expect(move.living(bob)).toEqual({ supertokens: 1, clerk: 1 })
  })

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another site of the same domain', { 'sec-fetch-site': 'same-site' }],
    ['another origin that says same-origin', { origin: 'https://evil.example' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form that sends text', { 'content-type': 'text/plain' }],
    ['nobody knows where', { 'sec-fetch-site': '', origin: '' }],
  ])('is not handed over for %s', async (_, headers) => {
    const ada = await move.person()
    const before = move.instance.store.tickets.size
    expect((await mint(ada, headers)).status).toBe(403)
    expect(move.instance.store.tickets.size).toBe(before)
    await expectKept(ada)
  })

  it('is not handed over more than ten times a minute', async () => {
    const ada = await move.person()
    for (let time = 0; time < 10; time++) expect((await mint(ada)).status).toBe(200)
    const last = await mint(ada)
    expect(last).toMatchObject({ status: 429, body: { status: 'too_many_requests' } })
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    await expectKept(ada)
  })

  it('of nobody is refused', async () => {
    const ada = await move.person()
    ada.cookies.clear()
    expect((await mint(ada)).status).toBe(401)
    expect((await confirm(ada)).status).toBe(401)
  })

  it.each(['mint', 'confirm'] as const)('survives an outage of Clerk at %s', async (phase) => {
    const ada = await move.person()
    const ticket = phase === 'confirm' ? ((await mint(ada)).body.ticket ?? '') : ''
    if (ticket) await redeemTicket(ada, ticket)
    move.instance.faults.isOffline = true
    const answer = await (phase === 'mint' ? mint(ada) : confirm(ada))
    move.instance.faults.isOffline = false
    expect(answer.status).toBe(503)
    expect(move.living(ada).supertokens).toBe(1)
    const { body } = await (phase === 'mint' ? mint(ada) : confirm(ada))
    expect(body.status).toBe(phase === 'mint' ? 'ticket' : 'done')
  })

  it('of a user with a second factor at Clerk stays when the new one has not proven it', async () => {
    const ada = await move.person()
    const { ticket = '' } = (await mint(ada)).body
    await redeemTicket(ada, ticket)
    const user = move.instance.store.users.get(ada.clerkId)
    if (user) user.totpSecret = 'JBSWY3DPEHPK3PXP'
    expect(await confirm(ada)).toMatchObject({ status: 409, body: { status: 'second_factor' } })
    expect(move.living(ada)).toEqual({ supertokens: 1, clerk: 0 })
  })
})
