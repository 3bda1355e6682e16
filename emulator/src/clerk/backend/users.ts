/** Users, as servers manage them. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { limit, metadata, offset, page } from '../fields.js'
import { deletedJson } from '../json/deleted.js'
import { privateMembershipJson } from '../json/organization.js'
import type { JsonObject } from '../json/types.js'
import { privateUserJson } from '../json/user.js'
import { mergeMetadata } from '../metadata.js'
import type { UserRecord } from '../records.js'
import { endSession, sessionsOf } from '../sessions.js'
import { select } from '../store.js'
import { createUser, deleteUser, requireUser, updateUser } from '../users.js'
import { readNewUser, readUserChanges } from './user-fields.js'
import { listUsers } from './user-list.js'

const pageSchema = z.object({ limit, offset })

const metadataSchema = z.strictObject({
  public_metadata: metadata,
  private_metadata: metadata,
  unsafe_metadata: metadata,
})

export const userEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'GET',
    path: '/v1/users',
    handle: (call) => listUsers(call).page.map(privateUserJson),
  },
  {
    method: 'GET',
    path: '/v1/users/count',
    handle: (call) => ({ object: 'total_count', total_count: listUsers(call).total }),
  },
  {
    method: 'POST',
    path: '/v1/users',
    handle: async (call) => privateUserJson(createUser(call.state, await readNewUser(call))),
  },
  {
    method: 'GET',
    path: '/v1/users/:user_id',
    handle: (call) => privateUserJson(userOf(call)),
  },
  {
    method: 'PATCH',
    path: '/v1/users/:user_id',
    handle: async (call) => {
      const user = userOf(call)
      const { changes, endsSessions } = await readUserChanges(call, user)
      updateUser(call.state, user, changes)
      if (endsSessions) endSessions(call, user)
      return privateUserJson(user)
    },
  },
  {
    method: 'DELETE',
    path: '/v1/users/:user_id',
    handle: (call) => {
      const user = userOf(call)
      deleteUser(call.state, user)
      return deletedJson('user', user.id)
    },
  },
  {
    method: 'PATCH',
    path: '/v1/users/:user_id/metadata',
    handle: (call) => changeMetadata(call, mergeMetadata),
  },
  {
    method: 'PUT',
    path: '/v1/users/:user_id/metadata',
    handle: (call) => changeMetadata(call, (_, given) => given),
  },
  {
    method: 'GET',
    path: '/v1/users/:user_id/organization_memberships',
    handle: (call) => {
      const { id } = userOf(call)
      const memberships = select(call.state.store.memberships, ({ userId }) => userId === id)
      const data = page(memberships, readQuery(call, pageSchema))
      return {
        data: data.map((its) => privateMembershipJson(call.state, its)),
        total_count: memberships.length,
      }
    },
  },
]

/** The user a path is about. */
export function userOf(call: Call): UserRecord {
  return requireUser(call.state, call.parameter('user_id'))
}

/** Signs a user out everywhere. */
export function endSessions({ state }: Call, user: UserRecord): void {
  for (const session of sessionsOf(state, user.id)) endSession(state, session, 'revoked')
}

async function changeMetadata(
  call: Call,
  combine: (current: JsonObject, given: JsonObject) => JsonObject,
): Promise<object> {
  const user = userOf(call)
  const body = await readBody(call, metadataSchema)
  const { public_metadata, private_metadata, unsafe_metadata } = body
  updateUser(call.state, user, {
    ...(public_metadata && { publicMetadata: combine(user.publicMetadata, public_metadata) }),
    ...(private_metadata && { privateMetadata: combine(user.privateMetadata, private_metadata) }),
    ...(unsafe_metadata && { unsafeMetadata: combine(user.unsafeMetadata, unsafe_metadata) }),
  })
  return privateUserJson(user)
}
