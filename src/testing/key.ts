/** Throw-away RSA keys, and JWTs signed with them. */

import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import type { JsonObject } from '../jwt/token.js'
import { refuseProduction } from './production.js'

/** A key pair made for one test run. */
export interface TestKey {
  /** Key id, in the header of every token. */
  readonly kid: string
  /** Public key in PEM (SPKI). */
  readonly publicPem: string
  /** Public key as an entry of a JWK set. */
  readonly publicJwk: JsonObject
  /** A JWT with exactly these claims and, besides `alg` and `kid`, these header members. */
  sign(claims: JsonObject, header?: JsonObject): Promise<string>
}

/**
 * Makes a 2048-bit RSA key pair for RS256, which takes a moment.
 * @param kid Key id; default one made up.
 * @throws {AuthError} `config_invalid` in production.
 */
export async function createTestKey(kid: string = crypto.randomUUID()): Promise<TestKey> {
  refuseProduction()
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  return {
    kid,
    publicPem: await exportSPKI(publicKey),
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' },
    sign: (claims, header) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'RS256', kid, ...header } as JWTHeaderParameters)
        .sign(privateKey),
  }
}
