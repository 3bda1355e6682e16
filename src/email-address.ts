/** When two e-mail addresses are the same one. */

const ASCII = /^[\x21-\x7e]+$/

/** Whether an address has no spaces, no controls, and nothing a look-alike could hide behind. */
export function isPlainAddress(address: string): boolean {
  return ASCII.test(address)
}

/**
 * Whether two spellings are one address: letter for letter, and by A–Z without case. Nothing else is
 * folded: a sign that becomes a Latin letter in lower case would make two people one.
 */
export function isSameAddress(one: string, other: string): boolean {
  if (one === other) return true
  return isPlainAddress(one) && isPlainAddress(other) && one.toLowerCase() === other.toLowerCase()
}
