/** Proving again who one is, for what an app does not do for a session of hours ago. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { text } from '../fields.js'
import { ownSessionJson } from '../json/client.js'
import { firstFactors, secondFactors } from '../json/sign-in.js'
import { ClerkProblem } from '../problem.js'
import type { SessionRecord, SessionVerificationRecord, UserRecord } from '../records.js'
import { requireUser } from '../users.js'
import { verificationJson } from '../verifications.js'
import { checkCode, checkPassword, checkSecondFactor, sendCode } from './sign-in-steps.js'
import { requireOwnSession, withClient } from './visit.js'

const PATH = '/v1/client/sessions/:session_id/verify'

const startSchema = z.object({
  level: z.enum(['first_factor', 'second_factor', 'multi_factor']).default('first_factor'),
})
const prepareSchema = z.object({
  strategy: z.string(),
  email_address_id: text,
  phone_number_id: text,
})
const attemptSchema = z.object({ strategy: z.string(), password: text, code: text })

export const sessionVerificationEndpoints: readonly ClerkEndpoint[] = [
  { method: 'POST', path: PATH, handle: start },
  {
    method: 'POST',
    path: `${PATH}/prepare_first_factor`,
    handle: async (call) => {
      const step = requireStep(call, 'needs_first_factor')
      step.verification.firstFactor = await send(call, step.user)
      return answer(call, step)
    },
  },
  {
    method: 'POST',
    path: `${PATH}/attempt_first_factor`,
    handle: async (call) => {
      const step = requireStep(call, 'needs_first_factor')
      const { session, user, verification } = step
      const { strategy, password, code } = await readBody(call, attemptSchema)
      if (strategy === 'password') await checkPassword(call, user, password)
      else checkCode(call, verification.firstFactor, user, strategy, code)
      session.firstFactorAt = call.state.clock.now()
      const needsMore = verification.level === 'multi_factor' && secondFactors(user).length > 0
      verification.status = needsMore ? 'needs_second_factor' : 'complete'
      return answer(call, step)
    },
  },
  {
    method: 'POST',
    path: `${PATH}/prepare_second_factor`,
    handle: async (call) => {
      const step = requireStep(call, 'needs_second_factor')
      step.verification.secondFactor = await send(call, step.user)
      return answer(call, step)
    },
  },
  {
    method: 'POST',
    path: `${PATH}/attempt_second_factor`,
    handle: async (call) => {
      const step = requireStep(call, 'needs_second_factor')
      const { session, user, verification } = step
      const { strategy, code } = await readBody(call, attemptSchema)
      checkSecondFactor(call, verification.secondFactor, user, strategy, code)
      session.secondFactorAt = call.state.clock.now()
      verification.status = 'complete'
      return answer(call, step)
    },
  },
]

/** A verification under way, and whose it is. */
interface Step {
  readonly session: SessionRecord
  readonly user: UserRecord
  readonly verification: SessionVerificationRecord
}

async function start(call: Call): Promise<object> {
  const session = requireOwnSession(call, call.parameter('session_id'))
  const user = requireUser(call.state, session.userId)
  const { level } = await readBody(call, startSchema)
  const isSecondOnly = level === 'second_factor' && secondFactors(user).length > 0
  const verification: SessionVerificationRecord = {
    level,
    status: isSecondOnly ? 'needs_second_factor' : 'needs_first_factor',
    firstFactor: null,
    secondFactor: null,
  }
  call.state.store.sessionVerifications.set(session.id, verification)
  return answer(call, { session, user, verification })
}

/** @throws {ClerkProblem} unless this is what the session's verification needs next. */
function requireStep(call: Call, status: SessionVerificationRecord['status']): Step {
  const session = requireOwnSession(call, call.parameter('session_id'))
  const verification = call.state.store.sessionVerifications.get(session.id)
  if (verification?.status !== status) {
    const message = 'The verification of the session does not need this now'
    throw new ClerkProblem({ code: 'verification_missing', message })
  }
  return { session, user: requireUser(call.state, session.userId), verification }
}

async function send(call: Call, user: UserRecord): Promise<ReturnType<typeof sendCode>> {
  const { strategy, email_address_id, phone_number_id } = await readBody(call, prepareSchema)
  return sendCode(call, null, user, strategy, email_address_id ?? phone_number_id)
}

async function answer(call: Call, { session, user, verification }: Step): Promise<object> {
  return withClient(call, {
    object: 'session_verification',
    id: `sver_${session.id}`,
    level: verification.level,
    status: verification.status,
    session: await ownSessionJson(call, session),
    first_factor_verification: verificationJson(verification.firstFactor),
    second_factor_verification: verificationJson(verification.secondFactor),
    supported_first_factors: firstFactors(user),
    supported_second_factors: secondFactors(user),
  })
}
