/** RSA keys the stand-ins sign with. */

import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose'

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
}

export async function createSigningKey(kid: string, createdAt: number): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  return {
    kid,
    createdAt,
    publicPem: await exportSPKI(publicKey),
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' },
    sign: (claims, header) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'RS256', kid, ...header } as JWTHeaderParameters)
        .sign(privateKey),
  }
}
