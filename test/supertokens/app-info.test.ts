import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { type AppInfo, readAddresses } from '../../providers/supertokens/app-info.js'

/** The SDK's own normalisation, which `SuperTokens.init` runs and whose result signs as `iss`. */
const { normaliseInputAppInfoOrThrowError } = createRequire(import.meta.url)(
  'supertokens-node/lib/build/utils',
)

interface SdkAddresses {
  readonly issuer: string
  readonly gatewayPath: string
  /** What the default `antiCsrf` and `cookieSameSite` of `Session.init` compare. */
  readonly isSameSite: boolean
}

function readBySdk(appInfo: AppInfo): SdkAddresses {
  const info = normaliseInputAppInfoOrThrowError(appInfo)
  const api: string = info.apiDomain.getAsStringDangerous()
  const website: string = info.getOrigin({}).getAsStringDangerous()
  return {
    issuer: api + info.apiBasePath.getAsStringDangerous(),
    gatewayPath: info.apiGatewayPath.getAsStringDangerous(),
    isSameSite:
      info.topLevelAPIDomain === info.getTopLevelWebsiteDomain({}) &&
      new URL(api).protocol === new URL(website).protocol,
  }
}

const app = (parts: Partial<AppInfo>): AppInfo => ({
  appName: 'tests',
  apiDomain: 'https://api.example.com',
  websiteDomain: 'https://example.com',
  ...parts,
})

const API_DOMAINS = [
  'https://api.example.com',
  'https://api.example.com/',
  'https://api.example.com/v1/ignored?x=1#y',
  'HTTPS://API.Example.COM',
  '  https://api.example.com  ',
  'https://api.example.com:443',
  'https://api.example.com:8443',
  'http://api.example.com:80',
  'http://api.example.com',
  'api.example.com',
  'API.example.com:8080/path',
  '.api.example.com',
  '..example.com',
  'localhost',
  'localhost:3000',
  'localhost.org',
  'http://localhost:3000',
  'https://localhost:3000',
  'LOCALHOST:3000/auth',
  '127.0.0.1',
  '127.0.0.1:4000',
  'https://127.0.0.1:4000',
  '192.168.1.256.nip.io',
  'https://bücher.example',
  'bücher.example',
  'https://user:secret@api.example.com',
  'api.example.com?x',
  'api.example.co.uk',
] as const

const BASE_PATHS = [
  undefined,
  '',
  '/',
  'auth',
  '/auth',
  '/auth/',
  'auth/',
  '/api/auth',
  'api/auth/',
  '  /api/auth  ',
  '/API/Auth',
  '/api/v1.2/auth',
  '/api/./auth',
  '/api/../auth',
  '/api/a b',
  '/api/ünï',
  '/api/%61uth',
  '/auth?x=1',
  '/auth#x',
  'auth?x=1',
] as const

const GATEWAY_PATHS = [undefined, '', '/', '/gateway', 'gateway/', '/dev/stage/'] as const

describe('the issuer is what the SDK signs', () => {
  it.each(API_DOMAINS)('apiDomain %j', (apiDomain) => {
    const appInfo = app({ apiDomain })
    expect(readAddresses(appInfo)?.issuer).toBe(readBySdk(appInfo).issuer)
  })

  it.each(BASE_PATHS)('apiBasePath %j', (apiBasePath) => {
    const appInfo = app({ apiBasePath })
    expect(readAddresses(appInfo)?.issuer).toBe(readBySdk(appInfo).issuer)
  })

  it.each(
    GATEWAY_PATHS.flatMap((apiGatewayPath) =>
      BASE_PATHS.map((apiBasePath) => [apiGatewayPath, apiBasePath] as const),
    ),
  )('apiGatewayPath %j before apiBasePath %j', (apiGatewayPath, apiBasePath) => {
    const appInfo = app({ apiGatewayPath, apiBasePath })
    const { issuer, gatewayPath } = readBySdk(appInfo)
    const addresses = readAddresses(appInfo)
    expect(addresses).toMatchObject({ issuer, gatewayPath })
    expect(issuer.endsWith(`${addresses?.gatewayPath}${addresses?.basePath}`)).toBe(true)
  })
})

describe('a domain the SDK cannot read is read as nothing', () => {
  it.each(['', ' ', '/', 'https://', 'http://[', 'https://a b'])('%j', (apiDomain) => {
    expect(() => readBySdk(app({ apiDomain }))).toThrow()
    expect(readAddresses(app({ apiDomain }))).toBeNull()
  })
})

describe('nothing is assumed same-site that the SDK defends as cross-site', () => {
  it.each([
    ['the same host', 'https://example.com', { websiteDomain: 'https://example.com' }, true, true],
    [
      'another port',
      'http://localhost:3001',
      { websiteDomain: 'http://localhost:3000' },
      true,
      true,
    ],
    [
      'a subdomain',
      'https://api.example.com',
      { websiteDomain: 'https://example.com' },
      true,
      false,
    ],
    [
      'another site',
      'https://api.example.com',
      { websiteDomain: 'https://example.org' },
      false,
      false,
    ],
    [
      'another protocol',
      'http://localhost:3001',
      { websiteDomain: 'https://localhost:3000' },
      false,
      false,
    ],
    [
      'another protocol on one host',
      'http://example.com',
      { websiteDomain: 'https://example.com' },
      false,
      false,
    ],
    [
      'a shared public suffix',
      'https://a.github.io',
      { websiteDomain: 'https://b.github.io' },
      false,
      false,
    ],
    [
      'an origin that overrules websiteDomain',
      'https://example.com',
      { websiteDomain: 'https://example.com', origin: 'https://example.org' },
      false,
      false,
    ],
    [
      'a websiteDomain overruled by origin',
      'https://example.com',
      { websiteDomain: 'https://example.org', origin: 'https://example.com' },
      true,
      true,
    ],
    [
      'an origin that depends on the request',
      'https://example.com',
      { websiteDomain: undefined, origin: () => 'https://example.org' },
      false,
      false,
    ],
  ])('%s', (_says, apiDomain, parts, isSameSite, isSameHost) => {
    const appInfo = app({ apiDomain, ...parts })
    expect(readBySdk(appInfo).isSameSite).toBe(isSameSite)
    expect(readAddresses(appInfo)?.isSameHost).toBe(isSameHost)
  })
})
