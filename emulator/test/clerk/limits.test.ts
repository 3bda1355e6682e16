import { afterEach, describe, expect, it } from 'vitest'
import { errorOf, openBrowser } from './browser.js'
import { ADA, refusal, type Served, serve } from './support.js'

let served: Served

afterEach(() => served.close())

describe('rate limits', () => {
  it('hold servers to a hundred calls in ten seconds, except for keys', async () => {
    served = await serve({ isRateLimited: true })
    const { client, instance } = served
    for (let call = 0; call < 100; call++) await client.users.getCount()
    const refused = await refusal(client.users.getCount())
    expect(refused).toMatchObject({ status: 429, codes: ['too_many_requests'] })
    expect(refused.retryAfter).toBeGreaterThan(0)
    expect(refused.retryAfter).toBeLessThanOrEqual(10)
    expect((await client.jwks.getJwks()).keys).toHaveLength(1)
    instance.clock.advance(refused.retryAfter ?? 0)
    expect(await client.users.getCount()).toBe(0)
  })

  it('hold browsers to five sign-ins in ten seconds, and say when to try again', async () => {
    served = await serve({ isRateLimited: true })
    await served.client.users.createUser(ADA)
    const browser = await openBrowser(served.instance)
    const fields = { identifier: 'ada@example.com', password: 'wrong' }
    for (let call = 0; call < 5; call++) {
      expect((await browser.post('/v1/client/sign_ins', fields)).status).toBe(422)
    }
    const answer = await browser.post('/v1/client/sign_ins', fields)
    expect(errorOf(answer)).toMatchObject({ status: 429, code: 'too_many_requests' })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(answer.headers.get('access-control-expose-headers')).toBe('retry-after')
    served.instance.clock.advance(10)
    expect((await browser.post('/v1/client/sign_ins', fields)).status).toBe(422)
  })

  it('are off unless they are switched on', async () => {
    served = await serve()
    for (let call = 0; call < 110; call++) await served.client.users.getCount()
    expect(await served.client.users.getCount()).toBe(0)
  })
})

describe('who may sign up', () => {
  const signUp = async (email_address: string) => {
    const browser = await openBrowser(served.instance)
    return browser.post('/v1/client/sign_ups', { email_address })
  }

  it('is decided by lists, where these count', async () => {
    served = await serve()
    const { allowlistIdentifiers, blocklistIdentifiers, instance } = served.client
    await allowlistIdentifiers.createAllowlistIdentifier({
      identifier: '*@example.com',
      notify: false,
    })
    await blocklistIdentifiers.createBlocklistIdentifier({ identifier: 'eve@example.com' })
    expect((await signUp('eve@elsewhere.com')).status).toBe(200)
    await instance.updateRestrictions({ allowlist: true, blocklist: true })
    expect((await signUp('ada@example.com')).status).toBe(200)
    for (const address of ['eve@example.com', 'eve@elsewhere.com']) {
      const refused = errorOf(await signUp(address))
      expect(refused).toMatchObject({ status: 403, code: 'not_allowed_access' })
    }
  })

  it('is listed, and taken off the lists again', async () => {
    served = await serve()
    const { blocklistIdentifiers, redirectUrls } = served.client
    const entry = await blocklistIdentifiers.createBlocklistIdentifier({
      identifier: '+4915112345678',
    })
    expect(entry).toMatchObject({ identifierType: 'phone_number' })
    const again = blocklistIdentifiers.createBlocklistIdentifier({ identifier: '+4915112345678' })
    expect(await refusal(again)).toMatchObject({ codes: ['duplicate_record'] })
    expect((await blocklistIdentifiers.getBlocklistIdentifierList()).totalCount).toBe(1)
    await blocklistIdentifiers.deleteBlocklistIdentifier(entry.id)
    expect((await blocklistIdentifiers.getBlocklistIdentifierList()).totalCount).toBe(0)
    const { id } = await redirectUrls.createRedirectUrl({ url: 'myapp://callback' })
    expect((await redirectUrls.getRedirectUrl(id)).url).toBe('myapp://callback')
    expect((await redirectUrls.getRedirectUrlList()).totalCount).toBe(1)
  })
})

describe('a session that waits for an organisation', () => {
  it('is pending for servers and in its token, until there is one', async () => {
    served = await serve({ forcesOrganizationSelection: true })
    const { client } = served
    const { id: userId } = await client.users.createUser(ADA)
    const { id } = await client.sessions.createSession({ userId })
    expect((await client.sessions.getSession(id)).status).toBe('pending')
    const check = async () => {
      const { jwt } = await client.sessions.getToken(id)
      const headers = { authorization: `Bearer ${jwt}` }
      return client.authenticateRequest(new Request('http://localhost:3000/', { headers }))
    }
    const before = await check()
    expect(before.toAuth()).toMatchObject({ userId: null, sessionStatus: 'pending' })
    await client.organizations.createOrganization({ name: 'Acme', createdBy: userId })
    const session = await client.sessions.createSession({ userId })
    expect((await client.sessions.getSession(session.id)).status).toBe('active')
  })
})

describe('pictures', () => {
  const picture = new File([new Uint8Array([137, 80, 78, 71])], 'a.png', { type: 'image/png' })

  it('of users and organisations are kept, and removed', async () => {
    served = await serve()
    const { users, organizations } = served.client
    const { id: userId, imageUrl } = await users.createUser(ADA)
    expect(imageUrl).toMatch(/^data:image\/svg/)
    const pictured = await users.updateUserProfileImage(userId, { file: picture })
    expect(pictured).toMatchObject({ hasImage: true, imageUrl: 'data:image/png;base64,iVBORw==' })
    expect(await users.deleteUserProfileImage(userId)).toMatchObject({ hasImage: false })
    const { id } = await organizations.createOrganization({ name: 'Acme' })
    const file = { file: picture, uploaderUserId: userId }
    expect(await organizations.updateOrganizationLogo(id, file)).toMatchObject({ hasImage: true })
    expect(await organizations.deleteOrganizationLogo(id)).toMatchObject({ hasImage: false })
  })

  it('are nothing else', async () => {
    served = await serve()
    const { users } = served.client
    const { id } = await users.createUser(ADA)
    const file = new File(['hello'], 'a.txt', { type: 'text/plain' })
    expect(await refusal(users.updateUserProfileImage(id, { file }))).toMatchObject({ status: 422 })
  })
})

describe('roles, domains and clients', () => {
  it('are shown to servers', async () => {
    served = await serve()
    const { organizationRoles, organizationPermissions, organizations } = served.client
    const roles = await organizationRoles.getOrganizationRoleList()
    expect(roles.data.map(({ key }) => key)).toEqual(['org:admin', 'org:member'])
    expect((await organizationPermissions.getOrganizationPermissionList()).totalCount).toBe(6)
    const { id: organizationId } = await organizations.createOrganization({ name: 'Acme' })
    const domain = await organizations.createOrganizationDomain({
      organizationId,
      name: 'acme.example',
      enrollmentMode: 'automatic_invitation',
    })
    expect(domain.verification?.status).toBe('verified')
    const domains = await organizations.getOrganizationDomainList({ organizationId })
    expect(domains.totalCount).toBe(1)
    await organizations.deleteOrganizationDomain({ organizationId, domainId: domain.id })
    const { id: userId } = await served.client.users.createUser(ADA)
    const session = await served.client.sessions.createSession({ userId })
    const client = await served.client.clients.getClient(session.clientId)
    expect(client.sessionIds).toEqual([session.id])
    const { jwt } = await served.client.sessions.getToken(session.id)
    expect((await served.client.clients.verifyClient(jwt)).id).toBe(client.id)
  })
})
