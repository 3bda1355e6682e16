/** Passwords of users: what is accepted, and whether one is right. */

import { hash } from 'bcryptjs'
import { HASHER_TRAITS, type Hasher, INSECURE_HASHERS } from './hashers.js'
import { ClerkProblem } from './problem.js'
import type { PasswordRecord, UserRecord } from './records.js'
import type { ClerkState } from './state.js'

const MIN_LENGTH = 8
const MAX_BYTES = 72

/** Far below Clerk's, on purpose: tests sign up often, and nobody attacks these digests. */
const BCRYPT_ROUNDS = 4

/** @throws {ClerkProblem} when the password is too short or too long. */
export async function createPassword(
  state: ClerkState,
  password: string,
  isChecked = true,
): Promise<PasswordRecord> {
  if (isChecked && password.length < MIN_LENGTH) {
    throw new ClerkProblem({
      code: 'form_password_length_too_short',
      message: `Passwords must be ${MIN_LENGTH} characters or more.`,
      parameter: 'password',
    })
  }
  if (Buffer.byteLength(password) > MAX_BYTES) {
    throw new ClerkProblem({
      code: 'form_password_size_in_bytes_exceeded',
      message: 'Password length is too long.',
      longMessage: `Passwords cannot be longer than ${MAX_BYTES} bytes.`,
      parameter: 'password',
    })
  }
  const digest = await hash(password, BCRYPT_ROUNDS)
  return { digest, hasher: 'bcrypt', updatedAt: state.clock.now() }
}

/** @throws {ClerkProblem} when the digest is not in the hasher's format. */
export function importPassword(state: ClerkState, digest: string, hasher: Hasher): PasswordRecord {
  if (!HASHER_TRAITS[hasher].format.test(digest)) {
    throw new ClerkProblem({
      code: 'form_password_digest_invalid',
      message: 'is invalid',
      longMessage: `The password digest is not in the format of the password hasher ${hasher}`,
      parameter: 'password_digest',
    })
  }
  return { digest, hasher, updatedAt: state.clock.now() }
}

/**
 * Whether the password is the user's. Replaces a digest that is not safe, as Clerk does.
 * @throws {ClerkProblem} when the stand-in can only store digests of this kind.
 */
export async function verifyPassword(
  state: ClerkState,
  user: UserRecord,
  password: string,
): Promise<boolean> {
  if (!user.password) return false
  const { digest, hasher } = user.password
  const { verify } = HASHER_TRAITS[hasher]
  if (!verify) {
    const message = `The stand-in stores digests of the hasher ${hasher}, but cannot check them`
    throw new ClerkProblem({ code: 'not_emulated', message })
  }
  const isRight = await verify(password, digest)
  if (isRight && INSECURE_HASHERS.includes(hasher)) {
    user.password = await createPassword(state, password, false)
  }
  return isRight
}
