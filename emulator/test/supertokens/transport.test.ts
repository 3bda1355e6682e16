import { beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../../src/base/listen.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { endpoints } from '../../src/supertokens/endpoints.js'
import { send } from './support/caller.js'

const KEY = 'the-key'
const credentials = { email: 'a@example.com', password: 'x' }
let core: SuperTokensCore
let locked: SuperTokensCore

beforeAll(async () => {
  core = await createSuperTokensCore()
  locked = await createSuperTokensCore({ apiKeys: ['other-key', KEY] })
})

describe('an answer', () => {
  it('is JSON that ends in a newline', async () => {
    const { status, text, headers } = await send(core, 'GET', '/users/count')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json;charset=UTF-8')
    expect(text).toBe('{"status":"OK","count":0}\n')
  })

  it('is plain text that ends in a newline where something is refused', async () => {
    const { headers, text } = await send(core, 'POST', '/recipe/signup', '{bad')
    expect(headers.get('content-type')).toBe('text/html;charset=UTF-8')
    expect(text).toBe('Invalid Json Input\n')
  })
})

describe('refused with a text', () => {
  const tenant =
    'AppId or tenantId not found => Tenant with the following connectionURIDomain, appId and tenantId combination not found: '
  const publicOnly = 'Only public tenantId can call this app specific API'
  it.each([
    ['an unknown path', 'GET', '/nonexistent', {}, 404, 'Not found'],
    ['a method a path does not have', 'GET', '/recipe/signin', {}, 405, 'Method not supported'],
    ['HEAD', 'HEAD', '/hello', {}, 405, 'Method not supported'],
    ['HEAD of an unknown path', 'HEAD', '/nonexistent', {}, 405, 'Method not supported'],
    ['a body that is no JSON', 'POST', '/recipe/signup', '{', 400, 'Invalid Json Input'],
    ['a body that is no object', 'POST', '/recipe/signup', '[]', 400, 'Invalid Json Input'],
    ['a body that is null', 'POST', '/recipe/signup', 'null', 400, 'Invalid Json Input'],
    ['an empty body', 'POST', '/recipe/signup', ' ', 400, 'Invalid Json Input'],
    [
      'an unknown tenant',
      'POST',
      '/nope/recipe/signup',
      credentials,
      400,
      `${tenant}(, public, nope)`,
    ],
    [
      'an unknown app',
      'POST',
      '/appid-nope/recipe/signup',
      credentials,
      400,
      `${tenant}(, nope, public)`,
    ],
    ['a tenant where the app is asked', 'GET', '/nope/recipe/roles', {}, 403, publicOnly],
    [
      'an unknown app that is asked',
      'GET',
      '/appid-nope/t1/recipe/roles',
      {},
      400,
      `${tenant}(, nope, public)`,
    ],
    [
      'a bad field of an unknown tenant',
      'POST',
      '/nope/recipe/signup',
      { email: 'a@example.com' },
      400,
      "Field name 'password' is invalid in JSON input",
    ],
  ])('%s', async (_, method, path, input, status, text) => {
    expect(await send(core, method, path, input)).toMatchObject({ status, text: `${text}\n` })
  })

  it.each(['9.9', '5.3', '5.40', '4.0', 'latest'])(
    'version %s of the interface',
    async (version) => {
      const answer = await send(core, 'GET', '/users/count', {}, { 'cdi-version': version })
      expect(answer).toMatchObject({ status: 400, text: `cdi-version ${version} not supported\n` })
    },
  )
})

it('no version of the interface is as good as the right one', async () => {
  const response = await core.fetch(new Request('http://core.test/users/count'))
  expect(response.status).toBe(200)
})

describe('an API key', () => {
  it.each([
    ['in its header', { 'api-key': KEY }],
    ['with blanks around it', { 'api-key': ` ${KEY} ` }],
    ['as a bearer token', { authorization: `Bearer ${KEY}` }],
    ['as a bearer token in small letters', { authorization: `bearer ${KEY}` }],
    ['as a bearer token with blanks before it', { authorization: `Bearer   ${KEY}` }],
    ['in the other header, bare', { authorization: KEY }],
  ])('is accepted %s', async (_, headers) => {
    expect((await send(locked, 'GET', '/users/count', {}, headers)).status).toBe(200)
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['absent', {}],
    ['empty', { 'api-key': '' }],
    ['wrong', { 'api-key': 'wrong' }],
    ['in another case', { 'api-key': KEY.toUpperCase() }],
    ['one of two', { 'api-key': `${KEY},other-key` }],
    ['wrong, with a right one in the other header', { 'api-key': 'x', authorization: KEY }],
  ])('is refused when %s', async (_, headers) => {
    const answer = await send(locked, 'GET', '/users/count', {}, headers)
    expect(answer).toMatchObject({ status: 401, text: 'Invalid API key\n' })
  })

  it.each(['/', '/hello', '/.well-known/jwks.json', '/config?pid=1'])(
    'is not asked for at %s',
    async (path) => {
      expect((await send(locked, 'GET', path)).status).toBe(200)
    },
  )

  it.each(['/apiversion', '/recipe/jwt/jwks', '/recipe/signup'])(
    'is asked for at %s',
    async (path) => {
      expect((await send(locked, 'GET', path)).status).toBe(401)
    },
  )

  it('is not asked for where nothing is', async () => {
    expect((await send(locked, 'GET', '/nonexistent')).status).toBe(404)
  })
})

describe('the log', () => {
  it('names what is missing', async () => {
    await send(core, 'DELETE', '/recipe/nothing')
    expect(core.log.entries.at(-1)).toMatchObject({
      path: '/recipe/nothing',
      status: 404,
      missing: 'endpoint DELETE /recipe/nothing',
    })
  })

  it('names what is not emulated', async () => {
    await send(core, 'PUT', '/recipe/multitenancy/tenant/v2', { tenantId: 'public' })
    expect(core.log.entries.at(-1)?.missing).toBe('settings of the public tenant')
  })

  it('names emulated faults', async () => {
    core.faults.failNext(1, 502)
    await send(core, 'GET', '/hello')
    expect(core.log.entries.at(-1)).toMatchObject({ status: 502, note: 'emulated fault' })
  })

  it('holds neither query nor body', async () => {
    await send(core, 'GET', '/user/id', { userId: 'secret-id' })
    expect(JSON.stringify(core.log.entries.at(-1))).not.toContain('secret-id')
  })
})

describe('a stand-in that is offline', () => {
  it('rejects in the process', async () => {
    core.faults.isOffline = true
    const call = core.fetch(new Request('http://core.test/hello'))
    await expect(call).rejects.toThrow('fetch failed')
    core.faults.isOffline = false
  })

  it('closes connections on the loopback interface, and answers again after it', async () => {
    const listener = await listen(core)
    core.faults.isOffline = true
    await expect(fetch(`${listener.url}/hello`)).rejects.toThrow('fetch failed')
    core.faults.isOffline = false
    expect(await (await fetch(`${listener.url}/hello`)).text()).toBe('Hello\n')
    await listener.close()
  })
})

describe('the table of endpoints', () => {
  it('has every row once', () => {
    const names = endpoints.map(({ method, path, rid }) => `${method} ${path} ${rid ?? ''}`)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('spells paths as they are looked up', () => {
    const odd = endpoints.filter(({ path }) => path !== path.toLowerCase() || /.\/$/.test(path))
    expect(odd).toEqual([])
  })

  it('is what the stand-in says it supports', () => {
    expect(core.endpoints).toBe(endpoints)
  })
})
