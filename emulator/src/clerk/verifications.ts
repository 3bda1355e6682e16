/** Codes sent by e-mail and text message. */

import { randomInt } from 'node:crypto'
import type { JsonObject } from './json/types.js'
import { ClerkProblem } from './problem.js'
import type { VerificationRecord } from './records.js'
import type { ClerkState } from './state.js'

const LIFE_MS = 10 * 60_000
const MAX_ATTEMPTS = 3
const CODE_DIGITS = 6

/** Addresses that development instances send nothing to, and their code. */
const TEST_ADDRESS = /\+clerk_test(?:[+._-].*)?@/
/** Phone numbers of the same kind: those set aside for fiction. */
const TEST_NUMBER = /^\+1\d{3}55501\d{2}$/

const TEST_CODE = '424242'

/** Sends a code to an address or a number, whichever the strategy is for. */
export function startVerification(
  { clock, settings, store }: ClerkState,
  strategy: string,
  destination: string,
): VerificationRecord {
  const isTest =
    !settings.isProduction && (TEST_ADDRESS.test(destination) || TEST_NUMBER.test(destination))
  const code = isTest ? TEST_CODE : String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
  const at = clock.now()
  const outbox = strategy.includes('phone') ? store.textMessages : store.emails
  if (!isTest) outbox.push({ at, to: destination, code })
  const expireAt = at + LIFE_MS
  return { strategy, destination, code, status: 'unverified', attempts: 0, expireAt }
}

/** @throws {ClerkProblem} unless the code is right, in time, and not the fourth guess. */
export function attemptVerification(
  { clock }: ClerkState,
  verification: VerificationRecord | null | undefined,
  strategy: string,
  code: string | null | undefined,
): void {
  if (!verification || verification.strategy !== strategy || verification.status === 'verified') {
    const message = 'No code has been sent for this strategy'
    throw new ClerkProblem({ code: 'verification_missing', message })
  }
  if (clock.now() >= verification.expireAt) {
    verification.status = 'expired'
    const message = 'This verification has expired. You must create a new one.'
    throw new ClerkProblem({ code: 'verification_expired', message })
  }
  if (verification.attempts >= MAX_ATTEMPTS) {
    verification.status = 'failed'
    const message =
      'Too many failed attempts. You have to try again with the same or another method.'
    throw new ClerkProblem({ code: 'verification_failed', message })
  }
  verification.attempts++
  if (code !== verification.code) {
    throw new ClerkProblem({
      code: 'form_code_incorrect',
      message: 'is incorrect',
      longMessage: 'Incorrect code',
      parameter: 'code',
    })
  }
  verification.status = 'verified'
}

/** A verification as browsers see it; never the code. */
export function verificationJson(verification: VerificationRecord | null): JsonObject | null {
  if (!verification) return null
  const { status, strategy, attempts, expireAt } = verification
  return { object: 'verification_otp', status, strategy, attempts, expire_at: expireAt }
}
