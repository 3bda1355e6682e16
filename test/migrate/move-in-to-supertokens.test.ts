import { getUserIdMapping } from 'supertokens-node'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import Session from 'supertokens-node/recipe/session'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { superTokensMoveIn } from '../../providers/supertokens/index.js'
import type { Step } from '../../src/migrate/steps.js'
import { type Answer, type LiveMove, startMove, type Visitor } from '../support/migrate-live.js'

const PASSWORD = 'correct horse battery 9'
const RECIPE = { rid: 'emailpassword', 'st-auth-mode': 'cookie' }

let move: LiveMove
let step: Step = 'dual-new-primary'
const links: { email: string; link: string }[] = []
let signUps = 0

beforeAll(async () => {
  move = await startMove('clerk', { step: () => step }, {}, (plan) => [
    EmailPassword.init({
      override: {
        apis: superTokensMoveIn(plan.moveIn),
        functions: (original) => ({
          ...original,
          createNewRecipeUser(input) {
            signUps++
            return original.createNewRecipeUser(input)
          },
        }),
      },
      emailDelivery: {
        override: (original) => ({
          ...original,
          async sendEmail({ user, passwordResetLink }) {
            links.push({ email: user.email, link: passwordResetLink })
          },
        }),
      },
    }),
    EmailVerification.init({ mode: 'OPTIONAL' }),
    Session.init(),
  ])
})
afterAll(() => move.stop())
afterEach(() => {
  step = 'dual-new-primary'
  move.instance.faults.isOffline = false
})

const fields = (email: string, password = PASSWORD) => ({
  formFields: [
    { id: 'email', value: email },
    { id: 'password', value: password },
  ],
})

function signIn(visitor: Visitor, password = PASSWORD, email = visitor.email): Promise<Answer> {
  return visitor.post('/signin', fields(email, password), RECIPE)
}

function signUp(visitor: Visitor, password = PASSWORD): Promise<Answer> {
  return visitor.post('/signup', fields(visitor.email, password), RECIPE)
}

/** Somebody only Clerk knows. */
async function atClerk(more: object = {}): Promise<Visitor & { clerkId: string }> {
  const visitor = await move.visitor()
  const { id } = await move.backend.users.createUser({
    emailAddress: [visitor.email],
    password: PASSWORD,
    firstName: 'Ada',
    lastName: 'King Noel',
    ...more,
  })
  return { ...visitor, clerkId: id }
}

const usersAtCore = () => move.core.store.users.size

describe('the first sign-in at SuperTokens of a user of Clerk', () => {
  it('makes them there, with the id they had, and signs them in', async () => {
    const ada = await atClerk({ publicMetadata: { plan: 'pro' } })
    const before = signUps
    expect(await signIn(ada)).toMatchObject({ status: 200, body: { status: 'OK' } })
    expect(await ada.who()).toMatchObject({ provider: 'supertokens', userId: ada.clerkId })
    const mapping = await getUserIdMapping({ userId: ada.clerkId, userIdType: 'EXTERNAL' })
    expect(mapping).toMatchObject({ status: 'OK', externalUserId: ada.clerkId })
    expect(move.core.store.verifiedEmails.get(ada.clerkId)?.has(ada.email)).toBe(true)
    expect(move.core.store.metadata.get(ada.clerkId)).toEqual({
      plan: 'pro',
      first_name: 'Ada',
      last_name: 'King Noel',
    })
    // Nobody signs up: what the app does then has been done for this user long ago.
    expect(signUps).toBe(before)
    const mine = move.events.filter(({ userId }) => userId === ada.clerkId)
    expect(mine).toMatchObject([{ type: 'user-moved-in', from: 'clerk', to: 'supertokens' }])
    expect(JSON.stringify(mine)).not.toContain(ada.email)
  })

  it('makes one user of two tabs, and asks Clerk no more once they are there', async () => {
    const ada = await atClerk()
    const [one, two] = [await move.visitor(), await move.visitor()]
    const before = usersAtCore()
    const answers = await Promise.all([
      signIn(one, PASSWORD, ada.email),
      signIn(two, PASSWORD, ada.email),
    ])
    expect(answers.map(({ body }) => body.status)).toEqual(['OK', 'OK'])
    expect(usersAtCore()).toBe(before + 1)
    move.instance.faults.isOffline = true
    expect((await signIn(ada)).body.status).toBe('OK')
    expect((await signIn(ada, 'wrong password 1')).body.status).toBe('WRONG_CREDENTIALS_ERROR')
  })

  it.each([
    ['a wrong password', 'wrong password 1', undefined],
    ['no password', '', undefined],
    ['an address nobody has', PASSWORD, 'nobody@example.com'],
  ])('stays refused with %s', async (_, password, email) => {
    const ada = await atClerk()
    const before = usersAtCore()
    const answer = await signIn(ada, password, email)
    expect(answer.body.status).not.toBe('OK')
    expect(usersAtCore()).toBe(before)
    expect((await ada.who()).isAuthenticated).toBe(false)
  })

  it.each([
    ['banned', (id: string) => move.backend.users.banUser(id), 'blocked'],
    ['locked', (id: string) => move.backend.users.lockUser(id), 'blocked'],
    [
      'with a second factor',
      async (id: string) => {
        const user = move.instance.store.users.get(id)
        if (user) user.totpSecret = 'JBSWY3DPEHPK3PXP'
      },
      'second_factor',
    ],
  ])('of one who is %s makes nobody', async (_, change, reason) => {
    const ada = await atClerk()
    await change(ada.clerkId)
    const before = usersAtCore()
    expect((await signIn(ada)).body.status).toBe('SIGN_IN_NOT_ALLOWED')
    expect((await signIn(ada, 'wrong password 1')).body.status).toBe('WRONG_CREDENTIALS_ERROR')
    expect(usersAtCore()).toBe(before)
    const mine = move.events.filter(({ userId }) => userId === ada.clerkId)
    expect(mine).toMatchObject([{ type: 'move-in-refused', reason }])
  })

  it('is an outage while Clerk is away, and never a wrong password', async () => {
    const ada = await atClerk()
    move.instance.faults.isOffline = true
    const answer = await signIn(ada)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).not.toBeNull()
    move.instance.faults.isOffline = false
    expect((await signIn(ada)).body.status).toBe('OK')
  })

  it('passes on that Clerk is asked too often', async () => {
    const ada = await atClerk()
    move.instance.faults.failNext(1, 429, 7)
    const answer = await signIn(ada)
    expect(answer).toMatchObject({ status: 503 })
    expect(answer.headers.get('retry-after')).toBe('7')
  })

  it('cannot be guessed at more than ten times a minute', async () => {
    const ada = await atClerk()
    for (let time = 0; time < 10; time++) await signIn(ada, `wrong password ${time}`)
    const last = await signIn(ada)
    expect(last.status).toBe(503)
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('keeps an address unverified that was', async () => {
    const ada = await atClerk({ emailAddressIdentificationStatus: ['reserved'] })
    expect((await signIn(ada)).body.status).toBe('OK')
    expect(move.core.store.verifiedEmails.get(ada.clerkId)?.has(ada.email) ?? false).toBe(false)
  })

  it('lets nobody in with an address somebody merely claims at Clerk', async () => {
    const [ada, eve] = [await atClerk(), await atClerk()]
    await move.backend.emailAddresses.createEmailAddress({
      userId: eve.clerkId,
      emailAddress: 'victim@example.com',
      verified: false,
    })
    const answer = await signIn(eve, PASSWORD, 'victim@example.com')
    expect(answer.body.status).toBe('WRONG_CREDENTIALS_ERROR')
    expect((await signIn(ada)).body.status).toBe('OK')
  })

  it('takes the address they sign in with, out of several', async () => {
    const ada = await atClerk()
    const second = `second-${ada.email}`
    await move.backend.emailAddresses.createEmailAddress({
      userId: ada.clerkId,
      emailAddress: second,
      verified: true,
    })
    expect((await signIn(ada, PASSWORD, second)).body.status).toBe('OK')
    expect((await signIn(await move.visitor(), PASSWORD, second)).body.status).toBe('OK')
  })

  it.each(['old-only', 'dual-old-primary', 'new-only'] as const)(
    'makes nobody in %s',
    async (its) => {
      const ada = await atClerk()
      step = its
      const before = usersAtCore()
      expect((await signIn(ada)).body.status).not.toBe('OK')
      expect(usersAtCore()).toBe(before)
    },
  )

  it('leaves alone who has the address at SuperTokens already', async () => {
    const ada = await atClerk()
    await EmailPassword.signUp('public', ada.email, 'another password 2')
    const before = usersAtCore()
    expect((await signIn(ada)).body.status).toBe('SIGN_IN_NOT_ALLOWED')
    expect(usersAtCore()).toBe(before)
    const mine = move.events.filter(({ userId }) => userId === ada.clerkId)
    expect(mine).toMatchObject([{ type: 'move-in-refused', reason: 'taken' }])
  })
})

describe('a sign-up at SuperTokens', () => {
  it('of a user of Clerk, with their password, is a sign-in', async () => {
    const ada = await atClerk()
    expect((await signUp(ada)).body.status).toBe('OK')
    expect(await ada.who()).toMatchObject({ provider: 'supertokens', userId: ada.clerkId })
  })

  it('with the address of a user of Clerk, and another password, is refused', async () => {
    const ada = await atClerk()
    const before = usersAtCore()
    const answer = await signUp(ada, 'another password 2')
    expect(answer.body.status).not.toBe('OK')
    expect(usersAtCore()).toBe(before)
  })

  it('of somebody new is one', async () => {
    const before = signUps
    expect((await signUp(await move.visitor())).body.status).toBe('OK')
    expect(signUps).toBe(before + 1)
  })
})

describe('a new password at SuperTokens', () => {
  const ask = (visitor: Visitor) =>
    visitor.post(
      '/user/password/reset/token',
      { formFields: [{ id: 'email', value: visitor.email }] },
      RECIPE,
    )
  const tokenFor = (email: string) => {
    const link = links.findLast((its) => its.email === email)?.link
    return link ? new URL(link).searchParams.get('token') : null
  }
  const choose = (visitor: Visitor, token: string | null, password: string) =>
    visitor.post(
      '/user/password/reset',
      { method: 'token', token, formFields: [{ id: 'password', value: password }] },
      RECIPE,
    )

  it('of a user of Clerk makes them when it is chosen, and not before', async () => {
    const ada = await atClerk()
    const before = usersAtCore()
    expect((await ask(ada)).body).toEqual({ status: 'OK' })
    expect(usersAtCore()).toBe(before)
    const token = tokenFor(ada.email)
    expect((await choose(ada, token, 'brand new password 3')).body.status).toBe('OK')
    expect((await signIn(ada, 'brand new password 3')).body.status).toBe('OK')
    expect(await ada.who()).toMatchObject({ userId: ada.clerkId })
    expect((await signIn(await move.visitor(), PASSWORD, ada.email)).body.status).not.toBe('OK')
    const again = await choose(ada, token, 'stolen password 4')
    expect(again.body.status).toBe('RESET_PASSWORD_INVALID_TOKEN_ERROR')
  })

  it.each([
    ['nobody', async () => move.visitor()],
    [
      'an address that is not verified',
      () => atClerk({ emailAddressIdentificationStatus: ['reserved'] }),
    ],
    [
      'a banned user',
      async () => {
        const ada = await atClerk()
        await move.backend.users.banUser(ada.clerkId)
        return ada
      },
    ],
  ])('is sent to nobody for %s, with the same answer', async (_, make) => {
    const visitor: Visitor = await make()
    expect((await ask(visitor)).body).toEqual({ status: 'OK' })
    expect(tokenFor(visitor.email)).toBeNull()
  })

  it('needs a token that was made for it', async () => {
    const ada = await atClerk()
    await signIn(ada)
    const session = await Session.createJWT({ email: 'victim@example.com' }, 60)
    const other = session.status === 'OK' ? session.jwt : ''
    for (const token of [other, 'a.b.c', ada.cookies.get('sAccessToken') ?? '']) {
      const { body } = await choose(ada, token, 'stolen password 4')
      expect(body.status).toBe('RESET_PASSWORD_INVALID_TOKEN_ERROR')
    }
  })

  it('of a user of SuperTokens is what it was', async () => {
    const ada = await move.visitor()
    await signUp(ada)
    await ask(ada)
    expect((await choose(ada, tokenFor(ada.email), 'brand new password 3')).body.status).toBe('OK')
    expect((await signIn(ada, 'brand new password 3')).body.status).toBe('OK')
  })
})
