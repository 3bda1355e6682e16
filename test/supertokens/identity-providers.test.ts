import nock from 'nock'
import Multitenancy from 'supertokens-node/recipe/multitenancy'
import Saml from 'supertokens-node/recipe/saml'
import ThirdParty from 'supertokens-node/recipe/thirdparty'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../support/supertokens-app.js'
import { type EndpointApp, startEndpoints } from '../support/supertokens-endpoints.js'
import { createSigningKey, signToken } from '../support/supertokens-tokens.js'

const key = createSigningKey('provider-key')
const keys = JSON.stringify({ keys: [key.publicJwk] })

let app: EndpointApp
beforeAll(() => {
  nock.disableNetConnect()
  nock.enableNetConnect('127.0.0.1')
})
// One each: the SDK keeps what it has fetched of an identity provider for as long as it lives.
beforeEach(async () => {
  app = await startEndpoints()
})
afterEach(async () => {
  nock.cleanAll()
  await app.stop()
})
afterAll(() => nock.restore())

const redirectURIInfo = {
  redirectURIOnProviderDashboard: 'http://localhost/cb',
  redirectURIQueryParams: { code: 'forged' },
}
const byCode = { thirdPartyId: 'own', redirectURIInfo }
const byTokens = (oAuthTokens: object, thirdPartyId = 'own') => ({ thirdPartyId, oAuthTokens })

const claims = (more: object = {}) => {
  const time = Math.floor(Date.now() / 1000)
  return { sub: '1', aud: 'client', email: 'a@b.co', iat: time, exp: time + 60, ...more }
}
const token = (more: object = {}, by = key) => signToken(by, claims(more), { typ: 'JWT' })

describe('an identity provider', () => {
  it.each([
    [400, 400],
    [401, 400],
    [403, 400],
    [404, 400],
    [429, 503],
    [500, 503],
    [502, 503],
  ])('that answers with %i: %i', async (status, expected) => {
    const answer = [status, 'secret details'] as const
    app.answers = { ...app.answers, '/token': answer, '/me': answer }
    for (const body of [byCode, byTokens({ access_token: 'forged' })]) {
      const response = await app.post('/signinup', body)
      expect(response.status).toBe(expected)
      expect(await response.text()).not.toContain('secret details')
      expect(response.headers.has('retry-after')).toBe(expected === 503)
    }
  })

  it('that is not there, or says nothing that can be read: 503', async () => {
    app.answers['/token'] = [200, '<html>']
    expect((await app.post('/signinup', byCode)).status).toBe(503)
    app.isProviderDown = true
    for (const body of [byCode, byTokens({ access_token: 'x' }), byTokens({ id_token: token() })]) {
      expect((await app.post('/signinup', body)).status).toBe(503)
    }
  })

  it.each([
    [500, ''],
    [404, '{}'],
    [200, '<html>'],
    [200, '{}'],
  ])('whose keys are %i %j: 503', async (status, body) => {
    app.answers['/keys'] = [status, body]
    const response = await app.post('/signinup', byTokens({ id_token: token() }))
    expect(response.status).toBe(503)
  })

  it.each<[string, () => string]>([
    ['signed by somebody else', () => token({}, { ...createSigningKey('provider-key') })],
    ['of a key nobody knows', () => token({}, { ...key, kid: 'another' })],
    ['that has run out', () => token({ exp: 1 })],
    ['for somebody else', () => token({ aud: 'another' })],
    ['that is none', () => 'x'],
    ['that is almost one', () => 'a.b.c'],
    ['without a signature', () => signToken(key, claims(), { alg: 'none' })],
    ['of an algorithm of its own', () => signToken(key, claims(), { alg: 'XY256' })],
    ['signed with a public key', () => signToken(key, claims(), { alg: 'HS256' })],
  ])('is not blamed for a token %s: 400', async (_says, make) => {
    app.answers['/keys'] = [200, keys]
    const response = await app.post('/signinup', byTokens({ id_token: make() }))
    expect([response.status, app.errors]).toEqual([400, []])
  })

  it('whose token is good signs its user in', async () => {
    app.answers['/keys'] = [200, keys]
    const response = await app.post('/signinup', byTokens({ id_token: token() }))
    expect(await response.json()).toMatchObject({ status: 'OK' })
  })

  it.each<[string, object]>([
    ['no token at all', byTokens({})],
    ['no token that LinkedIn takes', byTokens({}, 'linkedin')],
  ])('is not blamed for %s: 400', async (_says, body) => {
    expect((await app.post('/signinup', body)).status).toBe(400)
  })

  it('is not blamed for users of another workspace: 400', async () => {
    app.answers['/keys'] = [200, keys]
    const body = byTokens({ id_token: token({ hd: 'evil.example' }) }, 'google-workspaces')
    expect((await app.post('/signinup', body)).status).toBe(400)
  })

  it.each<[string, number, object]>([
    ['a token GitHub does not know', 404, {}],
    ['a token of another app of GitHub’s', 200, { app: { client_id: 'another' } }],
  ])('is not blamed for %s: 400', async (_says, status, answer) => {
    nock('https://api.github.com').post('/applications/client/token').reply(status, answer)
    const response = await app.post('/signinup', byTokens({ access_token: 'x' }, 'github'))
    expect(response.status).toBe(400)
  })

  it('such as GitHub that refuses to tell who it is: 400, and 503 when it cannot', async () => {
    for (const [status, expected] of [
      [401, 400],
      [500, 503],
    ] as const) {
      nock('https://api.github.com').get('/user/emails').reply(status, 'no')
      const response = await app.post('/signinup', byTokens({}, 'github'))
      expect(response.status).toBe(expected)
    }
  })

  it('that speaks SAML is not blamed for a code the core does not know: 400', async () => {
    const tenant = { status: 'OK', tenantId: 'public', thirdParty: { providers: [] } }
    const config = { thirdPartyId: 'saml-own', clients: [{ clientId: 'client' }] }
    const { core, endpoint } = createApp({
      recipes: [
        ThirdParty.init({ signInAndUpFeature: { providers: [{ config }] } }),
        Multitenancy.init(),
        Saml.init(),
      ],
    })
    const json = (value: object) => ({
      status: 200,
      text: JSON.stringify(value),
      type: 'application/json',
    })
    core.faults = [
      [/\/multitenancy\/tenant/, json(tenant)],
      [/\/saml\/user$/, json({ status: 'INVALID_TOKEN_ERROR' })],
    ]
    const response = await endpoint('/signinup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ thirdPartyId: 'saml-own', redirectURIInfo }),
    })
    expect([response.status, await response.text()]).toEqual([
      400,
      '{"message":"Failed to get user info: INVALID_TOKEN_ERROR"}',
    ])
  })
})
