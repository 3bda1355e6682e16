import nock from 'nock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookiesOf } from '../support/supertokens-app.js'
import { type EndpointApp, startEndpoints } from '../support/supertokens-endpoints.js'

let app: EndpointApp
beforeAll(async () => {
  nock.disableNetConnect()
  nock.enableNetConnect('127.0.0.1')
  app = await startEndpoints()
  app.answers['/token'] = [200, '{"access_token":"x"}']
  app.answers['/me'] = [200, '{"sub":"1"}']
})
afterAll(() => app.stop())

const OURS = 'The request body cannot be read'

/** Values nobody's client sends where a text is expected. */
const noTexts: readonly unknown[] = [null, 0, -1, true, [], {}, [null], { toString: 1 }]

const info = { redirectURIOnProviderDashboard: 'http://localhost/cb', redirectURIQueryParams: {} }
const own = { thirdPartyId: 'own' }
const codeOf = { deviceId: 'd', preAuthSessionId: 'p', userInputCode: '1' }

describe('a body whose members are of another type than the SDK takes for granted', () => {
  it.each<[string, (value: unknown) => object]>([
    ['/signinup/code', (email) => ({ email })],
    ['/signinup/code', (phoneNumber) => ({ phoneNumber })],
    ['/signinup/code/resend', (deviceId) => ({ ...codeOf, deviceId })],
    ['/signinup/code/resend', (preAuthSessionId) => ({ ...codeOf, preAuthSessionId })],
    ['/signinup/code/consume', (deviceId) => ({ ...codeOf, deviceId })],
    ['/signinup/code/consume', (preAuthSessionId) => ({ ...codeOf, preAuthSessionId })],
    ['/signinup/code/consume', (linkCode) => ({ preAuthSessionId: 'p', linkCode })],
    ['/signinup', (thirdPartyId) => ({ thirdPartyId, oAuthTokens: {} })],
    ['/signinup', (clientType) => ({ ...own, oAuthTokens: {}, clientType })],
    ['/webauthn/options/register', (email) => ({ email })],
    ['/webauthn/signup', (id) => ({ webauthnGeneratedOptionsId: id, credential: {} })],
    ['/oauth/introspect', (token) => ({ token })],
    ['/oauth/introspect', (scope) => ({ token: 'x', scope: scope || 1 })],
    ['/oauth/end_session', (state) => ({ state })],
    [
      '/signinup',
      (id) => ({ ...own, redirectURIInfo: { ...info, redirectURIOnProviderDashboard: id } }),
    ],
  ])('%s: 400', async (path, bodyWith) => {
    for (const value of noTexts) {
      const response = await app.post(path, bodyWith(value))
      expect([value, response.status]).toEqual([value, 400])
    }
  })

  it.each([
    { oAuthTokens: null },
    { oAuthTokens: 0 },
    { oAuthTokens: 'x' },
    { oAuthTokens: [] },
    { oAuthTokens: { access_token: 1 } },
    { oAuthTokens: { id_token: {} } },
    { oAuthTokens: { user: '{' } },
    { redirectURIInfo: null },
    { redirectURIInfo: 0 },
    { redirectURIInfo: [] },
    { redirectURIInfo: {} },
    { redirectURIInfo: { ...info, redirectURIQueryParams: null } },
    { redirectURIInfo: { ...info, redirectURIQueryParams: { code: { toString: 1 } } } },
    { redirectURIInfo: { ...info, redirectURIQueryParams: { user: '{' } } },
    { redirectURIInfo: { ...info, pkceCodeVerifier: { toString: 1 } } },
    { redirectURIInfo: { redirectURIOnProviderDashboard: 'http://localhost/cb' } },
  ])('/signinup %j: 400', async (body) => {
    for (const thirdPartyId of ['own', 'apple']) {
      const response = await app.post('/signinup', { thirdPartyId, ...body })
      expect(response.status).toBe(400)
    }
  })

  it.each([
    ['/totp/device', { deviceName: 1 }],
    ['/totp/device/remove', {}],
    ['/totp/device/remove', { deviceName: '' }],
    ['/totp/device/verify', { totp: '1' }],
    ['/totp/device/verify', { deviceName: 'd', totp: 1 }],
    ['/totp/verify', { totp: 123456 }],
  ])('%s %j of somebody signed in: 400', async (path, body) => {
    const formFields = [
      { id: 'email', value: `${crypto.randomUUID()}@example.com` },
      { id: 'password', value: 'correct-horse-1' },
    ]
    const { headers } = await app.post('/signup', { formFields })
    const cookie = `sAccessToken=${cookiesOf(headers).get('sAccessToken')?.value}`
    const response = await app.post(path, body, { cookie })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ message: expect.stringMatching(/^(?:totp|device)/) })
  })

  it.each(['', 'text/plain', 'multipart/form-data', 'application/json; charset=utf-7'])(
    'of type %j: 4xx from endpoints that read either kind',
    async (type) => {
      for (const path of ['/oauth/introspect', '/oauth/logout', '/oauth/revoke']) {
        const response = await app.endpoint(path, {
          method: 'POST',
          body: new TextEncoder().encode('x'),
          headers: type === '' ? {} : { 'content-type': type },
        })
        expect([path, response.status]).toEqual([path, 400])
      }
    },
  )

  it.each([
    '/authorisationurl?thirdPartyId=own&redirectURIOnProviderDashboard=x&clientType=__proto__',
    '/authorisationurl?thirdPartyId=two-clients&redirectURIOnProviderDashboard=x',
    '/authorisationurl?thirdPartyId=__proto__&redirectURIOnProviderDashboard=x',
    '/loginmethods?clientType=__proto__',
    '/loginmethods',
    '/nobody/loginmethods',
    '/nobody/authorisationurl?thirdPartyId=own&redirectURIOnProviderDashboard=x',
  ])('nor a query: %s', async (path) => {
    expect((await app.endpoint(path)).status).toBe(400)
  })
})

describe('what clients do send reaches the SDK', () => {
  it.each<[string, object]>([
    ['/signinup/code', { email: 'a@example.com', phoneNumber: undefined }],
    ['/signinup/code', { phoneNumber: ' +49 30 901820 ' }],
    ['/signinup/code', { email: 'a@example.com', shouldTryLinkingWithSessionUser: null, more: {} }],
    ['/signinup/code/consume', { ...codeOf, userInputCode: 123456 }],
    ['/signinup', { ...own, oAuthTokens: { access_token: 'x', expires_in: 5, id_token: null } }],
    ['/signinup', { thirdPartyId: 'apple', oAuthTokens: { user: { name: {} } } }],
    ['/signinup', { thirdPartyId: 'apple', oAuthTokens: { user: '{"name":{}}' } }],
    ['/signinup', { ...own, redirectURIInfo: { ...info, pkceCodeVerifier: null } }],
    [
      '/signinup',
      {
        ...own,
        redirectURIInfo: {
          redirectURIOnProviderDashboard: '',
          redirectURIQueryParams: { code: 'c', state: 's', scope: ['a'], user: { email: 'x' } },
        },
      },
    ],
    ['/webauthn/options/register', { email: 'a@example.com' }],
    ['/webauthn/options/register', { recoverAccountToken: 'x' }],
    ['/oauth/introspect', { token: 'x', scope: 'openid' }],
    ['/signup', { formFields: [{ id: 'email', value: 'a@example.com' }], terms: true }],
    ['/signup', { formFields: [{ id: 'terms', value: true }] }],
  ])('%s %j', async (path, body) => {
    const response = await app.post(path, body)
    expect(await response.text()).not.toContain(OURS)
    // The stand-in core knows no passkeys, and says so.
    if (!path.startsWith('/webauthn')) expect(response.status).toBeLessThan(500)
  })
})
