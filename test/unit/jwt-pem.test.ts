import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toPem } from '../../src/jwt/pem.js'
import { createSigner } from '../support/core-token.js'

const { publicPem } = createSigner('key-1')
const canonical = createPublicKey(publicPem).export({ type: 'spki', format: 'pem' }).toString()
const body = canonical.split('\n').slice(1, -2)

describe('a public key in PEM', () => {
  it.each<[string, string]>([
    ['as it is', canonical],
    ['without a last line break', canonical.trimEnd()],
    ['with the line breaks of Windows', canonical.replaceAll('\n', '\r\n')],
    ['with spelled-out line breaks', canonical.replaceAll('\n', '\\n')],
    ['indented', canonical.replaceAll('\n', '\n    ')],
    ['as its body on one line', body.join('')],
    ['as its body on lines of another length', (body.join('').match(/.{1,76}/g) ?? []).join('\n')],
    ['without any line break', canonical.replaceAll('\n', '')],
  ])('%s, is the same text', (_, text) => {
    expect(toPem(text)).toBe(canonical)
  })

  it('of nothing is an empty block', () => {
    expect(toPem(' ')).toBe('-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n')
  })
})
