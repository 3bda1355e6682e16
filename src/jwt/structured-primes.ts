/**
 * Keys whose primes were no random ones: those of a widely used hardware library could be factored
 * (CVE-2017-15361). Such a modulus is, for every small prime, a power of 65537.
 */

const GENERATOR = 65_537

/** The odd primes the library built on for keys of every size. */
const SMALL_PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
  103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
] as const

/**
 * Whether a modulus has that fingerprint; of other moduli, one in some two hundred million has it.
 *
 * @param modulus Most significant byte first.
 * @see Nemec et al., The Return of Coppersmith's Attack, CCS 2017, §3.1
 */
export function hasStructuredPrimes(modulus: Uint8Array): boolean {
  return SMALL_PRIMES.every((prime) => {
    const residue = modulus.reduce((value, byte) => (value * 256 + byte) % prime, 0)
    return isPower(residue, prime)
  })
}

function isPower(residue: number, prime: number): boolean {
  let power = 1
  for (let exponent = 0; exponent < prime; exponent++) {
    if (power === residue) return true
    power = (power * GENERATOR) % prime
  }
  return false
}
