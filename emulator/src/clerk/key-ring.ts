/** The keys an instance signs with: the current one, and those before it. */

import { compactVerify, createLocalJWKSet, type JWK } from 'jose'
import type { Clock } from '../base/clock.js'
import { createSigningKey, type SigningKey } from '../base/signing-key.js'
import { createId } from './identifiers.js'

/** Keys to sign with and to verify by. */
export interface KeyRing {
  readonly current: SigningKey
  /** Newest first. */
  readonly all: readonly SigningKey[]
  /** Public keys, old ones included, so that tokens survive a rotation. */
  readonly jwks: { readonly keys: readonly JWK[] }
  rotate(): Promise<void>
  /** Payload of a token this instance has signed, however old; `null` for any other. */
  open(token: string): Promise<Readonly<Record<string, unknown>> | null>
}

/**
 * A ring with one key, whose id is that of the instance, as at Clerk.
 * @param saved Keys to have instead, newest first.
 */
export async function createKeyRing(
  instanceId: string,
  clock: Clock,
  saved: readonly SigningKey[] = [],
): Promise<KeyRing> {
  const [newest = await createSigningKey(instanceId, clock.now()), ...older] = saved
  const keys: [SigningKey, ...SigningKey[]] = [newest, ...older]
  const publicKeys = () => keys.map(({ publicJwk }) => publicJwk)
  return {
    get current() {
      return keys[0]
    },
    all: keys,
    get jwks() {
      return { keys: publicKeys() }
    },
    async rotate() {
      keys.unshift(await createSigningKey(createId('ins'), clock.now()))
    },
    async open(token) {
      try {
        const { payload } = await compactVerify(token, createLocalJWKSet({ keys: publicKeys() }))
        return JSON.parse(new TextDecoder().decode(payload))
      } catch {
        // Everything that can fail in here is a defect of the token.
        return null
      }
    },
  }
}
