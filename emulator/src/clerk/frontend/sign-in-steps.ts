/** The steps that signing in is made of. */

import type { Call } from '../call.js'
import { verifyPassword } from '../passwords.js'
import { ClerkProblem, notFound } from '../problem.js'
import type { EmailAddressRecord, SignInRecord, UserRecord } from '../records.js'
import { createSession, type NewSession } from '../sessions.js'
import { requireWelcome, updateUser } from '../users.js'
import { attemptVerification, startVerification } from '../verifications.js'
import { ensureClient } from './visit.js'

/** Strategies that send a code. */
const CODE_STRATEGIES = ['email_code', 'reset_password_email_code']

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
 * Sends a code to one of the user's addresses.
 * @param addressId Default: the one signed in with, or else the first.
 * @throws {ClerkProblem} when the strategy is another, or the address is not theirs.
 */
export function sendCode(
  call: Call,
  signIn: SignInRecord,
  user: UserRecord,
  strategy: string,
  addressId?: string | null,
): void {
  requireCodeStrategy(strategy)
  const own = user.emailAddresses.filter(({ status }) => status !== 'unverified')
  const address = addressId
    ? own.find(({ id }) => id === addressId)
    : (own.find((its) => its.address === signIn.identifier) ?? own[0])
  if (!address) throw notFound('email address', addressId ?? '')
  signIn.verification = startVerification(call.state, strategy, address.address)
}

/**
 * Checks a code. Whoever has it owns the address it was sent to.
 * @throws {ClerkProblem} when the strategy is another, or the code is not right.
 */
export function checkCode(
  call: Call,
  { verification }: SignInRecord,
  user: UserRecord,
  strategy: string,
  code: string | null | undefined,
): void {
  requireCodeStrategy(strategy)
  attemptVerification(call.state, verification, strategy, code)
  const address = verification?.emailAddress
  const prove = (its: EmailAddressRecord): EmailAddressRecord =>
    its.address === address && its.status === 'reserved'
      ? { ...its, status: 'verified', strategy: 'email_code' }
      : its
  const emailAddresses = user.emailAddresses.map(prove)
  if (emailAddresses.some((its, index) => its !== user.emailAddresses[index])) {
    updateUser(call.state, user, { emailAddresses })
  }
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

function requireCodeStrategy(strategy: string): void {
  if (CODE_STRATEGIES.includes(strategy)) return
  const message = `The stand-in knows no strategy ${strategy}`
  throw new ClerkProblem({ code: 'not_emulated', message, parameter: 'strategy' })
}
