/** The unit of every figure: one RSA-2048 signature checked by Node, with a key at hand. */

import { createPublicKey, verify } from 'node:crypto'

/**
 * @param {string} token
 * @param {JsonWebKey} jwk
 * @returns {import('./measure.mjs').Contender}
 */
export function rawVerify(token, jwk) {
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const end = token.lastIndexOf('.')
  const input = Buffer.from(token.slice(0, end))
  const signature = Buffer.from(token.slice(end + 1), 'base64url')
  return {
    name: 'raw verify',
    input: () => undefined,
    call() {
      if (!verify('RSA-SHA256', input, key, signature)) throw new TypeError('wrong signature')
    },
  }
}

/**
 * The same after a verdict, as it comes in a server: it costs more there than one after another.
 * @param {import('./measure.mjs').Contender} verdict One that is reached at once.
 * @param {import('./measure.mjs').Contender} raw
 * @returns {import('./measure.mjs').Contender}
 */
export function verdictAndRaw(verdict, raw) {
  return {
    ...verdict,
    name: 'seen before, cookie, and a raw verify',
    call(request) {
      const answer = verdict.call(request)
      raw.call()
      return answer
    },
  }
}
