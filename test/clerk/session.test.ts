import { reverificationError, signedInAuthObject } from '@clerk/backend/internal'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clerkChallenge } from '../../providers/clerk/challenge.js'
import type { ClerkOptions } from '../../providers/clerk/index.js'
import { toSession } from '../../providers/clerk/session.js'
import { readClerkSettings } from '../../providers/clerk/settings.js'
import { AuthError, isAuthError } from '../../src/errors.js'
import type { JsonObject } from '../../src/jwt/token.js'
import type { VerifiedClaims } from '../../src/jwt/verify.js'
import { createApp, createInstance, NOW, NOW_SECONDS, optionsOf } from '../support/clerk-app.js'
import { isolateNetwork } from '../support/clerk-backend.js'

isolateNetwork()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

const instance = await createInstance(true)

/** Claims as Clerk issues them, with these on top; `undefined` takes one away. */
function claimsWith(changes: JsonObject): VerifiedClaims {
  const claims = {
    iss: instance.issuer,
    sub: 'user_1',
    sid: 'sess_1',
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 60,
    ...changes,
  }
  // As JSON: a member named __proto__ is one like any other.
  return JSON.parse(JSON.stringify(claims)) as VerifiedClaims
}

const functions: Parameters<typeof toSession>[2] = {
  getToken: async () => 'token',
  native: () => Promise.reject(new TypeError('not asked for here')),
}

function read(changes: JsonObject, options: ClerkOptions = {}) {
  const settings = readClerkSettings({ ...optionsOf(instance), ...options })
  return toSession(claimsWith(changes), settings, functions)
}

describe('claims become a session', () => {
  const rows: readonly { says: string; claims: JsonObject; expected: object }[] = [
    {
      says: 'the least there is',
      claims: {},
      expected: {
        subject: 'user_1',
        sessionId: 'sess_1',
        tenantId: null,
        orgId: null,
        orgRole: null,
        orgPermissions: [],
        roles: null,
        permissions: null,
        actor: null,
        issuedAt: NOW_SECONDS,
        expiresAt: NOW_SECONDS + 60,
        authenticatedAt: null,
      },
    },
    {
      says: 'an actor',
      claims: { act: { sub: 'user_admin', type: 'agent' } },
      expected: { actor: { sub: 'user_admin', type: 'agent' } },
    },
    { says: 'an actor that is text: none', claims: { act: 'me' }, expected: { actor: null } },
    { says: 'an actor that is null: none', claims: { act: null }, expected: { actor: null } },
    { says: 'an active status', claims: { sts: 'active' }, expected: { subject: 'user_1' } },
    { says: 'a status nobody knows', claims: { sts: 'else' }, expected: { subject: 'user_1' } },
    {
      says: 'an organisation of version 1',
      claims: { org_id: 'org_1', org_role: 'org:admin', org_permissions: ['org:a:b'] },
      expected: { orgId: 'org_1', orgRole: 'org:admin', orgPermissions: ['org:a:b'] },
    },
    {
      says: 'an organisation of version 2',
      claims: { v: 2, fea: 'o:a', o: { id: 'org_1', rol: 'admin', per: 'b', fpm: '1' } },
      expected: { orgId: 'org_1', orgRole: 'org:admin', orgPermissions: ['org:a:b'] },
    },
  ]

  for (const { says, claims, expected } of rows) {
    it(says, () => {
      expect(read(claims)).toMatchObject(expected)
    })
  }

  it('with the claims of the token themselves, and no copy', () => {
    const claims = claimsWith({ metadata: { roles: ['admin'] } })
    const settings = readClerkSettings(optionsOf(instance))
    expect(toSession(claims, settings, functions).claims).toBe(claims)
  })
})

describe('claims that are no session', () => {
  const refused: readonly { says: string; claims: JsonObject; code: string; claim?: string }[] = [
    { says: 'a pending session', claims: { sts: 'pending' }, code: 'session_pending' },
    {
      says: 'a pending session with everything else wrong',
      claims: { sts: 'pending', sid: 5, o: 5 },
      code: 'session_pending',
    },
    { says: 'no session id', claims: { sid: undefined }, code: 'token_invalid', claim: 'sid' },
    { says: 'an empty session id', claims: { sid: '' }, code: 'token_invalid', claim: 'sid' },
    { says: 'a session id of null', claims: { sid: null }, code: 'token_invalid', claim: 'sid' },
    { says: 'a session id in a list', claims: { sid: ['s'] }, code: 'token_invalid', claim: 'sid' },
    { says: 'a packed organisation', claims: { v: 2, o: 1 }, code: 'token_invalid', claim: 'o' },
    { says: 'a plain one', claims: { org_id: 1 }, code: 'token_invalid', claim: 'org_id' },
  ]

  for (const { says, claims, code, claim } of refused) {
    it(`${says} → ${code}`, () => {
      let error: unknown
      try {
        read(claims)
      } catch (thrown) {
        error = thrown
      }
      expect(isAuthError(error) && [error.code, error.details.claim]).toEqual([code, claim])
    })
  }
})

describe('application-wide roles', () => {
  const hostile = JSON.stringify({ roles: ['own'] })
  const rows: readonly { says: string; path: string; claims: JsonObject; roles: string[] }[] = [
    { says: 'a list', path: 'roles', claims: { roles: ['a', 'b'] }, roles: ['a', 'b'] },
    { says: 'one alone', path: 'roles', claims: { roles: 'a' }, roles: ['a'] },
    { says: 'further down', path: 'm.x.r', claims: { m: { x: { r: ['a'] } } }, roles: ['a'] },
    { says: 'nothing there', path: 'roles', claims: {}, roles: [] },
    { says: 'null', path: 'roles', claims: { roles: null }, roles: [] },
    { says: 'nothing on the way', path: 'm.x.r', claims: { m: null }, roles: [] },
    { says: 'text on the way', path: 'm.length', claims: { m: 'abc' }, roles: [] },
    { says: 'a number', path: 'roles', claims: { roles: 5 }, roles: [] },
    { says: 'an object', path: 'roles', claims: { roles: { 0: 'admin' } }, roles: [] },
    { says: 'a list with a number', path: 'roles', claims: { roles: ['a', 1] }, roles: [] },
    { says: 'a list of lists', path: 'roles', claims: { roles: [['a']] }, roles: [] },
    { says: 'an inherited member', path: 'constructor.name', claims: {}, roles: [] },
    { says: 'an inherited prototype', path: '__proto__.roles', claims: {}, roles: [] },
    { says: 'the length of a list', path: 'm.length', claims: { m: ['a'] }, roles: [] },
    {
      says: 'a member of its own named __proto__',
      path: 'm.__proto__.roles',
      claims: { m: JSON.parse(`{"__proto__":${hostile}}`) },
      roles: ['own'],
    },
    {
      says: 'a role beside a member named __proto__, which lends it none',
      path: 'm.roles',
      claims: { m: JSON.parse(`{"__proto__":${hostile}}`) },
      roles: [],
    },
  ]

  for (const { says, path, claims, roles } of rows) {
    it(`are read from a claim that holds ${says}`, () => {
      expect(read(claims, { claims: { roles: path } }).roles).toEqual(roles)
      expect(read(claims, { claims: { permissions: path } }).permissions).toEqual(roles)
    })
  }

  it('are none that something else has left on the prototype of everything', () => {
    const settingsOf = (roles: string) =>
      readClerkSettings({ ...optionsOf(instance), claims: { roles } })
    const settings = ['strayRoles', 'metadata.strayRoles'].map(settingsOf)
    Object.assign(Object.prototype, { strayRoles: ['admin'] })
    try {
      for (const setting of settings) {
        expect(toSession(claimsWith({ metadata: {} }), setting, functions).roles).toEqual([])
      }
    } finally {
      Reflect.deleteProperty(Object.prototype, 'strayRoles')
    }
  })

  it('are never those of an organisation the user made', async () => {
    const auth = createApp({ ...optionsOf(instance), claims: { roles: 'metadata.roles' } })
    const { request } = await instance.signedIn({
      userId: 'user_1',
      orgId: 'org_own',
      orgRole: 'org:admin',
      orgPermissions: ['org:all:manage'],
    })
    const guarded = auth.requireAuth(() => new Response('in'), { role: 'admin' })
    expect((await guarded(request('/'))).status).toBe(403)
    const seen = await auth.getAuth(request('/'))
    expect([seen.has({ role: 'admin' }), seen.has({ role: 'org:admin' })]).toEqual([false, false])
    expect([seen.has({ orgRole: 'org:admin' }), seen.has({ orgRole: 'admin' })]).toEqual([
      true,
      false,
    ])
  })

  it('cannot be asked for while nobody said which claim has them', async () => {
    const auth = createApp(optionsOf(instance))
    const { request } = await instance.signedIn({ userId: 'user_1' })
    for (const policy of [{ role: 'admin' }, { permission: 'all' }]) {
      const answer = await auth.requireAuth(() => new Response('in'), policy)(request('/'))
      expect([answer.status, (await answer.json()).code]).toEqual([500, 'config_invalid'])
    }
  })
})

describe('the age of a sign-in', () => {
  it.each([
    { says: 'unknown without the claim', fva: undefined, known: false },
    { says: 'unknown without a first factor', fva: [-1, 5], known: false },
    { says: 'unknown when negative', fva: [-2, 5], known: false },
    { says: 'unknown when it is text', fva: ['0', 0], known: false },
    { says: 'unknown when it is a fraction', fva: [0.5, 0], known: false },
    { says: 'unknown when the claim is no list', fva: 0, known: false },
    { says: 'unknown when the list is empty', fva: [], known: false },
    { says: 'known with a first factor alone', fva: [0, -1], known: true },
    { says: 'known when it is older than time', fva: [Number.MAX_SAFE_INTEGER, -1], known: true },
  ])('is $says', ({ fva, known }) => {
    const { authenticatedAt } = read({ fva })
    expect(authenticatedAt !== null).toBe(known)
    if (authenticatedAt !== null) expect(authenticatedAt).toBeGreaterThanOrEqual(0)
  })

  it('is never taken from the time the token was issued', () => {
    expect(read({ fva: [120, -1] }).authenticatedAt).toBeLessThanOrEqual(NOW_SECONDS - 7200)
  })

  it('is fresh enough exactly where @clerk/backend finds it so', async () => {
    const auth = createApp(optionsOf(instance))
    const passing = async (fva: readonly [number, number], afterMinutes: number) => {
      const claims = { fva, iat: NOW_SECONDS, exp: NOW_SECONDS + 60 }
      const { request } = await instance.signedIn({ userId: 'user_1', claims })
      const policy = { maxAuthAgeSeconds: afterMinutes * 60 }
      const answer = await auth.requireAuth(() => new Response('in'), policy)(request('/'))
      return answer.status === 200
    }
    for (const minutes of [-1, 0, 1, 8, 9, 10, 11]) {
      const fva = [minutes, -1] as const
      const clerks = signedInAuthObject({}, 'token', claimsWith({ fva }) as never)
      for (const afterMinutes of [1, 9, 10]) {
        const isFresh = clerks.has({ reverification: { level: 'first_factor', afterMinutes } })
        const says = `${minutes} minutes old, ${afterMinutes} allowed`
        expect(await passing(fva, afterMinutes), says).toBe(isFresh)
      }
    }
  })
})

describe('the challenge', () => {
  const unmet = (field: string, expected: string | number | null) =>
    new AuthError('forbidden', 'unmet', { details: { unmet: { field, expected } } })

  it.each([
    { seconds: 600, afterMinutes: 10 },
    { seconds: 601, afterMinutes: 11 },
    { seconds: 60, afterMinutes: 1 },
    { seconds: 1, afterMinutes: 1 },
    { seconds: 0, afterMinutes: 1 },
  ])('asks for a sign-in within $seconds s as Clerk does', ({ seconds, afterMinutes }) => {
    const { members } = clerkChallenge(unmet('maxAuthAgeSeconds', seconds))
    expect(members).toEqual(reverificationError({ level: 'first_factor', afterMinutes }))
  })

  it.each([
    unmet('role', 'admin'),
    unmet('check', null),
    new AuthError('forbidden', 'no particulars'),
    new AuthError('token_expired', 'expired'),
    new AuthError('unauthenticated', 'nobody'),
  ])('adds nothing to any other refusal', (error) => {
    expect(clerkChallenge(error)).toEqual({})
  })

  it('reaches the browser beside our own problem document', async () => {
    const auth = createApp(optionsOf(instance))
    const { request } = await instance.signedIn({ userId: 'user_1', claims: { fva: [30, -1] } })
    const guarded = auth.requireAuth(() => new Response('in'), { maxAuthAgeSeconds: 600 })
    const answer = await guarded(request('/'))
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toContain(
      'error="insufficient_user_authentication", max_age="600"',
    )
    expect(await answer.json()).toMatchObject({
      code: 'forbidden',
      status: 403,
      ...reverificationError({ level: 'first_factor', afterMinutes: 10 }),
    })
  })
})
