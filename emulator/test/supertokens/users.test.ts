import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/base/clock.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { type Body, type Caller, callerOf } from './support/caller.js'
import { createFrozenClock } from './support/clock.js'

let clock: Clock
let core: SuperTokensCore
let call: Caller

beforeEach(async () => {
  clock = createFrozenClock()
  core = await createSuperTokensCore({ clock })
  call = callerOf(core)
})

function signUp(email: string): Promise<Body> {
  return call('POST', '/recipe/signup', { email, password: 'x' })
}

function signInWithThirdParty(email: string): Promise<Body> {
  const account = { thirdPartyId: 'github', thirdPartyUserId: 'octo' }
  return call('POST', '/recipe/signinup', { ...account, email: { id: email, isVerified: true } })
}

async function signInWithCode(contact: object): Promise<Body> {
  const { preAuthSessionId, linkCode } = await call('POST', '/recipe/signinup/code', contact)
  return call('POST', '/recipe/signinup/code/consume', { preAuthSessionId, linkCode })
}

describe('users found by account', () => {
  const account = { thirdPartyId: 'github', thirdPartyUserId: 'octo' }

  beforeEach(async () => {
    await signUp('a@example.com')
    await signInWithThirdParty('a@example.com')
    await signInWithCode({ phoneNumber: '+431' })
  })

  it.each([
    ['by address, of all recipes', 'false', { email: ' A@example.com' }, 2],
    ['by number, however it is written', 'false', { phoneNumber: '+43 1' }, 1],
    ['by third party', 'false', account, 1],
    ['by another account there', 'false', { ...account, thirdPartyUserId: 'cat' }, 0],
    ['by a passkey, of which there are none', 'false', { webauthnCredentialId: 'x' }, 0],
    ['by two marks that one user has', 'false', { email: 'a@example.com', ...account }, 1],
    [
      'by two marks that no user has both of',
      'false',
      { email: 'a@example.com', phoneNumber: '+431' },
      0,
    ],
    ['by either of two marks', 'true', { email: 'a@example.com', phoneNumber: '+431' }, 3],
    ['by no mark', 'false', {}, 0],
    ['by any of no marks', 'true', {}, 0],
  ])('%s', async (_, doUnionOfAccountInfo, info, count) => {
    const input = { ...info, doUnionOfAccountInfo }
    const { users } = await call('GET', '/users/by-accountinfo', input)
    expect(users).toHaveLength(count)
  })

  it('are counted by recipe', async () => {
    const count = async (includeRecipeIds: string) =>
      (await call('GET', '/users/count', { includeRecipeIds })).count
    expect(await count('thirdparty,passwordless')).toBe(2)
    expect(await count('webauthn')).toBe(0)
    expect(await count('')).toBe(3)
  })
})

describe('active users', () => {
  const session = { userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false }

  /** How many were there after an hour in which only this was done. */
  async function activeAfter(action: (userId: string) => Promise<unknown>): Promise<number> {
    const { recipeUserId } = await signUp('a@example.com')
    clock.advance(3600)
    const since = clock.now()
    await action(recipeUserId)
    return (await call('GET', '/users/count/active', { since })).count
  }

  it.each<[says: string, count: number, action: (userId: string) => Promise<unknown>]>([
    ['sign in', 1, () => call('POST', '/recipe/signin', { email: 'a@example.com', password: 'x' })],
    ['sign up', 1, () => signUp('b@example.com')],
    ['start a session', 1, (userId) => call('POST', '/recipe/session', { userId, ...session })],
    ['end their sessions', 1, (userId) => call('POST', '/recipe/session/remove', { userId })],
    ['may be unknown', 1, () => call('POST', '/recipe/session', { userId: 'x', ...session })],
    ['are not looked up', 0, (userId) => call('GET', '/user/id', { userId })],
    [
      'do not sign in with a wrong password',
      0,
      () => call('POST', '/recipe/signin', { email: 'a@example.com', password: 'y' }),
    ],
    [
      'are gone once removed',
      0,
      async (userId) => {
        await call('POST', '/recipe/signin', { email: 'a@example.com', password: 'x' })
        await call('POST', '/user/remove', { userId })
      },
    ],
  ])('%s: %i', async (_, count, action) => {
    expect(await activeAfter(action)).toBe(count)
  })
})

describe('removal of a user', () => {
  it('takes codes that were sent along', async () => {
    const contact = { email: 'a@example.com' }
    const { recipeUserId: userId } = await signInWithCode(contact)
    await call('POST', '/recipe/signinup/code', contact)
    await call('POST', '/recipe/signinup/code', { email: 'b@example.com' })
    await call('POST', '/user/remove', { userId })
    expect([...core.store.codeDevices.values()].map(({ email }) => email)).toEqual([
      'b@example.com',
    ])
  })

  it('takes tokens that were sent along', async () => {
    const email = 'a@example.com'
    const { recipeUserId: userId } = await signUp(email)
    await call('POST', '/recipe/user/password/reset/token', { userId, email })
    await call('POST', '/recipe/user/email/verify/token', { userId, email })
    await call('POST', '/user/remove', { userId })
    expect(core.store.passwordResetTokens.size + core.store.verificationTokens.size).toBe(0)
  })

  it('leaves other users alone', async () => {
    const { recipeUserId: userId } = await signUp('a@example.com')
    const { recipeUserId: other } = await signInWithThirdParty('a@example.com')
    await call('POST', '/user/remove', { userId })
    const { user } = await call('GET', '/user/id', { userId: other })
    expect(user.loginMethods[0].verified).toBe(true)
  })

  it('lets the address sign up again', async () => {
    const { recipeUserId: userId } = await signUp('a@example.com')
    await call('POST', '/user/remove', { userId })
    const again = await signUp('a@example.com')
    expect(again.status).toBe('OK')
    expect(again.recipeUserId).not.toBe(userId)
  })
})
