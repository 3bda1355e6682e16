import { describe, expect, it } from 'vitest'
import * as node from '../../src/platform/node.js'
import * as web from '../../src/platform/web.js'
import { createSigner, encode } from '../support/core-token.js'

const signer = createSigner('key-1')
const other = createSigner('key-2')
const cheap = createSigner('cheap', 2048, 3)

describe('both platforms', () => {
  it.each(['', 'a', 'Zoë 𝒳', 'x'.repeat(10_000)])('digest alike: %#', async (text) => {
    expect(await web.digest(text)).toBe(node.digest(text))
    expect(await web.digest(text, 'sha1')).toBe(node.digest(text, 'sha1'))
  })

  it('digest as everybody does', () => {
    expect(node.digest('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
    expect(node.digest('abc', 'sha1')).toBe('qZk-NkcGgWq6PiVxeFDCbJzQ2J0')
  })

  it('decode base64url alike, every byte', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    for (const length of [0, 1, 2, 3, 255, 256]) {
      const text = encode(bytes.subarray(0, length))
      expect([...(web.decodeBase64url(text) ?? [-1])]).toEqual([...bytes.subarray(0, length)])
      expect([...(node.decodeBase64url(text) ?? [-1])]).toEqual([...bytes.subarray(0, length)])
    }
  })

  it.each(['AA==', 'A', 'AB', '++++', '////', 'A A', ' AA', 'AA\n', 'A.A', '\u0141A', 'Ａ'])(
    'decode no other spelling: %j',
    (text) => {
      expect(web.decodeBase64url(text)).toBeNull()
      expect(node.decodeBase64url(text)).toBeNull()
    },
  )

  it.each([
    ['a common key', signer, { bits: 2048, exponent: 65_537 }],
    ['a key with a small exponent', cheap, { bits: 2048, exponent: 3 }],
    ['a short key', createSigner('short', 1024), { bits: 1024, exponent: 65_537 }],
  ])('describe %s alike, from PEM and JWK', async (_, { publicPem, publicJwk }, expected) => {
    expect(node.describeRsaKey(node.importPem(publicPem))).toEqual(expected)
    expect(node.describeRsaKey(node.importJwk(publicJwk))).toEqual(expected)
    expect(web.describeRsaKey(await web.importPem(publicPem))).toEqual(expected)
    expect(web.describeRsaKey(await web.importJwk(publicJwk))).toEqual(expected)
  })

  it('verify alike', async () => {
    const token = signer.sign({}, { sub: 'user' })
    const [input, encoded] = [token.slice(0, token.lastIndexOf('.')), token.split('.')[2] ?? '']
    const good = Buffer.from(encoded, 'base64url')
    const signatures = [
      good,
      good.subarray(1),
      new Uint8Array(0),
      new Uint8Array(256),
      new Uint8Array(10_000),
      Buffer.from(other.sign({}, { sub: 'user' }).split('.')[2] ?? '', 'base64url'),
    ]
    const verdicts = [true, false, false, false, false, false]
    const keys = [node.importPem(signer.publicPem), await web.importPem(signer.publicPem)] as const
    expect(signatures.map((one) => node.verifyRs256(keys[0], input, one))).toEqual(verdicts)
    const later = signatures.map((one) => web.verifyRs256(keys[1], input, one))
    expect(await Promise.all(later)).toEqual(verdicts)
  })
})
