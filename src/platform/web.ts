/** Cryptography where Node's is absent (edge runtimes, workers): WebCrypto, keys read by jose. */

import * as base64url from 'jose/base64url'
import { importJWK, importSPKI } from 'jose/key/import'

/** An RSA public key, ready to verify with. */
export type VerificationKey = CryptoKey

/** @returns `null` unless the text is the one unpadded encoding of its bytes (RFC 4648 §3.5). */
export function decodeBase64url(text: string): Uint8Array | null {
  try {
    const bytes = base64url.decode(text)
    return base64url.encode(bytes) === text ? bytes : null
  } catch {
    return null
  }
}

/** @throws if the text is not a PEM-encoded public key this platform can read. */
export function importPem(pem: string): Promise<VerificationKey> {
  return importSPKI(pem, 'RS256', { extractable: true })
}

/** @throws if the JWK is not a public key this platform can read. */
export async function importJwk(jwk: JsonWebKey): Promise<VerificationKey> {
  const options = { extractable: true }
  return (await importJWK(
    jwk as Parameters<typeof importJWK>[0],
    'RS256',
    options,
  )) as VerificationKey
}

/** Size in bits and public exponent; `null` when the key is not RSA. */
export function describeRsaKey(key: VerificationKey): { bits: number; exponent: number } | null {
  const algorithm = key.algorithm as Partial<RsaHashedKeyAlgorithm>
  if (!algorithm.modulusLength || !algorithm.publicExponent) return null
  const exponent = algorithm.publicExponent.reduce((value, byte) => value * 256 + byte, 0)
  return { bits: algorithm.modulusLength, exponent }
}

/** Modulus of an RSA key, most significant byte first. */
export async function modulusOf(key: VerificationKey): Promise<Uint8Array> {
  return base64url.decode((await crypto.subtle.exportKey('jwk', key)).n ?? '')
}

/** Verifies an RSASSA-PKCS1-v1_5 signature with SHA-256 (`RS256`, RFC 7518 §3.3). */
export function verifyRs256(
  key: VerificationKey,
  input: string,
  signature: Uint8Array,
): Promise<boolean> {
  return crypto.subtle.verify(
    'RSASSA-PKCS1-v1_5',
    key,
    signature as Uint8Array<ArrayBuffer>,
    new TextEncoder().encode(input),
  )
}

/** SHA-256 (or SHA-1, for names a vendor derives with it) of a text, base64url without padding. */
export async function digest(
  text: string,
  algorithm: 'sha256' | 'sha1' = 'sha256',
): Promise<string> {
  const name = algorithm === 'sha1' ? 'SHA-1' : 'SHA-256'
  const bytes = await crypto.subtle.digest(name, new TextEncoder().encode(text))
  return base64url.encode(new Uint8Array(bytes))
}

/** WebCrypto makes every digest wait, which costs about what it would save. */
export function fingerprint(_text: string): string | null {
  return null
}
