/** The core a row of recordings is replayed against, and what happened between them unrecorded. */

import type { Clock } from '../../../src/base/clock.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../../src/supertokens/core.js'
import type { SuperTokensCoreOptions } from '../../../src/supertokens/options.js'
import { type Caller, callerOf } from '../support/caller.js'
import type { Bindings } from './bindings.js'
import type { Exchange, Recording } from './recording.js'

export interface World {
  readonly name: string
  /** Whether a recording was made in it. */
  readonly holds: (recording: Recording) => boolean
  readonly options: SuperTokensCoreOptions
  /** By name of the recording. */
  readonly preludes: Readonly<Record<string, Prelude>>
}

/** Does what has to have been done before a recording. */
export type Prelude = (stage: Stage, exchanges: readonly Exchange[]) => Promise<void>

export interface Stage {
  readonly core: SuperTokensCore
  readonly clock: Clock
  readonly call: Caller
  readonly bindings: Bindings
}

/** @param apiKey The key the recorded requests carry, if any. */
export async function createStage(
  options: SuperTokensCoreOptions,
  apiKey: string | undefined,
  clock: Clock,
  bindings: Bindings,
): Promise<Stage> {
  const apiKeys = apiKey === undefined ? [] : [apiKey]
  const core = await createSuperTokensCore({ ...options, clock, apiKeys })
  const call = callerOf(core, apiKey === undefined ? {} : { 'api-key': apiKey })
  return { core, clock, call, bindings }
}

const main: Readonly<Record<string, Prelude>> = {
  '18-session-merge-payload': async ({ core, call }) => {
    const [sessionHandle] = core.store.sessions.keys()
    const userDataInDatabase = { ip: '5.6.7.8' }
    await call('PUT', '/recipe/session/data', { sessionHandle, userDataInDatabase })
  },
  '20-session-handles': async ({ core, call, bindings }, [exchange]) => {
    await createSession(call, firstUserId(core))
    const [, recorded] = Object(exchange?.response.body).sessionHandles
    const [, handle = ''] = core.store.sessions.keys()
    bindings.bind(recorded, handle)
  },
  '22-session-get-revoked-checkdb': async ({ core, call, bindings }, [exchange]) => {
    const { accessToken } = await createSession(call, firstUserId(core))
    bindings.bind(Object(exchange?.request.body).accessToken, accessToken.token)
    core.revokeSession([...core.store.sessions.keys()].at(-1) ?? '')
  },
  '28-users-newest-first': async ({ call, clock }) => {
    for (const name of ['u0', 'u1', 'u2', 'u3', 'u4']) {
      clock.advance(1)
      await signUp(call, `${name}@example.com`)
    }
  },
  '35-useridmapping-create': async ({ core, call }) => {
    await call('POST', '/recipe/session/remove', { userId: firstUserId(core) })
  },
  '43-import-passwordhash-bcrypt': async ({ core, call }) => {
    await call('POST', '/recipe/userid/map/remove', { userId: firstUserId(core) })
  },
  '53-roles-session-claims': async ({ core, call }) => {
    await call('PUT', '/recipe/user/role', { userId: firstUserId(core), role: 'admin' })
  },
  '57-emailverification': async ({ core, call }) => {
    const email = 'alice2@example.com'
    await call('PUT', '/recipe/user', { recipeUserId: firstUserId(core), email })
  },
}

const bulk: Readonly<Record<string, Prelude>> = {
  'pg01-bulk-import-single': async ({ call }) => {
    await call('PUT', '/recipe/role', { role: 'member' })
  },
}

const shortLived: Readonly<Record<string, Prelude>> = {
  'x01-expired-access-token': async ({ call, bindings }, [exchange]) => {
    const { recipeUserId } = await signUp(call, 'a@example.com')
    bindings.bind(exchange?.request.query.userId ?? '', recipeUserId)
  },
}

const shortLives = { accessTokenValiditySeconds: 1, refreshTokenValidityMinutes: 0.1 }

export const worlds: readonly World[] = [
  { name: 'bulk import', holds: isNamed('pg'), options: {}, preludes: bulk },
  { name: 'short lives', holds: isNamed('x'), options: shortLives, preludes: shortLived },
  { name: 'a core in memory', holds: () => true, options: {}, preludes: main },
]

function isNamed(beginning: string): World['holds'] {
  return ({ name }) => name.startsWith(beginning)
}

function firstUserId(core: SuperTokensCore): string {
  const [userId = ''] = core.store.users.keys()
  return userId
}

function signUp(call: Caller, email: string) {
  return call('POST', '/recipe/signup', { email, password: 'Passw0rd!1' })
}

function createSession(call: Caller, userId: string) {
  const data = { userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false }
  return call('POST', '/recipe/session', { userId, ...data })
}
