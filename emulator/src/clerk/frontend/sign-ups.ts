/** Signing up. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { flag, metadataText, text } from '../fields.js'
import { createId } from '../identifiers.js'
import { missingFields, signUpJson, unverifiedFields } from '../json/sign-up.js'
import { createPassword } from '../passwords.js'
import { ClerkProblem, isTaken, notFound } from '../problem.js'
import type { SignUpRecord } from '../records.js'
import { createSession } from '../sessions.js'
import { createUser, emailAddress, findByIdentifier } from '../users.js'
import { attemptVerification, startVerification } from '../verifications.js'
import { ensureClient, findClient, requireSignedOut, withClient } from './visit.js'

const STRATEGY = 'email_code'

const fieldsSchema = z.object({
  email_address: z.email().optional(),
  username: text,
  first_name: text,
  last_name: text,
  password: text,
  unsafe_metadata: metadataText,
  locale: text,
  legal_accepted: flag,
})
const prepareSchema = z.object({ strategy: z.literal(STRATEGY) })
const attemptSchema = z.object({ strategy: z.literal(STRATEGY), code: text })

export const signUpEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/client/sign_ups',
    handle: async (call) => {
      requireSignedOut(call)
      const signUp = await fill(call, createSignUp())
      call.state.store.signUps.set(signUp.id, signUp)
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
      if (signUp.emailAddress === null) {
        const message = 'There is no email address to verify'
        throw new ClerkProblem({ code: 'verification_missing', message })
      }
      signUp.verification = startVerification(call.state, strategy, signUp.emailAddress)
      return answer(call, signUp)
    },
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ups/:sign_up_id/attempt_verification',
    handle: async (call) => {
      const signUp = ownSignUp(call)
      const { strategy, code } = await readBody(call, attemptSchema)
      attemptVerification(call.state, signUp.verification, strategy, code)
      complete(call, signUp)
      return answer(call, signUp)
    },
  },
]

function createSignUp(): SignUpRecord {
  return {
    id: createId('sua'),
    emailAddress: null,
    username: null,
    firstName: null,
    lastName: null,
    password: null,
    unsafeMetadata: {},
    locale: null,
    legalAcceptedAt: null,
    verification: null,
    createdUserId: null,
    createdSessionId: null,
  }
}

/** Enters what the browser says; what it does not mention stays. */
async function fill(call: Call, signUp: SignUpRecord): Promise<SignUpRecord> {
  const { state } = call
  const body = await readBody(call, fieldsSchema)
  for (const name of ['email_address', 'username'] as const) {
    if (body[name] && findByIdentifier(state, body[name])) throw isTaken(name)
  }
  if (body.password) signUp.password = await createPassword(state, body.password)
  if (body.email_address && body.email_address !== signUp.emailAddress) {
    signUp.emailAddress = body.email_address
    signUp.verification = null
  }
  signUp.username = body.username ?? signUp.username
  signUp.firstName = body.first_name ?? signUp.firstName
  signUp.lastName = body.last_name ?? signUp.lastName
  signUp.unsafeMetadata = body.unsafe_metadata ?? signUp.unsafeMetadata
  signUp.locale = body.locale ?? signUp.locale
  if (body.legal_accepted) signUp.legalAcceptedAt = state.clock.now()
  return signUp
}

/** Makes the user and signs them in, once nothing is missing any more. */
function complete(call: Call, signUp: SignUpRecord): void {
  const isIncomplete = missingFields(signUp).length + unverifiedFields(signUp).length > 0
  if (isIncomplete || signUp.createdUserId !== null || signUp.emailAddress === null) return
  const { username, firstName, lastName, password, unsafeMetadata } = signUp
  const user = createUser(call.state, {
    username,
    firstName,
    lastName,
    password,
    unsafeMetadata,
    locale: signUp.locale,
    legalAcceptedAt: signUp.legalAcceptedAt,
    emailAddresses: [emailAddress(signUp.emailAddress, 'verified', STRATEGY)],
  })
  const client = ensureClient(call)
  client.lastStrategy = STRATEGY
  signUp.createdUserId = user.id
  signUp.createdSessionId = createSession(call.state, client, user).id
}

/** The browser's attempt; only the latest can be carried on. */
function ownSignUp(call: Call): SignUpRecord {
  const id = call.parameter('sign_up_id')
  const signUp = call.state.store.signUps.get(id)
  if (!signUp || findClient(call)?.signUpId !== id) throw notFound('sign up', id)
  return signUp
}

function answer(call: Call, signUp: SignUpRecord): Promise<object> {
  return withClient(call, signUpJson(signUp))
}
