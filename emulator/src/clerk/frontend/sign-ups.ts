/** Signing up. */

import { z } from 'zod'
import { requireAdmission } from '../admission.js'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { flag, metadataText, text } from '../fields.js'
import { createId } from '../identifiers.js'
import { acceptInvitation, findInvitation, requirePending } from '../invitations.js'
import { missingFields, signUpJson, unverifiedFields } from '../json/sign-up.js'
import { createPassword } from '../passwords.js'
import { ClerkProblem, isTaken, notFound } from '../problem.js'
import type { SignUpRecord } from '../records.js'
import { createSession } from '../sessions.js'
import { createUser, emailAddress, findByIdentifier, phoneNumber } from '../users.js'
import { attemptVerification, startVerification } from '../verifications.js'
import { ensureClient, findClient, requireSignedOut, withClient } from './visit.js'

const CODES = ['email_code', 'phone_code'] as const

const fieldsSchema = z.object({
  email_address: z.email().optional(),
  phone_number: z.e164().optional(),
  username: text,
  first_name: text,
  last_name: text,
  password: text,
  unsafe_metadata: metadataText,
  locale: text,
  legal_accepted: flag,
  strategy: text,
  ticket: text,
})
const prepareSchema = z.object({ strategy: z.enum(CODES) })
const attemptSchema = z.object({ strategy: z.enum(CODES), code: text })

export const signUpEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/client/sign_ups',
    handle: async (call) => {
      requireSignedOut(call)
      const signUp = await fill(call, createSignUp())
      call.state.store.signUps.set(signUp.id, signUp)
      complete(call, signUp)
      ensureClient(call).signUpId = signUp.id
      return answer(call, signUp)
    },
  },
  {
    method: 'GET',
    path: '/v1/client/sign_ups/:sign_up_id',
    handle: (call) => answer(call, ownSignUp(call)),
  },
  {
    method: 'PATCH',
    path: '/v1/client/sign_ups/:sign_up_id',
    handle: async (call) => {
      const signUp = await fill(call, ownSignUp(call))
      complete(call, signUp)
      return answer(call, signUp)
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ups/:sign_up_id/prepare_verification',
    handle: async (call) => {
      const signUp = ownSignUp(call)
      const { strategy } = await readBody(call, prepareSchema)
      sendCode(call, signUp, strategy)
      return answer(call, signUp)
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ups/:sign_up_id/attempt_verification',
    handle: async (call) => {
      const signUp = ownSignUp(call)
      const { strategy, code } = await readBody(call, attemptSchema)
      const verification =
        strategy === 'phone_code' ? signUp.phoneVerification : signUp.emailVerification
      attemptVerification(call.state, verification, strategy, code)
      complete(call, signUp)
      return answer(call, signUp)
    },
  },
]

function createSignUp(): SignUpRecord {
  return {
    id: createId('sua'),
    emailAddress: null,
    phoneNumber: null,
    username: null,
    firstName: null,
    lastName: null,
    password: null,
    unsafeMetadata: {},
    locale: null,
    legalAcceptedAt: null,
    emailVerification: null,
    phoneVerification: null,
    invitationId: null,
    createdUserId: null,
    createdSessionId: null,
  }
}

/** Enters what the browser says; what it does not mention stays. */
async function fill(call: Call, signUp: SignUpRecord): Promise<SignUpRecord> {
  const { state } = call
  const body = await readBody(call, fieldsSchema)
  if (body.ticket) useInvitation(call, signUp, body.ticket)
  for (const name of ['email_address', 'phone_number', 'username'] as const) {
    if (body[name] && findByIdentifier(state, body[name])) throw isTaken(name)
  }
  if (body.password) signUp.password = await createPassword(state, body.password)
  if (body.email_address && body.email_address !== signUp.emailAddress) {
    signUp.emailAddress = body.email_address
    signUp.emailVerification = null
  }
  if (body.phone_number && body.phone_number !== signUp.phoneNumber) {
    signUp.phoneNumber = body.phone_number
    signUp.phoneVerification = null
  }
  requireAdmission(state, signUp)
  signUp.username = body.username ?? signUp.username
  signUp.firstName = body.first_name ?? signUp.firstName
  signUp.lastName = body.last_name ?? signUp.lastName
  signUp.unsafeMetadata = body.unsafe_metadata ?? signUp.unsafeMetadata
  signUp.locale = body.locale ?? signUp.locale
  if (body.legal_accepted) signUp.legalAcceptedAt = state.clock.now()
  return signUp
}

/** Who has the link from an e-mail owns the address it was sent to. */
function useInvitation({ state }: Call, signUp: SignUpRecord, ticket: string): void {
  const invitation = findInvitation(state, ticket)
  if (!invitation) {
    const message = 'Ticket is invalid'
    throw new ClerkProblem({ code: 'ticket_invalid_code', message, parameter: 'ticket' })
  }
  requirePending(state, invitation)
  signUp.invitationId = invitation.id
  signUp.emailAddress = invitation.emailAddress
  signUp.emailVerification = {
    strategy: 'ticket',
    destination: invitation.emailAddress,
    code: '',
    status: 'verified',
    attempts: 0,
    expireAt: invitation.expireAt,
  }
}

function sendCode({ state }: Call, signUp: SignUpRecord, strategy: (typeof CODES)[number]): void {
  const isPhone = strategy === 'phone_code'
  const destination = isPhone ? signUp.phoneNumber : signUp.emailAddress
  if (destination === null) {
    const message = `There is no ${isPhone ? 'phone number' : 'email address'} to verify`
    throw new ClerkProblem({ code: 'verification_missing', message })
  }
  const verification = startVerification(state, strategy, destination)
  if (isPhone) signUp.phoneVerification = verification
  else signUp.emailVerification = verification
}

/** Makes the user and signs them in, once nothing is missing any more. */
function complete(call: Call, signUp: SignUpRecord): void {
  const { state } = call
  const isIncomplete = missingFields(state, signUp).length + unverifiedFields(signUp).length > 0
  const { emailAddress: email, phoneNumber: phone, username } = signUp
  if (isIncomplete || signUp.createdUserId !== null || !(email ?? phone ?? username)) return
  const { firstName, lastName, password, unsafeMetadata, locale, legalAcceptedAt } = signUp
  const strategy = signUp.emailVerification?.strategy ?? signUp.phoneVerification?.strategy ?? null
  const invitation = state.store.invitations.get(signUp.invitationId ?? '')
  const user = createUser(state, {
    username,
    firstName,
    lastName,
    password,
    unsafeMetadata,
    locale,
    legalAcceptedAt,
    emailAddresses: email ? [emailAddress(email, 'verified', strategy ?? undefined)] : [],
    phoneNumbers: phone ? [phoneNumber(phone, 'verified')] : [],
    ...(invitation && !invitation.membership && { publicMetadata: invitation.publicMetadata }),
  })
  if (invitation) acceptInvitation(state, invitation, user)
  const client = ensureClient(call)
  client.lastStrategy = strategy
  signUp.createdUserId = user.id
  signUp.createdSessionId = createSession(state, client, user).id
}

/** The browser's attempt; only the latest can be carried on. */
function ownSignUp(call: Call): SignUpRecord {
  const id = call.parameter('sign_up_id')
  const signUp = call.state.store.signUps.get(id)
  if (!signUp || findClient(call)?.signUpId !== id) throw notFound('sign up', id)
  return signUp
}

function answer(call: Call, signUp: SignUpRecord): Promise<object> {
  return withClient(call, signUpJson(call.state, signUp))
}
