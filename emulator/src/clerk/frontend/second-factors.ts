/** The signed-in user's second factors: an app that makes codes, and backup codes. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { createId } from '../identifiers.js'
import { deletedJson } from '../json/deleted.js'
import { ClerkProblem, notFound } from '../problem.js'
import { checkTotp, createBackupCodes, createTotp, totpJson } from '../totp.js'
import { updateUser } from '../users.js'
import { requireMe, withClient } from './visit.js'

const attemptSchema = z.object({ code: z.string() })

export const secondFactorEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/me/totp',
    handle: (call) => {
      const { user } = requireMe(call)
      if (user.totpSecret !== null) {
        const message = 'You already have an authenticator application'
        throw new ClerkProblem({ code: 'duplicate_record', message })
      }
      const totp = createTotp(call.state)
      call.state.store.totps.set(user.id, totp)
      return withClient(call, totpJson(user, totp))
    },
  },
  {
    method: 'POST',
    path: '/v1/me/totp/attempt_verification',
    handle: async (call) => {
      const { user, session } = requireMe(call)
      const { code } = await readBody(call, attemptSchema)
      const { state } = call
      const totp = state.store.totps.get(user.id)
      if (!totp) throw notFound('authenticator application', user.id)
      checkTotp(state, totp.secret, code)
      state.store.totps.delete(user.id)
      updateUser(state, user, { totpSecret: totp.secret })
      session.secondFactorAt = state.clock.now()
      return withClient(call, totpJson(user, { ...totp, isVerified: true }))
    },
  },
  {
    method: 'DELETE',
    path: '/v1/me/totp',
    handle: (call) => {
      const { user } = requireMe(call)
      updateUser(call.state, user, { totpSecret: null })
      return withClient(call, deletedJson('totp', `totp_${user.id}`))
    },
  },
  { method: 'POST', path: '/v1/me/backup_codes', handle: renewBackupCodes },
]

function renewBackupCodes(call: Call): Promise<object> {
  const { user } = requireMe(call)
  const now = call.state.clock.now()
  return withClient(call, {
    object: 'backup_code',
    id: createId('bc'),
    codes: createBackupCodes(call.state, user),
    created_at: now,
    updated_at: now,
  })
}
