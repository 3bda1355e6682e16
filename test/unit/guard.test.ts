import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { AuthError, isAuthError } from '../../src/errors.js'
import {
  checkOptionalPolicy,
  checkPolicy,
  enforce as enforceAtOnce,
  meets,
  type OptionalPolicy,
  type Policy,
} from '../../src/guard.js'
import type { ProviderSession } from '../../src/provider.js'
import type { Requirement, SignedInAuth } from '../../src/session.js'
import { SECOND, START } from '../support/core-clock.js'
import { fakeSession } from '../support/core-provider.js'

/** Whether it refuses at once or later is all the same to who waits. */
const enforce = async (
  policy: Policy,
  auth: SignedInAuth,
  session: ProviderSession,
  time: number,
) => enforceAtOnce(policy, auth, session, () => time)

const auth = { provider: 'fake' } as unknown as SignedInAuth

const member = fakeSession({
  roles: ['member'],
  permissions: ['read', 'write'],
  orgId: 'org_1',
  orgRole: 'org:admin',
  orgPermissions: ['org:invoices:read'],
  authenticatedAt: START / 1000 - 60,
})

async function verdict(policy: unknown, session: ProviderSession = member): Promise<string> {
  try {
    await enforce(policy as Policy, auth, session, START)
    return 'admitted'
  } catch (error) {
    if (!isAuthError(error)) throw error
    return error.details.unmet?.field ?? error.code
  }
}

describe('enforce', () => {
  const fields = [
    ['role', { role: 'member' }, { role: 'admin' }],
    ['permission', { permission: 'write' }, { permission: 'delete' }],
    ['orgId', { orgId: 'org_1' }, { orgId: 'org_2' }],
    ['orgRole', { orgRole: 'org:admin' }, { orgRole: 'org:owner' }],
    ['orgPermission', { orgPermission: 'org:invoices:read' }, { orgPermission: 'org:x:y' }],
    ['maxAuthAgeSeconds', { maxAuthAgeSeconds: 61 }, { maxAuthAgeSeconds: 60 }],
    ['check', { check: () => true }, { check: () => false }],
  ] as const

  const everyChoice = Array.from({ length: 3 ** fields.length }, (_, number) =>
    fields.map((_field, index) => Math.floor(number / 3 ** index) % 3),
  )

  it('lets a session in exactly when every given field holds: all 2187 combinations', async () => {
    const wrong: unknown[] = []
    for (const choice of everyChoice) {
      const parts = choice.map((pick, index) => (pick === 0 ? {} : fields[index]?.[pick as 1 | 2]))
      const firstUnmet = fields[choice.indexOf(2)]?.[0] ?? 'admitted'
      const policy: Policy = Object.assign({}, ...parts)
      if ((await verdict(policy)) !== firstUnmet) wrong.push(choice)
    }
    expect(wrong).toEqual([])
  })

  it.each([
    ['another case', { role: 'Member' }],
    ['a part', { role: 'mem' }],
    ['a space', { role: 'member ' }],
    ['a list', { role: ['member'] }],
    ['a String object', { role: new String('member') }],
    ['null', { role: null }],
    ['an empty text', { role: '' }],
    ['a wildcard', { role: '*' }],
    ['a name of a method', { role: 'constructor' }],
    ['the role of an organisation', { role: 'org:admin' }],
    ['the role of an organisation, shortened', { role: 'admin' }],
    ['a permission', { role: 'read' }],
  ])('does not take %s for a role that is held', async (_, policy) => {
    expect(await verdict(policy)).toBe('role')
  })

  it.each([
    ['a role of the app as the organisation’s', { orgRole: 'member' }, 'orgRole'],
    ['a permission of the app as the organisation’s', { orgPermission: 'read' }, 'orgPermission'],
    ['the organisation’s permission', { permission: 'org:invoices:read' }, 'permission'],
  ])('does not take %s', async (_, policy, field) => {
    expect(await verdict(policy)).toBe(field)
  })

  it.each([['orgId'], ['orgRole'], ['orgPermission'], ['role'], ['permission']])(
    'keeps a session with nothing out by %s',
    async (field) => {
      const nothing = fakeSession()
      for (const value of ['null', 'undefined', '', 'x']) {
        expect(await verdict({ [field]: value }, nothing)).toBe(field)
      }
    },
  )

  it.each([
    ['roles', { roles: null }, { role: 'member' }],
    ['permissions', { permissions: null }, { permission: 'read' }],
  ])('calls it a mistake of the app to ask for %s nobody knows', async (_, session, policy) => {
    await expect(enforce(policy, auth, { ...member, ...session }, START)).rejects.toMatchObject({
      code: 'config_invalid',
      details: { issues: [{ name: expect.stringMatching(/^policy\./) }] },
    })
  })

  it.each([
    ['just now', START / 1000, 1, true],
    ['just now, which is never recent enough', START / 1000, 0, false],
    ['a second less ago than the limit', START / 1000 - 59, 60, true],
    ['as long ago as the limit', START / 1000 - 60, 60, false],
    ['a day ago', START / 1000 - 86_400, 86_399, false],
    ['never, as far as known', null, 1e12, false],
    ['never, as far as known, with no limit worth the name', null, Number.MAX_VALUE, false],
    ['at a time that is no number', Number.NaN, 60, false],
    ['at a time that is missing', undefined, 60, false],
  ])('signed in %s: %s within %d s is recent: %s', async (_, at, maxAuthAgeSeconds, isRecent) => {
    const session = { ...member, authenticatedAt: at as number | null }
    const expected = isRecent ? 'admitted' : 'maxAuthAgeSeconds'
    expect(await verdict({ maxAuthAgeSeconds }, session)).toBe(expected)
  })

  it('counts age to the millisecond', async () => {
    const policy = { maxAuthAgeSeconds: 60 }
    await expect(enforce(policy, auth, member, START - 1)).resolves.toBeUndefined()
    await expect(enforce(policy, auth, member, START)).rejects.toMatchObject({
      code: 'forbidden',
      details: { unmet: { field: 'maxAuthAgeSeconds', expected: 60 } },
    })
    await expect(enforce(policy, auth, member, START - SECOND)).resolves.toBeUndefined()
  })

  it.each([
    ['1', 1],
    ['a text', 'yes'],
    ['an object', {}],
    ['null', null],
    ['nothing', undefined],
    ['a promise of false', Promise.resolve(false)],
    ['a promise of 1', Promise.resolve(1)],
    ['a promise of false from another realm', runInNewContext('Promise.resolve(false)')],
    // biome-ignore lint/suspicious/noThenProperty: that is what this is about
    ['false by what only has a `then`', { then: (done: (it: boolean) => void) => done(false) }],
    ['an Error', new Error('no')],
  ])('a check that gives %s refuses', async (_, value) => {
    expect(await verdict({ check: () => value })).toBe('check')
  })

  it('a check is asked last, and only when all else holds', async () => {
    let asked = 0
    const check = () => {
      asked++
      return true
    }
    expect(await verdict({ check, role: 'admin' })).toBe('role')
    expect(await verdict({ check, maxAuthAgeSeconds: 1 })).toBe('maxAuthAgeSeconds')
    expect(asked).toBe(0)
    expect(await verdict({ check })).toBe('admitted')
    expect(asked).toBe(1)
  })

  it.each([
    ['an exception', new TypeError('broken check')],
    ['an error of authmux', new AuthError('provider_unavailable', 'down')],
  ])('a check that throws %s is no yes', async (_, thrown) => {
    const check = () => {
      throw thrown
    }
    await expect(enforce({ check }, auth, member, START)).rejects.toBe(thrown)
    const later = async () => check()
    await expect(enforce({ check: later }, auth, member, START)).rejects.toBe(thrown)
  })
})

describe('meets', () => {
  it.each([
    [{ role: 'member' }, true],
    [{ role: 'member', orgRole: 'org:admin' }, true],
    [{ permission: 'read' }, true],
    [{ orgId: 'org_1', orgRole: 'org:admin', orgPermission: 'org:invoices:read' }, true],
    [{}, false],
    [{ role: 'admin' }, false],
    [{ role: 'member', permission: 'delete' }, false],
    [{ role: 'admin', permission: 'read' }, false],
    [{ orgId: 'org_2', orgRole: 'org:admin' }, false],
    [{ role: '' }, false],
    [{ role: null }, false],
    [{ role: undefined }, false],
    [{ role: ['member'] }, false],
  ])('%j: %s', (requirement, expected) => {
    expect(meets(member, requirement as Requirement)).toBe(expected)
  })

  it.each([
    ['a field that is undefined', { role: undefined, permission: 'read' }],
    ['a field that is null', { role: null, permission: 'read' }],
    ['a misspelt field', { rol: 'admin', permission: 'read' }],
    ['a field of policies', { maxAuthAgeSeconds: 0, permission: 'read' }],
    ['a check', { check: () => false, permission: 'read' }],
  ])('does not overlook %s beside one that holds', (_, requirement) => {
    expect(meets(member, requirement as Requirement)).toBe(false)
  })

  it('says no where roles are not known', () => {
    expect(meets({ ...member, roles: null }, { role: 'member' })).toBe(false)
  })
})

describe('checkPolicy', () => {
  it.each([
    [{}],
    [{ role: 'a', permission: 'b', orgId: 'c', orgRole: 'd', orgPermission: 'e' }],
    [{ maxAuthAgeSeconds: 0 }],
    [{ maxAuthAgeSeconds: 0.5, check: () => true, revocation: 'session' }],
    [{ revocation: 'token', vendor: { clerk: {} } }],
  ])('takes %j', (policy) => {
    expect(() => checkPolicy(policy as Policy)).not.toThrow()
  })

  it.each([
    ['roles', { roles: ['admin'] }],
    ['rol', { rol: 'admin' }],
    ['Role', { Role: 'admin' }],
    ['maxAuthAge', { maxAuthAge: 60 }],
    ['returnTo', { returnTo: '/' }],
    ['role', { role: undefined }],
    ['role', { role: '' }],
    ['role', { role: null }],
    ['role', { role: ['admin'] }],
    ['permission', { role: 'admin', permission: undefined }],
    ['permission', { permission: '' }],
    ['orgId', { orgId: '' }],
    ['orgId', { orgId: 1 }],
    ['orgRole', { orgRole: undefined }],
    ['orgPermission', { orgPermission: true }],
    ['check', { check: true }],
    ['check', { check: undefined }],
    ['maxAuthAgeSeconds', { maxAuthAgeSeconds: -1 }],
    ['maxAuthAgeSeconds', { maxAuthAgeSeconds: '60' }],
    ['maxAuthAgeSeconds', { maxAuthAgeSeconds: Number.NaN }],
    ['maxAuthAgeSeconds', { maxAuthAgeSeconds: Number.POSITIVE_INFINITY }],
    ['maxAuthAgeSeconds', { maxAuthAgeSeconds: undefined }],
    ['revocation', { revocation: 'always' }],
    ['revocation', { revocation: undefined }],
    ['vendor', { vendor: 'clerk' }],
    ['vendor', { vendor: undefined }],
    ['vendor', { vendor: null }],
  ])('refuses a policy for its %s: %j', (field, policy) => {
    const error = refusalOf(policy)
    expect(error.code).toBe('config_invalid')
    expect(error.message).toMatch(new RegExp(`\\b${field}\\b`))
    const names = error.details.issues?.map(({ name }) => name)
    expect(names?.join()).toContain('policy')
  })

  it('says what is wrong in words, not only where', () => {
    expect(refusalOf({ revocation: 'always' }).message).toMatch(/token.*session/)
    expect(refusalOf({ maxAuthAgeSeconds: '60' }).message).not.toMatch(/Invalid input$/)
  })

  it.each([
    [{ role: '' }, 'must not be empty'],
    [{ check: 1 }, 'must be a function'],
    [{ maxAuthAgeSeconds: -1 }, 'must be a number, 0 or more'],
    [{ orgId: undefined }, 'is undefined'],
    [{ vendor: [] }, 'must be an object'],
  ])('says of %j that it %s', (policy, words) => {
    expect(refusalOf(policy).message).toContain(words)
  })

  it('names every field at once', () => {
    const { message } = refusalOf({ role: '', permission: undefined, check: 1, orgId: 2 })
    for (const field of ['role', 'permission', 'check', 'orgId']) {
      expect(message).toContain(`policy.${field}`)
    }
  })

  it.each([
    ['null', null],
    ['a text', 'admin'],
    ['a list', []],
    ['a function', () => true],
  ])('refuses %s for a policy', (_, policy) => {
    expect(refusalOf(policy).code).toBe('config_invalid')
  })

  it('does not repeat values, which may be secret', () => {
    const policy = { revocation: 'hunter2', vendor: 'hunter2', orgId: ['hunter2'] }
    expect(refusalOf(policy).message).not.toContain('hunter2')
  })
})

describe('checkOptionalPolicy', () => {
  it.each([[{}], [{ revocation: 'token' }], [{ revocation: 'session', vendor: { clerk: {} } }]])(
    'takes %j',
    (policy) => {
      expect(() => checkOptionalPolicy(policy as OptionalPolicy)).not.toThrow()
    },
  )

  it.each([
    [{ role: 'admin' }],
    [{ orgId: 'org_1', revocation: 'session' }],
    [{ maxAuthAgeSeconds: 60 }],
    [{ check: () => true }],
    [{ revocation: 'always' }],
    [{ revocation: undefined }],
    [{ vendor: 'clerk' }],
    [null],
  ])('refuses %j, where nothing is enforced', (policy) => {
    expect(() => checkOptionalPolicy(policy as OptionalPolicy)).toThrow(AuthError)
  })
})

describe('a refusal', () => {
  it('says which field was not met', async () => {
    const refused = enforce({ role: 'admin' }, auth, member, START)
    await expect(refused).rejects.toMatchObject({
      code: 'forbidden',
      message: 'The session does not meet the policy: role',
      details: { unmet: { field: 'role', expected: 'admin' } },
    })
  })

  it('says what to do where roles are not known', async () => {
    const refused = enforce({ role: 'admin' }, auth, { ...member, roles: null }, START)
    await expect(refused).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/role is known: tell the fake provider which claim/),
    })
  })
})

function refusalOf(policy: unknown): AuthError {
  try {
    checkPolicy(policy as Policy)
  } catch (error) {
    if (isAuthError(error)) return error
    throw error
  }
  throw new TypeError('The policy was taken')
}
