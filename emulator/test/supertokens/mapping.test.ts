import { beforeEach, describe, expect, it } from 'vitest'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { type Caller, callerOf, send } from './support/caller.js'

let core: SuperTokensCore
let call: Caller
let id: string

beforeEach(async () => {
  core = await createSuperTokensCore()
  call = callerOf(core)
  id = await signUp('one@example.com')
})

async function signUp(email: string): Promise<string> {
  const { recipeUserId } = await call('POST', '/recipe/signup', { email, password: 'x' })
  return recipeUserId
}

function map(externalUserId: string, input: object = {}) {
  return send(core, 'POST', '/recipe/userid/map', {
    superTokensUserId: id,
    externalUserId,
    ...input,
  })
}

function unmap(userId: string, input: object = {}) {
  return send(core, 'POST', '/recipe/userid/map/remove', { userId, ...input })
}

const ok = { status: 200, text: '{"status":"OK"}\n' }
const session = { userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false }

/** What can refer to a user, by the name a core gives it. */
const uses: Readonly<Record<string, (userId: string) => Promise<unknown>>> = {
  Session: (userId) => call('POST', '/recipe/session', { userId, ...session }),
  UserMetadata: (userId) => call('PUT', '/recipe/user/metadata', { userId, metadataUpdate: {} }),
  async UserRoles(userId) {
    await call('PUT', '/recipe/role', { role: 'r' })
    await call('PUT', '/recipe/user/role', { userId, role: 'r' })
  },
  EmailVerification: (userId) =>
    call('POST', '/recipe/user/email/verify/token', { userId, email: 'one@example.com' }),
}

describe('a mapping is refused', () => {
  it.each(['Session', 'UserMetadata', 'UserRoles'])(
    'while the own id is in use: %s',
    async (recipe) => {
      await uses[recipe]?.(id)
      const text = `UserId is already in use in ${recipe} recipe\n`
      expect(await map('ext')).toMatchObject({ status: 400, text })
      expect(await map('ext', { force: true })).toMatchObject(ok)
    },
  )

  it('no longer for a session that is over', async () => {
    await uses.Session?.(id)
    for (const handle of core.store.sessions.keys()) core.expireSession(handle)
    expect(await map('ext')).toMatchObject(ok)
  })

  it('for use by verification and more, which is named', async () => {
    await uses.EmailVerification?.(id)
    await uses.UserRoles?.(id)
    const text = 'UserId is already in use in UserRoles recipe\n'
    expect(await map('ext')).toMatchObject({ status: 400, text })
  })

  it('to the own id of a user', async () => {
    const other = await signUp('two@example.com')
    const text =
      'Cannot create a userId mapping where the externalId is also a SuperTokens userID\n'
    expect(await map(other)).toMatchObject({ status: 400, text })
    expect(await map(id)).toMatchObject({ status: 400, text })
    expect(await map(other, { force: true })).toMatchObject(ok)
  })

  it.each([
    ['of the user to another id', 'ext-2', {}, true, false],
    ['of the user to the same id', 'ext', {}, true, true],
    ['of another user to the same id', 'ext', { superTokensUserId: 'x' }, false, true],
  ])('when there is one %s', async (_, externalUserId, input, ofUser, ofId) => {
    await map('ext')
    expect(JSON.parse((await map(externalUserId, input)).text)).toEqual({
      status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR',
      doesSuperTokensUserIdExist: ofUser,
      doesExternalUserIdExist: ofId,
    })
  })

  it('for an unknown user', async () => {
    const { text } = await map('ext', { superTokensUserId: 'unknown' })
    expect(JSON.parse(text)).toEqual({ status: 'UNKNOWN_SUPERTOKENS_USER_ID_ERROR' })
  })
})

describe('a mapping of a user whose address was verified', () => {
  it('is made, and the address stays verified', async () => {
    const address = { userId: id, email: 'one@example.com' }
    const { token } = await call('POST', '/recipe/user/email/verify/token', address)
    await call('POST', '/recipe/user/email/verify', { method: 'token', token })
    expect(await map('ext')).toMatchObject(ok)
    const { user } = await call('GET', '/user/id', { userId: 'ext' })
    expect(user.loginMethods[0].verified).toBe(true)
  })

  it('takes tokens along that were sent before', async () => {
    const address = { userId: id, email: 'one@example.com' }
    const { token } = await call('POST', '/recipe/user/email/verify/token', address)
    await map('ext')
    const answer = await call('POST', '/recipe/user/email/verify', { method: 'token', token })
    expect(answer).toMatchObject({ status: 'OK', userId: 'ext' })
  })
})

describe('a mapped user', () => {
  beforeEach(async () => {
    await map('ext', { externalUserIdInfo: 'info' })
  })

  it.each([
    ['ext', 'ANY'],
    ['ext', 'EXTERNAL'],
    ['own', 'ANY'],
    ['own', 'SUPERTOKENS'],
  ])('is found by its %s id as %s', async (which, userIdType) => {
    const userId = which === 'own' ? id : which
    expect(await call('GET', '/recipe/userid/map', { userId, userIdType })).toEqual({
      status: 'OK',
      superTokensUserId: id,
      externalUserId: 'ext',
      externalUserIdInfo: 'info',
    })
  })

  it.each([
    ['ext', 'SUPERTOKENS'],
    ['own', 'EXTERNAL'],
    ['unknown', 'ANY'],
  ])('is not found by its %s id as %s', async (which, userIdType) => {
    const userId = which === 'own' ? id : which
    const answer = await call('GET', '/recipe/userid/map', { userId, userIdType })
    expect(answer).toEqual({ status: 'UNKNOWN_MAPPING_ERROR' })
  })

  it('gets sessions under its id of the app, by either id', async () => {
    for (const userId of [id, 'ext']) {
      const answer = await call('POST', '/recipe/session', { userId, ...session })
      expect(answer.session).toMatchObject({ userId: 'ext', recipeUserId: 'ext' })
    }
  })

  it('resets its password under its id of the app', async () => {
    const address = { userId: 'ext', email: 'one@example.com' }
    const { token } = await call('POST', '/recipe/user/password/reset/token', address)
    const consumed = await call('POST', '/recipe/user/password/reset/token/consume', { token })
    expect(consumed.userId).toBe('ext')
  })

  it('loses the note with null', async () => {
    const update = { userId: 'ext', externalUserIdInfo: null }
    await call('PUT', '/recipe/userid/external-user-id-info', update)
    const answer = await call('GET', '/recipe/userid/map', { userId: 'ext' })
    expect(answer).not.toHaveProperty('externalUserIdInfo')
  })

  it('is removed by either id, with the mapping', async () => {
    await call('POST', '/user/remove', { userId: 'ext' })
    expect(core.store.users.size).toBe(0)
    expect(core.store.userIdMappings.size).toBe(0)
  })
})

describe('a mapping to the own id of another user', () => {
  it('is taken away though that id is in use', async () => {
    const other = await signUp('two@example.com')
    await map(other, { force: true })
    await uses.UserMetadata?.(other)
    const { text } = await unmap(id)
    expect(JSON.parse(text)).toEqual({ status: 'OK', didMappingExist: true })
  })

  it('gives way to that user where the id is ambiguous', async () => {
    const other = await signUp('two@example.com')
    await map(other, { force: true })
    const answer = await call('GET', '/user/id', { userId: other })
    expect(answer.user.emails).toEqual(['two@example.com'])
  })
})

describe('a mapping is taken away', () => {
  beforeEach(async () => {
    await map('ext')
  })

  it.each(Object.keys(uses))('not while its id is in use: %s', async (recipe) => {
    await uses[recipe]?.('ext')
    const text = `UserId is already in use in ${recipe} recipe\n`
    expect(await unmap('ext')).toMatchObject({ status: 400, text })
    const forced = await unmap('ext', { force: true })
    expect(JSON.parse(forced.text)).toEqual({ status: 'OK', didMappingExist: true })
  })

  it.each([
    ['ext', {}, true],
    ['own', {}, true],
    ['own', { userIdType: 'SUPERTOKENS' }, true],
    ['ext', { userIdType: 'SUPERTOKENS' }, false],
    ['own', { userIdType: 'EXTERNAL' }, false],
    ['unknown', {}, false],
  ])('by the %s id and %j: %s', async (which, input, didMappingExist) => {
    const { text } = await unmap(which === 'own' ? id : which, input)
    expect(JSON.parse(text)).toEqual({ status: 'OK', didMappingExist })
  })
})
