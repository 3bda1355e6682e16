import { describe, expect, it } from 'vitest'
import type { SuperTokensSdk } from '../../providers/supertokens/sdk.js'
import { claimValue, toSession } from '../../providers/supertokens/session.js'
import type { SuperTokensSettings } from '../../providers/supertokens/settings.js'
import { superTokensUsers } from '../../providers/supertokens/users.js'
import { hasRequiredClaims } from '../../providers/supertokens/verify.js'
import type { VerifiedClaims } from '../../src/jwt/verify.js'

const claims = (extra: object = {}): VerifiedClaims => ({
  iss: 'http://localhost/auth',
  sub: 'user-1',
  rsub: 'recipe-user-1',
  tId: 'public',
  sessionHandle: 'handle-1',
  refreshTokenHash1: 'secret-hash',
  parentRefreshTokenHash1: 'secret-parent',
  antiCsrfToken: 'secret-anti-csrf',
  iat: 1_700_000_000,
  exp: 1_700_003_600,
  ...extra,
})

const read = (given: VerifiedClaims) =>
  toSession(
    given,
    'public',
    { shownClaims: null },
    {
      authenticatedAt: null,
      getToken: async () => 'token',
      native: () => Promise.reject(new TypeError('not asked for here')),
    },
  )

describe('a session of SuperTokens in neutral words', () => {
  it('has the members of the token', () => {
    expect(read(claims())).toMatchObject({
      subject: 'user-1',
      sessionId: 'handle-1',
      tenantId: 'public',
      orgId: null,
      orgRole: null,
      orgPermissions: [],
      roles: [],
      permissions: [],
      actor: null,
      issuedAt: 1_700_000_000,
      expiresAt: 1_700_003_600,
    })
  })

  it('keeps what is a secret of the session out of the claims', () => {
    const { claims: shown } = read(claims({ plan: 'pro' }))
    expect(shown).toMatchObject({ sub: 'user-1', plan: 'pro' })
    expect(JSON.stringify(shown)).not.toContain('secret')
  })

  it('freezes the claims it shows', () => {
    const { claims: shown } = read(claims())
    expect(Object.isFrozen(shown)).toBe(true)
  })

  it('does not take a claim called __proto__ for anything else', () => {
    const given = JSON.parse(JSON.stringify(claims()).replace('{', '{"__proto__":{"roles":["x"]},'))
    const { claims: shown, roles } = read(given)
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype)
    expect(roles).toEqual([])
  })

  it.each([
    [{ v: ['admin', 'editor'], t: 1 }, ['admin', 'editor']],
    [{ v: ['admin'] }, ['admin']],
    [{ v: [], t: 1 }, []],
    [{ v: 'admin', t: 1 }, []],
    [{ v: ['admin', 7], t: 1 }, []],
    [{ v: [['admin']], t: 1 }, []],
    [{ v: { 0: 'admin', length: 1 } }, []],
    [{ t: 1 }, []],
    [['admin'], []],
    ['admin', []],
    [null, []],
    [undefined, []],
    [7, []],
  ])('st-role and st-perm of %j are %j', (claim, names) => {
    const { roles, permissions } = read(claims({ 'st-role': claim, 'st-perm': claim }))
    expect(roles).toEqual(names)
    expect(permissions).toEqual(names)
  })

  it('takes no role from anywhere else', () => {
    const data = read(claims({ role: 'admin', roles: ['admin'], st_role: ['x'] }))
    expect(data.roles).toEqual([])
  })
})

describe('declared claims', () => {
  const settings = (requiredClaims?: Record<string, string | number | boolean>) =>
    ({ requiredClaims }) as unknown as SuperTokensSettings

  it.each([
    [{}, true],
    [undefined, true],
    [{ 'st-ev': true }, true],
    [{ 'st-ev': false }, false],
    [{ 'st-ev': true, plan: 'pro' }, true],
    [{ 'st-ev': true, plan: 'free' }, false],
    [{ plan: 'PRO' }, false],
    [{ count: 1 }, true],
    [{ count: '1' }, false],
    [{ missing: true }, false],
    [{ plain: true }, false],
    [{ toString: true }, false],
  ])('%j are met: %s', (required, expected) => {
    const given = claims({
      'st-ev': { v: true, t: 1 },
      plan: { v: 'pro' },
      count: { v: 1 },
      plain: true,
    })
    expect(hasRequiredClaims(given, settings(required))).toBe(expected)
  })

  it.each([
    [{ v: 1 }, 1],
    [{ v: null }, null],
    [['x'], undefined],
    ['x', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('the value of %j is %j', (claim, value) => {
    expect(claimValue(claim)).toBe(value)
  })
})

describe('user records', () => {
  const record = {
    id: 'user-1',
    emails: ['a@example.com', 'b@example.com'],
    phoneNumbers: ['+4930123456'],
    timeJoined: 1_700_000_000_000,
    loginMethods: [
      { email: 'a@example.com', verified: false },
      { email: 'b@example.com', verified: true },
      { email: undefined, verified: true },
    ],
  }
  const read = (user: object | null, metadata: object = {}) => {
    const sdk = { user: async () => user && { user, metadata } } as unknown as SuperTokensSdk
    return superTokensUsers(async () => sdk).get('user-1')
  }

  it('are normalised', async () => {
    const metadata = { first_name: 'Jo', last_name: 'Doe', picture: 'https://example.com/jo.png' }
    expect(await read(record, metadata)).toEqual({
      id: 'user-1',
      emails: [
        { address: 'a@example.com', verified: false },
        { address: 'b@example.com', verified: true },
      ],
      phone: '+4930123456',
      name: 'Jo Doe',
      imageUrl: 'https://example.com/jo.png',
      createdAt: new Date(1_700_000_000_000),
      metadata,
    })
  })

  it.each([
    [{}, null],
    [{ first_name: '', last_name: '' }, null],
    [{ first_name: 7, last_name: null }, null],
    [{ last_name: 'Doe' }, 'Doe'],
  ])('metadata of %j make the name %j', async (metadata, name) => {
    expect(await read(record, metadata)).toMatchObject({ name, imageUrl: null })
  })

  it('are null when there is none', async () => {
    expect(await read(null)).toBeNull()
  })
})
