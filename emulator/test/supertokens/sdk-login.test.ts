/** The real SDK signs users in at the stand-in: by its functions, and by its own endpoints. */

import { handleAuthAPIRequest } from 'supertokens-node/custom'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import Passwordless from 'supertokens-node/recipe/passwordless'
import ThirdParty from 'supertokens-node/recipe/thirdparty'
import { describe, expect, it } from 'vitest'
import { recipeUserIdOf, signUp, useSdk } from './support/sdk.js'

const sdk = useSdk()

describe('e-mail address and password', () => {
  it.each([
    ['the right password', 'right@example.com', 'correct horse 9', 'OK'],
    ['the address in another case', ' RIGHT@Example.com ', 'correct horse 9', 'OK'],
    ['a wrong password', 'right@example.com', 'wrong horse 9', 'WRONG_CREDENTIALS_ERROR'],
    ['an unknown address', 'nobody@example.com', 'correct horse 9', 'WRONG_CREDENTIALS_ERROR'],
  ])('sign in with %s', async (_, email, password, status) => {
    await EmailPassword.signUp('public', 'right@example.com', 'correct horse 9')
    expect((await EmailPassword.signIn('public', email, password)).status).toBe(status)
  })

  it('are not taken twice', async () => {
    await signUp('twice@example.com')
    const again = await EmailPassword.signUp('public', 'twice@example.com', 'other horse 9')
    expect(again.status).toBe('EMAIL_ALREADY_EXISTS_ERROR')
  })

  it('are reset with a token, once', async () => {
    const user = await signUp('forgetful@example.com')
    const made = await EmailPassword.createResetPasswordToken(
      'public',
      user.id,
      'forgetful@example.com',
    )
    const token = made.status === 'OK' ? made.token : ''
    expect(token).toHaveLength(128)
    const reset = () => EmailPassword.resetPasswordUsingToken('public', token, 'new horse 10')
    expect(await reset()).toMatchObject({ status: 'OK' })
    expect((await reset()).status).toBe('RESET_PASSWORD_INVALID_TOKEN_ERROR')
    const signIn = await EmailPassword.signIn('public', 'forgetful@example.com', 'new horse 10')
    expect(signIn.status).toBe('OK')
  })

  it('are changed, but not to those of another user', async () => {
    const user = await signUp('before@example.com')
    await signUp('taken@example.com')
    const recipeUserId = recipeUserIdOf(user)
    const taken = await EmailPassword.updateEmailOrPassword({
      recipeUserId,
      email: 'taken@example.com',
    })
    expect(taken.status).toBe('EMAIL_ALREADY_EXISTS_ERROR')
    const free = await EmailPassword.updateEmailOrPassword({
      recipeUserId,
      email: 'after@example.com',
    })
    expect(free.status).toBe('OK')
    expect(
      (await EmailPassword.signIn('public', 'before@example.com', 'correct horse 9')).status,
    ).toBe('WRONG_CREDENTIALS_ERROR')
  })
})

describe('verification of an e-mail address', () => {
  it('takes a token once, and can be taken back', async () => {
    const user = await signUp('verified@example.com')
    const recipeUserId = recipeUserIdOf(user)
    const made = await EmailVerification.createEmailVerificationToken('public', recipeUserId)
    const token = made.status === 'OK' ? made.token : ''
    const verify = () => EmailVerification.verifyEmailUsingToken('public', token)
    expect(await EmailVerification.isEmailVerified(recipeUserId)).toBe(false)
    expect((await verify()).status).toBe('OK')
    expect((await verify()).status).toBe('EMAIL_VERIFICATION_INVALID_TOKEN_ERROR')
    expect(await EmailVerification.isEmailVerified(recipeUserId)).toBe(true)
    const again = await EmailVerification.createEmailVerificationToken('public', recipeUserId)
    expect(again.status).toBe('EMAIL_ALREADY_VERIFIED_ERROR')
    await EmailVerification.unverifyEmail(recipeUserId)
    expect(await EmailVerification.isEmailVerified(recipeUserId)).toBe(false)
  })

  it('refuses a token that was revoked', async () => {
    const user = await signUp('revoked@example.com')
    const recipeUserId = recipeUserIdOf(user)
    const made = await EmailVerification.createEmailVerificationToken('public', recipeUserId)
    await EmailVerification.revokeEmailVerificationTokens('public', recipeUserId)
    const token = made.status === 'OK' ? made.token : ''
    const { status } = await EmailVerification.verifyEmailUsingToken('public', token)
    expect(status).toBe('EMAIL_VERIFICATION_INVALID_TOKEN_ERROR')
  })
})

describe('a code', () => {
  async function create(email: string) {
    return Passwordless.createCode({ tenantId: 'public', email })
  }

  it('signs up the first time and in the next, with a verified address', async () => {
    for (const createdNewRecipeUser of [true, false]) {
      const { preAuthSessionId, deviceId, userInputCode } = await create('code@example.com')
      const tenantId = 'public'
      const consumed = await Passwordless.consumeCode({
        tenantId,
        preAuthSessionId,
        deviceId,
        userInputCode,
      })
      expect(consumed).toMatchObject({ status: 'OK', createdNewRecipeUser })
      const methods = consumed.status === 'OK' ? consumed.user.loginMethods : []
      expect(methods).toMatchObject([{ recipeId: 'passwordless', verified: true }])
    }
  })

  it('can be followed as a link', async () => {
    const { preAuthSessionId, linkCode } = await create('link@example.com')
    const consumed = await Passwordless.consumeCode({
      tenantId: 'public',
      preAuthSessionId,
      linkCode,
    })
    expect(consumed.status).toBe('OK')
  })

  it('is listed until it is revoked', async () => {
    await create('listed@example.com')
    const list = () =>
      Passwordless.listCodesByEmail({ tenantId: 'public', email: 'listed@example.com' })
    expect((await list())[0]?.codes).toHaveLength(1)
    await Passwordless.revokeAllCodes({ tenantId: 'public', email: 'listed@example.com' })
    expect(await list()).toEqual([])
  })

  it('is refused when wrong', async () => {
    const { preAuthSessionId, deviceId, userInputCode } = await create('wrong@example.com')
    const wrong = userInputCode === '000000' ? '000001' : '000000'
    const consumed = await Passwordless.consumeCode({
      tenantId: 'public',
      preAuthSessionId,
      deviceId,
      userInputCode: wrong,
    })
    expect(consumed).toMatchObject({
      status: 'INCORRECT_USER_INPUT_CODE_ERROR',
      failedCodeInputAttemptCount: 1,
      maximumCodeInputAttempts: 5,
    })
  })
})

describe('a third party', () => {
  it('signs up the first time and in the next, and changes the address', async () => {
    const sign = (email: string) =>
      ThirdParty.manuallyCreateOrUpdateUser('public', 'github', 'octo', email, true)
    expect(await sign('octo@example.com')).toMatchObject({ createdNewRecipeUser: true })
    const again = await sign('cat@example.com')
    expect(again).toMatchObject({ status: 'OK', createdNewRecipeUser: false })
    expect(again.status === 'OK' && again.user.emails).toEqual(['cat@example.com'])
  })
})

describe('the endpoints of the SDK', () => {
  const formFields = [
    { id: 'email', value: 'browser@example.com' },
    { id: 'password', value: 'correct horse 9' },
  ]

  function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
    const request = new Request(`http://localhost:3001/auth${path}`, {
      ...init,
      body: JSON.stringify(body),
    })
    return handleAuthAPIRequest()(request)
  }

  it('sign up, refresh and sign out over the whole way', async () => {
    const signedUp = await post('/signup', { formFields })
    expect(await signedUp.json()).toMatchObject({ status: 'OK' })
    const refreshToken = signedUp.headers.get('st-refresh-token') ?? ''
    const refreshed = await post(
      '/session/refresh',
      {},
      { authorization: `Bearer ${refreshToken}` },
    )
    expect(refreshed.status).toBe(200)
    const accessToken = refreshed.headers.get('st-access-token') ?? ''
    const signedOut = await post('/signout', {}, { authorization: `Bearer ${accessToken}` })
    expect(await signedOut.json()).toEqual({ status: 'OK' })
    expect([...sdk.core.store.sessions.values()]).toEqual([])
  })

  it('refuse a wrong password', async () => {
    const wrong = formFields.map((field) =>
      field.id === 'password' ? { ...field, value: 'no' } : field,
    )
    const answer = await post('/signin', { formFields: wrong })
    expect(await answer.json()).toMatchObject({ status: 'WRONG_CREDENTIALS_ERROR' })
  })

  it('end a session whose token was stolen', async () => {
    const signedIn = await post('/signin', { formFields })
    const stolen = signedIn.headers.get('st-refresh-token') ?? ''
    const refresh = (token: string) =>
      post('/session/refresh', {}, { authorization: `Bearer ${token}` })
    const child = (await refresh(stolen)).headers.get('st-refresh-token') ?? ''
    await refresh(child)
    const thief = await refresh(stolen)
    expect(thief.status).toBe(401)
    expect(await thief.json()).toEqual({ message: 'token theft detected' })
    expect((await refresh(child)).status).toBe(401)
  })

  it('were asked of the stand-in without anything it lacks', () => {
    const lacking = sdk.core.log.entries.filter(({ note }) => note !== undefined)
    expect(lacking).toEqual([])
  })
})
