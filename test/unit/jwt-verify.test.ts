import { createHmac } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AuthError } from '../../src/errors.js'
import type { KeySource } from '../../src/jwt/keys.js'
import type { TokenRules } from '../../src/jwt/verify.js'
import { START } from '../support/core-clock.js'
import { onPlatform, platforms } from '../support/core-platform.js'
import { createSigner, encode } from '../support/core-token.js'

const ISSUER = 'https://issuer.example'
const NOW = START / 1000
const signer = createSigner('key-1')
const stranger = createSigner('key-1')

const rules: TokenRules = { issuers: [ISSUER], clockSkewSeconds: 0, issuedAtSkewSeconds: 60 }
const header = { alg: 'RS256', typ: 'JWT', kid: 'key-1' }
const claims = { iss: ISSUER, sub: 'user-1', iat: NOW - 10, exp: NOW + 60 }

/** The claims as JSON, with one of them replaced by JSON that JavaScript could not write. */
function claimsWith(name: string, json: string): string {
  const { [name as 'sub']: _, ...others } = claims
  return `${JSON.stringify(others).slice(0, -1)},"${name}":${json}}`
}

function claimsWithout(name: keyof typeof claims): object {
  const { [name]: _, ...others } = claims
  return others
}

interface Check {
  readonly token: string
  readonly rules?: Partial<TokenRules>
  readonly at?: number
  readonly keys?: KeySource
}

describe.each(platforms)('verifyToken on %s', (platform) => {
  let verify: (check: Check) => Promise<unknown>

  beforeAll(async () => {
    const { parseToken, pinnedPem, verifyToken } = await onPlatform(platform, async () => ({
      ...(await import('../../src/jwt/token.js')),
      ...(await import('../../src/jwt/keys.js')),
      ...(await import('../../src/jwt/verify.js')),
    }))
    const pinned = pinnedPem(signer.publicPem, 'TEST_KEY')
    verify = async ({ token, rules: changes, at = START, keys = pinned }) => {
      const parsed = parseToken(token)
      if (!parsed) throw new TypeError('The token of this case is malformed')
      return verifyToken(parsed, keys, { ...rules, ...changes }, at)
    }
  })

  async function refusal(check: Check): Promise<{ code: string; claim: string | undefined }> {
    return verify(check).then(
      () => ({ code: 'accepted', claim: undefined }),
      ({ code, details }: AuthError) => ({ code, claim: details.claim }),
    )
  }

  it('gives back the claims of a good token', async () => {
    await expect(verify({ token: signer.sign(header, claims) })).resolves.toEqual(claims)
  })

  it.each([
    ['algorithm none', { ...header, alg: 'none' }, 'alg'],
    ['algorithm None', { ...header, alg: 'None' }, 'alg'],
    ['algorithm rs256', { ...header, alg: 'rs256' }, 'alg'],
    ['an algorithm with a space in front', { ...header, alg: ' RS256' }, 'alg'],
    ['algorithm RS512', { ...header, alg: 'RS512' }, 'alg'],
    ['algorithm ES256', { ...header, alg: 'ES256' }, 'alg'],
    ['a list of algorithms', { ...header, alg: ['RS256'] }, 'alg'],
    ['an algorithm of null', { ...header, alg: null }, 'alg'],
    ['no algorithm', { typ: 'JWT', kid: 'key-1' }, 'alg'],
    ['a critical extension', { ...header, crit: ['b64'], b64: false }, 'crit'],
    ['a critical extension it names alone', { ...header, crit: ['exp'] }, 'crit'],
    ['an empty list of critical extensions', { ...header, crit: [] }, 'crit'],
    ['critical extensions of null', { ...header, crit: null }, 'crit'],
    ['no type', { alg: 'RS256', kid: 'key-1' }, 'typ'],
    ['type at+jwt', { ...header, typ: 'at+jwt' }, 'typ'],
    ['type jwt', { ...header, typ: 'jwt' }, 'typ'],
    ['type JOSE', { ...header, typ: 'JOSE' }, 'typ'],
    ['a list of types', { ...header, typ: ['JWT'] }, 'typ'],
    ['a type of null', { ...header, typ: null }, 'typ'],
    ['a number for a key id', { ...header, kid: 1 }, 'kid'],
    ['a list for a key id', { ...header, kid: ['key-1'] }, 'kid'],
    ['an object for a key id', { ...header, kid: {} }, 'kid'],
    ['true for a key id', { ...header, kid: true }, 'kid'],
    ['null for a key id', { ...header, kid: null }, 'kid'],
  ])('refuses a header with %s, though well signed', async (_, changed, claim) => {
    const token = signer.sign(changed, claims)
    expect(await refusal({ token })).toEqual({ code: 'token_invalid', claim })
  })

  it.each([
    ['no key id, for a pinned key', { alg: 'RS256', typ: 'JWT' }, {}],
    ['any key id, for a pinned key', { ...header, kid: 'other' }, {}],
    ['no type, where that is allowed', { alg: 'RS256' }, { allowMissingType: true }],
    ['members nobody knows', { ...header, version: '5', cty: 'x' }, {}],
  ])('accepts a header with %s', async (_, changed, allowance) => {
    await expect(
      verify({ token: signer.sign(changed, claims), rules: allowance }),
    ).resolves.toEqual(claims)
  })

  it.each([[null], ['at+jwt'], ['']])('refuses type %j even where none is allowed', async (typ) => {
    const token = signer.sign({ ...header, typ }, claims)
    const found = await refusal({ token, rules: { allowMissingType: true } })
    expect(found).toEqual({ code: 'token_invalid', claim: 'typ' })
  })

  it.each([
    ['another key', () => stranger.sign(header, claims)],
    ['RS384 under the name of RS256', () => signer.signWith('RS384', header, claims)],
    ['PS256 under the name of RS256', () => signer.signWith('PS256', header, claims)],
    ['an HMAC keyed with the public key', () => resign(hmac(signer.publicPem))],
    ['an HMAC keyed with nothing', () => resign(hmac(''))],
    ['zeros', () => resign(() => new Uint8Array(256))],
    ['one byte', () => resign(() => new Uint8Array(1))],
    ['a byte too many', () => respell((bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))],
    ['a byte too few', () => respell((bytes) => bytes.subarray(1))],
    ['a zero in front', () => respell((bytes) => Buffer.concat([Buffer.alloc(1), bytes]))],
    ['one bit changed', () => respell((bytes) => bytes.fill((bytes[9] ?? 0) ^ 1, 9, 10))],
    ['the signature of another token', () => graft(signer.sign(header, { ...claims, sub: 'x' }))],
    [
      'a key the token brings itself',
      () => stranger.sign({ ...header, jwk: stranger.publicJwk, x5c: ['AA'] }, claims),
    ],
    [
      'a key the token points to',
      () => stranger.sign({ ...header, jku: 'https://evil.example', x5u: 'a' }, claims),
    ],
  ])('refuses a signature by %s', async (_, make) => {
    expect(await refusal({ token: make() })).toEqual({ code: 'token_invalid', claim: undefined })
  })

  function resign(makeSignature: (input: string) => Uint8Array): string {
    const input = signer.sign(header, claims).split('.').slice(0, 2).join('.')
    return `${input}.${encode(makeSignature(input))}`
  }

  function respell(change: (signature: Buffer) => Uint8Array): string {
    const signature = signer.sign(header, claims).split('.').pop() ?? ''
    return resign(() => change(Buffer.from(signature, 'base64url')))
  }

  function graft(donor: string): string {
    return resign(() => Buffer.from(donor.split('.').pop() ?? '', 'base64url'))
  }

  function hmac(secret: string): (input: string) => Uint8Array {
    return (input) => createHmac('sha256', secret).update(input).digest()
  }

  it.each([
    ['expired', { ...claims, exp: 1 }],
    ['from another issuer', { ...claims, iss: 'https://evil.example' }],
    ['without a subject', { ...claims, sub: '' }],
    ['without any claim', {}],
  ])('says nothing about a token %s that it cannot trust', async (_, payload) => {
    const found = await refusal({ token: stranger.sign(header, payload) })
    expect(found).toEqual({ code: 'token_invalid', claim: undefined })
  })

  it.each([
    ['there is no such key', null],
    ['there is no such key, later', Promise.resolve(null)],
  ])('refuses an otherwise good token when %s', async (_, found) => {
    const token = signer.sign(header, { ...claims, exp: 1 })
    const outcome = await refusal({ token, keys: { find: () => found } })
    expect(outcome).toEqual({ code: 'token_invalid', claim: 'kid' })
  })

  it('asks for no key when the header is wrong already', async () => {
    const asked: unknown[] = []
    const keys: KeySource = {
      find(kid) {
        asked.push(kid)
        return null
      },
    }
    await refusal({ token: signer.sign({ ...header, alg: 'HS256' }, claims), keys })
    await refusal({ token: signer.sign({ ...header, crit: ['x'] }, claims), keys })
    await refusal({ token: signer.sign(header, claims), keys })
    await refusal({ token: signer.sign({ alg: 'RS256', typ: 'JWT' }, claims), keys })
    expect(asked).toEqual(['key-1', null])
  })

  it.each([
    ['missing', () => claimsWithout('sub')],
    ['empty', () => ({ ...claims, sub: '' })],
    ['a space', () => ({ ...claims, sub: ' ' })],
    ['white space of every kind', () => ({ ...claims, sub: '\t\r\n\u00a0\u2003\ufeff' })],
    ['null', () => ({ ...claims, sub: null })],
    ['a number', () => ({ ...claims, sub: 1 })],
    ['true', () => ({ ...claims, sub: true })],
    ['a list', () => ({ ...claims, sub: ['user-1'] })],
    ['an object', () => ({ ...claims, sub: { toString: 'user-1' } })],
  ])('refuses a subject that is %s', async (_, payload) => {
    const found = await refusal({ token: signer.sign(header, payload()) })
    expect(found).toEqual({ code: 'token_invalid', claim: 'sub' })
  })

  it.each([
    ['missing', () => claimsWithout('iss')],
    ['another', () => ({ ...claims, iss: 'https://evil.example' })],
    ['longer', () => ({ ...claims, iss: `${ISSUER}/` })],
    ['shorter', () => ({ ...claims, iss: ISSUER.slice(0, -1) })],
    ['in capitals', () => ({ ...claims, iss: ISSUER.toUpperCase() })],
    ['padded', () => ({ ...claims, iss: ` ${ISSUER}` })],
    ['empty', () => ({ ...claims, iss: '' })],
    ['null', () => ({ ...claims, iss: null })],
    ['a list', () => ({ ...claims, iss: [ISSUER] })],
    ['an object', () => ({ ...claims, iss: { 0: ISSUER } })],
  ])('refuses an issuer that is %s', async (_, payload) => {
    const token = signer.sign(header, payload())
    expect(await refusal({ token })).toEqual({ code: 'token_invalid', claim: 'iss' })
  })

  it.each([
    ['missing', () => claimsWithout('iss'), 'accepted'],
    ['the expected one', () => claims, 'accepted'],
    ['another', () => ({ ...claims, iss: 'https://evil.example' }), 'token_invalid'],
    ['null', () => ({ ...claims, iss: null }), 'token_invalid'],
    ['empty', () => ({ ...claims, iss: '' }), 'token_invalid'],
  ])('with allowMissingIssuer, an issuer that is %s: %s', async (_, payload, code) => {
    const token = signer.sign(header, payload())
    const found = await refusal({ token, rules: { allowMissingIssuer: true } })
    expect(found.code).toBe(code)
  })

  it('accepts any of several issuers and none of an empty list', async () => {
    const token = signer.sign(header, claims)
    const several = { issuers: ['https://old.example', ISSUER] }
    expect((await refusal({ token, rules: several })).code).toBe('accepted')
    expect((await refusal({ token, rules: { issuers: [] } })).claim).toBe('iss')
  })

  it.each([
    ['the one asked for', '"api"', ['api'], 'accepted'],
    ['one of those asked for', '"b"', ['a', 'b'], 'accepted'],
    ['a list with one of them', '["x","b"]', ['a', 'b'], 'accepted'],
    ['not looked at', '{"odd":1}', undefined, 'accepted'],
    ['missing', 'null', ['api'], 'token_invalid'],
    ['another', '"other"', ['api'], 'token_invalid'],
    ['longer', '"api2"', ['api'], 'token_invalid'],
    ['in capitals', '"API"', ['api'], 'token_invalid'],
    ['an empty list', '[]', ['api'], 'token_invalid'],
    ['a list in a list', '[["api"]]', ['api'], 'token_invalid'],
    ['a list with something else in it', '["api",null]', ['api'], 'token_invalid'],
    ['an object', '{"api":true}', ['api'], 'token_invalid'],
    ['a number', '1', ['1'], 'token_invalid'],
    ['asked for from an empty list', '"api"', [], 'token_invalid'],
  ])('an audience that is %s: %s for %j is %s', async (_, json, audience, code) => {
    const token = signer.sign(header, claimsWith('aud', json))
    const found = await refusal({ token, rules: audience ? { audience } : {} })
    expect(found).toEqual({ code, claim: code === 'accepted' ? undefined : 'aud' })
  })

  it('refuses a token without audience where one is asked for', async () => {
    const found = await refusal({
      token: signer.sign(header, claims),
      rules: { audience: ['api'] },
    })
    expect(found).toEqual({ code: 'token_invalid', claim: 'aud' })
  })

  const oddTimes = [
    '"1767225600"',
    '""',
    'null',
    'true',
    'false',
    '[]',
    '[1767225600]',
    '{}',
    '1767225600.5',
    '1e999',
    '-1e999',
    '1e300',
    '8640000000001',
    '-8640000000001',
    '9007199254740993',
  ]
  it.each(['iat', 'exp', 'nbf'].flatMap((claim) => oddTimes.map((json) => ({ claim, json }))))(
    'refuses $claim: $json',
    async ({ claim, json }) => {
      const found = await refusal({ token: signer.sign(header, claimsWith(claim, json)) })
      expect(found).toEqual({ code: 'token_invalid', claim })
    },
  )

  it.each([['iat'], ['exp']] as const)('refuses a token without %s', async (claim) => {
    const found = await refusal({ token: signer.sign(header, claimsWithout(claim)) })
    expect(found).toEqual({ code: 'token_invalid', claim })
  })

  it.each([
    ['exp', '0', 'token_expired'],
    ['exp', '-1', 'token_expired'],
    ['exp', '8640000000000', 'accepted'],
    ['exp', `${NOW + 60}.0`, 'accepted'],
    ['exp', `${(NOW + 60) / 100}e2`, 'accepted'],
    ['nbf', '0', 'accepted'],
    ['nbf', '-1', 'accepted'],
    ['nbf', '8640000000000', 'token_invalid'],
    ['iat', '0', 'accepted'],
    ['iat', '8640000000000', 'token_invalid'],
  ])('%s: %s is %s', async (claim, json, code) => {
    const found = await refusal({ token: signer.sign(header, claimsWith(claim, json)) })
    expect(found.code).toBe(code)
  })

  it.each([
    ['exp', 0, -1, 'accepted'],
    ['exp', 0, 0, 'token_expired'],
    ['exp', 0, 1, 'token_expired'],
    ['exp', 5, 4999, 'accepted'],
    ['exp', 5, 5000, 'token_expired'],
    ['nbf', 0, -1, 'token_invalid'],
    ['nbf', 0, 0, 'accepted'],
    ['nbf', 5, -5001, 'token_invalid'],
    ['nbf', 5, -5000, 'accepted'],
  ])('%s with %d s of leeway, %d ms later: %s', async (claim, clockSkewSeconds, offset, code) => {
    const token = signer.sign(header, { ...claims, exp: NOW + 60, [claim]: NOW })
    const found = await refusal({ token, rules: { clockSkewSeconds }, at: START + offset })
    expect(found).toEqual({ code, claim: code === 'accepted' ? undefined : claim })
  })

  it.each([
    [60, -60_000, 'accepted'],
    [60, -60_001, 'token_invalid'],
    [0, 0, 'accepted'],
    [0, -1, 'token_invalid'],
  ])('iat with %d s of leeway, %d ms later: %s', async (issuedAtSkewSeconds, offset, code) => {
    const token = signer.sign(header, { ...claims, iat: NOW })
    const found = await refusal({ token, rules: { issuedAtSkewSeconds }, at: START + offset })
    expect(found.code).toBe(code)
  })

  it.each<[words: string, details: object, header: object, claims: object]>([
    ['is not signed with RS256', { claim: 'alg' }, { alg: 'PS256' }, {}],
    ['carries a critical header extension', { claim: 'crit' }, { crit: [] }, {}],
    ['is not of type JWT', { claim: 'typ' }, { typ: 'JWE' }, {}],
    ['has a malformed key id', { claim: 'kid' }, { kid: 5 }, {}],
    ['names no subject', { claim: 'sub' }, {}, { sub: '' }],
    ['comes from another issuer', { claim: 'iss' }, {}, { iss: 'x' }],
    ['is meant for another audience', { claim: 'aud' }, {}, { aud: 'x' }],
    ['has no valid issue time', { claim: 'iat' }, {}, { iat: 'x' }],
    ['has no valid expiry time', { claim: 'exp' }, {}, { exp: 'x' }],
    ['has no valid start time', { claim: 'nbf' }, {}, { nbf: 'x' }],
    ['is not valid yet', { claim: 'nbf' }, {}, { nbf: NOW + 60 }],
    ['was issued in the future', { claim: 'iat' }, {}, { iat: NOW + 3600 }],
    ['has expired', { claim: 'exp', expiredAt: new Date(START) }, {}, { exp: NOW }],
  ])('says that the token %s', async (words, details, headerChanges, changes) => {
    const payload = { ...claims, aud: 'api', ...changes }
    const token = signer.sign({ ...header, ...headerChanges }, payload)
    await expect(verify({ token, rules: { audience: ['api'] } })).rejects.toMatchObject({
      message: `The session token ${words}`,
      details,
    })
  })

  it.each<[words: string, details: object, keys: KeySource | undefined]>([
    ['has a wrong signature', {}, undefined],
    ['is signed with an unknown key', { claim: 'kid' }, { find: () => null }],
  ])('says that the token %s, too', async (words, details, keys) => {
    const check = { token: stranger.sign(header, claims), ...(keys && { keys }) }
    const error = await verify(check).catch((caught: AuthError) => caught)
    expect(error).toMatchObject({ message: `The session token ${words}` })
    expect((error as AuthError).details).toStrictEqual(details)
  })

  it('puts nothing of the token into its errors', async () => {
    const secret = 'do-not-repeat-me'
    const payloads = [
      { ...claims, sub: { secret } },
      { ...claims, iss: secret },
      { ...claims, aud: secret },
      { ...claims, exp: secret },
    ]
    for (const payload of payloads) {
      const error = await verify({
        token: signer.sign({ ...header, kid: 'key-1' }, payload),
        rules: { audience: ['api'] },
      }).catch((caught: AuthError) => caught)
      expect(error).toMatchObject({ isAuthError: true })
      expect(JSON.stringify([error, (error as Error).message])).not.toContain(secret)
    }
  })
})
