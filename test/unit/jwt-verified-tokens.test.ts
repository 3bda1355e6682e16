import { createPublicKey } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AuthError } from '../../src/errors.js'
import type { KeySource } from '../../src/jwt/keys.js'
import type { TokenRules } from '../../src/jwt/verify.js'
import { START } from '../support/core-clock.js'
import { onPlatform, type Platform } from '../support/core-platform.js'
import { createSigner } from '../support/core-token.js'

const ISSUER = 'https://issuer.example'
const NOW = START / 1000
const signer = createSigner('key-1')
const stranger = createSigner('key-1')
const rules: TokenRules = { issuers: [ISSUER], clockSkewSeconds: 0, issuedAtSkewSeconds: 60 }

function sign(changes: object = {}, by = signer): string {
  const claims = { iss: ISSUER, sub: 'user-1', iat: NOW - 10, exp: NOW + 60, ...changes }
  return by.sign({ alg: 'RS256', typ: 'JWT', kid: 'key-1' }, claims)
}

const holding = (key = signer.publicKey): KeySource => ({ find: () => key })
const modules = async () => ({
  ...(await import('../../src/jwt/token.js')),
  ...(await import('../../src/jwt/verify.js')),
  ...(await import('../../src/jwt/verified-tokens.js')),
  ...(await import('../../src/jwt/keys.js')),
})

let jwt: Awaited<ReturnType<typeof modules>>
const start = async (platform: Platform) => {
  jwt = await onPlatform(platform, modules)
}
beforeEach(() => start('node'))

async function verify(
  text: string,
  keys = holding(),
  changes: Partial<TokenRules> = {},
  at = START,
) {
  const token = jwt.parseToken(text)
  if (!token) throw new TypeError('The token of this case is malformed')
  return jwt.verifyToken(token, keys, { ...rules, ...changes }, at)
}

const refusal = (verdict: Promise<unknown>) =>
  verdict.then(
    () => 'accepted',
    (error: AuthError) => error.code,
  )

describe('a token seen before', () => {
  it('is recognised, and known by the key that signed it', async () => {
    const text = sign()
    expect(jwt.parseToken(text)?.verifiedBy).toBeNull()
    const claims = await verify(text)
    expect(jwt.parseToken(text)?.verifiedBy).toBe(signer.publicKey)
    expect(await verify(text)).toBe(claims)
  })

  it.each<[string, () => Promise<unknown>, string]>([
    ['once it has expired', () => verify(sign(), holding(), {}, START + 60_000), 'token_expired'],
    [
      'by an app with another issuer',
      () => verify(sign(), holding(), { issuers: ['x'] }),
      'token_invalid',
    ],
    [
      'where an audience is asked for',
      () => verify(sign(), holding(), { audience: ['x'] }),
      'token_invalid',
    ],
    ['before its time', () => verify(sign(), holding(), {}, START - 120_000), 'token_invalid'],
    [
      'when its key is no longer there',
      () => verify(sign(), { find: () => null }),
      'token_invalid',
    ],
    [
      'when its key id names another key',
      () => verify(sign(), holding(stranger.publicKey)),
      'token_invalid',
    ],
  ])('is refused %s', async (_says, again, code) => {
    expect(await refusal(verify(sign()))).toBe('accepted')
    expect(await refusal(again())).toBe(code)
  })

  it('is verified anew by a key that only looks the same', async () => {
    const copy = createPublicKey(signer.publicPem)
    await verify(sign())
    await verify(sign(), holding(copy))
    expect(jwt.parseToken(sign())?.verifiedBy).toBe(copy)
  })

  it('cannot be changed by whoever was handed its claims', async () => {
    const text = sign({ org: { roles: ['member'] } })
    const claims = await verify(text)
    const { roles } = claims.org as { roles: string[] }
    expect(() => roles.push('admin')).toThrow(TypeError)
    expect(() => Object.assign(jwt.parseToken(text)?.header ?? {}, { alg: 'none' })).toThrow()
  })
})

describe('nothing is remembered', () => {
  it.each<[string, string]>([
    ['of a token with a wrong signature', sign({}, stranger)],
    ['of a token with a signature cut short', sign().slice(0, -10)],
  ])('%s', async (_says, text) => {
    expect(await refusal(verify(text))).toBe('token_invalid')
    expect(jwt.parseToken(text)?.verifiedBy).toBeNull()
  })

  it('of a text that differs from a known one in a character', async () => {
    const text = sign()
    await verify(text)
    const other = text.slice(0, -3) + (text.at(-3) === 'A' ? 'B' : 'A') + text.slice(-2)
    expect(jwt.parseToken(other)?.verifiedBy).toBeNull()
    expect(await refusal(verify(other))).toBe('token_invalid')
  })

  it('where WebCrypto is all there is', async () => {
    await start('web')
    const text = sign()
    await verify(text, jwt.pinnedPem(signer.publicPem, 'TEST_KEY'))
    expect(jwt.parseToken(text)?.verifiedBy).toBeNull()
  })
})

describe('memory', () => {
  /** Tokens as long as they may be, without signing each. */
  const remember = (index: number) => {
    const text = `${index}.`.padEnd(8000, 'x')
    const parsed = {
      text,
      fingerprint: String(index),
      header: {},
      payload: {},
      signature: new Uint8Array(256),
      verifiedBy: null,
      memo: { shownClaims: null },
    }
    jwt.rememberToken(parsed, signer.publicKey)
  }
  const recallFirst = () => jwt.recallToken('0', 'x'.repeat(8000))

  it('holds two generations, and forgets what nobody has brought for that long', () => {
    const perGeneration = Math.floor(jwt.MAX_GENERATION_CHARACTERS / 8000)
    for (let index = 0; index < perGeneration; index++) remember(index)
    expect(recallFirst()).not.toBeNull()
    for (let index = 0; index < perGeneration; index++) remember(perGeneration + index)
    // Brought once more, it is young again.
    expect(recallFirst()).not.toBeNull()
    for (let index = 0; index < perGeneration; index++) remember(2 * perGeneration + index)
    expect(recallFirst()).not.toBeNull()
    for (let index = 0; index < 2 * perGeneration; index++) remember(3 * perGeneration + index)
    expect(recallFirst()).toBeNull()
  })

  it('shares the header of tokens that have the same one', async () => {
    const [one, other] = [sign({ sub: 'one' }), sign({ sub: 'other' })]
    expect(jwt.parseToken(other)?.header).not.toBe(jwt.parseToken(one)?.header)
    await verify(one)
    expect(jwt.parseToken(other)?.header).toBe(jwt.parseToken(one)?.header)
  })

  it('is not taken up by tokens nobody has signed', async () => {
    const known = sign()
    await verify(known)
    // As long as they may be, well formed, and more than there is room for.
    const count = (2 * jwt.MAX_GENERATION_CHARACTERS) / 3000
    const payload = Buffer.from(JSON.stringify({ text: 'x'.repeat(2900) })).toString('base64url')
    for (let index = 0; index < count; index++) {
      const garbage = `e30.${payload}.${Buffer.from(`${index}`.padEnd(30)).toString('base64url')}`
      expect(jwt.parseToken(garbage)?.verifiedBy).toBeNull()
    }
    expect(jwt.parseToken(known)?.verifiedBy).toBe(signer.publicKey)
  })

  it('holds the headers of several signers at a time', async () => {
    const texts = ['key-1', 'key-2', 'key-3'].map((kid) => {
      const claims = { iss: ISSUER, sub: 'user-1', iat: NOW - 10, exp: NOW + 60 }
      return signer.sign({ alg: 'RS256', typ: 'JWT', kid }, claims)
    })
    for (const text of texts) await verify(text)
    for (const text of texts) {
      expect(jwt.recallHeader(text.split('.', 1)[0] ?? '')).toBe(jwt.parseToken(text)?.header)
    }
  })

  it('holds the header of one signer, however much another signs', async () => {
    const claims = { iss: ISSUER, sub: 'user-1', iat: NOW - 10, exp: NOW + 60 }
    const rare = signer.sign({ alg: 'RS256', typ: 'JWT', kid: 'key-2' }, claims)
    await verify(rare)
    for (let index = 0; index < 40; index++) await verify(sign({ sub: `user-${index}` }))
    expect(jwt.recallHeader(rare.split('.', 1)[0] ?? '')).toBe(jwt.parseToken(rare)?.header)
  })

  it('holds a few headers, whatever signers put into theirs', async () => {
    const first = sign()
    await verify(first)
    const header = jwt.parseToken(first)?.header
    expect(jwt.recallHeader(first.split('.', 1)[0] ?? '')).toBe(header)
    for (let index = 0; index < 40; index++) remember(index)
    expect(jwt.recallHeader(first.split('.', 1)[0] ?? '')).toBeUndefined()
  })
})

describe('a JWK set read again', () => {
  it.each([
    ['keeps the keys that are still in it', signer, true],
    ['does not keep one whose numbers have changed', stranger, false],
  ])('%s', async (_says, next, isSame) => {
    const before = await jwt.readKeySet({ keys: [signer.publicJwk] })
    const after = await jwt.readKeySet({ keys: [next.publicJwk] }, before)
    expect(after?.get('key-1') === before?.get('key-1')).toBe(isSame)
  })
})
