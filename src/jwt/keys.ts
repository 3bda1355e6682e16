/** Where verification keys come from: pinned in the configuration, or a JWK set somewhere else. */

import { describeRsaKey, importJwk, importPem, modulusOf, type VerificationKey } from '#platform'
import { type Awaitable, once } from '../awaitable.js'
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
  find(kid: string | null): Awaitable<VerificationKey | null>
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
  return { find: once(() => loadPem(text, name)) }
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
 * @returns an empty set when it repeats a `kid` or holds no usable key; `null` when the document is
 * not a JWK set.
 */
export async function readKeySet(document: unknown, known?: KeySet | null): Promise<KeySet | null> {
  if (typeof document !== 'object' || document === null) return null
  const { keys } = document as { keys?: unknown }
  if (!Array.isArray(keys)) return null
  const set = new Map<string, VerificationKey>()
  for (const jwk of keys) {
    if (!isSigningKey(jwk)) continue
    if (set.has(jwk.kid)) return new Map()
    try {
      const present = known?.get(jwk.kid)
      const { n, e } = jwk
      const isSame = present !== undefined && numbers.get(present) === `${n} ${e}`
      const key = isSame ? present : await importJwk(jwk as JsonWebKey)
      numbers.set(key, `${n} ${e}`)
      if (await isStrong(key)) set.set(jwk.kid, key)
    } catch {
      // A key of this set that the platform cannot read cannot have signed a token either.
    }
  }
  return set
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

async function isStrong(key: VerificationKey): Promise<boolean> {
  const rsa = describeRsaKey(key)
  const isLarge = rsa !== null && rsa.bits >= MIN_KEY_BITS && rsa.exponent === PUBLIC_EXPONENT
  return isLarge && !hasStructuredPrimes(await modulusOf(key))
}

async function loadPem(text: string, name: string): Promise<VerificationKey> {
  if (text.split('-----BEGIN').length > 2) throw brokenPem(name)
  let key: VerificationKey
  try {
    key = await importPem(toPem(text))
  } catch (cause) {
    throw brokenPem(name, cause)
  }
  if (!(await isStrong(key))) throw brokenPem(name)
  return key
}

function brokenPem(name: string, cause?: unknown): Error {
  const message =
    'is not an RSA public key of 2048 bits or more. Paste the whole PEM block, or its base64 body'
  return configError([{ name, message }], cause)
}
