import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyWebhook } from '@clerk/backend/webhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClerkInstance } from '../../src/clerk/instance.js'
import { openBrowser, signUp } from './browser.js'
import { ADA, type Served, serve } from './support.js'

const SECRET = `whsec_${Buffer.from('a secret of the endpoint').toString('base64')}`

let app: Server
let url: string
let received: Request[]
let status: number
let served: Served

beforeEach(async () => {
  received = []
  status = 204
  app = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const headers = request.headers as Record<string, string>
    received.push(new Request('http://app/webhooks', { method: 'POST', headers, body }))
    response.writeHead(status).end()
  })
  await new Promise<void>((done) => app.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/webhooks`
  served = await serve({ webhook: { url, secret: SECRET } })
})
afterEach(async () => {
  await served.close()
  app.close()
})

const read = (request: Request, signingSecret = SECRET) => verifyWebhook(request, { signingSecret })

/** Events received so far, read by Clerk's own SDK. */
async function events() {
  await served.instance.webhooks.settle()
  return Promise.all(received.splice(0).map((request) => read(request)))
}

describe('webhooks', () => {
  it('tell of users as they come, change and go', async () => {
    const { users } = served.client
    const { id } = await users.createUser({ ...ADA, externalId: 'legacy-1' })
    await users.updateUser(id, { firstName: 'Ada' })
    await users.deleteUser(id)
    expect(await events()).toMatchObject([
      { type: 'user.created', object: 'event', data: { id, external_id: 'legacy-1' } },
      { type: 'user.updated', data: { id, first_name: 'Ada' } },
      { type: 'user.deleted', data: { id, deleted: true, external_id: 'legacy-1' } },
    ])
  })

  it('tell of sessions, with their users', async () => {
    const { users, sessions } = served.client
    const { id: userId } = await users.createUser(ADA)
    const { id } = await sessions.createSession({ userId })
    await sessions.revokeSession(id)
    await sessions.revokeSession(id)
    expect(await events()).toMatchObject([
      { type: 'user.created' },
      { type: 'session.created', data: { id, status: 'active', user: { id: userId } } },
      { type: 'session.revoked', data: { id, status: 'revoked' } },
    ])
  })

  it('tell of what browsers do', async () => {
    const browser = await openBrowser(served.instance)
    await signUp(served.instance, browser)
    await browser.post('/v1/client/sessions', {}, 'DELETE')
    expect((await events()).map(({ type }) => type)).toEqual([
      'user.created',
      'session.created',
      'session.removed',
    ])
  })

  it('tell of invitations to organisations', async () => {
    const { organizations, users } = served.client
    const { id: organizationId } = await organizations.createOrganization({ name: 'Acme' })
    const invite = (emailAddress: string) =>
      organizations.createOrganizationInvitation({
        organizationId,
        emailAddress,
        role: 'org:member',
      })
    const { id } = await invite('guest@example.com')
    await organizations.revokeOrganizationInvitation({ organizationId, invitationId: id })
    const { url } = await invite('ada@example.com')
    await users.createUser(ADA)
    const ticket = new URL(url ?? '').searchParams.get('ticket') ?? ''
    const browser = await openBrowser(served.instance)
    await browser.post('/v1/client/sign_ins', { strategy: 'ticket', ticket })
    expect(await events()).toMatchObject([
      { type: 'organization.created' },
      { type: 'organizationInvitation.created', data: { id, status: 'pending' } },
      { type: 'organizationInvitation.revoked', data: { id, status: 'revoked' } },
      { type: 'organizationInvitation.created' },
      { type: 'user.created' },
      { type: 'organizationMembership.created' },
      { type: 'organizationInvitation.accepted', data: { status: 'accepted' } },
      { type: 'session.created' },
    ])
  })

  it('tell of organisations and memberships', async () => {
    const { id } = await served.client.users.createUser(ADA)
    const params = { name: 'Acme', createdBy: id }
    const organization = await served.client.organizations.createOrganization(params)
    await served.client.organizations.deleteOrganization(organization.id)
    expect((await events()).map(({ type }) => type)).toEqual([
      'user.created',
      'organization.created',
      'organizationMembership.created',
      'organizationMembership.deleted',
      'organization.deleted',
    ])
  })

  it('have an id and the time', async () => {
    await served.client.users.createUser(ADA)
    await served.instance.webhooks.settle()
    const [request] = received
    expect(request?.headers.get('svix-id')).toMatch(/^msg_/)
    expect(
      Math.abs(Number(request?.headers.get('svix-timestamp')) - Date.now() / 1000),
    ).toBeLessThan(60)
  })

  it.each([
    {
      says: 'another secret',
      secret: `whsec_${btoa('another secret')}`,
      change: (it: string) => it,
    },
    { says: 'another body', secret: SECRET, change: (it: string) => it.replace('ada@', 'eve@') },
  ])('are not genuine with $says', async ({ secret, change }) => {
    await served.client.users.createUser(ADA)
    await served.instance.webhooks.settle()
    const [request] = received
    if (!request) throw new TypeError('Nothing received')
    const { headers } = request
    const body = change(await request.text())
    const forged = new Request(url, { method: 'POST', headers, body })
    await expect(read(forged, secret)).rejects.toThrow('Unable to verify')
  })

  it('note how the app answered, and go on when it did not', async () => {
    status = 500
    await served.client.users.createUser(ADA)
    await served.instance.webhooks.settle()
    await new Promise((done) => app.close(done).closeAllConnections())
    await served.client.users.createUser({ ...ADA, emailAddress: ['b@example.com'] })
    await served.instance.webhooks.settle()
    const statuses = served.instance.webhooks.deliveries.map((its) => its.status)
    expect(statuses).toEqual([500, null])
  })

  it.each(['secret', 'whsec_', 'whsec_not base64'])(
    'need a secret of Svix: not %j',
    async (secret) => {
      await expect(createClerkInstance({ webhook: { url, secret } })).rejects.toThrow('whsec_')
    },
  )

  it('are not sent where there is nowhere to send them', async () => {
    const silent = await serve()
    await silent.client.users.createUser(ADA)
    expect(silent.instance.webhooks.deliveries).toEqual([])
    await silent.close()
  })
})
