/** The real SDK keeps users at the stand-in. */

import SuperTokens from 'supertokens-node'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import UserMetadata from 'supertokens-node/recipe/usermetadata'
import UserRoles from 'supertokens-node/recipe/userroles'
import { describe, expect, it } from 'vitest'
import { createSession, recipeUserIdOf, signUp, useSdk } from './support/sdk.js'

useSdk()

describe('listing', () => {
  it('pages through all users, newest and oldest first', async () => {
    const emails = ['one@list.example', 'two@list.example', 'three@list.example']
    for (const email of emails) await signUp(email)
    const newest: string[] = []
    let paginationToken: string | undefined
    do {
      const page = await SuperTokens.getUsersNewestFirst({
        tenantId: 'public',
        limit: 2,
        ...(paginationToken ? { paginationToken } : {}),
      })
      newest.push(...page.users.flatMap((user) => user.emails))
      expect(newest.length).toBeLessThanOrEqual(emails.length)
      paginationToken = page.nextPaginationToken
    } while (paginationToken)
    expect(newest).toHaveLength(await SuperTokens.getUserCount())
    expect(new Set(newest)).toEqual(new Set(emails))
    const oldest = await SuperTokens.getUsersOldestFirst({ tenantId: 'public' })
    expect(oldest.users).toHaveLength(newest.length)
  })

  it('finds users by the beginning of an address or of its domain', async () => {
    await signUp('searched@find.example')
    await signUp('other@elsewhere.example')
    const search = async (email: string) => {
      const { users } = await SuperTokens.getUsersNewestFirst({
        tenantId: 'public',
        query: { email },
      })
      return users.flatMap((user) => user.emails)
    }
    expect(await search('sear')).toEqual(['searched@find.example'])
    expect(await search('find.')).toEqual(['searched@find.example'])
    expect(await search('arched')).toEqual([])
  })

  it('finds users by account', async () => {
    const user = await signUp('account@example.com')
    const found = await SuperTokens.listUsersByAccountInfo('public', {
      email: 'account@example.com',
    })
    expect(found.map(({ id }) => id)).toEqual([user.id])
    expect(await SuperTokens.listUsersByAccountInfo('public', { email: 'no@example.com' })).toEqual(
      [],
    )
  })

  it('refuses a token that is none', async () => {
    const listing = SuperTokens.getUsersNewestFirst({ tenantId: 'public', paginationToken: 'bad' })
    await expect(listing).rejects.toThrow('status code: 400 and message: invalid pagination token')
  })
})

describe('removal', () => {
  it('takes away the user and all that refers to it', async () => {
    const user = await signUp('leaving@example.com')
    const session = await createSession(user)
    await UserMetadata.updateUserMetadata(user.id, { a: 1 })
    await SuperTokens.deleteUser(user.id)
    expect(await SuperTokens.getUser(user.id)).toBeUndefined()
    expect((await UserMetadata.getUserMetadata(user.id)).metadata).toEqual({})
    await expect(session.getSessionDataFromDatabase()).rejects.toMatchObject({
      type: 'UNAUTHORISED',
    })
  })

  it('of an unknown user is fine', async () => {
    await expect(SuperTokens.deleteUser('nobody')).resolves.toEqual({ status: 'OK' })
  })
})

describe('an id of the app', () => {
  it('shows everywhere, and either id finds the user', async () => {
    const user = await signUp('mapped@example.com')
    const mapping = { superTokensUserId: user.id, externalUserId: 'app-1' }
    expect(await SuperTokens.createUserIdMapping(mapping)).toEqual({ status: 'OK' })
    const found = await SuperTokens.getUser(user.id)
    expect(found?.id).toBe('app-1')
    expect((await SuperTokens.getUser('app-1'))?.id).toBe('app-1')
    const signedIn = await EmailPassword.signIn('public', 'mapped@example.com', 'correct horse 9')
    expect(signedIn).toMatchObject({ status: 'OK', user: { id: 'app-1' } })
    if (!found) throw new TypeError('no user')
    expect((await createSession(found)).getUserId()).toBe('app-1')
  })

  it('is refused for a user whose own id is in use', async () => {
    const user = await signUp('busy@example.com')
    await createSession(user)
    const mapping = { superTokensUserId: user.id, externalUserId: 'app-2' }
    await expect(SuperTokens.createUserIdMapping(mapping)).rejects.toThrow(
      'status code: 400 and message: UserId is already in use in Session recipe',
    )
    const forced = SuperTokens.createUserIdMapping({ ...mapping, force: true })
    await expect(forced).resolves.toEqual({ status: 'OK' })
  })

  it('is described, changed and taken away', async () => {
    const user = await signUp('described@example.com')
    await SuperTokens.createUserIdMapping({ superTokensUserId: user.id, externalUserId: 'app-3' })
    await SuperTokens.updateOrDeleteUserIdMappingInfo({
      userId: 'app-3',
      userIdType: 'EXTERNAL',
      externalUserIdInfo: 'old system',
    })
    const found = await SuperTokens.getUserIdMapping({ userId: 'app-3' })
    expect(found).toMatchObject({ superTokensUserId: user.id, externalUserIdInfo: 'old system' })
    const removed = await SuperTokens.deleteUserIdMapping({ userId: 'app-3' })
    expect(removed).toEqual({ status: 'OK', didMappingExist: true })
    expect((await SuperTokens.getUserIdMapping({ userId: 'app-3' })).status).toBe(
      'UNKNOWN_MAPPING_ERROR',
    )
  })
})

describe('metadata', () => {
  it('is merged at the top level, and null takes away', async () => {
    await UserMetadata.updateUserMetadata('meta', { a: { b: 1 }, c: 2 })
    const { metadata } = await UserMetadata.updateUserMetadata('meta', { a: { d: 1 }, c: null })
    expect(metadata).toEqual({ a: { d: 1 } })
    await UserMetadata.clearUserMetadata('meta')
    expect((await UserMetadata.getUserMetadata('meta')).metadata).toEqual({})
  })
})

describe('roles', () => {
  it('are given, listed and taken', async () => {
    await UserRoles.createNewRoleOrAddPermissions('clerk', ['read'])
    await UserRoles.addRoleToUser('public', 'roley', 'clerk')
    expect(await UserRoles.getUsersThatHaveRole('public', 'clerk')).toMatchObject({
      users: ['roley'],
    })
    expect((await UserRoles.getRolesThatHavePermission('read')).roles).toEqual(['clerk'])
    const taken = await UserRoles.removeUserRole('public', 'roley', 'clerk')
    expect(taken).toMatchObject({ didUserHaveRole: true })
    await UserRoles.addRoleToUser('public', 'roley', 'clerk')
    await UserRoles.deleteRole('clerk')
    expect((await UserRoles.getRolesForUser('public', 'roley')).roles).toEqual([])
  })

  it.each([
    ['given', () => UserRoles.addRoleToUser('public', 'roley', 'unknown')],
    ['taken', () => UserRoles.removeUserRole('public', 'roley', 'unknown')],
    ['described', () => UserRoles.getPermissionsForRole('unknown')],
    ['stripped', () => UserRoles.removePermissionsFromRole('unknown', ['read'])],
    ['listed', () => UserRoles.getUsersThatHaveRole('public', 'unknown')],
  ])('that are unknown are not %s', async (_, call) => {
    expect(await call()).toMatchObject({ status: 'UNKNOWN_ROLE_ERROR' })
  })
})

describe('without a licence', () => {
  it('there is no second tenant', async () => {
    const Multitenancy = (await import('supertokens-node/recipe/multitenancy')).default
    await expect(Multitenancy.createOrUpdateTenant('second')).rejects.toThrow(
      'status code: 402 and message: Cannot use feature: multi_tenancy',
    )
    expect((await Multitenancy.listAllTenants()).tenants.map(({ tenantId }) => tenantId)).toEqual([
      'public',
    ])
    expect(await Multitenancy.getTenant('second')).toBeUndefined()
  })

  it('there are no primary users', async () => {
    const AccountLinking = (await import('supertokens-node/recipe/accountlinking')).default
    const user = await signUp('lonely@example.com')
    expect(await AccountLinking.canCreatePrimaryUser(recipeUserIdOf(user))).toMatchObject({
      status: 'OK',
    })
    await expect(AccountLinking.createPrimaryUser(recipeUserIdOf(user))).rejects.toThrow(
      'status code: 402 and message: Account linking feature is not enabled',
    )
  })
})
