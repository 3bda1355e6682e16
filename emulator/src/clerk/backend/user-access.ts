/** Whether and how users get in: passwords, bans and locks. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody } from '../call.js'
import { flag } from '../fields.js'
import { privateUserJson } from '../json/user.js'
import { verifyPassword } from '../passwords.js'
import { ClerkProblem } from '../problem.js'
import { type NewUser, updateUser } from '../users.js'
import { endSessions, userOf } from './users.js'

const verifySchema = z.strictObject({ password: z.string() })
const removeSchema = z.strictObject({ sign_out_of_other_sessions: flag })

export const userAccessEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/users/:user_id/verify_password',
    handle: async (call) => {
      const user = userOf(call)
      const { password } = await readBody(call, verifySchema)
      if (!user.password) {
        const message = 'The user does not have a password set'
        throw new ClerkProblem({ code: 'no_password_set', message })
      }
      if (await verifyPassword(call.state, user, password)) return { verified: true }
      throw new ClerkProblem({
        code: 'incorrect_password',
        message: 'incorrect password',
        longMessage: 'The password is incorrect. Try again.',
        parameter: 'password',
      })
    },
  },
  {
    method: 'POST',
    path: '/v1/users/:user_id/remove_password',
    handle: async (call) => {
      const { sign_out_of_other_sessions: endsSessions } = await readBody(call, removeSchema)
      if (endsSessions) endSessions(call, userOf(call))
      return change(call, { password: null })
    },
  },
  {
    method: 'POST',
    path: '/v1/users/:user_id/ban',
    handle: (call) => {
      endSessions(call, userOf(call))
      return change(call, { isBanned: true })
    },
  },
  {
    method: 'POST',
    path: '/v1/users/:user_id/unban',
    handle: (call) => change(call, { isBanned: false }),
  },
  {
    method: 'POST',
    path: '/v1/users/:user_id/lock',
    handle: (call) => change(call, { isLocked: true }),
  },
  {
    method: 'POST',
    path: '/v1/users/:user_id/unlock',
    handle: (call) => change(call, { isLocked: false }),
  },
]

function change(call: Call, fields: NewUser): object {
  return privateUserJson(updateUser(call.state, userOf(call), fields))
}
