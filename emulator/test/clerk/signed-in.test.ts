import { clerkFrontendApiProxy } from '@clerk/backend/proxy'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  APP,
  type Browser,
  errorOf,
  lastCode,
  openBrowser,
  signUp,
  suffixOf,
  toHeader,
} from './browser.js'
import { ADA, reset, type Served, serve, serveTests } from './support.js'

const PASSWORD = ADA.password
const EMAIL = 'ada@example.com'

const served = await serveTests()
let browser: Browser

beforeEach(async () => {
  browser = await openBrowser(served.instance)
})

describe('sessions of a browser', () => {
  let session: string

  beforeEach(async () => {
    const { body } = await signUp(served.instance, browser)
    session = `/v1/client/sessions/${body.response.created_session_id}`
  })

  it('have tokens for the origin that asks, bare', async () => {
    const { body } = await browser.post(`${session}/tokens`)
    expect(Object.keys(body).toSorted()).toEqual(['jwt', 'object'])
    expect(decodeJwt(body.jwt)).toMatchObject({ azp: APP, iss: served.instance.issuer, v: 2 })
  })

  it('have tokens from templates', async () => {
    await served.client.jwtTemplates.create({ name: 'db', claims: { role: 'x' } })
    const { body } = await browser.post(`${session}/tokens/db`)
    expect(decodeJwt(body.jwt)).toMatchObject({ role: 'x', azp: APP })
    expect(errorOf(await browser.post(`${session}/tokens/none`))).toMatchObject({ status: 404 })
  })

  it('switch organisations by touch, and back', async () => {
    const created = await browser.post('/v1/organizations', { name: 'Acme' })
    const { id } = created.body.response
    const touched = await browser.post(`${session}/touch`, { active_organization_id: id })
    expect(touched.body.response.last_active_organization_id).toBe(id)
    const { o } = decodeJwt(touched.body.response.last_active_token.jwt)
    expect(o).toMatchObject({ id, slg: 'acme', rol: 'admin' })
    const personal = await browser.post(`${session}/tokens`, { organization_id: '' })
    expect(decodeJwt(personal.body.jwt)).not.toHaveProperty('o')
    const kept = await browser.post(`${session}/touch`, { intent: 'focus' })
    expect(kept.body.response.last_active_organization_id).toBe(id)
    const back = await browser.post(`${session}/touch`, { active_organization_id: '' })
    expect(back.body.response.last_active_organization_id).toBeNull()
  })

  it('do not enter organisations of others', async () => {
    const { id } = await served.client.organizations.createOrganization({ name: 'Other' })
    const touched = await browser.post(`${session}/touch`, { active_organization_id: id })
    expect(errorOf(touched)).toMatchObject({
      status: 403,
      code: 'organization_not_found_or_unauthorized',
    })
    expect(errorOf(await browser.get(`/v1/organizations/${id}`))).toMatchObject({ status: 404 })
  })

  it('end when the user signs out of all', async () => {
    const { body } = await browser.post('/v1/client/sessions', {}, 'DELETE')
    expect(body.response).toMatchObject({
      object: 'client',
      sessions: [],
      last_active_session_id: null,
    })
    expect(errorOf(await browser.post(`${session}/tokens`))).toMatchObject({
      status: 401,
      code: 'authentication_invalid',
    })
  })

  it.each(['end', 'remove'])('end by %s', async (action) => {
    const { body } = await browser.post(`${session}/${action}`)
    expect(body.client.sessions).toEqual([])
    expect(body.response.status).toBe(action === 'end' ? 'ended' : 'removed')
  })

  it('are nobody else’s', async () => {
    const other = await openBrowser(served.instance)
    expect(errorOf(await other.post(`${session}/tokens`))).toMatchObject({
      status: 404,
      code: 'resource_not_found',
    })
  })
})

describe('the user', () => {
  beforeEach(() => signUp(served.instance, browser))

  it('changes their own name and metadata', async () => {
    const fields = { first_name: 'Ada', unsafe_metadata: '{"theme":"dark"}' }
    const { body } = await browser.post('/v1/me', fields, 'PATCH')
    expect(body.response).toMatchObject({ first_name: 'Ada', unsafe_metadata: { theme: 'dark' } })
    expect(body.client.sessions[0].user.first_name).toBe('Ada')
  })

  it('merges metadata, and removes what is null', async () => {
    const merge = (metadata: object) =>
      browser.post('/v1/me/metadata', { unsafe_metadata: JSON.stringify(metadata) }, 'PATCH')
    await merge({ a: { b: 1, c: 2 } })
    const { body } = await merge({ a: { b: null, d: 3 } })
    expect(body.response.unsafe_metadata).toEqual({ a: { c: 2, d: 3 } })
  })

  it('changes their password, knowing the old one', async () => {
    const path = '/v1/me/change_password'
    const wrong = await browser.post(path, { current_password: 'x', new_password: 'another one' })
    expect(errorOf(wrong)).toEqual({
      status: 422,
      code: 'form_password_incorrect',
      parameter: 'current_password',
    })
    const right = { current_password: PASSWORD, new_password: 'another one' }
    expect((await browser.post(path, right)).status).toBe(200)
  })

  it('adds an address and proves it', async () => {
    const added = await browser.post('/v1/me/email_addresses', { email_address: 'b@example.com' })
    expect(added.body.response.verification).toBeNull()
    const path = `/v1/me/email_addresses/${added.body.response.id}`
    await browser.post(`${path}/prepare_verification`, { strategy: 'email_code' })
    const code = lastCode(served.instance)
    const done = await browser.post(`${path}/attempt_verification`, { code })
    expect(done.body.response.verification?.status).toBe('verified')
    const other = await openBrowser(served.instance)
    const fields = { identifier: 'b@example.com', password: PASSWORD }
    expect((await other.post('/v1/client/sign_ins', fields)).body.response.status).toBe('complete')
  })

  it('cannot sign in with an address that is not proved', async () => {
    await browser.post('/v1/me/email_addresses', { email_address: 'b@example.com' })
    const other = await openBrowser(served.instance)
    const answer = await other.post('/v1/client/sign_ins', { identifier: 'b@example.com' })
    expect(errorOf(answer)).toMatchObject({ code: 'form_identifier_not_found' })
  })

  it('sees and revokes their sessions', async () => {
    const other = await openBrowser(served.instance)
    await other.post('/v1/client/sign_ins', { identifier: EMAIL, password: PASSWORD })
    const { body } = await browser.get('/v1/me/sessions/active')
    const [own, others] = body as unknown as { id: string; status: string }[]
    expect([own?.status, others?.status]).toEqual(['active', 'active'])
    await browser.post(`/v1/me/sessions/${others?.id}/revoke`)
    expect((await other.get('/v1/me')).status).toBe(401)
  })

  it('sees their organisations', async () => {
    await browser.post('/v1/organizations', { name: 'Acme' })
    const { body } = await browser.get('/v1/me/organization_memberships')
    expect(body.response).toMatchObject({
      total_count: 1,
      data: [{ organization: { name: 'Acme' } }],
    })
    const none = await browser.get('/v1/me/organization_invitations')
    expect(none.body.response).toEqual({ data: [], total_count: 0 })
  })

  it('deletes themselves', async () => {
    const { body } = await browser.post('/v1/me', {}, 'DELETE')
    expect(body.response).toMatchObject({ object: 'user', deleted: true })
    expect(served.instance.store.users.size).toBe(0)
    expect((await browser.get('/v1/me')).status).toBe(401)
  })

  it.each(['/v1/me', '/v1/me/sessions/active', '/v1/me/organization_memberships'])(
    'is asked to sign in first: %s',
    async (path) => {
      const other = await openBrowser(served.instance)
      expect(errorOf(await other.get(path))).toMatchObject({
        status: 401,
        code: 'authentication_invalid',
      })
    },
  )
})

describe('production', () => {
  let production: Served
  let visitor: Browser

  beforeAll(async () => {
    production = await serve({ isProduction: true })
  })
  afterAll(() => production.close())
  beforeEach(async () => {
    reset(production.instance)
    visitor = await openBrowser(production.instance)
  })

  it('recognises browsers by a cookie that scripts cannot read', async () => {
    const form = { email_address: EMAIL, password: PASSWORD }
    const { headers } = await visitor.post('/v1/client/sign_ups', form)
    const cookie = headers.getSetCookie().find((its) => its.startsWith('__client='))
    expect(cookie).toContain('HttpOnly')
    expect(cookie).not.toContain('Domain')
    const { body } = await visitor.get('/v1/client')
    expect(body.response.sign_up).toMatchObject({ email_address: EMAIL })
  })

  it('says in a cookie of the app since when somebody is signed in, or that nobody is', async () => {
    const { body } = await signUp(production.instance, visitor)
    const updatedAt = String(Math.floor(body.client.updated_at / 1000))
    const suffixed = `__client_uat_${suffixOf(production.instance)}`
    expect(visitor.cookies.get('__client_uat')).toBe(updatedAt)
    expect(visitor.cookies.get(suffixed)).toBe(updatedAt)
    await visitor.post('/v1/client/sessions', {}, 'DELETE')
    expect(visitor.cookies.get('__client_uat')).toBe('0')
  })

  it('tells a browser it has not seen before all about its new session at once', async () => {
    await production.client.users.createUser(ADA)
    const fields = { identifier: EMAIL, password: PASSWORD }
    const { body } = await visitor.post('/v1/client/sign_ins', fields)
    expect(body.client.sessions[0].id).toBe(body.response.created_session_id)
    const updatedAt = Math.floor(body.client.updated_at / 1000)
    expect(visitor.cookies.get('__client_uat')).toBe(String(updatedAt))
  })

  it('leaves cookies that the SDK accepts', async () => {
    await signUp(production.instance, visitor)
    await visitor.sync()
    const request = new Request(APP, { headers: { cookie: toHeader(visitor.cookies) } })
    const { jwtKey } = production.instance
    const options = { jwtKey, authorizedParties: [APP] }
    const state = await production.client.authenticateRequest(request, options)
    expect(state).toMatchObject({ status: 'signed-in', reason: null })
  })

  it('knows no development browsers, and no test addresses', async () => {
    const response = await production.instance.fetch(
      new Request(`${production.instance.issuer}/v1/dev_browser`, { method: 'POST' }),
    )
    expect(response.status).toBe(404)
    const form = { email_address: 'ada+clerk_test@example.com', password: PASSWORD }
    await signUp(production.instance, visitor, form)
    expect(production.instance.store.emails).toMatchObject([{ to: form.email_address }])
  })

  it("works behind Clerk's own proxy, under a path of the app", async () => {
    const { publishableKey, secretKey } = production.instance
    const options = { proxyPath: '/__clerk', fapiUrl: production.url, publishableKey, secretKey }
    const proxied = await openBrowser(production.instance, (request) => {
      const { pathname, search } = new URL(request.url)
      const url = `${APP}/__clerk${pathname}${search}`
      return clerkFrontendApiProxy(new Request(url, request), options)
    })
    await signUp(production.instance, proxied)
    await proxied.sync()
    const handshake = `${production.instance.issuer}/v1/client/handshake?redirect_url=${APP}/page`
    expect(await proxied.follow(handshake)).toBe(`${APP}/page`)
    const headers = { cookie: toHeader(proxied.cookies) }
    const request = new Request(APP, { headers })
    const { jwtKey } = production.instance
    const state = await production.client.authenticateRequest(request, { jwtKey })
    expect(state.status).toBe('signed-in')
  })
})
