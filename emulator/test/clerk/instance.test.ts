import { describe, expect, it, vi } from 'vitest'
import { backendEndpoints } from '../../src/clerk/backend/endpoints.js'
import { frontendEndpoints } from '../../src/clerk/frontend/endpoints.js'
import { createClerkInstance } from '../../src/clerk/instance.js'
import { APP } from './browser.js'
import { ADA, clientOf, refusal, serve, serveTests } from './support.js'

const served = await serveTests()

const ask = (path: string, init?: RequestInit) => fetch(`${served.url}${path}`, init)

describe('keys', () => {
  it.each([
    { isProduction: false, mode: 'test', host: 'stand-in-1.clerk.accounts.dev' },
    { isProduction: true, mode: 'live', host: 'clerk.stand-in.test' },
  ])('say what instance they are of: $mode', async ({ isProduction, mode, host }) => {
    const instance = await createClerkInstance({ isProduction })
    expect(instance.publishableKey).toBe(`pk_${mode}_${btoa(`${host}$`)}`)
    expect(instance.secretKey).toMatch(new RegExp(`^sk_${mode}_`))
    expect(instance.issuer).toBe(`https://${host}`)
  })

  it('cannot name a host without a dot', async () => {
    await expect(createClerkInstance({ frontendApi: 'localhost:4000' })).rejects.toThrow('dot')
  })

  it('name the Frontend API that is asked for', async () => {
    const instance = await createClerkInstance({ frontendApi: 'clerk.example.com' })
    expect(atob(instance.publishableKey.split('_')[2] ?? '')).toBe('clerk.example.com$')
  })
})

describe('errors', () => {
  it.each([
    { says: 'no key', headers: {}, code: 'authorization_header_format_invalid' },
    {
      says: 'another scheme',
      headers: { authorization: 'Basic x' },
      code: 'authorization_header_format_invalid',
    },
    {
      says: 'a wrong key',
      headers: { authorization: 'Bearer sk_test_x' },
      code: 'clerk_key_invalid',
    },
  ])('401 with $says', async ({ headers, code }) => {
    for (const path of ['/v1/users', '/v1/jwks', '/v1/sessions/sess_1']) {
      const response = await ask(path, { headers })
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({
        errors: [{ code, message: expect.any(String), long_message: expect.any(String) }],
        clerk_trace_id: expect.any(String),
      })
    }
  })

  it('are told apart by the SDK', async () => {
    const other = clientOf({ ...served.instance, secretKey: 'sk_test_wrong' }, served.url)
    expect(await refusal(other.users.getCount())).toMatchObject({
      status: 401,
      codes: ['clerk_key_invalid'],
    })
  })

  it('have exactly the type that the SDK parses', async () => {
    const headers = { authorization: `Bearer ${served.instance.secretKey}` }
    for (const path of ['/v1/users/count', '/v1/users/user_none', '/v1/nothing']) {
      const response = await ask(path, { headers })
      expect(response.headers.get('content-type')).toBe('application/json')
    }
  })

  it('404 for an endpoint that is not emulated, and say so in the log', async () => {
    const { status, codes } = await refusal(served.client.machines.list({}))
    expect({ status, codes }).toEqual({ status: 404, codes: ['endpoint_not_emulated'] })
    expect(served.instance.log.entries.at(-1)).toMatchObject({
      method: 'GET',
      path: '/v1/machines',
      status: 404,
      missing: 'The stand-in has no endpoint for GET /v1/machines',
    })
  })

  it('400 for a body that is no JSON', async () => {
    const headers = { authorization: `Bearer ${served.instance.secretKey}` }
    const response = await ask('/v1/users', { method: 'POST', headers, body: '{' })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ code: 'request_body_invalid' }] })
  })
})

describe('faults', () => {
  it('429 with the time to wait, and then no more', async () => {
    served.instance.faults.failNext(1, 429, 7)
    expect(await refusal(served.client.users.getCount())).toMatchObject({
      status: 429,
      codes: ['too_many_requests'],
      retryAfter: 7,
    })
    expect(await served.client.users.getCount()).toBe(0)
  })

  it('can be read by scripts of the app', async () => {
    served.instance.faults.failNext(1, 503)
    const response = await ask('/v1/environment', { headers: { origin: APP } })
    expect(response.status).toBe(503)
    expect(response.headers.get('access-control-allow-origin')).toBe(APP)
  })

  it('500 in the shape of Clerk', async () => {
    served.instance.faults.failNext(1, 500)
    expect(await refusal(served.client.users.getCount())).toMatchObject({
      status: 500,
      codes: ['internal_clerk_error'],
    })
  })

  it('reject in this process when offline', async () => {
    served.instance.faults.isOffline = true
    const request = new Request(`${served.url}/v1/environment`)
    await expect(served.instance.fetch(request)).rejects.toThrow('fetch failed')
    served.instance.faults.isOffline = false
  })
})

describe('signing keys', () => {
  it('are served to servers and to everybody', async () => {
    const { keys } = await served.client.jwks.getJwks()
    expect(keys?.[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' })
    expect(keys?.[0]).not.toHaveProperty('d')
    const response = await ask('/.well-known/jwks.json')
    expect(await response.json()).toEqual({ keys })
  })

  it('survive a rotation: old tokens by the key set, new ones by the new PEM', async () => {
    const { client, instance } = served
    const { id: userId } = await client.users.createUser(ADA)
    const { id } = await client.sessions.createSession({ userId })
    const mint = async () => (await client.sessions.getToken(id)).jwt
    const before = { token: await mint(), jwtKey: instance.jwtKey }
    await instance.rotateKeys()
    const after = { token: await mint(), jwtKey: instance.jwtKey }

    const check = async (token: string, jwtKey?: string) => {
      const request = new Request(APP, { headers: { authorization: `Bearer ${token}` } })
      const options = jwtKey ? { jwtKey } : { skipJwksCache: true }
      return (await client.authenticateRequest(request, options)).reason
    }
    expect(await check(before.token)).toBeNull()
    expect(await check(after.token)).toBeNull()
    expect(await check(after.token, after.jwtKey)).toBeNull()
    expect(await check(after.token, before.jwtKey)).toBe('token-invalid-signature')
  })

  it('of one instance are worth nothing to another', async () => {
    const other = await serve()
    const { id: userId } = await other.client.users.createUser(ADA)
    const { id } = await other.client.sessions.createSession({ userId })
    const { jwt } = await other.client.sessions.getToken(id)
    const request = new Request(APP, { headers: { authorization: `Bearer ${jwt}` } })
    const state = await served.client.authenticateRequest(request, { skipJwksCache: true })
    expect(state).toMatchObject({ status: 'signed-out', reason: 'jwk-kid-mismatch' })
    await other.close()
  })
})

describe('the instance', () => {
  it('lists what it supports, each thing once', () => {
    for (const endpoints of [backendEndpoints, frontendEndpoints]) {
      const names = endpoints.map(({ method, path }) => `${method} ${path}`)
      expect(names.filter((its, index) => names.indexOf(its) !== index)).toEqual([])
    }
    expect(served.instance.endpoints).toEqual([...backendEndpoints, ...frontendEndpoints])
  })

  it('logs paths, but no queries', async () => {
    await ask('/v1/environment?__clerk_db_jwt=secret')
    expect(served.instance.log.entries.at(-1)).toMatchObject({ path: '/v1/environment' })
    expect(JSON.stringify(served.instance.log.entries)).not.toContain('secret')
  })

  it('does not exist in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    await expect(createClerkInstance()).rejects.toThrow('NODE_ENV is production')
    vi.unstubAllEnvs()
  })
})
