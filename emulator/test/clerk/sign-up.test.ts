import { beforeEach, describe, expect, it } from 'vitest'
import { APP, type Browser, errorOf, lastCode, openBrowser, signUp } from './browser.js'
import { ADA, serveTests } from './support.js'

const PASSWORD = ADA.password
const EMAIL = 'ada@example.com'

const served = await serveTests()
let browser: Browser

beforeEach(async () => {
  browser = await openBrowser(served.instance)
})

describe('loading ClerkJS', () => {
  it('gives a development browser, the environment and no client', async () => {
    const environment = await browser.post('/v1/environment', {}, 'PATCH')
    expect(environment.body).toMatchObject({
      object: 'environment',
      auth_config: { single_session_mode: true },
      display_config: { instance_environment_type: 'development' },
      user_settings: { attributes: { email_address: { enabled: true } }, social: {} },
    })
    expect((await browser.get('/v1/client')).body).toEqual({ response: null, client: null })
  })

  it('refuses development browsers of another instance', async () => {
    const url = `${served.url}/v1/client?__clerk_db_jwt=dvb_other`
    const response = await fetch(url)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({
      errors: [{ code: 'dev_browser_unauthenticated' }],
    })
  })

  it('lets scripts of any app read answers and errors', async () => {
    for (const path of ['/v1/environment', '/v1/client/sessions/none', '/v1/me']) {
      const { headers } = await browser.get(path)
      expect(headers.get('access-control-allow-origin')).toBe(APP)
      expect(headers.get('access-control-allow-credentials')).toBe('true')
    }
    const preflight = await fetch(`${served.url}/v1/client`, {
      method: 'OPTIONS',
      headers: { origin: APP, 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(APP)
  })
})

describe('signing up', () => {
  it('goes from the form by the code in an e-mail to a session', async () => {
    const form = {
      email_address: EMAIL,
      password: PASSWORD,
      first_name: 'Ada',
      unsafe_metadata: '{"a":1}',
    }
    const started = await browser.post('/v1/client/sign_ups', form)
    expect(started.body.response).toMatchObject({
      status: 'missing_requirements',
      missing_fields: [],
      unverified_fields: ['email_address'],
      has_password: true,
      verifications: { email_address: { status: null, next_action: 'needs_prepare' } },
    })
    const path = `/v1/client/sign_ups/${started.body.response.id}`
    const prepared = await browser.post(`${path}/prepare_verification`, { strategy: 'email_code' })
    expect(prepared.body.response.verifications.email_address).toMatchObject({
      status: 'unverified',
      strategy: 'email_code',
      next_action: 'needs_attempt',
    })
    expect(served.instance.store.emails).toMatchObject([{ to: EMAIL }])
    const code = lastCode(served.instance)
    const done = await browser.post(`${path}/attempt_verification`, {
      strategy: 'email_code',
      code,
    })
    const { response, client } = done.body
    expect(response.status).toBe('complete')
    expect(client.sign_up).toBeNull()
    expect(client.last_active_session_id).toBe(response.created_session_id)
    expect(client.sessions[0]).toMatchObject({
      status: 'active',
      user: { first_name: 'Ada', unsafe_metadata: { a: 1 }, organization_memberships: [] },
      public_user_data: { identifier: EMAIL },
    })
    expect(client.sessions[0].user).not.toHaveProperty('private_metadata')
    const user = await served.client.users.getUser(response.created_user_id)
    expect(user.emailAddresses[0]?.verification).toMatchObject({
      status: 'verified',
      strategy: 'email_code',
    })
  })

  it('can be filled in bit by bit', async () => {
    const { body } = await browser.post('/v1/client/sign_ups', { email_address: EMAIL })
    expect(body.response.missing_fields).toEqual(['password'])
    const path = `/v1/client/sign_ups/${body.response.id}`
    await browser.post(`${path}/prepare_verification`, { strategy: 'email_code' })
    const code = lastCode(served.instance)
    await browser.post(`${path}/attempt_verification`, { strategy: 'email_code', code })
    expect(served.instance.store.users.size).toBe(0)
    const done = await browser.post(path, { password: PASSWORD }, 'PATCH')
    expect(done.body.response.status).toBe('complete')
  })

  it('knows the addresses that are for tests', async () => {
    const form = { email_address: 'ada+clerk_test@example.com', password: PASSWORD }
    const { body } = await browser.post('/v1/client/sign_ups', form)
    const path = `/v1/client/sign_ups/${body.response.id}`
    await browser.post(`${path}/prepare_verification`, { strategy: 'email_code' })
    const attempt = { strategy: 'email_code', code: '424242' }
    const done = await browser.post(`${path}/attempt_verification`, attempt)
    expect(done.body.response.status).toBe('complete')
    expect(served.instance.store.emails).toEqual([])
  })

  it.each([
    {
      says: 'a taken address',
      form: { email_address: 'ADA@example.com' },
      code: 'form_identifier_exists',
    },
    { says: 'no address', form: { email_address: 'ada' }, code: 'form_param_format_invalid' },
    {
      says: 'metadata that is no JSON',
      form: { unsafe_metadata: '{' },
      code: 'form_param_value_invalid',
    },
    {
      says: 'a short password',
      form: { password: 'short' },
      code: 'form_password_length_too_short',
    },
  ])('is refused with $says', async ({ form, code }) => {
    await served.client.users.createUser(ADA)
    const given = { email_address: 'b@example.com', password: PASSWORD, ...form }
    const answer = await browser.post('/v1/client/sign_ups', given)
    expect(errorOf(answer)).toEqual({ status: 422, code, parameter: Object.keys(form)[0] })
  })

  it('is refused to those who are signed in', async () => {
    await signUp(served.instance, browser)
    const answer = await browser.post('/v1/client/sign_ups', { email_address: 'b@example.com' })
    expect(errorOf(answer)).toMatchObject({ status: 400, code: 'session_exists' })
  })

  it('by another browser cannot be taken over', async () => {
    const { body } = await browser.post('/v1/client/sign_ups', { email_address: EMAIL })
    const other = await openBrowser(served.instance)
    const answer = await other.get(`/v1/client/sign_ups/${body.response.id}`)
    expect(errorOf(answer)).toMatchObject({ status: 404, code: 'resource_not_found' })
  })
})

describe('codes', () => {
  let path: string

  beforeEach(async () => {
    const form = { email_address: EMAIL, password: PASSWORD }
    const { body } = await browser.post('/v1/client/sign_ups', form)
    path = `/v1/client/sign_ups/${body.response.id}`
    await browser.post(`${path}/prepare_verification`, { strategy: 'email_code' })
  })

  const attempt = (code: string) =>
    browser.post(`${path}/attempt_verification`, { strategy: 'email_code', code })
  const wrong = () => (lastCode(served.instance) === '000000' ? '111111' : '000000')

  it('are wrong three times at most', async () => {
    for (let count = 0; count < 3; count++) {
      expect(errorOf(await attempt(wrong()))).toEqual({
        status: 422,
        code: 'form_code_incorrect',
        parameter: 'code',
      })
    }
    const answer = await attempt(lastCode(served.instance))
    expect(errorOf(answer)).toMatchObject({ status: 400, code: 'verification_failed' })
  })

  it('last ten minutes', async () => {
    served.instance.clock.advance(601)
    const answer = await attempt(lastCode(served.instance))
    expect(errorOf(answer)).toMatchObject({ status: 400, code: 'verification_expired' })
    await browser.post(`${path}/prepare_verification`, { strategy: 'email_code' })
    expect((await attempt(lastCode(served.instance))).status).toBe(200)
  })

  it('work once', async () => {
    await attempt(lastCode(served.instance))
    const answer = await attempt(lastCode(served.instance))
    expect(errorOf(answer)).toMatchObject({ status: 400, code: 'verification_missing' })
  })
})
