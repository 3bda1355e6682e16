/** The signed-in user, managing themselves. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { flag, limit, metadataText, offset, page, text } from '../fields.js'
import { readImage } from '../images.js'
import { deletedJson } from '../json/deleted.js'
import { membershipJson } from '../json/organization.js'
import { sessionJson } from '../json/session.js'
import { userJson } from '../json/user.js'
import { mergeMetadata } from '../metadata.js'
import { createPassword } from '../passwords.js'
import { ClerkProblem, notFound } from '../problem.js'
import type { UserRecord } from '../records.js'
import { endSession, isActive, sessionsOf } from '../sessions.js'
import { select } from '../store.js'
import { deleteUser, updateUser } from '../users.js'
import { checkPassword } from './sign-in-steps.js'
import { requireMe, withClient } from './visit.js'

const changesSchema = z.object({
  first_name: text,
  last_name: text,
  username: text,
  primary_email_address_id: text,
  primary_phone_number_id: text,
  unsafe_metadata: metadataText,
})
const metadataSchema = z.object({ unsafe_metadata: metadataText })
const passwordSchema = z.object({
  current_password: text,
  new_password: z.string(),
  sign_out_of_other_sessions: flag,
})
const removeSchema = z.object({ current_password: text })
const pageSchema = z.object({ limit, offset })

export const meEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/me', handle: (call) => answer(call, requireMe(call).user) },
  {
    method: 'PATCH',
    path: '/v1/me',
    handle: async (call) => {
      const { user } = requireMe(call)
      const body = await readBody(call, changesSchema)
      const { primary_email_address_id: primary, primary_phone_number_id: phone } = body
      if (primary && !user.emailAddresses.some(({ id }) => id === primary)) {
        throw notFound('email address', primary)
      }
      if (phone && !user.phoneNumbers.some(({ id }) => id === phone)) {
        throw notFound('phone number', phone)
      }
      updateUser(call.state, user, {
        firstName: body.first_name ?? user.firstName,
        lastName: body.last_name ?? user.lastName,
        username: body.username || user.username,
        primaryEmailAddressId: primary ?? user.primaryEmailAddressId,
        primaryPhoneNumberId: phone ?? user.primaryPhoneNumberId,
        ...(body.unsafe_metadata && { unsafeMetadata: body.unsafe_metadata }),
      })
      return answer(call, user)
    },
  },
  {
    method: 'PATCH',
    path: '/v1/me/metadata',
    handle: async (call) => {
      const { user } = requireMe(call)
      const { unsafe_metadata: given } = await readBody(call, metadataSchema)
      const unsafeMetadata = mergeMetadata(user.unsafeMetadata, given ?? {})
      return answer(call, updateUser(call.state, user, { unsafeMetadata }))
    },
  },
  {
    method: 'DELETE',
    path: '/v1/me',
    handle: (call) => {
      const { user } = requireMe(call)
      deleteUser(call.state, user)
      return withClient(call, deletedJson('user', user.id))
    },
  },
  {
    method: 'POST',
    path: '/v1/me/profile_image',
    handle: async (call) => setImage(call, await readImage(call)),
  },
  { method: 'DELETE', path: '/v1/me/profile_image', handle: (call) => setImage(call, null) },
  { method: 'POST', path: '/v1/me/change_password', handle: changePassword },
  {
    method: 'POST',
    path: '/v1/me/remove_password',
    handle: async (call) => {
      const { user } = requireMe(call)
      const { current_password } = await readBody(call, removeSchema)
      await checkCurrent(call, user, current_password)
      return answer(call, updateUser(call.state, user, { password: null }))
    },
  },
  {
    method: 'GET',
    path: '/v1/me/sessions/active',
    handle: (call) => {
      const sessions = sessionsOf(call.state, requireMe(call).user.id)
      const active = sessions.filter((its) => isActive(call.state, its))
      return active.map((its) => ({
        ...sessionJson(call.state, its),
        latest_activity: { object: 'session_activity', id: its.id, is_mobile: false },
      }))
    },
  },
  {
    method: 'POST',
    path: '/v1/me/sessions/:session_id/revoke',
    handle: (call) => {
      const id = call.parameter('session_id')
      const session = call.state.store.sessions.get(id)
      if (session?.userId !== requireMe(call).user.id) throw notFound('session', id)
      endSession(call.state, session, 'revoked')
      return withClient(call, sessionJson(call.state, session))
    },
  },
  {
    method: 'GET',
    path: '/v1/me/organization_memberships',
    handle: (call) => {
      const { id } = requireMe(call).user
      const memberships = select(call.state.store.memberships, ({ userId }) => userId === id)
      const data = page(memberships, readQuery(call, pageSchema))
      return withClient(call, {
        data: data.map((its) => membershipJson(call.state, its)),
        total_count: memberships.length,
      })
    },
  },
  { method: 'GET', path: '/v1/me/organization_suggestions', handle: answerNone },
]

function setImage(call: Call, imageUrl: string | null): Promise<object> {
  const { user } = requireMe(call)
  updateUser(call.state, user, { imageUrl })
  const id = `img_${user.id}`
  return withClient(
    call,
    imageUrl === null ? deletedJson('image', id) : { object: 'image', id, public_url: imageUrl },
  )
}

async function changePassword(call: Call): Promise<object> {
  const { state } = call
  const { user, session } = requireMe(call)
  const body = await readBody(call, passwordSchema)
  if (user.password) await checkCurrent(call, user, body.current_password)
  updateUser(state, user, { password: await createPassword(state, body.new_password) })
  if (body.sign_out_of_other_sessions) {
    const others = sessionsOf(state, user.id).filter((its) => its !== session)
    for (const other of others) endSession(state, other, 'revoked')
  }
  return answer(call, user)
}

/** The error is to show beside the field of the form it is about. */
async function checkCurrent(call: Call, user: UserRecord, password?: string | null): Promise<void> {
  try {
    await checkPassword(call, user, password)
  } catch (error) {
    if (!(error instanceof ClerkProblem)) throw error
    const [first] = error.entries
    throw new ClerkProblem({ ...first, parameter: 'current_password' })
  }
}

/** Nothing is suggested here, but the organisation switcher asks. */
function answerNone(call: Call): Promise<object> {
  requireMe(call)
  return withClient(call, { data: [], total_count: 0 })
}

function answer(call: Call, user: UserRecord): Promise<object> {
  return withClient(call, userJson(call.state, user))
}
