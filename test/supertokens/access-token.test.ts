import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import {
  checkShape,
  looksLikeSession,
  readTenant,
} from '../../providers/supertokens/access-token.js'
import { isAuthError } from '../../src/errors.js'
import { type JsonObject, parseToken } from '../../src/jwt/token.js'
import { createSigningKey, signToken } from '../support/supertokens-tokens.js'

const build = (path: string) => createRequire(import.meta.url)(`supertokens-node/lib/build/${path}`)
const key = createSigningKey('d-1')

const CLAIMS: JsonObject = {
  iss: 'http://localhost/auth',
  sub: 'user-1',
  rsub: 'user-1',
  tId: 'public',
  sessionHandle: 'handle-1',
  refreshTokenHash1: 'hash-1',
  parentRefreshTokenHash1: null,
  antiCsrfToken: null,
  iat: 1_700_000_000,
  exp: 1_700_003_600,
}

/** Claims without some, and with others instead. */
function claims(change: JsonObject, ...without: readonly string[]): JsonObject {
  const changed: Record<string, unknown> = { ...CLAIMS, ...change }
  for (const name of without) delete changed[name]
  return changed
}

function header(change: JsonObject, ...without: readonly string[]): string {
  const members: Record<string, unknown> = { alg: 'RS256', kid: 'd-1', typ: 'JWT', version: '5' }
  Object.assign(members, change)
  for (const name of without) delete members[name]
  return JSON.stringify(members)
}

function shapeOf(token: string): object | string {
  const parsed = parseToken(token)
  if (!parsed) return 'malformed'
  try {
    return checkShape(parsed)
  } catch (error) {
    return isAuthError(error) ? error.code : 'threw something else'
  }
}

/** Whether the SDK takes a token for one of its own, before it verifies anything. */
function sdkTakes(token: string): boolean {
  try {
    const info = build('recipe/session/jwt').parseJWTWithoutSignatureVerification(token)
    build('recipe/session/accessToken').validateAccessTokenStructure(info.payload, info.version)
    return true
  } catch {
    return false
  }
}

describe('versions', () => {
  it.each([
    { version: undefined, expected: 3 },
    { version: '3', expected: 3 },
    { version: '4', expected: 4 },
    { version: '5', expected: 5 },
    { version: '6', expected: 6 },
    { version: '99', expected: 99 },
    { version: '05', expected: 5 },
  ])('$version is version $expected', ({ version, expected }) => {
    const token = signToken(key, CLAIMS, header({ version }))
    expect(shapeOf(token)).toMatchObject({ version: expected, usesDynamicKey: true })
    expect(sdkTakes(token)).toBe(true)
  })

  it.each([
    '2',
    '1',
    '0',
    '-5',
    '',
    ' ',
    '5.0',
    '5abc',
    ' 5',
    '0x5',
    '99999',
    'Infinity',
    'v5',
    5,
    5.5,
    null,
    true,
    ['5'],
    { major: 5 },
  ])('%j is none: a refresh replaces the token, and no core is asked', (version) => {
    expect(shapeOf(signToken(key, CLAIMS, header({ version })))).toBe('token_expired')
  })

  it.each(['3', '4'])('%s needs no recipe user id', (version) => {
    const token = signToken(key, claims({}, 'rsub'), header({ version }))
    expect(shapeOf(token)).toMatchObject({ version: Number(version) })
    expect(sdkTakes(token)).toBe(true)
  })

  it('refuses the legacy headers of versions 1 and 2 as the SDK writes them', () => {
    for (const version of ['1', '2']) {
      const legacy = JSON.stringify({ alg: 'RS256', typ: 'JWT', version })
      expect(shapeOf(signToken(key, CLAIMS, legacy))).toBe('token_expired')
    }
  })
})

describe('other tokens of the same core are no sessions', () => {
  it.each([
    ['no key id', CLAIMS, header({}, 'kid')],
    ['a key id that is a number', CLAIMS, header({ kid: 1 })],
    ['a key id of no known kind', CLAIMS, header({ kid: 'x-1' })],
    ['a key id that only contains a known kind', CLAIMS, header({ kid: 'bad-1' })],
    ['a key id in upper case', CLAIMS, header({ kid: 'D-1' })],
    ['no type', CLAIMS, header({}, 'typ')],
    ['a type in lower case', CLAIMS, header({ typ: 'jwt' })],
    ['the type of OAuth2 access tokens', CLAIMS, header({ typ: 'at+jwt' })],
    ['the token type of OAuth2', claims({ stt: 1 }), header({})],
    ['a token type of null', claims({ stt: null }), header({})],
    ['a token type in words', claims({ stt: '0' }), header({})],
    ['a token type of false', claims({ stt: false }), header({})],
    ['no session handle', claims({}, 'sessionHandle'), header({})],
    ['a session handle that is a number', claims({ sessionHandle: 1 }), header({})],
    ['no refresh token hash', claims({}, 'refreshTokenHash1'), header({})],
    ['a refresh token hash of null', claims({ refreshTokenHash1: null }), header({})],
    ['no recipe user id', claims({}, 'rsub'), header({})],
    ['a recipe user id that is a list', claims({ rsub: ['user-1'] }), header({})],
    ['no recipe user id in a later version', claims({}, 'rsub'), header({ version: '7' })],
  ])('%s', (_says, payload, head) => {
    expect(shapeOf(signToken(key, payload, head))).toBe('token_invalid')
  })

  it.each([
    ['a token type of 0', claims({ stt: 0 })],
    ['an empty session handle', claims({ sessionHandle: '' })],
  ])('%s is no obstacle, as in the SDK', (_says, payload) => {
    const token = signToken(key, payload, header({}))
    expect(shapeOf(token)).toMatchObject({ version: 5 })
    expect(sdkTakes(token)).toBe(true)
  })

  it.each([
    ['d-1', true],
    ['s-1', false],
    ['d-', true],
  ])('key id %s: dynamic is %s', (kid, usesDynamicKey) => {
    expect(shapeOf(signToken(key, CLAIMS, header({ kid })))).toMatchObject({ usesDynamicKey })
  })

  it.each([
    ['a token made by createJWT', { iss: 'http://localhost/auth', sub: 'user-1' }, false],
    ['a Clerk session', { iss: 'https://clerk.example.com', sid: 'sess_1', sub: 'user_1' }, false],
    ['an access token', CLAIMS, true],
    ['a handle without a hash', { sessionHandle: 'a' }, false],
    ['members of the wrong type', { sessionHandle: 1, refreshTokenHash1: 2 }, false],
  ])('%s looks like a session: %j', (_says, payload, expected) => {
    const token = parseToken(signToken(key, payload, header({})))
    expect(token && looksLikeSession(token)).toBe(expected)
  })
})

describe('identities with blanks around them are not whom they seem', () => {
  // The SDK trims these, so it and the claims would disagree about who is signed in.
  it.each(['sub', 'sessionHandle'])('%s', (name) => {
    const token = signToken(key, claims({ [name]: ' user-1 ' }), header({}))
    expect(sdkTakes(token)).toBe(true)
    expect(shapeOf(token)).toBe('token_invalid')
  })
})

describe('tenants', () => {
  it.each([
    [3, {}, 'public'],
    [3, { tId: 'other' }, 'public'],
    [4, { tId: 'public' }, 'public'],
    [5, { tId: 'other' }, 'other'],
    [5, { tId: 'Public' }, 'Public'],
    [5, { tId: ' public ' }, ' public '],
    [5, {}, null],
    [4, {}, null],
    [5, { tId: null }, null],
    [5, { tId: 1 }, null],
    [5, { tId: ['public'] }, null],
  ])('version %i with %j belongs to %j', (version, payload, tenant) => {
    expect(readTenant({ version, usesDynamicKey: true }, payload)).toBe(tenant)
  })
})
