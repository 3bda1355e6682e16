/** The user records of the scripted core: e-mail and password, verified or not. */

import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../src/jwt/token.js'
import type { CoreRoute } from './supertokens-core.js'

export interface CoreUser {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly timeJoined: number
  verified: boolean
  metadata: JsonObject
  roles: string[]
}

export interface CoreUsers {
  add(user?: Partial<CoreUser>): CoreUser
  byId(id: string): CoreUser | undefined
  byEmail(email: string): CoreUser | undefined
  remove(id: string): void
}

export function createUsers(): CoreUsers {
  const users = new Map<string, CoreUser>()
  return {
    add(given = {}) {
      const user = {
        id: randomUUID(),
        email: 'jo@example.com',
        password: 'correct-horse-1',
        timeJoined: 1_700_000_000_000,
        verified: false,
        metadata: {},
        roles: [],
        ...given,
      }
      users.set(user.id, user)
      return user
    },
    byId: (id) => users.get(id),
    byEmail: (email) => [...users.values()].find((user) => user.email === email),
    remove: (id) => void users.delete(id),
  }
}

export function accountRoutes(users: CoreUsers): Readonly<Record<string, CoreRoute>> {
  return {
    'POST /recipe/signup': ({ email, password }) => {
      if (users.byEmail(String(email))) return { status: 'EMAIL_ALREADY_EXISTS_ERROR' }
      return found(users.add({ email: String(email), password: String(password) }))
    },
    'POST /recipe/signin': ({ email, password }) => {
      const user = users.byEmail(String(email))
      return user?.password === password && user
        ? found(user)
        : { status: 'WRONG_CREDENTIALS_ERROR' }
    },
    'GET /user/id': (_body, query) => {
      const user = users.byId(query.get('userId') ?? '')
      return user ? { status: 'OK', user: toRecord(user) } : { status: 'UNKNOWN_USER_ID_ERROR' }
    },
    'GET /users/by-accountinfo': (_body, query) => {
      const user = users.byEmail(query.get('email') ?? '')
      return { status: 'OK', users: user ? [toRecord(user)] : [] }
    },
    'GET /recipe/multitenancy/tenant/v2': () => ({
      status: 'OK',
      tenantId: 'public',
      thirdParty: { providers: [] },
      coreConfig: {},
    }),
    'GET /recipe/user/metadata': (_body, query) => ({
      status: 'OK',
      metadata: users.byId(query.get('userId') ?? '')?.metadata ?? {},
    }),
    'GET /recipe/user/email/verify': (_body, query) => ({
      status: 'OK',
      isVerified: users.byId(query.get('userId') ?? '')?.verified ?? false,
    }),
    'GET /recipe/user/roles': (_body, query) => ({
      status: 'OK',
      roles: users.byId(query.get('userId') ?? '')?.roles ?? [],
    }),
    'GET /recipe/role/permissions': () => ({ status: 'OK', permissions: ['invoice:read'] }),
  }
}

function found(user: CoreUser): JsonObject {
  return { status: 'OK', user: toRecord(user), recipeUserId: user.id }
}

function toRecord({ id, email, timeJoined, verified }: CoreUser): JsonObject {
  const method = {
    tenantIds: ['public'],
    recipeUserId: id,
    verified,
    timeJoined,
    recipeId: 'emailpassword',
    email,
  }
  return {
    id,
    isPrimaryUser: false,
    tenantIds: ['public'],
    timeJoined,
    emails: [email],
    phoneNumbers: [],
    thirdParty: [],
    webauthn: { credentialIds: [] },
    loginMethods: [method],
  }
}
