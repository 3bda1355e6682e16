import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { supertokens } from '../../providers/supertokens/index.js'
import { readPinnedKeys } from '../../providers/supertokens/keys.js'
import {
  readSuperTokensSettings,
  type SuperTokensOptions,
} from '../../providers/supertokens/settings.js'
import { isAuthError } from '../../src/errors.js'
import { APP_INFO } from '../support/supertokens-app.js'
import { createSigningKey } from '../support/supertokens-tokens.js'

const VARIABLES = ['SUPERTOKENS_CONNECTION_URI', 'SUPERTOKENS_API_KEY', 'SUPERTOKENS_JWKS'] as const
const build = (path: string) => createRequire(import.meta.url)(`supertokens-node/lib/build/${path}`)

let environment: NodeJS.ProcessEnv
beforeEach(() => {
  environment = { ...process.env }
  for (const name of VARIABLES) delete process.env[name]
})
afterEach(() => {
  process.env = environment
})

const options = (parts: Partial<SuperTokensOptions> = {}): SuperTokensOptions => ({
  appInfo: APP_INFO,
  recipes: async () => ({ recipeList: [] }),
  connectionURI: 'http://core.test:3567',
  ...parts,
})

/** Names of what is wrong; empty when nothing is. */
function problems(given: unknown): string[] {
  try {
    readSuperTokensSettings(given as SuperTokensOptions)
    return []
  } catch (error) {
    if (!isAuthError(error)) throw error
    expect(error.code).toBe('config_invalid')
    return (error.details.issues ?? []).map(({ name }) => name)
  }
}

/** A core's address as the SDK takes it apart. */
function hostOfSdk(uri: string): string {
  const { default: Domain } = build('normalisedURLDomain')
  const { default: Path } = build('normalisedURLPath')
  return new Domain(uri.trim()).getAsStringDangerous() + new Path(uri.trim()).getAsStringDangerous()
}

/** Where the keys of a core are looked for. */
const keysAt = (host: string) => new URL(`${host}/.well-known/jwks.json`).href

describe('what is missing or wrong is named, all at once', () => {
  it('names the variable of a core that is not set', () => {
    const { connectionURI: _, ...rest } = options()
    expect(problems(rest)).toEqual(['SUPERTOKENS_CONNECTION_URI'])
  })

  it('names every problem in one go', () => {
    process.env.SUPERTOKENS_CONNECTION_URI = 'nonsense'
    const given = {
      appInfo: { appName: 1, apiDomain: 'http://localhost' },
      recipes: 'recipes',
      session: { antiCsrf: 'MAYBE', invalidClaimStatusCode: 200 },
      tokens: { reports: {} },
      staleIfErrorSeconds: -1,
    }
    expect(problems(given).sort()).toEqual([
      'SUPERTOKENS_CONNECTION_URI',
      'supertokens({ appInfo.appName })',
      'supertokens({ recipes })',
      'supertokens({ session.antiCsrf })',
      'supertokens({ session.invalidClaimStatusCode })',
      'supertokens({ staleIfErrorSeconds })',
      'supertokens({ tokens })',
    ])
  })

  it('names every problem that takes more than one setting, too', () => {
    process.env.SUPERTOKENS_JWKS = '{"keys":[]}'
    const appInfo = { ...APP_INFO, apiDomain: 'https://api.example.com' }
    expect(problems(options({ appInfo, requiredClaims: {} }))).toEqual([
      'SUPERTOKENS_JWKS',
      'supertokens({ session.antiCsrf })',
    ])
  })

  it.each([
    ['an unknown option', { tennant: 'public' }],
    ['an unknown session option', { session: { cookieDomain: 'example.com' } }],
    ['an unknown member of appInfo', { appInfo: { ...APP_INFO, apiBasepath: '/auth' } }],
    ['an unreadable domain', { appInfo: { ...APP_INFO, apiDomain: 'https://a b' } }],
    ['a required claim that is no plain value', { requiredClaims: { 'st-role': ['admin'] } }],
    ['a tenant that is no name', { tenant: 7 }],
    ['no tenant at all', { tenant: [] }],
    ['a status that is none', { session: { sessionExpiredStatusCode: 700 } }],
    ['a fractional status', { session: { sessionExpiredStatusCode: 401.5 } }],
  ])('refuses %s', (_says, parts) => {
    expect(problems({ ...options(), ...parts })).not.toEqual([])
  })

  it('never repeats a value it refuses', () => {
    process.env.SUPERTOKENS_CONNECTION_URI = 'secret-core-address'
    process.env.SUPERTOKENS_API_KEY = 'secret-api-key'
    const { connectionURI: _, ...rest } = options()
    expect(() => supertokens(rest)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })
})

describe('the environment', () => {
  it('fills in what the options leave out', () => {
    process.env.SUPERTOKENS_CONNECTION_URI = 'https://core.example.com'
    process.env.SUPERTOKENS_API_KEY = 'key'
    const { connectionURI: _, ...rest } = options()
    expect(readSuperTokensSettings(rest)).toMatchObject({
      hosts: ['https://core.example.com'],
      apiKey: 'key',
    })
  })

  it('does not overrule an option', () => {
    process.env.SUPERTOKENS_CONNECTION_URI = 'https://core.example.com'
    expect(readSuperTokensSettings(options()).hosts).toEqual(['http://core.test:3567'])
  })

  it('counts an empty variable as missing', () => {
    process.env.SUPERTOKENS_CONNECTION_URI = ''
    const { connectionURI: _, ...rest } = options()
    expect(problems(rest)).toEqual(['SUPERTOKENS_CONNECTION_URI'])
  })
})

describe('addresses of the core are the ones the SDK calls, or refused', () => {
  it.each([
    'http://core.test:3567',
    'http://core.test:3567/',
    'https://Core.Test',
    'https://core.test/base/path/',
    'https://core.test/appid-a1',
    ' https://core.test ',
    'https://core.test?x=1',
    'https://core.test#x',
    'localhost:3567',
    'core.test:3567',
    'core.test',
    'ftp://core.test',
    'mailto:core@test',
    'javascript:1',
  ])('%j', (connectionURI) => {
    if (problems(options({ connectionURI })).length > 0) return
    const { hosts } = readSuperTokensSettings(options({ connectionURI }))
    expect(hosts.map(keysAt)).toEqual([keysAt(hostOfSdk(connectionURI))])
  })

  it.each([
    ['http://a.test;http://b.test', ['http://a.test', 'http://b.test']],
    ['http://a.test; http://b.test/;', ['http://a.test', 'http://b.test']],
    [';;http://a.test;;', ['http://a.test']],
  ])('%j is several', (connectionURI, hosts) => {
    expect(readSuperTokensSettings(options({ connectionURI })).hosts).toEqual(hosts)
  })

  it.each(['', ';', ' ; ', 'http://a.test;nonsense', 'http://'])(
    '%j is refused',
    (connectionURI) => {
      expect(problems(options({ connectionURI }))).toHaveLength(1)
    },
  )
})

describe('pinned keys', () => {
  const fixed = createSigningKey('s-1').publicJwk
  const rotating = createSigningKey('d-1').publicJwk
  const session = { useDynamicAccessTokenSigningKey: false }

  it('are refused where keys rotate', () => {
    const jwks = JSON.stringify({ keys: [fixed] })
    expect(problems(options({ jwks }))).toEqual(['SUPERTOKENS_JWKS'])
    expect(problems(options({ jwks, session }))).toEqual([])
  })

  it.each([
    ['no JSON', 'nonsense'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no keys', '{"keys":[]}'],
    ['a rotating key', JSON.stringify({ keys: [rotating] })],
    ['one key id twice', JSON.stringify({ keys: [fixed, fixed] })],
    ['a private key', JSON.stringify({ keys: [{ ...fixed, d: 'AQAB' }] })],
    ['a symmetric key', JSON.stringify({ keys: [{ kty: 'oct', kid: 's-1', k: 'AAAA' }] })],
    ['a key for encryption', JSON.stringify({ keys: [{ ...fixed, use: 'enc' }] })],
    ['a key for another algorithm', JSON.stringify({ keys: [{ ...fixed, alg: 'RS512' }] })],
    ['a weak key', JSON.stringify({ keys: [{ ...fixed, e: 'Aw' }] })],
  ])('cannot be %s', async (_says, jwks) => {
    await expect(readPinnedKeys(jwks)).rejects.toMatchObject({
      code: 'config_invalid',
      details: { issues: [{ name: 'SUPERTOKENS_JWKS' }] },
    })
  })

  it('are found by their id', async () => {
    // As a core publishes them.
    const keys = await readPinnedKeys(JSON.stringify({ keys: [rotating, fixed] }))
    expect([...keys.keys()]).toEqual(['s-1'])
  })
})

describe('anti-CSRF has to be declared where the SDK would choose', () => {
  const at = (apiDomain: string, website: object): SuperTokensOptions['appInfo'] => ({
    appName: 'tests',
    apiDomain,
    ...website,
  })

  it.each([
    ['another host', at('https://api.example.com', { websiteDomain: 'https://example.com' })],
    ['another protocol', at('http://localhost:3001', { websiteDomain: 'https://localhost' })],
    [
      'an origin that depends on the request',
      at('https://example.com', { origin: () => 'https://example.org' }),
    ],
  ])('%s', (_says, appInfo) => {
    const given = options({ appInfo, requiredClaims: {} })
    expect(problems(given)).toEqual(['supertokens({ session.antiCsrf })'])
    expect(problems({ ...given, session: { antiCsrf: 'VIA_CUSTOM_HEADER' } })).toEqual([])
    expect(problems({ ...given, requiredClaims: undefined })).toEqual([])
  })
})
