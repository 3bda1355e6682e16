/** Password hashes: made with bcrypt, taken over in the formats a core takes over. */

import bcrypt from 'bcryptjs'
import { argon2Verify } from 'hash-wasm'

const hashingAlgorithms = ['BCRYPT', 'ARGON2', 'FIREBASE_SCRYPT'] as const
/** Algorithms a core takes hashes of. */
export type HashingAlgorithm = (typeof hashingAlgorithms)[number]

/** A core looks at the beginning of a hash only. */
const formats: Readonly<
  Record<HashingAlgorithm, { readonly name: string; readonly form: RegExp }>
> = {
  BCRYPT: { name: 'BCrypt', form: /^\$2[abxy]/ },
  ARGON2: { name: 'Argon2', form: /^\$argon2(id|i|d)/ },
  FIREBASE_SCRYPT: {
    name: 'Firebase SCrypt',
    form: /^\$f_scrypt\$[^$]+\$[^$]+\$m=\d+\$r=\d+\$s=[^$]+$/,
  },
}

/** The algorithm of this name in any case, or `null`. */
export function toHashingAlgorithm(name: string): HashingAlgorithm | null {
  return hashingAlgorithms.find((algorithm) => algorithm === name.trim().toUpperCase()) ?? null
}

/** What is wrong with the form of a hash, in a core's words; `null` if nothing. */
export function hashProblem(hash: string, algorithm: HashingAlgorithm | undefined): string | null {
  const accepted = algorithm === undefined ? Object.values(formats) : [formats[algorithm]]
  if (accepted.some(({ form }) => form.test(hash))) return null
  const name = algorithm === undefined ? '' : `${formats[algorithm].name} `
  return `Password hash is in invalid ${name}format`
}

/** @param rounds Cost as a power of two. */
export function hashPassword(password: string, rounds: number): Promise<string> {
  return bcrypt.hash(password, rounds)
}

/** Hashes of Firebase are kept, but no password fits them. */
export async function isPasswordOf(password: string, hash: string): Promise<boolean> {
  if (formats.ARGON2.form.test(hash)) return argon2Verify({ password, hash }).catch(() => false)
  if (!formats.BCRYPT.form.test(hash)) return false
  // The letters name implementations with the same result for all passwords of today.
  const comparable = hash.replace(/^\$2[bxy]/, '$2a')
  return bcrypt.compare(password, comparable).catch(() => false)
}
