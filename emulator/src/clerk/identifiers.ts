/** Names for things, in the form of Clerk's: a prefix and 27 letters and digits. */

import { randomInt } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 27

/** A new name for a thing of the kind that the prefix says. */
export function createId(prefix: string): string {
  return `${prefix}_${createSecret()}`
}

/** Letters and digits that cannot be guessed. */
export function createSecret(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
