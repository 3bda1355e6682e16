import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AuthError } from '../../src/errors.js'
import type * as keysModule from '../../src/jwt/keys.js'
import { onPlatform, platforms } from '../support/core-platform.js'
import { createSigner } from '../support/core-token.js'

const signer = createSigner('key-1')
const other = createSigner('key-2')
const short = createSigner('short', 1024)
const cheap = createSigner('cheap', 2048, 3)
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const edwards = generateKeyPairSync('ed25519')
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** A number of 2048 bits that is a power of 65537 to every prime up to 167. */
const guessable = createPublicKey({
  format: 'jwk',
  key: {
    kty: 'RSA',
    e: 'AQAB',
    n: Buffer.from(structured().toString(16), 'hex').toString('base64url'),
  },
})

function structured(): bigint {
  const numbers = Array.from({ length: 165 }, (_, index) => BigInt(index + 3))
  const primes = numbers.filter((n) => n % 2n && numbers.every((m) => m >= n || n % m))
  const product = primes.reduce((value, prime) => value * prime, 1n)
  const multiple = (2n ** 2047n / product / 2n) * 2n + 2n
  return multiple * product + (65_537n ** 5n % product)
}

const pem = signer.publicPem
const body = pem.replaceAll(/-----.*?-----|\s/g, '')
const spki = { type: 'spki', format: 'pem' } as const

describe.each(platforms)('keys on %s', (platform) => {
  let keys: typeof keysModule

  beforeAll(async () => {
    keys = await onPlatform(platform, () => import('../../src/jwt/keys.js'))
  })

  describe('pinnedPem', () => {
    it.each([
      ['as it is', pem],
      ['without the last line break', pem.trim()],
      ['between white space', `\n\t ${pem} \n`],
      ['with \\n for line breaks', pem.replaceAll('\n', '\\n')],
      ['with the line breaks of Windows', pem.replaceAll('\n', '\r\n')],
      ['with spaces for line breaks', pem.replaceAll('\n', ' ')],
      ['on one line', pem.replaceAll('\n', '')],
      ['as its base64 body on one line', body],
      ['as its base64 body on short lines', body.replaceAll(/(.{10})/g, '$1\n')],
    ])('reads a key %s', async (_, text) => {
      const source = keys.pinnedPem(text, 'TEST_KEY')
      const expected = await keys.pinnedPem(pem, 'TEST_KEY').find('a')
      expect(await source.find('a')).toEqual(expected)
      expect(await source.find(null)).toEqual(expected)
      expect(source.find('b')).toBe(source.find('c'))
    })

    it.each([
      ['nothing', ''],
      ['white space', ' \n'],
      ['a word', 'changeme'],
      ['an address', 'https://example.com/.well-known/jwks.json'],
      ['a JWK', JSON.stringify(signer.publicJwk)],
      ['half a key', pem.slice(0, pem.length / 2)],
      ['a key with a letter missing', body.slice(0, 40) + body.slice(41)],
      ['a key in quotes', `"${pem}"`],
      ['two keys', pem + other.publicPem],
      ['a PKCS #1 key', String(signer.publicKey.export({ type: 'pkcs1', format: 'pem' }))],
      ['an elliptic curve key', String(curve.publicKey.export(spki))],
      ['an Edwards curve key', String(edwards.publicKey.export(spki))],
      ['a key for RSA-PSS only', String(pss.publicKey.export(spki))],
      ['a key of primes that can be guessed', String(guessable.export(spki))],
      ['a key of 1024 bits', short.publicPem],
      ['a key with exponent 3', cheap.publicPem],
      ['a private key', String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))],
      ['an old private key', String(pair.privateKey.export({ type: 'pkcs1', format: 'pem' }))],
      ['the body of a private key', privateBody()],
    ])('refuses %s by the name of the variable', async (_, text) => {
      const source = keys.pinnedPem(text, 'CLERK_JWT_KEY')
      for (let attempt = 0; attempt < 2; attempt++) {
        const error = await find(source, 'a')
        expect(error).toMatchObject({
          code: 'config_invalid',
          details: {
            issues: [{ name: 'CLERK_JWT_KEY', message: expect.stringContaining('2048 bits') }],
          },
        })
        const sample = text.length > 100 ? text.slice(-60, -40) : text.trim() || 'nothing'
        expect(everythingIn(error)).not.toContain(sample)
      }
    })

    it('does nothing until it is asked', () => {
      expect(() => keys.pinnedPem('garbage', 'TEST_KEY')).not.toThrow()
    })
  })

  function privateBody(): string {
    const text = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    return text.replaceAll(/-----.*?-----|\s/g, '')
  }

  async function find(source: keysModule.KeySource, kid: string): Promise<AuthError> {
    try {
      await source.find(kid)
    } catch (error) {
      return error as AuthError
    }
    throw new TypeError('The key was read')
  }

  function everythingIn(error: unknown): string {
    if (!(error instanceof Error)) return JSON.stringify(error) ?? ''
    const details = JSON.stringify({ ...error, cause: undefined })
    return [error.message, error.stack, details, everythingIn(error.cause)].join('\n')
  }

  describe('readKeySet', () => {
    const jwk = signer.publicJwk

    it.each([
      ['is complete', jwk, true],
      ['names no use', { ...jwk, use: undefined }, true],
      ['names no algorithm', { ...jwk, alg: undefined }, true],
      ['may verify', { ...jwk, key_ops: ['verify'] }, true],
      ['has members nobody knows', { ...jwk, x5t: 'AA', status: 'OK' }, true],
      ['encrypts', { ...jwk, use: 'enc' }, false],
      ['has a use of null', { ...jwk, use: null }, false],
      ['has several uses', { ...jwk, use: ['sig'] }, false],
      ['is for RS384', { ...jwk, alg: 'RS384' }, false],
      ['is for PS256', { ...jwk, alg: 'PS256' }, false],
      ['is for HS256', { ...jwk, alg: 'HS256' }, false],
      ['is for RSA-OAEP', { ...jwk, alg: 'RSA-OAEP' }, false],
      ['has an algorithm of null', { ...jwk, alg: null }, false],
      ['may encrypt only', { ...jwk, key_ops: ['encrypt'] }, false],
      ['may do nothing', { ...jwk, key_ops: [] }, false],
      ['has operations that are no list', { ...jwk, key_ops: 'verify' }, false],
      ['has no id', { ...jwk, kid: undefined }, false],
      ['has an empty id', { ...jwk, kid: '' }, false],
      ['has a number for an id', { ...jwk, kid: 1 }, false],
      ['is private', { ...pair.privateKey.export({ format: 'jwk' }), kid: 'key-1' }, false],
      ['is of 1024 bits', { ...short.publicJwk, kid: 'key-1' }, false],
      ['has exponent 3', { ...cheap.publicJwk, kid: 'key-1' }, false],
      ['has exponent 1', { ...jwk, e: 'AQ' }, false],
      [
        'is of primes that can be guessed',
        { ...guessable.export({ format: 'jwk' }), kid: 'key-1' },
        false,
      ],
      ['has no exponent', { ...jwk, e: undefined }, false],
      ['has no modulus', { ...jwk, n: undefined }, false],
      ['has an empty modulus', { ...jwk, n: '' }, false],
      ['has a number for a modulus', { ...jwk, n: 5 }, false],
      ['is on a curve', { ...curve.publicKey.export({ format: 'jwk' }), kid: 'key-1' }, false],
      [
        'is on a curve and says RSA',
        { ...curve.publicKey.export({ format: 'jwk' }), kid: 'key-1', kty: 'RSA' },
        false,
      ],
      ['is a secret', { kty: 'oct', k: 'AAAA', kid: 'key-1' }, false],
      ['is a secret and says RSA', { kty: 'RSA', k: 'AAAA', kid: 'key-1' }, false],
      ['is null', null, false],
      ['is a string', 'key-1', false],
      ['is a list', [jwk], false],
    ])('a key that %s: %#', async (_, entry, isUsable) => {
      const alone = await keys.readKeySet(JSON.parse(JSON.stringify({ keys: [entry] })))
      expect(alone?.size).toBe(isUsable ? 1 : 0)
      const beside = await keys.readKeySet(
        JSON.parse(JSON.stringify({ keys: [entry, other.publicJwk] })),
      )
      expect([...(beside?.keys() ?? [])]).toEqual(isUsable ? ['key-1', 'key-2'] : ['key-2'])
    })

    it.each([
      ['null', null],
      ['a string', 'keys'],
      ['a list', [signer.publicJwk]],
      ['an object without keys', {}],
      ['keys of null', { keys: null }],
      ['keys that are an object', { keys: { 0: signer.publicJwk, length: 1 } }],
    ])('a set that is or has %s is none', async (_, document) => {
      expect(await keys.readKeySet(document)).toBeNull()
    })

    const same = { ...other.publicJwk, kid: 'key-1' }
    it.each([
      ['no key', []],
      ['one id twice', [signer.publicJwk, same]],
      ['one id twice beside another', [signer.publicJwk, other.publicJwk, same]],
      ['one key twice', [signer.publicJwk, signer.publicJwk]],
    ])('a set with %s is an empty one', async (_, entries) => {
      expect((await keys.readKeySet({ keys: entries }))?.size).toBe(0)
    })

    it('takes ids as they are, __proto__ included', async () => {
      const document = JSON.parse(
        JSON.stringify({ keys: [{ ...signer.publicJwk, kid: '__proto__' }] }),
      )
      const set = await keys.readKeySet(document)
      expect(set?.has('__proto__')).toBe(true)
      expect(set?.get('constructor')).toBeUndefined()
    })
  })

  describe('pinnedKeySet', () => {
    it('finds keys by their id', async () => {
      const set = await keys.readKeySet({ keys: [signer.publicJwk, other.publicJwk] })
      if (!set) throw new TypeError('The set was not read')
      const source = keys.pinnedKeySet(set)
      expect(await source.find('key-2')).toBe(set.get('key-2'))
      expect(await source.find('key-3')).toBeNull()
      expect(await source.find('')).toBeNull()
      expect(await source.find(null)).toBeNull()
    })
  })
})
