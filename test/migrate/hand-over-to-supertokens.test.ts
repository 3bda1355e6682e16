import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Step } from '../../src/migrate/steps.js'
import { toCookieHeader } from '../support/cookie-jar.js'
import { type LiveMove, type Person, redeemTicket, startMove } from '../support/migrate-live.js'

let move: LiveMove
let step: Step = 'dual-new-primary'
beforeAll(async () => {
  move = await startMove('clerk', { step: () => step })
  // An outage before the core's keys are known would last a second longer than the outage.
  const first = await move.person()
  await mint(first)
  await first.who()
})
afterAll(() => move.stop())

const COOKIE = { 'st-auth-mode': 'cookie' }
const mint = (person: Person, headers = {}) => person.post('/hand-over/mint', {}, headers)
const confirm = (person: Person) => person.post('/hand-over/confirm')

async function expectKept(person: Person): Promise<void> {
  expect(await person.who()).toMatchObject({ provider: 'clerk', userId: person.userId })
  expect(move.living(person).clerk).toBe(1)
}

describe('a session of Clerk', () => {
  it('becomes one of SuperTokens, and the user stays who they are', async () => {
    const ada = await move.person()
    await expectKept(ada)
    expect(await mint(ada, COOKIE)).toMatchObject({ status: 200, body: { status: 'confirm' } })
    expect(await ada.who()).toMatchObject({ provider: 'supertokens', userId: ada.userId })
    expect(move.living(ada).clerk).toBe(1)
    expect(await confirm(ada)).toMatchObject({ status: 200, body: { status: 'done' } })
    expect(move.living(ada).clerk).toBe(0)
    expect(ada.cookies.has('__session')).toBe(false)
    expect(await ada.who()).toMatchObject({
      provider: 'supertokens',
      userId: ada.clerkId,
      providerUserId: ada.clerkId,
    })
  })

  it('begins one session at a time, whoever asks again', async () => {
    const ada = await move.person()
    const alone = new Map(ada.cookies)
    const answers = await Promise.all([mint(ada), mint(ada), mint(ada)])
    expect(answers.map(({ body }) => body.status)).toEqual(['confirm', 'confirm', 'confirm'])
    expect(move.living(ada).supertokens).toBe(1)
    // The answer got lost: the browser has the old session only, and asks again.
    ada.cookies.clear()
    for (const [name, value] of alone) ada.cookies.set(name, value)
    expect((await mint(ada)).body.status).toBe('confirm')
    expect(move.living(ada).supertokens).toBe(1)
    expect((await confirm(ada)).body.status).toBe('done')
    expect(move.living(ada)).toMatchObject({ supertokens: 1, clerk: 0 })
  })

  it('stays when the user is not mapped', async () => {
    const ada = await move.person({ isMapped: false })
    expect(await mint(ada)).toMatchObject({ status: 403, body: { status: 'unmapped' } })
    await expectKept(ada)
    expect(move.living(ada).supertokens).toBe(0)
  })

  it('that was revoked begins nothing, though its token is good', async () => {
    const ada = await move.person()
    const [session] = [...move.instance.store.sessions.values()].filter(
      ({ userId }) => userId === ada.clerkId,
    )
    move.instance.revokeSession(session?.id ?? '')
    const before = move.core.store.sessions.size
    expect((await mint(ada)).status).toBe(401)
    expect(move.core.store.sessions.size).toBe(before)
  })

  it('of a user with a second factor stays: a session begun by the server has proven none', async () => {
    const ada = await move.person()
    const user = move.instance.store.users.get(ada.clerkId)
    if (user) user.totpSecret = 'JBSWY3DPEHPK3PXP'
    const before = move.core.store.sessions.size
    expect(await mint(ada)).toMatchObject({ status: 409, body: { status: 'second_factor' } })
    expect(move.core.store.sessions.size).toBe(before)
    await expectKept(ada)
  })

  it('is no fresh proof of who the user is', async () => {
    const ada = await move.person()
    await mint(ada)
    await confirm(ada)
    const cookie = toCookieHeader(ada.cookies)
    const handler = move.auth.requireAuth(() => Response.json({}), { maxAuthAgeSeconds: 600 })
    const response = await handler(new Request('http://localhost:3000/', { headers: { cookie } }))
    expect(response.status).toBe(403)
    // One that was signed in to at SuperTokens itself is.
    const fields = {
      formFields: [
        { id: 'email', value: ada.email },
        { id: 'password', value: move.password },
      ],
    }
    await ada.post('/signin', fields, { rid: 'emailpassword', ...COOKIE })
    const again = toCookieHeader(ada.cookies)
    const request = new Request('http://localhost:3000/', { headers: { cookie: again } })
    expect((await handler(request)).status).toBe(200)
  })

  it('of somebody who acts as the user stays', async () => {
    const ada = await move.person()
    for (const session of move.instance.store.sessions.values()) {
      if (session.userId === ada.clerkId) move.instance.revokeSession(session.id)
    }
    await move.impersonate(ada)
    expect((await ada.who()).actor).toMatchObject({ sub: 'support' })
    const before = move.core.store.sessions.size
    expect(await mint(ada)).toMatchObject({ status: 409, body: { status: 'impersonated' } })
    expect(move.core.store.sessions.size).toBe(before)
  })

  it.each(['mint', 'confirm'] as const)('survives an outage of the core at %s', async (phase) => {
    const ada = await move.person()
    if (phase === 'confirm') await mint(ada)
    move.core.faults.isOffline = true
    const answer = await (phase === 'mint' ? mint(ada) : confirm(ada))
    move.core.faults.isOffline = false
    expect(answer.status).toBe(503)
    expect(move.living(ada).clerk).toBe(1)
    const { body } = await (phase === 'mint' ? mint(ada) : confirm(ada))
    expect(body.status).toBe(phase === 'mint' ? 'confirm' : 'done')
  })

  it('goes back to Clerk when the plan does', async () => {
    const ada = await move.person()
    await mint(ada)
    await confirm(ada)
    expect(move.living(ada)).toMatchObject({ supertokens: 1, clerk: 0 })
    step = 'dual-old-primary'
    try {
      const { body } = await mint(ada)
      expect(body.status).toBe('ticket')
      await redeemTicket(ada, body.ticket ?? '')
      expect((await confirm(ada)).body.status).toBe('done')
      expect(move.living(ada)).toMatchObject({ supertokens: 0, clerk: 1 })
      expect(await ada.who()).toMatchObject({ provider: 'clerk', userId: ada.userId })
    } finally {
      step = 'dual-new-primary'
    }
  })
})
