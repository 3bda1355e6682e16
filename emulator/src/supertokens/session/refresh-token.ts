/** Refresh tokens: `<base64 ciphertext>.<nonce>.V2`, readable to the core that issued them only. */

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** What a refresh token says to its core. */
export interface RefreshTokenContent {
  readonly sessionHandle: string
  readonly userId: string
  /** SHA-256 of the refresh token this one was issued for; `null` on the first of a session. */
  readonly parentRefreshTokenHash1: string | null
  readonly antiCsrfToken: string | null
}

/** Makes and reads the refresh tokens of one core. */
export interface RefreshTokens {
  readonly key: Buffer
  seal(content: RefreshTokenContent): string
  /** The content, or why there is none, in a core's words. */
  open(token: string): RefreshTokenContent | { readonly problem: string }
}

const FORMAT_EXCEPTION =
  'io.supertokens.session.refreshToken.RefreshToken$InvalidRefreshTokenFormatException'
const versions: ReadonlySet<string> = new Set(['V0', 'V1', 'V2'])
const ALGORITHM = 'aes-256-gcm'
const INITIAL_VECTOR_BYTES = 12
const TAG_BYTES = 16

const KEY_BYTES = 32

/** @param key Default a new one, under which no token is known yet. */
export function createRefreshTokens(key: Buffer = randomBytes(KEY_BYTES)): RefreshTokens {
  function decrypt(encrypted: Buffer): string {
    const vector = encrypted.subarray(0, INITIAL_VECTOR_BYTES)
    const decipher = createDecipheriv(ALGORITHM, key, vector)
    decipher.setAuthTag(encrypted.subarray(-TAG_BYTES))
    const ciphertext = encrypted.subarray(INITIAL_VECTOR_BYTES, -TAG_BYTES)
    return decipher.update(ciphertext, undefined, 'utf8') + decipher.final('utf8')
  }

  return {
    key,
    seal(content) {
      const nonce = sha256(randomBytes(16).toString('hex'))
      const vector = randomBytes(INITIAL_VECTOR_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, vector)
      const ciphertext = cipher.update(JSON.stringify({ ...content, nonce }), 'utf8')
      const encrypted = [vector, ciphertext, cipher.final(), cipher.getAuthTag()]
      return `${Buffer.concat(encrypted).toString('base64')}.${nonce}.V2`
    },
    open(token) {
      const parts = token.split('.')
      const [encrypted = '', nonce] = parts
      if (!versions.has(parts.at(-1)?.toUpperCase() ?? '')) {
        return { problem: `${FORMAT_EXCEPTION}: version of refresh token not recognised` }
      }
      if (parts.length !== 3) {
        const detail = `Refresh token split with dot yielded an array of length: ${parts.length}`
        return { problem: `${FORMAT_EXCEPTION}: ${detail}` }
      }
      try {
        const content = JSON.parse(decrypt(Buffer.from(encrypted, 'base64')))
        if (content.nonce === nonce) return content
      } catch {
        return { problem: 'javax.crypto.AEADBadTagException: Tag mismatch' }
      }
      return { problem: 'io.supertokens.exceptions.UnauthorisedException: Invalid refresh token' }
    },
  }
}

/** Hexadecimal SHA-256, the form in which tokens refer to one another. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
