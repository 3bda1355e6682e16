/** Where verification keys come from: pinned in the configuration, or a JWK set somewhere else. */

import {
  decodeBase64url,
  describeRsaKey,
  importJwk,
  importPem,
  type VerificationKey,
} from '#platform'
import { configError } from '../errors.js'
import { toPem } from './pem.js'
import { hasStructuredPrimes } from './structured-primes.js'
import type { JsonObject } from './token.js'

/** Finds the key a token says it is signed with. */
export interface KeySource {
  /**
   * @param kid `kid` of the token header; `null` when it has none.
   * @returns `null` when there is no such key.
   * @throws {AuthError} `provider_unavailable` when that cannot be found out right now.
   */
  find(kid: string | null): VerificationKey | null | Promise<VerificationKey | null>
}

/** Keys of a JWK set by their `kid`. */
export type KeySet = ReadonlyMap<string, VerificationKey>

const MIN_KEY_BITS = 2048

/** The exponent both vendors use; smaller ones have broken verifiers before (RFC 8017 §7.2). */
const PUBLIC_EXPONENT = 65_537

/**
 * One key for every token, whatever `kid` it names.
 *
 * Accepts what people paste into environment variables: a PEM block, a PEM block whose line breaks
 * became `\n`, or its base64 body on one line.
 *
 * @param name Variable or option the text came from, for the error.
 * @throws {AuthError} `config_invalid`, from `find`, when the text is not an RSA public key.
 */
export function pinnedPem(text: string, name: string): KeySource {
  let key: Promise<VerificationKey> | undefined
  return {
    find() {
      key ??= loadPem(text, name)
      return key
    },
  }
}

/** A JWK set that never changes. */
export function pinnedKeySet(keys: KeySet): KeySource {
  return {
    find: (kid) => (kid === null ? null : (keys.get(kid) ?? null)),
  }
}

/** Modulus and exponent of a key that was read from a set. */
const numbers = new WeakMap<VerificationKey, string>()

/**
 * Reads the usable keys out of a JWK set (RFC 7517 §5): RSA, for RS256 signatures, of decent size.
 *
 * @param known An earlier state of the same set; keys that are still in it stay the same objects.
 * @returns `null` when the document is not a JWK set, repeats a `kid`, or holds no usable key.
 */
export async function readKeySet(document: unknown, known?: KeySet | null): Promise<KeySet | null> {
  if (typeof document !== 'object' || document === null) return null
  const { keys } = document as { keys?: unknown }
  if (!Array.isArray(keys)) return null
  const set = new Map<string, VerificationKey>()
  for (const jwk of keys) {
    if (!isSigningKey(jwk)) continue
    if (set.has(jwk.kid)) return null
    try {
      const present = known?.get(jwk.kid)
      const { n, e } = jwk
      const isSame = present !== undefined && numbers.get(present) === `${n} ${e}`
      const key = isSame ? present : await importJwk(jwk as JsonWebKey)
      numbers.set(key, `${n} ${e}`)
      if (isStrong(key, () => decodeBase64url(n as string))) set.set(jwk.kid, key)
    } catch {
      // A key of this set that the platform cannot read cannot have signed a token either.
    }
  }
  return set.size > 0 ? set : null
}

function isSigningKey(jwk: unknown): jwk is JsonObject & { readonly kid: string } {
  if (typeof jwk !== 'object' || jwk === null) return false
  const { kty, kid, use, alg, key_ops: operations, d } = jwk as JsonObject
  return (
    kty === 'RSA' &&
    typeof kid === 'string' &&
    kid !== '' &&
    (use === undefined || use === 'sig') &&
    (alg === undefined || alg === 'RS256') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify'))) &&
    d === undefined
  )
}

function isStrong(key: VerificationKey, readModulus: (bytes: number) => Uint8Array): boolean {
  const rsa = describeRsaKey(key)
  return (
    rsa !== null &&
    rsa.bits >= MIN_KEY_BITS &&
    rsa.exponent === PUBLIC_EXPONENT &&
    !hasStructuredPrimes(readModulus(Math.ceil(rsa.bits / 8)))
  )
}

/** Bytes of the exponent 65537 at the end of a key in DER: tag, length, value. */
const ENCODED_EXPONENT_BYTES = 5

/** The modulus in front of the exponent, which is the last thing in a key (RFC 8017 §A.1.1). */
function modulusIn(pem: string, bytes: number): Uint8Array {
  const body = atob(pem.replaceAll(/-----[^-]+-----|\s/g, ''))
  const der = Uint8Array.from(body, (character) => character.charCodeAt(0))
  return der.slice(-ENCODED_EXPONENT_BYTES - bytes, -ENCODED_EXPONENT_BYTES)
}

async function loadPem(text: string, name: string): Promise<VerificationKey> {
  if (text.split('-----BEGIN').length > 2) throw brokenPem(name)
  const pem = toPem(text)
  let key: VerificationKey
  try {
    key = await importPem(pem)
  } catch (cause) {
    throw brokenPem(name, cause)
  }
  if (!isStrong(key, (bytes) => modulusIn(pem, bytes))) throw brokenPem(name)
  return key
}

function brokenPem(name: string, cause?: unknown): Error {
  const message =
    'is not an RSA public key of 2048 bits or more. Paste the whole PEM block, or its base64 body'
  return configError([{ name, message }], cause)
}
