import { beforeEach, describe, expect, it } from 'vitest'
import { APP } from './browser.js'
import { ADA, refusal, serveTests } from './support.js'

const served = await serveTests({
  organizationRoles: {
    'org:admin': ['org:sys_profile:manage', 'org:invoices:manage', 'org:invoices:read'],
    'org:member': ['org:invoices:read', 'org:reports:read'],
  },
})
const { organizations } = served.client
let ada: string
let bob: string

beforeEach(async () => {
  ada = (await served.client.users.createUser(ADA)).id
  bob = (await served.client.users.createUser({ ...ADA, emailAddress: ['bob@example.com'] })).id
})

describe('organisations', () => {
  it('have their creator for an administrator', async () => {
    const { id } = await organizations.createOrganization({
      name: 'Acme & Sons',
      createdBy: ada,
      publicMetadata: { tier: 1 },
      privateMetadata: { vat: 'x' },
    })
    expect(await organizations.getOrganization({ organizationId: id })).toMatchObject({
      name: 'Acme & Sons',
      slug: 'acme-sons',
      createdBy: ada,
      membersCount: 1,
      publicMetadata: { tier: 1 },
      privateMetadata: { vat: 'x' },
    })
    const { data } = await organizations.getOrganizationMembershipList({ organizationId: id })
    expect(data).toMatchObject([{ role: 'org:admin', publicUserData: { userId: ada } }])
    expect(data[0]?.publicUserData?.identifier).toBe('ada@example.com')
  })

  it('are found by slug, listed and counted', async () => {
    const first = await organizations.createOrganization({ name: 'Acme' })
    const second = await organizations.createOrganization({ name: 'Acme' })
    expect(second.slug).toBe('acme-1')
    expect((await organizations.getOrganization({ slug: 'acme-1' })).id).toBe(second.id)
    const { data, totalCount } = await organizations.getOrganizationList({
      limit: 1,
      orderBy: '+name',
    })
    expect(data.map(({ id }) => id)).toEqual([first.id])
    expect(totalCount).toBe(2)
    expect((await organizations.getOrganizationList({ query: 'none' })).totalCount).toBe(0)
  })

  it('are changed and deleted, with all memberships', async () => {
    const { id } = await organizations.createOrganization({ name: 'Acme', createdBy: ada })
    await organizations.updateOrganization(id, { name: 'New', slug: 'new' })
    await organizations.updateOrganizationMetadata(id, { publicMetadata: { a: 1 } })
    expect(await organizations.getOrganization({ slug: 'new' })).toMatchObject({
      name: 'New',
      publicMetadata: { a: 1 },
    })
    await organizations.deleteOrganization(id)
    expect(await refusal(organizations.getOrganization({ organizationId: id }))).toMatchObject({
      status: 404,
      codes: ['resource_not_found'],
    })
    const memberships = await served.client.users.getOrganizationMembershipList({ userId: ada })
    expect(memberships.totalCount).toBe(0)
  })

  it.each([
    { says: 'no name', fields: { name: '' }, status: 422 },
    { says: 'a taken slug', fields: { name: 'Other', slug: 'acme' }, status: 422 },
    { says: 'a slug in capitals', fields: { name: 'Other', slug: 'ACME' }, status: 422 },
    {
      says: 'an unknown creator',
      fields: { name: 'Other', createdBy: 'user_nobody' },
      status: 404,
    },
  ])('are refused with $says', async ({ fields, status }) => {
    await organizations.createOrganization({ name: 'Acme' })
    expect(await refusal(organizations.createOrganization(fields))).toMatchObject({ status })
  })
})

describe('memberships', () => {
  let organizationId: string

  beforeEach(async () => {
    const params = { name: 'Acme', createdBy: ada }
    organizationId = (await organizations.createOrganization(params)).id
  })

  const add = (userId: string, role: string) =>
    organizations.createOrganizationMembership({ organizationId, userId, role })

  it('have a role that can change', async () => {
    const params = { organizationId, userId: bob }
    expect((await add(bob, 'org:member')).permissions).toEqual([
      'org:invoices:read',
      'org:reports:read',
    ])
    await organizations.updateOrganizationMembership({ ...params, role: 'org:admin' })
    const { data, totalCount } = await organizations.getOrganizationMembershipList({
      organizationId,
      role: ['org:admin'],
    })
    expect(totalCount).toBe(2)
    expect(data.map(({ publicUserData }) => publicUserData?.userId)).toEqual([bob, ada])
    const own = await served.client.users.getOrganizationMembershipList({ userId: bob })
    expect(own.data).toMatchObject([{ organization: { slug: 'acme' }, role: 'org:admin' }])
    await organizations.deleteOrganizationMembership(params)
    expect(await refusal(organizations.deleteOrganizationMembership(params))).toMatchObject({
      status: 404,
    })
  })

  it.each([
    { says: 'twice', user: () => ada, role: 'org:member', status: 400 },
    { says: 'of nobody', user: () => 'user_nobody', role: 'org:member', status: 404 },
    { says: 'with an unknown role', user: () => bob, role: 'org:king', status: 404 },
  ])('are refused $says', async ({ user, role, status }) => {
    expect(await refusal(add(user(), role))).toMatchObject({ status })
  })

  it('are packed into tokens so that the SDK unpacks the permissions', async () => {
    const auth = await authOf(ada)
    expect(auth).toMatchObject({ orgId: organizationId, orgSlug: 'acme', orgRole: 'org:admin' })
    expect(auth.orgPermissions).toEqual(['org:invoices:manage', 'org:invoices:read'])
    expect(auth.has({ permission: 'org:invoices:manage' })).toBe(true)
    await add(bob, 'org:member')
    const member = await authOf(bob)
    expect(member.orgPermissions).toEqual(['org:invoices:read', 'org:reports:read'])
    expect(member.has({ permission: 'org:invoices:manage' })).toBe(false)
    expect(member.has({ role: 'org:admin' })).toBe(false)
  })

  it('that end take sessions out of the organisation', async () => {
    await add(bob, 'org:member')
    const { id } = await served.client.sessions.createSession({ userId: bob })
    const before = await served.client.sessions.getSession(id)
    expect(before.lastActiveOrganizationId).toBe(organizationId)
    await organizations.deleteOrganizationMembership({ organizationId, userId: bob })
    const after = await served.client.sessions.getSession(id)
    expect(after.lastActiveOrganizationId).toBeNull()
    const { jwt } = await served.client.sessions.getToken(id)
    expect((await authenticate(jwt)).orgId).toBeUndefined()
  })

  async function authOf(userId: string) {
    const { id } = await served.client.sessions.createSession({ userId })
    return authenticate((await served.client.sessions.getToken(id)).jwt)
  }

  async function authenticate(jwt: string) {
    const request = new Request(APP, { headers: { authorization: `Bearer ${jwt}` } })
    const { jwtKey } = served.instance
    const state = await served.client.authenticateRequest(request, { jwtKey })
    const auth = state.toAuth()
    if (!auth?.isAuthenticated) throw new TypeError(`Not signed in: ${state.reason}`)
    return auth
  }
})
