import { createUserIdMapping, getUser } from 'supertokens-node'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import Session from 'supertokens-node/recipe/session'
import UserMetadata from 'supertokens-node/recipe/usermetadata'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { moveIn } from '../../src/migrate/browser.js'
import type { Step } from '../../src/migrate/steps.js'
import { type LiveMove, startMove, type Visitor } from '../support/migrate-live.js'

const PASSWORD = 'correct horse battery 9'

let move: LiveMove
let step: Step = 'dual-new-primary'

beforeAll(async () => {
  move = await startMove('supertokens', { step: () => step }, {}, () => [
    EmailPassword.init(),
    EmailVerification.init({ mode: 'OPTIONAL' }),
    Session.init(),
  ])
})
afterAll(() => move.stop())
afterEach(() => {
  step = 'dual-new-primary'
  move.core.faults.isOffline = false
  move.instance.faults.isOffline = false
})

/** Somebody only SuperTokens knows. */
async function atSuperTokens({
  isVerified = true,
  password = PASSWORD,
} = {}): Promise<Visitor & { userId: string }> {
  const visitor = await move.visitor()
  const made = await EmailPassword.signUp('public', visitor.email, password)
  if (made.status !== 'OK') throw new TypeError(made.status)
  if (isVerified) {
    const proof = await EmailVerification.createEmailVerificationToken('public', made.recipeUserId)
    if (proof.status === 'OK') await EmailVerification.verifyEmailUsingToken('public', proof.token)
  }
  return { ...visitor, userId: made.user.id }
}

type Form = 'sign-in' | 'sign-up' | 'reset'

function ask(visitor: Visitor, form: Form, password = PASSWORD, headers = {}, email?: string) {
  return visitor.post(`/move-in/${form}`, { email: email ?? visitor.email, password }, headers)
}

/** What ClerkJS does next. */
async function signInAtClerk({ page, email }: Visitor, password = PASSWORD): Promise<number> {
  const { status } = await page.post('/v1/client/sign_ins', {
    strategy: 'password',
    identifier: email,
    password,
  })
  if (status === 200) await page.sync()
  return status
}

const atClerk = (userId: string) =>
  [...move.instance.store.users.values()].filter(({ externalId }) => externalId === userId)
const everybody = () => move.instance.store.users.size

describe('the first sign-in at Clerk of a user of SuperTokens', () => {
  it('makes them there, with the id they had, and Clerk signs them in', async () => {
    const ada = await atSuperTokens()
    await UserMetadata.updateUserMetadata(ada.userId, { first_name: 'Ada', plan: 'pro' })
    expect(await ask(ada, 'sign-in')).toMatchObject({ status: 200, body: { status: 'continue' } })
    const [made] = atClerk(ada.userId)
    expect(made).toMatchObject({
      firstName: 'Ada',
      emailAddresses: [{ address: ada.email, status: 'verified' }],
      privateMetadata: { plan: 'pro' },
      publicMetadata: {},
    })
    expect(await signInAtClerk(ada)).toBe(200)
    expect(await ada.who()).toMatchObject({ provider: 'clerk', userId: ada.userId })
    const mine = move.events.filter(({ userId }) => userId === ada.userId)
    expect(mine).toMatchObject([{ type: 'user-moved-in', from: 'supertokens', to: 'clerk' }])
    expect(JSON.stringify(mine)).not.toContain(ada.email)
  })

  it('keeps the id of a mapping', async () => {
    const ada = await atSuperTokens()
    const externalUserId = `app-${ada.userId}`
    await createUserIdMapping({ superTokensUserId: ada.userId, externalUserId })
    await ask(ada, 'sign-in')
    expect(atClerk(externalUserId)).toHaveLength(1)
  })

  it('keeps an address unverified that was, and signs in all the same', async () => {
    const ada = await atSuperTokens({ isVerified: false })
    await ask(ada, 'sign-in')
    expect(atClerk(ada.userId)[0]?.emailAddresses).toMatchObject([{ status: 'reserved' }])
    expect(await signInAtClerk(ada)).toBe(200)
  })

  it('makes no user with an address that became verified on the way', async () => {
    const ada = await atSuperTokens({ isVerified: false })
    // A version of the API that has never heard of reserved addresses.
    const { users } = move.instance.store
    const set = users.set.bind(users)
    users.set = (id, user) => {
      for (const its of user.emailAddresses) Object.assign(its, { status: 'verified' })
      return set(id, user)
    }
    try {
      expect(await ask(ada, 'sign-in')).toMatchObject({
        status: 409,
        body: { status: 'not_accepted' },
      })
    } finally {
      users.set = set
    }
    expect(atClerk(ada.userId)).toEqual([])
  })

  it('makes one user of two tabs', async () => {
    const ada = await atSuperTokens()
    const answers = await Promise.all([ask(ada, 'sign-in'), ask(ada, 'sign-in')])
    expect(answers.map(({ body }) => body.status)).toEqual(['continue', 'continue'])
    expect(atClerk(ada.userId)).toHaveLength(1)
    expect((await ask(ada, 'sign-in')).body.status).toBe('continue')
    expect(atClerk(ada.userId)).toHaveLength(1)
  })

  it('gives a user who was made without a password theirs, once', async () => {
    const ada = await atSuperTokens()
    await move.backend.users.createUser({
      emailAddress: [ada.email],
      externalId: ada.userId,
      skipPasswordRequirement: true,
    })
    expect((await ask(ada, 'sign-in', 'wrong password 1')).body.status).toBe('continue')
    expect(atClerk(ada.userId)[0]?.password).toBeNull()
    expect((await ask(ada, 'sign-in')).body.status).toBe('continue')
    expect(await signInAtClerk(ada)).toBe(200)
  })

  it.each([
    ['a wrong password', 'wrong password 1', undefined],
    ['no password', '', undefined],
    ['an address nobody has', PASSWORD, 'nobody@example.com'],
    ['an address that looks like theirs', PASSWORD, '\u212Aay@example.com'],
  ])('makes nobody with %s, and says no more than to anybody', async (_, password, email) => {
    const ada = await atSuperTokens()
    await EmailPassword.signUp('public', 'kay@example.com', PASSWORD)
    const before = everybody()
    const answer = await ask(ada, 'sign-in', password, {}, email)
    expect(answer).toMatchObject({ status: 200, body: { status: 'continue' } })
    expect(everybody()).toBe(before)
  })

  it('leaves alone who has the address at Clerk already', async () => {
    const ada = await atSuperTokens()
    const { id } = await move.backend.users.createUser({
      emailAddress: [ada.email],
      password: 'another password 2',
    })
    expect(await ask(ada, 'sign-in')).toMatchObject({ status: 200, body: { status: 'continue' } })
    expect(move.instance.store.users.get(id)?.externalId).toBeNull()
    expect(atClerk(ada.userId)).toEqual([])
  })

  it('takes no password that Clerk does not take', async () => {
    const password = 'x'.repeat(80)
    const ada = await atSuperTokens({ password })
    const answer = await ask(ada, 'sign-in', password)
    expect(answer).toMatchObject({ status: 409, body: { status: 'not_accepted' } })
  })

  it.each(['old-only', 'dual-old-primary', 'new-only'] as const)(
    'makes nobody in %s',
    async (its) => {
      const ada = await atSuperTokens()
      step = its
      await ask(ada, 'sign-in')
      expect(atClerk(ada.userId)).toEqual([])
    },
  )

  it.each(['core', 'instance'] as const)('is an outage while the %s is away', async (side) => {
    const ada = await atSuperTokens()
    move[side].faults.isOffline = true
    expect((await ask(ada, 'sign-in')).status).toBe(503)
    move[side].faults.isOffline = false
    expect((await ask(ada, 'sign-in')).status).toBe(200)
    expect(atClerk(ada.userId)).toHaveLength(1)
  })

  it('cannot be tried more than ten times a minute', async () => {
    const ada = await atSuperTokens()
    for (let time = 0; time < 10; time++) await ask(ada, 'sign-in', `wrong password ${time}`)
    const last = await ask(ada, 'sign-in', PASSWORD, {}, ada.email.toUpperCase())
    expect(last).toMatchObject({ status: 429, body: { status: 'too_many_requests' } })
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(atClerk(ada.userId)).toEqual([])
  })

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another origin that says same-origin', { origin: 'https://evil.example' }],
    ['a form that sends text', { 'content-type': 'text/plain' }],
    ['nobody knows where', { 'sec-fetch-site': '', origin: '' }],
  ])('is not for %s', async (_, headers) => {
    const ada = await atSuperTokens()
    expect((await ask(ada, 'sign-in', PASSWORD, headers)).status).toBe(403)
    expect(atClerk(ada.userId)).toEqual([])
  })

  it.each([
    ['no object', []],
    ['no address', { password: PASSWORD }],
    ['a list of addresses', { email: ['a@example.com'], password: PASSWORD }],
    ['no address in it', { email: 'ada', password: PASSWORD }],
    ['an endless password', { email: 'a@example.com', password: 'x'.repeat(300) }],
  ])('takes no body with %s', async (_, body) => {
    const answer = await (await move.visitor()).post('/move-in/sign-in', body)
    expect(answer).toMatchObject({ status: 400, body: { status: 'invalid' } })
  })
})

describe('a sign-up at Clerk', () => {
  it.each([
    ['their password', PASSWORD, 1],
    ['another password', 'another password 2', 0],
  ])('of a user of SuperTokens, with %s, is a sign-in', async (_, password, made) => {
    const ada = await atSuperTokens()
    expect(await ask(ada, 'sign-up', password)).toMatchObject({
      status: 409,
      body: { status: 'sign_in' },
    })
    expect(atClerk(ada.userId)).toHaveLength(made)
  })

  it('of anybody else goes on', async () => {
    expect((await ask(await move.visitor(), 'sign-up')).body.status).toBe('continue')
  })
})

describe('a new password at Clerk', () => {
  it('makes the user who asks for it, without one, and their old one still counts', async () => {
    const ada = await atSuperTokens()
    expect((await ask(ada, 'reset', '')).body).toEqual({ status: 'continue' })
    expect(atClerk(ada.userId)).toMatchObject([{ password: null }])
    expect(await signInAtClerk(ada)).not.toBe(200)
    await ask(ada, 'sign-in')
    expect(await signInAtClerk(ada)).toBe(200)
  })

  it.each([
    ['nobody', () => move.visitor()],
    ['an address that is not verified', () => atSuperTokens({ isVerified: false })],
  ])('makes nobody for %s, with the same answer', async (_, make) => {
    const visitor: Visitor = await make()
    const before = everybody()
    expect((await ask(visitor, 'reset', '')).body).toEqual({ status: 'continue' })
    expect(everybody()).toBe(before)
  })
})

describe('the helper for pages', () => {
  it.each([
    [200, { status: 'continue' }, 'continue'],
    [400, { status: 'invalid' }, 'continue'],
    [409, { status: 'sign_in' }, 'sign_in'],
    [409, { status: 'second_factor' }, 'stay'],
    [429, { status: 'too_many_requests' }, 'try_later'],
    [503, { code: 'provider_unavailable' }, 'try_later'],
    [502, 'Bad gateway', 'try_later'],
  ])('takes %s %j for: %s', async (status, body, says) => {
    const sent: string[] = []
    const page = (async (path: string, init: RequestInit) => {
      sent.push(`${path} ${init.body}`)
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })
    }) as typeof fetch
    const fields = { email: 'ada@example.com', password: PASSWORD }
    expect(await moveIn('sign-in', fields, { fetch: page })).toBe(says)
    expect(sent).toEqual([`/api/auth/move-in/sign-in ${JSON.stringify(fields)}`])
  })

  it('never rejects', async () => {
    const page = (async () => {
      throw new TypeError('fetch failed')
    }) as typeof fetch
    expect(await moveIn('reset', { email: 'ada@example.com' }, { fetch: page })).toBe('try_later')
  })
})

it('nobody at SuperTokens is changed by moving', async () => {
  const ada = await atSuperTokens()
  const before = await getUser(ada.userId)
  await ask(ada, 'sign-in')
  expect((await getUser(ada.userId))?.toJson()).toEqual(before?.toJson())
})
