import { afterEach, describe, expect, it } from 'vitest'
import { ADA, type Served, serve } from './support.js'

let served: Served

afterEach(() => served.close())

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
