/** RSA keys the stand-ins sign with. */

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { type JWK, type JWTHeaderParameters, SignJWT } from 'jose'
import { z } from 'zod'

export interface SigningKey {
  readonly kid: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Public key in PEM (SPKI). */
  readonly publicPem: string
  /** Public key as an entry of a JWK set. */
  readonly publicJwk: JWK
  /** A JWT with exactly these claims and, besides `alg` and `kid`, these header members. */
  sign(claims: Readonly<Record<string, unknown>>, header?: object): Promise<string>
  /** The key to keep, private half included. */
  save(): SavedKey
}

/** A key as it is kept. */
export interface SavedKey {
  readonly kid: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Private key in PEM (PKCS #8). */
  readonly privatePem: string
}

/** Reads a key that was kept. */
export const savedKey: z.ZodType<SigningKey> = z
  .object({ kid: z.string(), createdAt: z.number(), privatePem: z.string() })
  .transform(({ kid, createdAt, privatePem }, context) => {
    try {
      return toSigningKey(kid, createdAt, createPrivateKey(privatePem))
    } catch {
      context.addIssue('is no private key')
      return z.NEVER
    }
  })

const MODULUS_BITS = 2048

export async function createSigningKey(kid: string, createdAt: number): Promise<SigningKey> {
  const generated = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS })
  return toSigningKey(kid, createdAt, generated.privateKey)
}

function toSigningKey(kid: string, createdAt: number, privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey)
  return {
    kid,
    createdAt,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString().trimEnd(),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } as JWK,
    sign: (claims, header) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'RS256', kid, ...header } as JWTHeaderParameters)
        .sign(privateKey),
    save: () => ({
      kid,
      createdAt,
      privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }),
  }
}
