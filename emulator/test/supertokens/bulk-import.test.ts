import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/base/clock.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { type Body, type Caller, callerOf, send } from './support/caller.js'
import { createFrozenClock } from './support/clock.js'

const HASH = '$2b$10$vBFQfhEJgkMSUTkxEj72zek3oSKSwh..BsTEZ3sK5DNpazD./ndd2'
const FIVE_MINUTES_SECONDS = 300
let clock: Clock
let core: SuperTokensCore
let call: Caller

beforeEach(async () => {
  clock = createFrozenClock()
  core = await createSuperTokensCore({ clock })
  call = callerOf(core)
})

function login(input: object = {}): object {
  const hash = { passwordHash: HASH, hashingAlgorithm: 'bcrypt' }
  return { recipeId: 'emailpassword', email: 'A@example.com', ...hash, ...input }
}

function importOne(input: object) {
  return send(core, 'POST', '/bulk-import/import', input)
}

function enqueue(...users: object[]): Promise<Body> {
  return call('POST', '/bulk-import/users', { users })
}

async function errorsOf(input: object): Promise<string[]> {
  const { status, text } = await importOne(input)
  expect(status).toBe(400)
  return JSON.parse(text).errors
}

describe('an import at once', () => {
  it('keeps id, times, roles, metadata and proof of the address', async () => {
    await call('PUT', '/recipe/role', { role: 'member' })
    const { status } = await importOne({
      externalUserId: 'old-1',
      userMetadata: { plan: 'pro' },
      userRoles: [{ role: ' member ', tenantIds: ['public'] }],
      loginMethods: [login({ isVerified: true, timeJoinedInMSSinceEpoch: 1_600_000_000_000 })],
    })
    expect(status).toBe(200)
    const userId = 'old-1'
    expect((await call('GET', '/user/id', { userId })).user).toMatchObject({
      id: userId,
      timeJoined: 1_600_000_000_000,
      emails: ['a@example.com'],
      loginMethods: [{ verified: true }],
    })
    expect((await call('GET', '/recipe/user/roles', { userId })).roles).toEqual(['member'])
    expect((await call('GET', '/recipe/user/metadata', { userId })).metadata).toEqual({
      plan: 'pro',
    })
  })

  it('takes a password in plain text', async () => {
    const method = {
      recipeId: 'emailpassword',
      email: 'p@example.com',
      plainTextPassword: 'Plain#1',
    }
    await importOne({ loginMethods: [method] })
    const credentials = { email: 'p@example.com', password: 'Plain#1' }
    expect((await call('POST', '/recipe/signin', credentials)).status).toBe('OK')
  })

  it('knows the user at the next sign-in with a code or a third party', async () => {
    await importOne({ loginMethods: [{ recipeId: 'passwordless', phoneNumber: '+431' }] })
    const thirdParty = { thirdPartyId: 'github', thirdPartyUserId: 'octo' }
    const email = 'o@example.com'
    await importOne({ loginMethods: [{ recipeId: 'thirdparty', email, ...thirdParty }] })
    const code = await call('POST', '/recipe/signinup/code', { phoneNumber: '+431' })
    const { preAuthSessionId, linkCode } = code
    const given = { preAuthSessionId, linkCode }
    expect((await call('POST', '/recipe/signinup/code/consume', given)).createdNewUser).toBe(false)
    const signIn = { ...thirdParty, email: { id: email, isVerified: false } }
    expect((await call('POST', '/recipe/signinup', signIn)).createdNewUser).toBe(false)
  })
})

describe('an import is refused', () => {
  const tooLong = (length: number) => 'x'.repeat(length)
  it.each<[says: string, input: object, ...errors: string[]]>([
    ['without login methods', {}, 'loginMethods is required.'],
    ['with none of them', { loginMethods: [] }, 'At least one loginMethod is required.'],
    ['with odd ones', { loginMethods: ['x'] }, 'loginMethods should be of type array of object.'],
    [
      'with two',
      { loginMethods: [login(), login()] },
      'Account linking must be enabled to import multiple loginMethods.',
    ],
    [
      'with two primary ones',
      { loginMethods: [login({ isPrimary: true }), login({ isPrimary: true })] },
      'Account linking must be enabled to import multiple loginMethods.',
      'No two loginMethods can have isPrimary as true.',
    ],
    [
      'without a recipe',
      { loginMethods: [{ email: 'a', plainTextPassword: 'x' }] },
      'recipeId is required for a loginMethod.',
    ],
    [
      'with an unknown recipe',
      { loginMethods: [login({ recipeId: 'webauthn' })] },
      'Invalid recipeId for loginMethod. Pass one of emailpassword, thirdparty or, passwordless!',
    ],
    [
      'with fields of wrong types',
      { externalUserId: 5, userMetadata: [], loginMethods: [login({ isVerified: 'yes' })] },
      'externalUserId should be of type string.',
      'userMetadata should be of type object.',
      'isVerified should be of type boolean for a loginMethod.',
    ],
    [
      'without an address',
      { loginMethods: [{ recipeId: 'emailpassword', plainTextPassword: 'x' }] },
      'email is required for an emailpassword recipe.',
    ],
    [
      'with a hash without its algorithm',
      { loginMethods: [{ recipeId: 'emailpassword', email: 'a', passwordHash: HASH }] },
      'Either (passwordHash, hashingAlgorithm) or plainTextPassword is required for an emailpassword recipe.',
    ],
    [
      'with an unknown algorithm',
      { loginMethods: [login({ hashingAlgorithm: 'md5' })] },
      'Invalid hashingAlgorithm for emailpassword recipe. Pass one of bcrypt, argon2 or, firebase_scrypt!',
    ],
    [
      'with a hash of another',
      { loginMethods: [login({ hashingAlgorithm: 'argon2' })] },
      'Password hash is in invalid Argon2 format',
    ],
    [
      'with neither address nor number',
      { loginMethods: [{ recipeId: 'passwordless' }] },
      'Either email or phoneNumber is required for a passwordless recipe.',
    ],
    [
      'without the third party',
      { loginMethods: [{ recipeId: 'thirdparty', email: 'a' }] },
      'thirdPartyId is required for a thirdparty recipe.',
      'thirdPartyUserId is required for a thirdparty recipe.',
    ],
    [
      'with a long third party',
      {
        loginMethods: [
          { recipeId: 'thirdparty', email: 'a', thirdPartyId: tooLong(29), thirdPartyUserId: 'x' },
        ],
      },
      `thirdPartyId ${tooLong(29)} is too long. Max length is 28.`,
    ],
    [
      'with a long id',
      { externalUserId: tooLong(129), loginMethods: [login()] },
      `externalUserId ${tooLong(129)} is too long. Max length is 128.`,
    ],
    [
      'from the future',
      { loginMethods: [login({ timeJoinedInMSSinceEpoch: 9e15 })] },
      'timeJoined cannot be in future for a loginMethod.',
    ],
    [
      'from before time',
      { loginMethods: [login({ timeJoinedInMSSinceEpoch: -1 })] },
      'timeJoined cannot be < 0 for a loginMethod.',
    ],
    [
      'with an unknown role',
      { userRoles: [{ role: 'nope', tenantIds: ['public'] }], loginMethods: [login()] },
      'Role nope does not exist.',
    ],
    [
      'with a second factor',
      { totpDevices: [], loginMethods: [login()] },
      'MFA must be enabled to import totp devices.',
    ],
    [
      'as a primary user',
      { loginMethods: [login({ isPrimary: true })] },
      'java.lang.Exception: E019: Account linking feature is not enabled for this app. Please contact support to enable it.',
    ],
  ])('%s', async (_, input, ...errors) => {
    expect(await errorsOf(input)).toEqual(errors)
    expect(core.store.users.size).toBe(0)
  })

  it('for another tenant', async () => {
    const errors = await errorsOf({ loginMethods: [login({ tenantIds: ['other'] })] })
    expect(errors).toEqual([
      'Multitenancy must be enabled before importing users to a different tenant.',
      expect.stringMatching(/^LoginMethod '\{"tenantIds":\[\],.*\}' has no tenantId$/),
    ])
  })

  it.each([
    [
      'address and password',
      login(),
      'E003: A user with email a@example.com already exists in emailpassword loginMethod.',
    ],
    [
      'third party',
      { recipeId: 'thirdparty', email: 'x', thirdPartyId: 'g', thirdPartyUserId: '1' },
      'E005: A user with thirdPartyId g and thirdPartyUserId 1 already exists in thirdparty loginMethod.',
    ],
    [
      'code by e-mail',
      { recipeId: 'passwordless', email: 'c@example.com' },
      'E006: A user with email c@example.com already exists in passwordless loginMethod.',
    ],
    [
      'code to a phone',
      { recipeId: 'passwordless', phoneNumber: '+431' },
      'E007: A user with phoneNumber +431 already exists in passwordless loginMethod.',
    ],
  ])('a second time: %s', async (_, method, error) => {
    expect((await importOne({ loginMethods: [method] })).status).toBe(200)
    expect(await errorsOf({ loginMethods: [method] })).toEqual([error])
  })

  it('with the id of another user', async () => {
    await importOne({ externalUserId: 'ext', loginMethods: [login()] })
    const input = { externalUserId: 'ext', loginMethods: [login({ email: 'b@example.com' })] }
    expect(await errorsOf(input)).toEqual(['E031: A user with externalId ext already exists'])
  })
})

describe('the queue', () => {
  const good = { loginMethods: [login({ email: 'good@example.com' })] }
  const taken = { loginMethods: [login({ email: 'taken@example.com' })] }

  async function statuses(): Promise<string[]> {
    const { users } = await call('GET', '/bulk-import/users')
    return users.map(({ status, errorMessage }: Body) => errorMessage ?? status)
  }

  it('is refused as a whole for one bad user', async () => {
    const answer = await send(core, 'POST', '/bulk-import/users', { users: [good, {}] })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text)).toEqual({
      error: 'Data has missing or invalid fields. Please check the users field for more details.',
      users: [{ index: 1, errors: ['loginMethods is required.'] }],
    })
    expect((await call('GET', '/bulk-import/users/count')).count).toBe(0)
  })

  it('takes an id of the app once', async () => {
    const users = [
      { externalUserId: 'ext', ...good },
      { externalUserId: 'ext', ...taken },
    ]
    const answer = await send(core, 'POST', '/bulk-import/users', { users })
    expect(JSON.parse(answer.text).users).toEqual([
      {
        index: 1,
        errors: ['externalUserId ext is not unique. It is already used by another user.'],
      },
    ])
  })

  it('of nobody is fine, and told so', async () => {
    expect(await enqueue()).toEqual({ status: 'OK' })
  })

  it('takes no more than ten thousand', async () => {
    const answer = await send(core, 'POST', '/bulk-import/users', { users: Array(10_001).fill({}) })
    const text = '{"error":"You can only add 10000 users at a time."}\n'
    expect(answer).toMatchObject({ status: 400, text })
  })

  it('waits for the job, which comes every five minutes', async () => {
    await enqueue(good)
    clock.advance(FIVE_MINUTES_SECONDS - 1)
    expect(await statuses()).toEqual(['NEW'])
    clock.advance(2)
    expect(await statuses()).toEqual([])
    expect((await call('GET', '/users/count')).count).toBe(1)
  })

  it('is run on demand', async () => {
    await enqueue(good)
    await core.runBulkImport()
    expect((await call('GET', '/users/count')).count).toBe(1)
  })

  it('keeps what fails with the reason, and the rest of its chunk for the next run', async () => {
    await importOne(taken)
    await enqueue(good, taken)
    await core.runBulkImport()
    const reason =
      'E003: A user with email taken@example.com already exists in emailpassword loginMethod.'
    expect(await statuses()).toEqual([reason, 'PROCESSING'])
    await core.runBulkImport()
    expect(await statuses()).toEqual([reason])
  })

  it('goes in chunks, of which the others are not held up', async () => {
    core = await createSuperTokensCore({ clock, bulkImportChunks: 2 })
    call = callerOf(core)
    await importOne(taken)
    await enqueue(good, taken)
    await core.runBulkImport()
    expect((await call('GET', '/bulk-import/users/count', { status: 'FAILED' })).count).toBe(1)
    expect((await call('GET', '/bulk-import/users/count')).count).toBe(1)
  })

  it('fails users that hold one another up: the second', async () => {
    await enqueue(good, good)
    await core.runBulkImport()
    const reason =
      'E003: A user with email good@example.com already exists in emailpassword loginMethod.'
    expect(await statuses()).toEqual([reason, 'PROCESSING'])
  })

  it('fails users whose role is gone when the job comes', async () => {
    await call('PUT', '/recipe/role', { role: 'member' })
    await enqueue({ ...good, userRoles: [{ role: 'member', tenantIds: ['public'] }] })
    await call('POST', '/recipe/role/remove', { role: 'member' })
    await core.runBulkImport()
    expect(await statuses()).toEqual(['[Role member does not exist.]'])
  })

  it('is listed in pages, newest first', async () => {
    const emails = ['a', 'b', 'c'].map((name) => `${name}@example.com`)
    await enqueue(...emails.map((email) => ({ loginMethods: [login({ email })] })))
    const seen: string[] = []
    let paginationToken: string | undefined
    do {
      const page = await call('GET', '/bulk-import/users', {
        limit: 2,
        ...(paginationToken ? { paginationToken } : {}),
      })
      seen.push(...page.users.map((user: Body) => user.loginMethods[0].email))
      expect(seen.length).toBeLessThanOrEqual(emails.length)
      paginationToken = page.nextPaginationToken
    } while (paginationToken)
    expect(seen).toEqual([...emails].reverse())
  })

  it('lets go of users by id, and tells which there were', async () => {
    await enqueue(good)
    const { users } = await call('GET', '/bulk-import/users')
    const ids = [users[0].id, 'unknown']
    const answer = await call('POST', '/bulk-import/users/remove', { ids })
    expect(answer).toEqual({ deletedIds: [users[0].id], invalidIds: ['unknown'] })
    await core.runBulkImport()
    expect(core.store.users.size).toBe(0)
  })
})
