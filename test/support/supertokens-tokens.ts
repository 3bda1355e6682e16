/** JWTs byte by byte: whatever a core would never sign has to be signed here. */

import {
  constants,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto'
import type { JsonObject } from '../../src/jwt/token.js'

/** An RSA key pair with the id it is published under. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicPem: string
  /** Public key as an entry of a JWK set. */
  readonly publicJwk: JsonObject
}

export function createSigningKey(kid: string): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    kid,
    privateKey,
    publicPem: String(publicKey.export({ type: 'spki', format: 'pem' })),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
  }
}

/** Algorithms a token can be signed with here, honestly or not. */
export type Algorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'HS256' | 'none'

/** Header and payload: an object, or the JSON text itself where that is the point. */
export type JsonSource = JsonObject | string

function encodeJson(source: JsonSource): string {
  const json = typeof source === 'string' ? source : JSON.stringify(source)
  return Buffer.from(json, 'utf8').toString('base64url')
}

export function signToken(
  key: SigningKey,
  payload: JsonSource,
  header: JsonSource = {},
  algorithm: Algorithm = 'RS256',
): string {
  const members =
    typeof header === 'string' ? header : { alg: algorithm, kid: key.kid, typ: 'JWT', ...header }
  const input = `${encodeJson(members)}.${encodeJson(payload)}`
  return `${input}.${signInput(key, input, algorithm)}`
}

/** Signature over `<header>.<payload>`, in base64url. */
export function signInput(key: SigningKey, input: string, algorithm: Algorithm): string {
  const bytes = Buffer.from(input, 'latin1')
  if (algorithm === 'none') return ''
  if (algorithm === 'HS256') {
    return createHmac('sha256', key.publicPem).update(bytes).digest('base64url')
  }
  const hash = `sha${algorithm.slice(2)}`
  const padding = algorithm.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {}
  return signBytes(hash, bytes, { key: key.privateKey, ...padding }).toString('base64url')
}

/** Payload of a JWT, unverified. */
export function payloadOf(token: string): JsonObject {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
}
