/** Signing in. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { flag, text } from '../fields.js'
import { createId } from '../identifiers.js'
import { acceptInvitation, findInvitation } from '../invitations.js'
import { signInJson } from '../json/sign-in.js'
import { createPassword } from '../passwords.js'
import { ClerkProblem, notFound } from '../problem.js'
import type { SignInRecord, UserRecord } from '../records.js'
import { endSession, sessionsOf } from '../sessions.js'
import { redeemTicket } from '../tickets.js'
import { findByIdentifier, requireUser, updateUser } from '../users.js'
import {
  advance,
  checkCode,
  checkPassword,
  checkSecondFactor,
  complete,
  identify,
  sendCode,
} from './sign-in-steps.js'
import { ensureClient, findClient, requireSignedOut, withClient } from './visit.js'

const newSchema = z.object({ strategy: text, identifier: text, password: text, ticket: text })
const prepareSchema = z.object({
  strategy: z.string(),
  email_address_id: text,
  phone_number_id: text,
})
const attemptSchema = z.object({ strategy: z.string(), password: text, code: text })
const resetSchema = z.object({ password: z.string(), sign_out_of_other_sessions: flag })

export const signInEndpoints: readonly ClerkEndpoint[] = [
  { method: 'POST', path: '/v1/client/sign_ins', handle: start },
  {
    method: 'GET',
    path: '/v1/client/sign_ins/:sign_in_id',
    handle: (call) => answer(call, ownSignIn(call)),
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ins/:sign_in_id/prepare_first_factor',
    handle: async (call) => {
      const signIn = ownSignIn(call)
      const user = userOf(call, signIn)
      const { strategy, email_address_id, phone_number_id } = await readBody(call, prepareSchema)
      const id = email_address_id ?? phone_number_id
      signIn.verification = sendCode(call, signIn.identifier, user, strategy, id)
      return answer(call, signIn)
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ins/:sign_in_id/attempt_first_factor',
    handle: async (call) => {
      const signIn = ownSignIn(call)
      const user = userOf(call, signIn)
      const { strategy, password, code } = await readBody(call, attemptSchema)
      if (strategy === 'password') await checkPassword(call, user, password)
      else checkCode(call, signIn.verification, user, strategy, code)
      if (strategy.startsWith('reset_password')) signIn.status = 'needs_new_password'
      else advance(call, signIn, user, strategy)
      return answer(call, signIn)
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ins/:sign_in_id/prepare_second_factor',
    handle: async (call) => {
      const signIn = ownSignIn(call)
      const { strategy, phone_number_id } = await readBody(call, prepareSchema)
      const user = requireHalfway(call, signIn)
      signIn.secondVerification = sendCode(call, null, user, strategy, phone_number_id)
      return answer(call, signIn)
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ins/:sign_in_id/attempt_second_factor',
    handle: async (call) => {
      const signIn = ownSignIn(call)
      const { strategy, code } = await readBody(call, attemptSchema)
      const user = requireHalfway(call, signIn)
      checkSecondFactor(call, signIn.secondVerification, user, strategy, code)
      complete(call, signIn, user, strategy, { secondFactorAt: call.state.clock.now() })
      return answer(call, signIn)
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ins/:sign_in_id/reset_password',
    handle: resetPassword,
  },
]

async function start(call: Call): Promise<object> {
  requireSignedOut(call)
  const { strategy, identifier, password, ticket } = await readBody(call, newSchema)
  const signIn: SignInRecord = {
    id: createId('sia'),
    status: 'needs_identifier',
    identifier: null,
    userId: null,
    verification: null,
    secondVerification: null,
    createdSessionId: null,
  }
  if (ticket) {
    enterWithTicket(call, signIn, ticket)
  } else if (identifier) {
    const user = identify(signIn, findByIdentifier(call.state, identifier), identifier)
    if (password || strategy === 'password') {
      await checkPassword(call, user, password)
      advance(call, signIn, user, 'password')
    } else if (strategy) {
      signIn.verification = sendCode(call, identifier, user, strategy)
    }
  }
  call.state.store.signIns.set(signIn.id, signIn)
  ensureClient(call).signInId = signIn.id
  return answer(call, signIn)
}

function enterWithTicket(call: Call, signIn: SignInRecord, ticket: string): void {
  const { state } = call
  const invitation = findInvitation(state, ticket)
  if (invitation) {
    const user = identify(signIn, findByIdentifier(state, invitation.emailAddress), null)
    const membership = acceptInvitation(state, invitation, user)
    complete(call, signIn, user, 'ticket', { organizationId: membership?.organizationId ?? null })
  } else {
    const redeemed = redeemTicket(state, ticket)
    const user = identify(signIn, state.store.users.get(redeemed.userId), null)
    const { organizationId, actor, sessionSeconds: lifeSeconds } = redeemed
    complete(call, signIn, user, 'ticket', { organizationId, actor, lifeSeconds })
  }
}

async function resetPassword(call: Call): Promise<object> {
  const { state } = call
  const signIn = ownSignIn(call)
  const body = await readBody(call, resetSchema)
  if (signIn.status !== 'needs_new_password') {
    const message = 'The code for a new password has not been verified'
    throw new ClerkProblem({ code: 'verification_missing', message })
  }
  const user = userOf(call, signIn)
  updateUser(state, user, { password: await createPassword(state, body.password) })
  if (body.sign_out_of_other_sessions) {
    for (const session of sessionsOf(state, user.id)) endSession(state, session, 'revoked')
  }
  advance(call, signIn, user, 'reset_password_email_code')
  return answer(call, signIn)
}

/** The browser's attempt; only the latest can be carried on. */
function ownSignIn(call: Call): SignInRecord {
  const id = call.parameter('sign_in_id')
  const signIn = call.state.store.signIns.get(id)
  if (!signIn || findClient(call)?.signInId !== id) throw notFound('sign in', id)
  return signIn
}

function userOf({ state }: Call, { userId, status }: SignInRecord): UserRecord {
  if (userId !== null && status !== 'complete') return requireUser(state, userId)
  const message = 'The sign in has no user to verify'
  throw new ClerkProblem({ code: 'verification_missing', message })
}

/** @throws {ClerkProblem} before the first factor, and after the second. */
function requireHalfway(call: Call, signIn: SignInRecord): UserRecord {
  if (signIn.status === 'needs_second_factor') return userOf(call, signIn)
  const message = 'The sign in does not need a second factor now'
  throw new ClerkProblem({ code: 'verification_missing', message })
}

function answer(call: Call, signIn: SignInRecord): Promise<object> {
  return withClient(call, signInJson(call.state, signIn))
}
