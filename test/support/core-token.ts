import { createSign, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto'

export function encode(content: string | Uint8Array): string {
  return Buffer.from(content).toString('base64url')
}

export function compact(header: string, payload: string, signature = 'AA'): string {
  return `${encode(header)}.${encode(payload)}.${signature}`
}

/** A key that signs any text at all, where jose would refuse. */
export interface Signer {
  readonly publicKey: KeyObject
  readonly publicPem: string
  readonly publicJwk: JsonWebKey & { readonly kid: string }
  sign(header: object | string, payload: object | string): string
  /** The same for a payload that need not be text. */
  signBytes(header: string, payload: string | Uint8Array): string
  signWith(algorithm: 'RS384' | 'PS256', header: object, payload: object): string
}

export function createSigner(kid: string, modulusLength = 2048, publicExponent = 65_537): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent })
  const signBytesOf = (header: string, payload: string | Uint8Array) => {
    const input = `${encode(header)}.${encode(payload)}`
    return `${input}.${createSign('RSA-SHA256').update(input).sign(privateKey, 'base64url')}`
  }
  const publicPem = String(publicKey.export({ type: 'spki', format: 'pem' }))
  return {
    publicKey,
    publicPem,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
    sign: (header, payload) => signBytesOf(toText(header), toText(payload)),
    signBytes: signBytesOf,
    signWith(algorithm, header, payload) {
      const input = `${encode(toText(header))}.${encode(toText(payload))}`
      const key =
        algorithm === 'PS256' ? { key: privateKey, padding: 6, saltLength: 32 } : privateKey
      const hash = algorithm === 'PS256' ? 'sha256' : 'sha384'
      return `${input}.${encode(signBytes(hash, Buffer.from(input), key))}`
    },
  }
}

function toText(value: object | string): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
