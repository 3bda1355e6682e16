import { afterEach, describe, expect, it } from 'vitest'
import { ADA, type Served, serve } from './support.js'

let served: Served

afterEach(() => served.close())

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
