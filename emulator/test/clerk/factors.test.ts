import { decodeJwt } from 'jose'
import { TOTP } from 'otpauth'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, errorOf, openBrowser, signUp } from './browser.js'
import { ADA, refusal, serveTests } from './support.js'

const PHONE = '+4915112345678'
const PASSWORD = ADA.password

const served = await serveTests({ signUpFields: { phone_number: 'optional' } })
let browser: Browser

beforeEach(async () => {
  browser = await openBrowser(served.instance)
})

const lastMessage = () => served.instance.store.textMessages.at(-1)

async function signIn(): Promise<{ path: string; status: string }> {
  const fields = { identifier: 'ada@example.com', password: PASSWORD }
  const { body } = await browser.post('/v1/client/sign_ins', fields)
  return { path: `/v1/client/sign_ins/${body.response.id}`, status: body.response.status }
}

describe('phone numbers', () => {
  it('are signed up with, once both address and number are proved', async () => {
    const { body } = await signUp(served.instance, browser, { phone_number: PHONE })
    expect(body.response.created_user_id).toBeNull()
    const path = `/v1/client/sign_ups/${body.response.id}`
    await browser.post(`${path}/prepare_verification`, { strategy: 'phone_code' })
    const code = lastMessage()?.code ?? ''
    expect(lastMessage()?.to).toBe(PHONE)
    const done = await browser.post(`${path}/attempt_verification`, {
      strategy: 'phone_code',
      code,
    })
    const user = await served.client.users.getUser(done.body.response.created_user_id)
    expect(user.primaryPhoneNumber).toMatchObject({ phoneNumber: PHONE })
  })

  it('are signed in by, with a code', async () => {
    const { id } = await served.client.users.createUser({ ...ADA, phoneNumber: [PHONE] })
    const started = await browser.post('/v1/client/sign_ins', { identifier: PHONE })
    const path = `/v1/client/sign_ins/${started.body.response.id}`
    await browser.post(`${path}/prepare_first_factor`, { strategy: 'phone_code' })
    const attempt = (code: string) =>
      browser.post(`${path}/attempt_first_factor`, { strategy: 'phone_code', code })
    expect(errorOf(await attempt('none'))).toMatchObject({ code: 'form_code_incorrect' })
    const { body } = await attempt(lastMessage()?.code ?? '')
    expect(body.client.sessions[0]?.user.id).toBe(id)
  })

  it('of fiction take the code for tests in development', async () => {
    await signUp(served.instance, browser)
    const added = await browser.post('/v1/me/phone_numbers', { phone_number: '+12025550123' })
    const path = `/v1/me/phone_numbers/${added.body.response.id}`
    await browser.post(`${path}/prepare_verification`)
    expect(lastMessage()).toBeUndefined()
    const { body } = await browser.post(`${path}/attempt_verification`, { code: '424242' })
    expect(body.response.verification?.status).toBe('verified')
  })

  it('are managed by servers', async () => {
    const { phoneNumbers, users } = served.client
    const { id: userId } = await users.createUser(ADA)
    const phone = await phoneNumbers.createPhoneNumber({ userId, phoneNumber: PHONE })
    expect(phone.verification?.status ?? null).toBeNull()
    await phoneNumbers.updatePhoneNumber(phone.id, { verified: true, primary: true })
    const found = await phoneNumbers.getPhoneNumber(phone.id)
    expect(found.verification?.status).toBe('verified')
    expect((await users.getUser(userId)).primaryPhoneNumberId).toBe(phone.id)
    await phoneNumbers.deletePhoneNumber(phone.id)
    expect((await users.getUser(userId)).phoneNumbers).toEqual([])
    const replaced = await users.replaceUserPhoneNumber(userId, { phoneNumber: '+4915112345679' })
    expect(replaced.phoneNumber).toBe('+4915112345679')
  })

  it('that are not proved keep nobody from claiming them', async () => {
    await signUp(served.instance, browser)
    await browser.post('/v1/me/phone_numbers', { phone_number: PHONE })
    const owner = await served.client.users.createUser({
      emailAddress: ['bob@example.com'],
      password: PASSWORD,
      phoneNumber: [PHONE],
    })
    expect(owner.primaryPhoneNumber).toMatchObject({ phoneNumber: PHONE })
    const taken = served.client.users.createUser({ ...ADA, phoneNumber: [PHONE] })
    expect(await refusal(taken)).toMatchObject({ codes: ['form_identifier_exists'] })
  })
})

describe('a session of hours ago', () => {
  let session: string
  const verify = (step: string, fields: Record<string, string>) =>
    browser.post(`${session}/verify${step}`, fields)
  const ages = async () => {
    const { body } = await browser.post(`${session}/tokens`)
    return decodeJwt(body.jwt).fva
  }

  beforeEach(async () => {
    const { body } = await signUp(served.instance, browser)
    session = `/v1/client/sessions/${body.response.created_session_id}`
    served.instance.clock.advance(3600)
  })

  it('is as good as new once the password is given again', async () => {
    expect(await ages()).toEqual([60, -1])
    const started = await verify('', { level: 'first_factor' })
    expect(started.body.response.status).toBe('needs_first_factor')
    const wrong = await verify('/attempt_first_factor', { strategy: 'password', password: 'no' })
    expect(errorOf(wrong)).toMatchObject({ code: 'form_password_incorrect' })
    expect(await ages()).toEqual([60, -1])
    const fields = { strategy: 'password', password: PASSWORD }
    const { body } = await verify('/attempt_first_factor', fields)
    expect(body.response.status).toBe('complete')
    expect(await ages()).toEqual([0, -1])
  })

  it('is not without having been asked', async () => {
    const fields = { strategy: 'password', password: PASSWORD }
    const answer = await verify('/attempt_first_factor', fields)
    expect(errorOf(answer)).toMatchObject({ code: 'verification_missing' })
  })

  it('takes a code, and a second factor where there is one', async () => {
    await browser.post('/v1/me/totp')
    const [[userId, totp] = ['', undefined]] = served.instance.store.totps
    const timestamp = served.instance.clock.now()
    const code = new TOTP({ secret: totp?.secret ?? '' }).generate({ timestamp })
    await browser.post('/v1/me/totp/attempt_verification', { code })
    expect((await served.client.users.getUser(userId)).totpEnabled).toBe(true)
    await verify('', { level: 'multi_factor' })
    await verify('/prepare_first_factor', { strategy: 'email_code' })
    const emailCode = served.instance.store.emails.at(-1)?.code ?? ''
    const fields = { strategy: 'email_code', code: emailCode }
    const halfway = await verify('/attempt_first_factor', fields)
    expect(halfway.body.response.status).toBe('needs_second_factor')
    const { body } = await verify('/attempt_second_factor', { strategy: 'totp', code })
    expect(body.response.status).toBe('complete')
    expect(await ages()).toEqual([0, 0])
  })
})

describe('a second factor', () => {
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const codeNow = () => new TOTP({ secret }).generate({ timestamp: served.instance.clock.now() })

  async function createUser(fields: object = {}): Promise<string> {
    const { id } = await served.client.users.createUser({ ...ADA, totpSecret: secret, ...fields })
    return id
  }

  it('is asked for after the password, and noted in the token', async () => {
    const userId = await createUser()
    const { path, status } = await signIn()
    expect(status).toBe('needs_second_factor')
    const { data } = await served.client.sessions.getSessionList({ userId })
    expect(data).toEqual([])
    const fields = { strategy: 'totp', code: codeNow() }
    const { body } = await browser.post(`${path}/attempt_second_factor`, fields)
    const [session] = body.client.sessions
    expect(decodeJwt(session?.last_active_token.jwt ?? '')).toMatchObject({ fva: [0, 0] })
  })

  it.each([
    { says: 'a wrong code', fields: { strategy: 'totp', code: '000000' } },
    { says: 'no code', fields: { strategy: 'totp' } },
    { says: 'a backup code that is none', fields: { strategy: 'backup_code', code: 'nope' } },
  ])('is not $says', async ({ fields }) => {
    await createUser()
    const { path } = await signIn()
    const answer = await browser.post(
      `${path}/attempt_second_factor`,
      fields as Record<string, string>,
    )
    expect(errorOf(answer)).toMatchObject({ status: 422, code: 'form_code_incorrect' })
  })

  it('does not come before the first', async () => {
    await createUser()
    const { body } = await browser.post('/v1/client/sign_ins', { identifier: 'ada@example.com' })
    const path = `/v1/client/sign_ins/${body.response.id}/attempt_second_factor`
    const answer = await browser.post(path, { strategy: 'totp', code: codeNow() })
    expect(errorOf(answer)).toMatchObject({ code: 'verification_missing' })
  })

  it('may be a backup code, once', async () => {
    await createUser({ backupCodes: ['rainy-day'] })
    const fields = { strategy: 'backup_code', code: 'rainy-day' }
    const first = await signIn()
    const { body } = await browser.post(`${first.path}/attempt_second_factor`, fields)
    expect(body.response.status).toBe('complete')
    await browser.post('/v1/client/sessions', {}, 'DELETE')
    const { path } = await signIn()
    const again = await browser.post(`${path}/attempt_second_factor`, fields)
    expect(errorOf(again)).toMatchObject({ code: 'form_code_incorrect' })
  })

  it('may be a phone number', async () => {
    const { users, phoneNumbers } = served.client
    const { phoneNumbers: phones } = await users.createUser({ ...ADA, phoneNumber: [PHONE] })
    await phoneNumbers.updatePhoneNumber(phones[0]?.id ?? '', { reservedForSecondFactor: true })
    const { path, status } = await signIn()
    expect(status).toBe('needs_second_factor')
    await browser.post(`${path}/prepare_second_factor`, { strategy: 'phone_code' })
    const fields = { strategy: 'phone_code', code: lastMessage()?.code ?? '' }
    const { body } = await browser.post(`${path}/attempt_second_factor`, fields)
    expect(body.response.status).toBe('complete')
  })

  it('is asked for after a password was too', async () => {
    await createUser()
    const { body } = await browser.post('/v1/client/sign_ins', { identifier: 'ada@example.com' })
    const path = `/v1/client/sign_ins/${body.response.id}`
    const strategy = 'reset_password_email_code'
    await browser.post(`${path}/prepare_first_factor`, { strategy })
    const code = served.instance.store.emails.at(-1)?.code ?? ''
    await browser.post(`${path}/attempt_first_factor`, { strategy, code })
    const reset = await browser.post(`${path}/reset_password`, { password: 'another horse' })
    expect(reset.body.response.status).toBe('needs_second_factor')
  })

  it('is set up by who shows a code from it', async () => {
    const { body } = await signUp(served.instance, browser)
    const userId = body.response.created_user_id
    await browser.post('/v1/me/totp')
    const given = served.instance.store.totps.get(userId)?.secret ?? ''
    const attempt = (code: string) => browser.post('/v1/me/totp/attempt_verification', { code })
    expect(errorOf(await attempt('000000'))).toMatchObject({ code: 'form_code_incorrect' })
    const timestamp = served.instance.clock.now()
    await attempt(new TOTP({ secret: given }).generate({ timestamp }))
    const { users } = served.client
    expect(await users.getUser(userId)).toMatchObject({ totpEnabled: true, twoFactorEnabled: true })
    const code = new TOTP({ secret: given }).generate({ timestamp })
    expect(await users.verifyTOTP({ userId, code })).toEqual({ verified: true, code_type: 'totp' })
    await users.disableUserMFA(userId)
    expect(await users.getUser(userId)).toMatchObject({ totpEnabled: false })
  })
})
