import { decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/base/clock.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { type Body, type Caller, callerOf, send } from './support/caller.js'
import { createFrozenClock } from './support/clock.js'

const HOUR_SECONDS = 3600
const WEEK_SECONDS = 168 * HOUR_SECONDS
let clock: Clock
let core: SuperTokensCore
let call: Caller

beforeEach(async () => {
  clock = createFrozenClock()
  core = await createSuperTokensCore({ clock })
  call = callerOf(core)
})

async function publishedIds(): Promise<string[]> {
  const { keys } = await call('GET', '/.well-known/jwks.json')
  return keys.map(({ kid }: Body) => kid)
}

async function newToken(): Promise<string> {
  const data = { userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false }
  return (await call('POST', '/recipe/session', { userId: 'u', ...data })).accessToken.token
}

async function signingId(): Promise<string | undefined> {
  return decodeProtectedHeader(await newToken()).kid
}

function verify(accessToken: string): Promise<Body> {
  const flags = { doAntiCsrfCheck: false, enableAntiCsrf: false, checkDatabase: false }
  return call('POST', '/recipe/session/verify', { accessToken, ...flags })
}

describe('the published keys', () => {
  it('are a dynamic one and a static one, public parts only', async () => {
    const { keys } = await call('GET', '/.well-known/jwks.json')
    expect(keys.map((key: object) => Object.keys(key).sort())).toEqual(
      Array(2).fill(['alg', 'e', 'kid', 'kty', 'n', 'use']),
    )
    expect((await publishedIds()).map((kid) => kid.slice(0, 2))).toEqual(['d-', 's-'])
  })

  it('can be kept until the next one comes', async () => {
    const { headers } = await send(core, 'GET', '/.well-known/jwks.json')
    expect(headers.get('cache-control')).toBe('max-age=604740, must-revalidate')
    clock.advance(WEEK_SECONDS - 60)
    const later = await send(core, 'GET', '/.well-known/jwks.json')
    expect(later.headers.get('cache-control')).toMatch(/^max-age=[1-9]/)
  })
})

describe('rotation by time', () => {
  it('publishes the next key a minute before it signs', async () => {
    const [first] = await publishedIds()
    clock.advance(WEEK_SECONDS - 59)
    const [second, ...others] = await publishedIds()
    expect(second).not.toBe(first)
    expect(others).toContain(first)
    expect(await signingId()).toBe(first)
    clock.advance(60)
    expect(await signingId()).toBe(second)
  })

  it('happens once for calls that come together', async () => {
    await publishedIds()
    clock.advance(WEEK_SECONDS)
    await Promise.all([publishedIds(), publishedIds(), newToken()])
    expect(await publishedIds()).toHaveLength(3)
  })

  it('does not happen before its time', async () => {
    const before = await publishedIds()
    clock.advance(WEEK_SECONDS - 61)
    expect(await publishedIds()).toEqual(before)
  })

  it('drops a key two access tokens after its turn', async () => {
    const [first] = await publishedIds()
    clock.advance(WEEK_SECONDS + 2 * HOUR_SECONDS - 1)
    expect(await publishedIds()).toContain(first)
    clock.advance(2)
    expect(await publishedIds()).not.toContain(first)
  })

  it('after a long pause signs with the new key at once', async () => {
    clock.advance(52 * WEEK_SECONDS)
    expect([await signingId()]).toEqual((await publishedIds()).slice(0, 1))
  })
})

describe('rotation on demand', () => {
  it('signs with the new key at once, and still verifies with the old', async () => {
    const [first] = await publishedIds()
    const token = await newToken()
    await core.rotateKeys()
    const [second] = await publishedIds()
    expect(await signingId()).toBe(second)
    expect(await publishedIds()).toContain(first)
    expect((await verify(token)).status).toBe('OK')
  })

  it('gives every key its own id, even at the same time', async () => {
    await publishedIds()
    await Promise.all([core.rotateKeys(), core.rotateKeys()])
    expect(new Set(await publishedIds()).size).toBe(4)
  })

  it('leaves the static key as it is', async () => {
    const before = (await publishedIds()).at(-1)
    await core.rotateKeys()
    expect((await publishedIds()).at(-1)).toBe(before)
  })
})

describe('a JWT for the app', () => {
  const request = { algorithm: 'rs256', jwksDomain: 'https://app.test', payload: {}, validity: 60 }

  it.each([
    ['by default', {}, /^s-/],
    ['unless a dynamic one is asked for', { useStaticSigningKey: false }, /^d-/],
  ])('is signed with the static key %s', async (_, input, kid) => {
    const { jwt } = await call('POST', '/recipe/jwt', { ...request, ...input })
    const { kid: used, ...header } = decodeProtectedHeader(jwt)
    expect(used).toMatch(kid)
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT' })
  })

  it.each(['HS256', 'none', 'ES256'])('is not made with %s', async (algorithm) => {
    const answer = await call('POST', '/recipe/jwt', { ...request, algorithm })
    expect(answer).toEqual({ status: 'UNSUPPORTED_ALGORITHM_ERROR' })
  })
})
