/** Cryptography on Node: synchronous, on cached `KeyObject`s, three times cheaper than WebCrypto. */

import * as crypto from 'node:crypto'

const { createPublicKey, createVerify } = crypto

/** An RSA public key, ready to verify with. */
export type VerificationKey = crypto.KeyObject

/** @returns `null` unless the text is the one unpadded encoding of its bytes (RFC 4648 §3.5). */
export function decodeBase64url(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64url')
  // It takes other alphabets and padding as well, and passes over what is in none.
  return bytes.toString('base64url') === text ? bytes : null
}

/** @throws if the text is not a PEM-encoded public key this platform can read. */
export function importPem(pem: string): VerificationKey {
  return createPublicKey(pem)
}

/** @throws if the JWK is not a public key this platform can read. */
export function importJwk(jwk: JsonWebKey): VerificationKey {
  return createPublicKey({ key: jwk as Record<string, string>, format: 'jwk' })
}

/** Size in bits and public exponent; `null` when the key is not RSA. */
export function describeRsaKey(key: VerificationKey): { bits: number; exponent: number } | null {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType !== 'rsa' || !details?.modulusLength || !details.publicExponent) {
    return null
  }
  return { bits: details.modulusLength, exponent: Number(details.publicExponent) }
}

/** Modulus of an RSA key, most significant byte first. */
export function modulusOf(key: VerificationKey): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url')
}

/** Verifies an RSASSA-PKCS1-v1_5 signature with SHA-256 (`RS256`, RFC 7518 §3.3). */
export function verifyRs256(key: VerificationKey, input: string, signature: Uint8Array): boolean {
  // Not the function of one call, which costs more.
  return createVerify('RSA-SHA256').update(input, 'latin1').verify(key, signature)
}

/** SHA-256 (or SHA-1, for names a vendor derives with it) of a text, base64url without padding. */
export function digest(text: string, algorithm: 'sha256' | 'sha1' = 'sha256'): string {
  return crypto.createHash(algorithm).update(text).digest('base64url')
}

/** SHA-256 of a text at once; `null` where the platform cannot. */
export const fingerprint: (text: string) => string | null =
  // One call since Node 20.12, at half the cost. A byte a character: nobody reads it.
  'hash' in crypto ? (text) => crypto.hash('sha256', text, 'binary') : digest
