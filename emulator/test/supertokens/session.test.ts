import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'

import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { toLineage } from '../../src/supertokens/session/lineage.js'
import { type Body, type Caller, callerOf, send } from './support/caller.js'
import { createFrozenClock } from './support/clock.js'

const clock = createFrozenClock()
const DAY_SECONDS = 86_400
const JWT_EXCEPTION = 'io.supertokens.session.jwt.JWT$JWTException'
let core: SuperTokensCore
let call: Caller

beforeAll(async () => {
  core = await createSuperTokensCore({ clock })
  call = callerOf(core)
})

function create(input: object = {}): Promise<Body> {
  const data = { userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false }
  return call('POST', '/recipe/session', { userId: 'u', ...data, ...input })
}

function refresh(refreshToken: string, input: object = {}): Promise<Body> {
  const flags = { enableAntiCsrf: false, useDynamicSigningKey: true }
  return call('POST', '/recipe/session/refresh', { refreshToken, ...flags, ...input })
}

function verify(accessToken: string, input: object = {}): Promise<Body> {
  const flags = { doAntiCsrfCheck: true, enableAntiCsrf: false, checkDatabase: false }
  return call('POST', '/recipe/session/verify', { accessToken, ...flags, ...input })
}

describe('the lineage of a refresh token', () => {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  it.each([
    ['the one in use', 'a', null, 'current'],
    ['the one in use, issued for another', 'a', 'z', 'current'],
    ['one issued for the one in use', 'b', 'a', 'child'],
    ['the one before', 'z', null, 'stranger'],
    ['one issued for the one before', 'b', 'z', 'stranger'],
    ['one issued for a child', 'c', 'b', 'stranger'],
    ['one whose parent is unknown', 'b', undefined, 'stranger'],
    ['one whose parent is empty', 'b', '', 'stranger'],
  ])('%s', (_, own, parent, lineage) => {
    const parentHash = parent ? hash(parent) : parent
    expect(toLineage(hash(hash('a')), hash(own), parentHash)).toBe(lineage)
  })
})

/**
 * Steps by name: a pair of tokens is made (`create`, `refresh`), or an access token is shown. What
 * comes of it follows: the name of the new pair, or the answer; `OK+` has a new access token.
 */
describe('promotion', () => {
  it.each<[says: string, ...steps: string[]]>([
    ['a token in use is verified as it is', 'verify p OK'],
    ['the parent can be used again before any child is', 'refresh p a', 'refresh p b'],
    ['a child is promoted when verified', 'refresh p a', 'verify a OK+', 'refresh p THEFT'],
    ['a child is promoted when refreshed', 'refresh p a', 'refresh a b', 'refresh p THEFT'],
    ['an unused child does no harm', 'refresh p a', 'verify p OK', 'refresh p b'],
    [
      'a sibling is stolen once the other is used',
      'refresh p a',
      'refresh p b',
      'verify a OK+',
      'refresh b THEFT',
    ],
    ['a sibling is still verified', 'refresh p a', 'refresh p b', 'verify a OK+', 'verify b OK'],
    [
      'a promoted child gets new tokens until they are used',
      'refresh p a',
      'verify a OK+',
      'verify a OK+',
    ],
    ['a promoted child is a parent', 'refresh p a', 'verify a OK+', 'refresh a b', 'refresh a c'],
    [
      'a grandchild is promoted over its parent',
      'refresh p a',
      'refresh a b',
      'verify b OK+',
      'refresh a THEFT',
    ],
    [
      'theft does not end the session',
      'refresh p a',
      'refresh a b',
      'refresh p THEFT',
      'refresh b c',
    ],
    [
      'two at once are siblings',
      'refresh p a',
      'refresh p b',
      'refresh b c',
      'refresh a THEFT',
      'refresh p THEFT',
    ],
    [
      'the old access token is verified after promotion',
      'refresh p a',
      'verify a OK+',
      'verify p OK',
    ],
    ['an ended session is not refreshed', 'end p', 'refresh p GONE'],
    ['an ended session is verified without the database', 'end p', 'verify p OK'],
    ['a child of an ended session is not verified', 'refresh p a', 'end p', 'verify a GONE'],
    ['an expired session is not refreshed', 'expire p', 'refresh p GONE'],
  ])('%s', async (_, ...steps) => {
    const pairs = new Map<string, Body>([['p', await create()]])
    const outcomes: Readonly<Record<string, string>> = {
      TOKEN_THEFT_DETECTED: 'THEFT',
      UNAUTHORISED: 'GONE',
    }
    const actions: Readonly<
      Record<string, (pair: Body, name: string) => Promise<string> | string>
    > = {
      async refresh(pair, name) {
        const answer = await refresh(pair.refreshToken.token)
        if (answer.status === 'OK') pairs.set(name, answer)
        return outcomes[answer.status] ?? name
      },
      async verify(pair) {
        const answer = await verify(pair.accessToken.token)
        return outcomes[answer.status] ?? (answer.accessToken ? 'OK+' : 'OK')
      },
      end: (pair) => String(core.revokeSession(pair.session.handle)),
      expire: (pair) => String(core.expireSession(pair.session.handle)),
    }
    for (const step of steps) {
      const [action = '', name = '', expected = 'true'] = step.split(' ')
      expect(await actions[action]?.(pairs.get(name), expected), step).toBe(expected)
    }
  })

  it('moves the end of the session, and nothing else does', async () => {
    const first = await create()
    const { handle } = first.session
    const expiry = async () =>
      (await call('GET', '/recipe/session', { sessionHandle: handle })).expiry
    const atFirst = await expiry()
    clock.advance(DAY_SECONDS)
    const second = await refresh(first.refreshToken.token)
    expect(await expiry()).toBe(atFirst)
    await verify(second.accessToken.token)
    expect(await expiry()).toBeGreaterThanOrEqual(atFirst + DAY_SECONDS * 1000)
  })

  it('answers theft with whose session it was', async () => {
    const first = await create({ userId: 'victim' })
    const second = await refresh(first.refreshToken.token)
    await verify(second.accessToken.token)
    expect(await refresh(first.refreshToken.token)).toEqual({
      status: 'TOKEN_THEFT_DETECTED',
      session: { handle: first.session.handle, userId: 'victim', recipeUserId: 'victim' },
    })
  })
})

describe('an access token', () => {
  it('has exactly these members', async () => {
    const { accessToken, session } = await create({ userDataInJWT: { iss: 'app', plan: null } })
    const { kid, ...header } = decodeProtectedHeader(accessToken.token)
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT', version: '5' })
    expect(kid).toMatch(/^d-\d{13}$/)
    expect(decodeJwt(accessToken.token)).toEqual({
      iat: accessToken.createdTime / 1000,
      exp: accessToken.expiry / 1000,
      sub: 'u',
      rsub: 'u',
      tId: 'public',
      sessionHandle: session.handle,
      refreshTokenHash1: expect.stringMatching(/^[0-9a-f]{64}$/),
      parentRefreshTokenHash1: null,
      antiCsrfToken: null,
      iss: 'app',
      plan: null,
    })
  })

  it.each([
    ['by default', {}, /^d-/],
    ['when asked for', { useDynamicSigningKey: true }, /^d-/],
    ['unless the static one is', { useDynamicSigningKey: false }, /^s-/],
  ])('is signed with a dynamic key %s', async (_, input, kid) => {
    const { accessToken } = await create(input)
    expect(decodeProtectedHeader(accessToken.token).kid).toMatch(kid)
  })

  it('changes its kind of key when refreshed so', async () => {
    const { refreshToken } = await create({ useDynamicSigningKey: false })
    const { accessToken } = await refresh(refreshToken.token)
    expect(decodeProtectedHeader(accessToken.token).kid).toMatch(/^d-/)
    const promoted = await verify(accessToken.token)
    expect(decodeProtectedHeader(promoted.accessToken.token).kid).toMatch(/^d-/)
  })

  it.each([
    'sub',
    'exp',
    'iat',
    'sessionHandle',
    'refreshTokenHash1',
    'parentRefreshTokenHash1',
    'antiCsrfToken',
    'tId',
    'rsub',
  ])('keeps %s to itself', async (name) => {
    const refused = { status: 400, text: 'The user payload contains protected field\n' }
    const data = { userId: 'u', userDataInDatabase: {}, enableAntiCsrf: false }
    const userDataInJWT = { [name]: 'mine' }
    expect(await send(core, 'POST', '/recipe/session', { ...data, userDataInJWT })).toMatchObject(
      refused,
    )
    const { session, accessToken } = await create()
    const update = { sessionHandle: session.handle, userDataInJWT }
    expect(await send(core, 'PUT', '/recipe/jwt/data', update)).toMatchObject(refused)
    const regeneration = { accessToken: accessToken.token, userDataInJWT }
    expect(await send(core, 'POST', '/recipe/session/regenerate', regeneration)).toMatchObject(
      refused,
    )
  })
})

describe('verification says to refresh', () => {
  const header = (members: object) => Buffer.from(JSON.stringify(members)).toString('base64url')
  it.each([
    ['garbage', () => 'garbage', `${JWT_EXCEPTION}: Invalid JWT`],
    [
      'two parts',
      (token: string) => token.slice(0, token.lastIndexOf('.')),
      `${JWT_EXCEPTION}: Invalid JWT`,
    ],
    [
      'a spoilt signature',
      (token: string) => `${token.slice(0, -6)}AAAAAA`,
      `${JWT_EXCEPTION}: JWT verification failed`,
    ],
    [
      'another payload',
      (token: string) => token.replace(/\.[^.]+\./, `.${header({ sub: 'admin' })}.`),
      `${JWT_EXCEPTION}: JWT verification failed`,
    ],
    [
      'no algorithm',
      (token: string) => token.replace(/^[^.]+/, header({ typ: 'JWT', alg: 'none', kid: 'x' })),
      `${JWT_EXCEPTION}: JWT header mismatch - alg`,
    ],
    [
      'no type',
      (token: string) => token.replace(/^[^.]+/, header({ alg: 'RS256', kid: 'x' })),
      `${JWT_EXCEPTION}: JWT header missing - typ`,
    ],
    [
      'an unknown key',
      (token: string) => token.replace(/^[^.]+/, header({ typ: 'JWT', alg: 'RS256', kid: 'd-1' })),
      'io.supertokens.exceptions.TryRefreshTokenException: Key not found',
    ],
  ])('to a token with %s', async (_, spoil, message) => {
    const { accessToken } = await create()
    expect(await verify(spoil(accessToken.token))).toEqual({ status: 'TRY_REFRESH_TOKEN', message })
  })

  it('to an expired token, before it looks at the database', async () => {
    const { accessToken, session } = await create()
    core.revokeSession(session.handle)
    clock.advance(3601)
    const message = 'Access token expired'
    expect(await verify(accessToken.token, { checkDatabase: true })).toEqual({
      status: 'TRY_REFRESH_TOKEN',
      message,
    })
  })

  it('to a JWT that is no session', async () => {
    const request = { algorithm: 'RS256', jwksDomain: 'x', payload: { sub: 'u' }, validity: 60 }
    const { jwt } = await call('POST', '/recipe/jwt', request)
    expect(await verify(jwt)).toMatchObject({
      status: 'TRY_REFRESH_TOKEN',
      message: expect.stringContaining('Maybe the structure has changed? sessionHandle'),
    })
  })
})

describe('verification against the database', () => {
  it('refuses an ended session', async () => {
    const { accessToken, session } = await create()
    core.revokeSession(session.handle)
    expect(await verify(accessToken.token, { checkDatabase: true })).toEqual({
      status: 'UNAUTHORISED',
      message: 'Either the session has ended or has been blacklisted',
    })
  })

  it.each([
    ['shows', false, { old: 1 }, false],
    ['replaces', true, { new: 2 }, true],
  ])('%s a payload that has changed: %s', async (_, checkDatabase, payload, isRenewed) => {
    const { accessToken, session } = await create({ userDataInJWT: { old: 1 } })
    const update = { sessionHandle: session.handle, userDataInJWT: { new: 2 } }
    await call('PUT', '/recipe/jwt/data', update)
    const answer = await verify(accessToken.token, { checkDatabase })
    expect(answer.session.userDataInJWT).toEqual(payload)
    expect(answer.accessToken !== undefined).toBe(isRenewed)
  })
})

describe('anti-CSRF tokens', () => {
  const guarded = { enableAntiCsrf: true }

  it.each([
    ['nothing is asked', { ...guarded, doAntiCsrfCheck: false }, 'OK'],
    ['it is off', { enableAntiCsrf: false }, 'OK'],
    ['none is given', guarded, 'anti-csrf check failed'],
    ['another is given', { ...guarded, antiCsrfToken: 'x' }, 'anti-csrf check failed'],
  ])('at verification when %s', async (_, input, outcome) => {
    const { accessToken } = await create(guarded)
    const { status, message } = await verify(accessToken.token, input)
    expect(message ?? status).toBe(outcome)
  })

  it('are asked of a token that has none', async () => {
    const { accessToken } = await create()
    expect(await verify(accessToken.token, guarded)).toEqual({
      status: 'TRY_REFRESH_TOKEN',
      message:
        'Access token does not contain all the information. Maybe the structure has changed?',
    })
  })

  it('are given to a session that had none when it is refreshed so', async () => {
    const first = await create()
    const second = await refresh(first.refreshToken.token, guarded)
    expect(second).toMatchObject({ status: 'OK', antiCsrfToken: expect.any(String) })
  })

  it('change with every refresh', async () => {
    const first = await create(guarded)
    const { antiCsrfToken } = first
    const second = await refresh(first.refreshToken.token, { ...guarded, antiCsrfToken })
    expect(second.antiCsrfToken).not.toBe(antiCsrfToken)
    const stale = await refresh(second.refreshToken.token, { ...guarded, antiCsrfToken })
    expect(stale).toEqual({
      status: 'UNAUTHORISED',
      message: 'Anti CSRF token missing, or not matching',
    })
  })
})

describe('a refresh token', () => {
  it('is ciphertext, nonce and version', async () => {
    const { refreshToken } = await create()
    expect(refreshToken.token).toMatch(/^[A-Za-z0-9+/]+={0,2}\.[0-9a-f]{64}\.V2$/)
    expect(refreshToken.expiry - refreshToken.createdTime).toBe(100 * DAY_SECONDS * 1000)
  })

  const format =
    'io.supertokens.session.refreshToken.RefreshToken$InvalidRefreshTokenFormatException'
  it.each([
    ['garbage', () => 'garbage', `${format}: version of refresh token not recognised`],
    [
      'another version',
      (token: string) => token.replace('.V2', '.V9'),
      `${format}: version of refresh token not recognised`,
    ],
    [
      'no nonce',
      (token: string) => token.replace(/\.[^.]+/, ''),
      `${format}: Refresh token split with dot yielded an array of length: 2`,
    ],
    [
      'another nonce',
      (token: string) => token.replace(/\.[^.]+/, `.${'0'.repeat(64)}`),
      'io.supertokens.exceptions.UnauthorisedException: Invalid refresh token',
    ],
    [
      'other ciphertext',
      (token: string) => `AAAA${token}`,
      'javax.crypto.AEADBadTagException: Tag mismatch',
    ],
  ])('is refused with %s', async (_, spoil, message) => {
    const { refreshToken } = await create()
    expect(await refresh(spoil(refreshToken.token))).toEqual({ status: 'UNAUTHORISED', message })
  })

  it('of another core is refused', async () => {
    const other = callerOf(await createSuperTokensCore())
    const input = { userId: 'u', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false }
    const { refreshToken } = await other('POST', '/recipe/session', input)
    expect((await refresh(refreshToken.token)).status).toBe('UNAUTHORISED')
  })

  it('ends after its validity', async () => {
    const { refreshToken } = await create()
    clock.advance(100 * DAY_SECONDS + 1)
    expect(await refresh(refreshToken.token)).toEqual({
      status: 'UNAUTHORISED',
      message: 'Session missing in db or has expired',
    })
  })
})

describe('regeneration', () => {
  it('changes the payload, and keeps the time of expiry', async () => {
    const { accessToken } = await create()
    clock.advance(60)
    const input = { accessToken: accessToken.token, userDataInJWT: { a: 1 } }
    const answer = await call('POST', '/recipe/session/regenerate', input)
    expect(answer.accessToken.expiry).toBe(accessToken.expiry)
    expect(decodeJwt(answer.accessToken.token)).toMatchObject({ a: 1 })
  })

  it('gives an expired token no successor, but keeps the payload', async () => {
    const { accessToken, session } = await create()
    clock.advance(3601)
    const input = { accessToken: accessToken.token, userDataInJWT: { a: 1 } }
    const answer = await call('POST', '/recipe/session/regenerate', input)
    expect(answer).not.toHaveProperty('accessToken')
    expect(core.store.sessions.get(session.handle)?.userDataInJwt).toEqual({ a: 1 })
  })

  it('of an ended session is refused', async () => {
    const { accessToken, session } = await create()
    core.revokeSession(session.handle)
    const input = { accessToken: accessToken.token, userDataInJWT: {} }
    expect(await call('POST', '/recipe/session/regenerate', input)).toEqual({
      status: 'UNAUTHORISED',
      message: 'Session does not exist.',
    })
  })

  it('of garbage is an error of the core', async () => {
    const input = { accessToken: 'garbage', userDataInJWT: {} }
    const text = `${JWT_EXCEPTION}: Invalid JWT\n`
    expect(await send(core, 'POST', '/recipe/session/regenerate', input)).toMatchObject({
      status: 500,
      text,
    })
  })
})

describe('sessions of a user', () => {
  it('are listed while they last, and removed together', async () => {
    const userId = 'owner'
    const [one, other] = [await create({ userId }), await create({ userId })]
    await create({ userId: 'stranger' })
    core.expireSession(one.session.handle)
    const listed = await call('GET', '/recipe/session/user', { userId })
    expect(listed.sessionHandles).toEqual([other.session.handle])
    const removed = await call('POST', '/recipe/session/remove', { userId })
    expect(removed.sessionHandlesRevoked).toEqual([other.session.handle])
  })

  it('are removed by handle, of which only those that were there are told', async () => {
    const { session } = await create()
    const sessionHandles = ['none', session.handle]
    const removed = await call('POST', '/recipe/session/remove', { sessionHandles })
    expect(removed.sessionHandlesRevoked).toEqual([session.handle])
  })

  it.each([
    ['GET', '/recipe/session', {}],
    ['PUT', '/recipe/session/data', { userDataInDatabase: {} }],
    ['PUT', '/recipe/jwt/data', { userDataInJWT: {} }],
  ])('that are over are unknown to %s %s', async (method, path, input) => {
    const { session } = await create()
    const sessionHandle = session.handle
    core.expireSession(sessionHandle)
    const answer = await call(method, path, { sessionHandle, ...input })
    expect(answer).toEqual({ status: 'UNAUTHORISED', message: 'Session does not exist.' })
  })

  it('that were never there cannot be ended', () => {
    expect(core.revokeSession('none')).toBe(false)
    expect(core.expireSession('none')).toBe(false)
  })
})
