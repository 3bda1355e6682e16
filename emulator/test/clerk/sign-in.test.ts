import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, errorOf, lastCode, openBrowser } from './browser.js'
import { ADA, serveTests } from './support.js'

const PASSWORD = ADA.password
const EMAIL = 'ada@example.com'

const served = await serveTests()
let browser: Browser

beforeEach(async () => {
  browser = await openBrowser(served.instance)
})

describe('signing in', () => {
  let userId: string

  beforeEach(async () => {
    userId = (await served.client.users.createUser({ ...ADA, username: 'ada' })).id
  })

  const start = (fields: Record<string, string>) => browser.post('/v1/client/sign_ins', fields)

  it.each(['ada@example.com', 'ADA@EXAMPLE.COM', 'ada'])('in one step: %s', async (identifier) => {
    const { body } = await start({ identifier, strategy: 'password', password: PASSWORD })
    expect(body.response).toMatchObject({ status: 'complete', identifier })
    expect(body.client.sessions[0].user.id).toBe(userId)
    expect(body.client.sign_in).toBeNull()
    expect((await served.client.users.getUser(userId)).lastSignInAt).not.toBeNull()
  })

  it('in two steps, by password', async () => {
    const { body } = await start({ identifier: EMAIL })
    expect(body.response).toMatchObject({ status: 'needs_first_factor', created_session_id: null })
    const strategies = body.response.supported_first_factors.map(
      (its: { strategy: string }) => its.strategy,
    )
    expect(strategies).toEqual(['password', 'email_code', 'reset_password_email_code'])
    const path = `/v1/client/sign_ins/${body.response.id}/attempt_first_factor`
    const wrong = await browser.post(path, { strategy: 'password', password: 'wrong' })
    expect(errorOf(wrong)).toEqual({
      status: 422,
      code: 'form_password_incorrect',
      parameter: 'password',
    })
    const done = await browser.post(path, { strategy: 'password', password: PASSWORD })
    expect(done.body.response.status).toBe('complete')
  })

  it('in two steps, by a code, which proves a reserved address', async () => {
    const params = {
      emailAddress: ['bob@example.com'],
      emailAddressIdentificationStatus: ['reserved' as const],
      skipPasswordRequirement: true,
    }
    const { id } = await served.client.users.createUser(params)
    const { body } = await start({ identifier: 'bob@example.com' })
    const [factor] = body.response.supported_first_factors
    expect(factor).toMatchObject({ strategy: 'email_code', safe_identifier: 'bob@example.com' })
    const path = `/v1/client/sign_ins/${body.response.id}`
    const { email_address_id } = factor
    await browser.post(`${path}/prepare_first_factor`, { strategy: 'email_code', email_address_id })
    const code = lastCode(served.instance)
    const done = await browser.post(`${path}/attempt_first_factor`, {
      strategy: 'email_code',
      code,
    })
    expect(done.body.response.status).toBe('complete')
    const user = await served.client.users.getUser(id)
    expect(user.emailAddresses[0]?.verification?.status).toBe('verified')
  })

  it('with a new password, after the old one is forgotten', async () => {
    const { body } = await start({ identifier: EMAIL })
    const path = `/v1/client/sign_ins/${body.response.id}`
    const strategy = 'reset_password_email_code'
    await browser.post(`${path}/prepare_first_factor`, { strategy })
    const early = await browser.post(`${path}/reset_password`, { password: 'a new password' })
    expect(errorOf(early)).toMatchObject({ status: 400, code: 'verification_missing' })
    const code = lastCode(served.instance)
    const verified = await browser.post(`${path}/attempt_first_factor`, { strategy, code })
    expect(verified.body.response.status).toBe('needs_new_password')
    const done = await browser.post(`${path}/reset_password`, { password: 'a new password' })
    expect(done.body.response.status).toBe('complete')
    const verify = { userId, password: 'a new password' }
    expect(await served.client.users.verifyPassword(verify)).toEqual({ verified: true })
  })

  it.each([
    {
      says: 'an unknown address',
      fields: { identifier: 'eve@example.com' },
      status: 422,
      code: 'form_identifier_not_found',
    },
    {
      says: 'a wrong password',
      fields: { identifier: EMAIL, password: 'wrong' },
      status: 422,
      code: 'form_password_incorrect',
    },
    {
      says: 'an empty password',
      fields: { identifier: EMAIL, strategy: 'password' },
      status: 422,
      code: 'form_password_incorrect',
    },
    {
      says: 'a strategy not emulated',
      fields: { identifier: EMAIL, strategy: 'oauth_google' },
      status: 501,
      code: 'not_emulated',
    },
  ])('is refused with $says', async ({ fields, status, code }) => {
    expect(errorOf(await start(fields))).toMatchObject({ status, code })
    expect(served.instance.store.sessions.size).toBe(0)
  })

  it.each([
    {
      says: 'banned',
      change: (id: string) => served.client.users.banUser(id),
      code: 'user_banned',
    },
    {
      says: 'locked',
      change: (id: string) => served.client.users.lockUser(id),
      code: 'user_locked',
    },
  ])('is refused to users who are $says', async ({ change, code }) => {
    await change(userId)
    for (const fields of [{ identifier: EMAIL }, { identifier: EMAIL, password: PASSWORD }]) {
      expect(errorOf(await start(fields))).toMatchObject({ status: 403, code })
    }
  })

  it('is refused to users without a password who come with one', async () => {
    await served.client.users.removePassword(userId)
    const answer = await start({ identifier: EMAIL, strategy: 'password', password: PASSWORD })
    expect(errorOf(answer)).toMatchObject({ status: 400, code: 'strategy_for_user_invalid' })
  })

  it('is refused to those who are signed in', async () => {
    await start({ identifier: EMAIL, password: PASSWORD })
    const answer = await start({ identifier: EMAIL, password: PASSWORD })
    expect(errorOf(answer)).toMatchObject({ status: 400, code: 'session_exists' })
  })
})
