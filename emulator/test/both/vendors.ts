/** What is the same for both vendors, and the little that is not. */

import type { Clock } from '../../src/base/clock.js'
import type { Snapshot } from '../../src/base/snapshot.js'
import type { StandIn } from '../../src/base/stand-in.js'
import { type ClerkInstance, createClerkInstance } from '../../src/clerk/instance.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'

/** A stand-in as an app uses it. */
export interface Subject {
  readonly standIn: StandIn
  /** A call of a server that succeeds. */
  ping(): Promise<Response>
  signUp(email: string): Promise<string>
  /** A new session's id. */
  signIn(userId: string): Promise<string>
  /** Whether the vendor takes the session for a good one. */
  isActive(sessionId: string): Promise<boolean>
  /** Ids of the keys that verify tokens, newest first. */
  keyIds(): Promise<string[]>
  isPasswordOf(email: string, password: string): Promise<boolean>
}

export interface Options {
  readonly clock?: Clock
  readonly snapshot?: Snapshot
}

export interface VendorCase {
  readonly vendor: StandIn['vendor']
  create(options?: Options): Promise<Subject>
}

export const PASSWORD = 'correct horse battery'

export const vendors: readonly VendorCase[] = [
  {
    vendor: 'supertokens',
    create: withKeys(async (options) => ofCore(await createSuperTokensCore(options))),
  },
  {
    vendor: 'clerk',
    create: withKeys(async (options) => ofInstance(await createClerkInstance(options))),
  },
]

/** Making keys is what takes time: all that are created have those of the first. */
function withKeys(create: (options: Options) => Promise<Subject>): VendorCase['create'] {
  let known: Promise<Snapshot> | null = null
  async function makeKeys(): Promise<Snapshot> {
    const first = await create({})
    await first.keyIds()
    return first.standIn.snapshot()
  }
  return async (options = {}) => {
    known ??= makeKeys()
    return create({ snapshot: await known, ...options })
  }
}

function ofCore(core: SuperTokensCore): Subject {
  const ask = asker(core, {})
  return {
    standIn: core,
    ping: () => core.fetch(new Request('http://stand-in.test/users/count')),
    signUp: async (email) =>
      (await ask('POST', '/recipe/signup', { email, password: PASSWORD })).user.id,
    async signIn(userId) {
      const data = { userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false }
      return (await ask('POST', '/recipe/session', { userId, ...data })).session.handle
    },
    isActive: async (handle) =>
      (await ask('GET', `/recipe/session?sessionHandle=${handle}`)).status === 'OK',
    keyIds: async () => kids(await ask('GET', '/.well-known/jwks.json')),
    isPasswordOf: async (email, password) =>
      (await ask('POST', '/recipe/signin', { email, password })).status === 'OK',
  }
}

function ofInstance(instance: ClerkInstance): Subject {
  const authorization = `Bearer ${instance.secretKey}`
  const ask = asker(instance, { authorization })
  return {
    standIn: instance,
    ping: () =>
      instance.fetch(
        new Request('http://stand-in.test/v1/users/count', { headers: { authorization } }),
      ),
    signUp: async (email) =>
      (await ask('POST', '/v1/users', { email_address: [email], password: PASSWORD })).id,
    signIn: async (id) => (await ask('POST', '/v1/sessions', { user_id: id })).id,
    isActive: async (id) => (await ask('GET', `/v1/sessions/${id}`)).status === 'active',
    keyIds: async () => kids(await ask('GET', '/v1/jwks')),
    async isPasswordOf(email, password) {
      const [user] = await ask('GET', `/v1/users?email_address=${encodeURIComponent(email)}`)
      const answer = await ask('POST', `/v1/users/${user?.id}/verify_password`, { password })
      return answer.verified === true
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of an answer themselves
type Body = any

function asker({ fetch }: StandIn, headers: Readonly<Record<string, string>>) {
  return async (method: string, path: string, body?: object): Promise<Body> => {
    const json = { 'content-type': 'application/json', ...headers }
    const init = { method, headers: json, ...(body && { body: JSON.stringify(body) }) }
    return (await fetch(new Request(`http://stand-in.test${path}`, init))).json()
  }
}

function kids({ keys }: { keys: { kid: string }[] }): string[] {
  return keys.map(({ kid }) => kid).filter((kid) => !kid.startsWith('s-'))
}
