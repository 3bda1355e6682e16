/** The steps that signing in is made of. */

import type { Call } from '../call.js'
import { hasSecondFactor } from '../json/sign-in.js'
import { verifyPassword } from '../passwords.js'
import { ClerkProblem, notFound } from '../problem.js'
import type { SignInRecord, UserRecord, VerificationRecord } from '../records.js'
import { createSession, type NewSession } from '../sessions.js'
import { redeemBackupCode, verifyTotp } from '../totp.js'
import { requireWelcome, updateUser } from '../users.js'
import { attemptVerification, startVerification } from '../verifications.js'
import { ensureClient } from './visit.js'

/** Strategies that send a code, and what they send it to. */
const CODE_STRATEGIES: Readonly<Record<string, 'emailAddresses' | 'phoneNumbers'>> = {
  email_code: 'emailAddresses',
  reset_password_email_code: 'emailAddresses',
  phone_code: 'phoneNumbers',
  reset_password_phone_code: 'phoneNumbers',
}

/** @throws {ClerkProblem} when there is no such user, or they may not sign in. */
export function identify(
  signIn: SignInRecord,
  user: UserRecord | undefined,
  identifier: string | null,
): UserRecord {
  if (!user) {
    throw new ClerkProblem({
      code: 'form_identifier_not_found',
      message: 'is invalid',
      longMessage: "Couldn't find your account.",
      parameter: 'identifier',
    })
  }
  requireWelcome(user)
  signIn.identifier = identifier
  signIn.userId = user.id
  signIn.status = 'needs_first_factor'
  return user
}

/** @throws {ClerkProblem} when the password is wrong, or the user has none. */
export async function checkPassword(
  call: Call,
  user: UserRecord,
  password: string | null | undefined,
): Promise<void> {
  if (!user.password) {
    const message = 'The verification strategy is not valid for this account'
    throw new ClerkProblem({ code: 'strategy_for_user_invalid', message, parameter: 'strategy' })
  }
  if (await verifyPassword(call.state, user, password ?? '')) return
  throw new ClerkProblem({
    code: 'form_password_incorrect',
    message: 'is invalid',
    longMessage: 'Password is incorrect. Try again, or use another method.',
    parameter: 'password',
  })
}

/**
 * Sends a code to an address or a number of the user's.
 * @param identifier What they sign in with.
 * @param id Which one; default: the one signed in with, or else the first.
 * @throws {ClerkProblem} when the strategy is another, or it is not theirs.
 */
export function sendCode(
  { state }: Call,
  identifier: string | null,
  user: UserRecord,
  strategy: string,
  id?: string | null,
): VerificationRecord {
  const kind = requireCodeStrategy(strategy)
  const own =
    kind === 'emailAddresses'
      ? user.emailAddresses.map((its) => ({ ...its, destination: its.address }))
      : user.phoneNumbers.map((its) => ({ ...its, destination: its.number }))
  const usable = own.filter(({ status }) => status !== 'unverified')
  const target = id
    ? usable.find((its) => its.id === id)
    : (usable.find((its) => its.destination === identifier) ?? usable[0])
  if (!target)
    throw notFound(kind === 'emailAddresses' ? 'email address' : 'phone number', id ?? '')
  return startVerification(state, strategy, target.destination)
}

/**
 * Checks a code. Whoever has it owns what it was sent to.
 * @throws {ClerkProblem} when the strategy is another, or the code is not right.
 */
export function checkCode(
  { state }: Call,
  verification: VerificationRecord | null,
  user: UserRecord,
  strategy: string,
  code: string | null | undefined,
): void {
  requireCodeStrategy(strategy)
  attemptVerification(state, verification, strategy, code)
  const isProved = (destination: string, status: string) =>
    destination === verification?.destination && status === 'reserved'
  if (user.emailAddresses.some(({ address, status }) => isProved(address, status))) {
    const emailAddresses = user.emailAddresses.map((its) =>
      isProved(its.address, its.status)
        ? { ...its, status: 'verified' as const, strategy: 'email_code' }
        : its,
    )
    updateUser(state, user, { emailAddresses })
  }
}

/**
 * Checks what proves the user a second time: a code from an app, a backup code, or one that was sent.
 * @throws {ClerkProblem} when it is not right.
 */
export function checkSecondFactor(
  call: Call,
  verification: VerificationRecord | null,
  user: UserRecord,
  strategy: string,
  code: string | null | undefined,
): void {
  if (strategy === 'totp') verifyTotp(call.state, user, code ?? '')
  else if (strategy === 'backup_code') redeemBackupCode(call.state, user, code ?? '')
  else checkCode(call, verification, user, strategy, code)
}

/** Signs the user in, unless they have to be proved a second time. */
export function advance(
  call: Call,
  signIn: SignInRecord,
  user: UserRecord,
  strategy: string,
): void {
  if (hasSecondFactor(user)) signIn.status = 'needs_second_factor'
  else complete(call, signIn, user, strategy)
}

/** Signs the user in. */
export function complete(
  call: Call,
  signIn: SignInRecord,
  user: UserRecord,
  strategy: string,
  fields?: NewSession,
): void {
  requireWelcome(user)
  const client = ensureClient(call)
  const session = createSession(call.state, client, user, fields)
  client.lastStrategy = strategy
  signIn.status = 'complete'
  signIn.createdSessionId = session.id
}

function requireCodeStrategy(strategy: string): 'emailAddresses' | 'phoneNumbers' {
  const kind = CODE_STRATEGIES[strategy]
  if (kind) return kind
  const message = `The stand-in knows no strategy ${strategy}`
  throw new ClerkProblem({ code: 'not_emulated', message, parameter: 'strategy' })
}
