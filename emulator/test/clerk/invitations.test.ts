import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, errorOf, openBrowser, signUp } from './browser.js'
import { ADA, refusal, serveTests } from './support.js'

const GUEST = 'guest@example.com'
const PASSWORD = ADA.password
const DAY_SECONDS = 86_400

const served = await serveTests({ linkUrl: 'http://localhost:3000/__clerk' })
let browser: Browser
let ada: string
let organizationId: string

beforeEach(async () => {
  browser = await openBrowser(served.instance)
  ada = (await served.client.users.createUser(ADA)).id
  const { organizations } = served.client
  organizationId = (await organizations.createOrganization({ name: 'Acme', createdBy: ada })).id
})

const invite = (fields: object = {}) =>
  served.client.organizations.createOrganizationInvitation({
    organizationId,
    emailAddress: GUEST,
    role: 'org:member',
    inviterUserId: ada,
    ...fields,
  })

const ticketOf = ({ url }: { url?: string | null | undefined }): string =>
  new URL(url ?? '').searchParams.get('ticket') ?? ''

describe('invitations to the app', () => {
  it('are made, listed, revoked and deleted', async () => {
    const { invitations } = served.client
    const invitation = await invitations.createInvitation({
      emailAddress: GUEST,
      publicMetadata: { plan: 'gold' },
      redirectUrl: 'http://localhost:3000/welcome',
    })
    expect(invitation).toMatchObject({ status: 'pending', publicMetadata: { plan: 'gold' } })
    expect(invitation.url).toMatch(
      /^http:\/\/localhost:3000\/__clerk\/v1\/tickets\/accept\?ticket=/,
    )
    expect((await invitations.getInvitationList()).totalCount).toBe(1)
    expect(await invitations.revokeInvitation(invitation.id)).toMatchObject({ revoked: true })
    expect((await invitations.getInvitationList()).totalCount).toBe(0)
    expect((await invitations.getInvitationList({ status: 'revoked' })).totalCount).toBe(1)
    await invitations.deleteInvitation(invitation.id)
    expect((await invitations.getInvitationList({ status: 'revoked' })).totalCount).toBe(0)
  })

  it.each([
    { says: 'a user', emailAddress: 'ada@example.com', codes: ['form_identifier_exists'] },
    { says: 'somebody invited already', emailAddress: GUEST, codes: ['duplicate_record'] },
  ])('are refused for $says, unless told to ignore that', async ({ emailAddress, codes }) => {
    const { invitations } = served.client
    await invitations.createInvitation({ emailAddress: GUEST })
    expect(await refusal(invitations.createInvitation({ emailAddress }))).toMatchObject({ codes })
    const again = await invitations.createInvitation({ emailAddress, ignoreExisting: true })
    expect(again.status).toBe('pending')
  })

  it('lead to the app with the ticket', async () => {
    const { invitations } = served.client
    const redirectUrl = 'http://localhost:3000/welcome?from=mail'
    const invitation = await invitations.createInvitation({ emailAddress: GUEST, redirectUrl })
    const path = `/v1/tickets/accept?ticket=${ticketOf(invitation)}`
    const answer = await fetch(served.url + path, { redirect: 'manual' })
    const location = new URL(answer.headers.get('location') ?? '')
    expect(answer.status).toBe(303)
    expect(location.href).toMatch(/^http:\/\/localhost:3000\/welcome\?from=mail&/)
    expect(location.searchParams.get('__clerk_status')).toBe('sign_up')
    expect(location.searchParams.get('__clerk_ticket')).toBe(ticketOf(invitation))
  })

  it('prove the address they were sent to, and hand their metadata on', async () => {
    const publicMetadata = { plan: 'gold' }
    const invitation = await served.client.invitations.createInvitation({
      emailAddress: GUEST,
      publicMetadata,
    })
    const { body } = await browser.post('/v1/client/sign_ups', {
      strategy: 'ticket',
      ticket: ticketOf(invitation),
      password: PASSWORD,
    })
    const user = await served.client.users.getUser(body.response.created_user_id)
    expect(user.primaryEmailAddress).toMatchObject({ emailAddress: GUEST })
    expect(user.publicMetadata).toEqual(publicMetadata)
    const { data } = await served.client.invitations.getInvitationList({ status: 'accepted' })
    expect(data.map(({ id }) => id)).toEqual([invitation.id])
  })

  it.each([
    { says: 'revoked', code: 'invitation_not_pending' },
    { says: 'expired', code: 'invitation_expired_code' },
    { says: 'made up', code: 'ticket_invalid_code' },
  ])('are worth nothing when $says', async ({ says, code }) => {
    const { client, instance } = served
    const invitation = await client.invitations.createInvitation({
      emailAddress: GUEST,
      expiresInDays: 1,
    })
    if (says === 'revoked') await client.invitations.revokeInvitation(invitation.id)
    if (says === 'expired') instance.clock.advance(DAY_SECONDS)
    const ticket = says === 'made up' ? 'none' : ticketOf(invitation)
    const fields = { strategy: 'ticket', ticket, password: PASSWORD }
    expect(errorOf(await browser.post('/v1/client/sign_ups', fields))).toMatchObject({ code })
  })
})

describe('the waitlist', () => {
  it('lets people in by invitation, or does not', async () => {
    const { waitlistEntries, invitations } = served.client
    const entry = await waitlistEntries.create({ emailAddress: GUEST })
    expect((await waitlistEntries.create({ emailAddress: GUEST })).id).toBe(entry.id)
    const other = await waitlistEntries.create({ emailAddress: 'other@example.com' })
    expect(await waitlistEntries.reject(other.id)).toMatchObject({ status: 'rejected' })
    const invited = await waitlistEntries.invite(entry.id)
    expect(invited).toMatchObject({ status: 'invited', invitation: { emailAddress: GUEST } })
    expect((await waitlistEntries.list({ status: 'invited' })).totalCount).toBe(1)
    const ticket = ticketOf(invited.invitation ?? {})
    await browser.post('/v1/client/sign_ups', { strategy: 'ticket', ticket, password: PASSWORD })
    expect((await invitations.getInvitationList({ status: 'accepted' })).totalCount).toBe(1)
    const { data } = await waitlistEntries.list()
    expect(data.map(({ status }) => status).sort()).toEqual(['completed', 'rejected'])
  })
})

describe('invitations to organisations', () => {
  it('are made one by one or in bulk, listed and revoked', async () => {
    const { organizations, users } = served.client
    const first = await invite({ publicMetadata: { team: 1 } })
    expect(first).toMatchObject({ status: 'pending', roleName: 'Member', organizationId })
    const bulk = await organizations.createOrganizationInvitationBulk(organizationId, [
      { emailAddress: 'one@example.com', role: 'org:admin' },
      { emailAddress: 'two@example.com', role: 'org:member' },
    ])
    expect(bulk.totalCount).toBe(2)
    const organization = await organizations.getOrganization({ organizationId })
    expect(organization.membersCount).toBe(1)
    await organizations.revokeOrganizationInvitation({ organizationId, invitationId: first.id })
    const list = await organizations.getOrganizationInvitationList({
      organizationId,
      status: ['pending'],
    })
    expect(list.totalCount).toBe(2)
    const found = await organizations.getOrganizationInvitation({
      organizationId,
      invitationId: first.id,
    })
    expect(found.status).toBe('revoked')
    const { id } = await users.createUser({ emailAddress: ['one@example.com'], password: PASSWORD })
    const own = await users.getOrganizationInvitationList({ userId: id })
    expect(own.data.map(({ role }) => role)).toEqual(['org:admin'])
  })

  it.each([
    { says: 'members', fields: { emailAddress: 'ada@example.com' }, status: 400 },
    { says: 'unknown roles', fields: { role: 'org:boss' }, status: 404 },
    { says: 'what is no address', fields: { emailAddress: 'nobody' }, status: 422 },
    { says: 'unknown organisations', fields: { organizationId: 'org_none' }, status: 404 },
  ])('are refused for $says', async ({ fields, status }) => {
    expect(await refusal(invite(fields))).toMatchObject({ status })
  })

  it('make whoever signs in with them a member, in that organisation', async () => {
    const { client } = served
    const guest = await client.users.createUser({ emailAddress: [GUEST], password: PASSWORD })
    const ticket = ticketOf(await invite())
    const { body } = await browser.post('/v1/client/sign_ins', { strategy: 'ticket', ticket })
    const session = await client.sessions.getSession(body.response.created_session_id)
    expect(session).toMatchObject({ userId: guest.id, lastActiveOrganizationId: organizationId })
    const again = await browser.post('/v1/client/sign_ins', { strategy: 'ticket', ticket })
    expect(again.status).toBe(400)
  })

  it('are accepted by the invited, and by nobody else', async () => {
    const { id } = await invite()
    const path = '/v1/me/organization_invitations'
    await signUp(served.instance, browser, { email_address: 'other@example.com' })
    expect(errorOf(await browser.post(`${path}/${id}/accept`))).toMatchObject({ status: 404 })
    const guest = await openBrowser(served.instance)
    await signUp(served.instance, guest, { email_address: GUEST })
    const accepted = await guest.post(`${path}/${id}/accept`)
    expect(accepted.body.response.status).toBe('accepted')
    const { organizations } = served.client
    const members = await organizations.getOrganizationMembershipList({ organizationId })
    expect(members.data.map(({ role }) => role).sort()).toEqual(['org:admin', 'org:member'])
  })

  it('are gone with the organisation', async () => {
    const { organizations, users } = served.client
    const { id: userId } = await users.createUser({ emailAddress: [GUEST], password: PASSWORD })
    const ticket = ticketOf(await invite())
    await organizations.deleteOrganization(organizationId)
    expect((await users.getOrganizationInvitationList({ userId })).totalCount).toBe(0)
    const answer = await browser.post('/v1/client/sign_ins', { strategy: 'ticket', ticket })
    expect(errorOf(answer)).toMatchObject({ code: 'ticket_invalid_code' })
  })

  it('count against the room there is', async () => {
    await served.client.organizations.updateOrganization(organizationId, {
      maxAllowedMemberships: 1,
    })
    const guest = await openBrowser(served.instance)
    await signUp(served.instance, guest, { email_address: GUEST })
    const { id } = await invite()
    const path = `/v1/me/organization_invitations/${id}/accept`
    expect(errorOf(await guest.post(path))).toMatchObject({
      status: 403,
      code: 'organization_membership_quota_exceeded',
    })
  })
})

describe('members of an organisation', () => {
  let member: Browser
  let memberId: string
  const members = () => `/v1/organizations/${organizationId}/memberships`

  beforeEach(async () => {
    const { body } = await signUp(served.instance, browser, { email_address: 'boss@example.com' })
    const created = await browser.post('/v1/organizations', { name: 'Engines' })
    organizationId = created.body.response.id
    expect(body.response.created_user_id).toMatch(/^user_/)
    member = await openBrowser(served.instance)
    const joined = await signUp(served.instance, member, { email_address: GUEST })
    memberId = joined.body.response.created_user_id
    await browser.post(members(), { user_id: memberId, role: 'org:member' })
  })

  it('are managed by administrators', async () => {
    const path = `${members()}/${memberId}`
    const raised = await browser.post(path, { role: 'org:admin' }, 'PATCH')
    expect(raised.body.response).toMatchObject({ role: 'org:admin' })
    expect((await browser.post(path, {}, 'DELETE')).status).toBe(200)
    expect(errorOf(await member.get(members()))).toMatchObject({ status: 404 })
  })

  it.each([
    { what: 'change roles', path: () => `${members()}/${memberId}`, method: 'PATCH' },
    { what: 'remove others', path: () => `${members()}/${memberId}`, method: 'DELETE' },
    {
      what: 'invite',
      path: () => `/v1/organizations/${organizationId}/invitations`,
      method: 'POST',
    },
    { what: 'rename it', path: () => `/v1/organizations/${organizationId}`, method: 'PATCH' },
    { what: 'delete it', path: () => `/v1/organizations/${organizationId}`, method: 'DELETE' },
  ])('may not $what without the permission', async ({ path, method }) => {
    const fields = { role: 'org:admin', email_address: 'x@example.com', name: 'Mine' }
    expect(errorOf(await member.post(path(), fields, method))).toMatchObject({
      status: 403,
      code: 'missing_permission',
    })
  })

  it('may leave, except for the last who can manage the others', async () => {
    const path = `/v1/me/organization_memberships/${organizationId}`
    expect((await member.post(path, {}, 'DELETE')).status).toBe(200)
    expect(errorOf(await browser.post(path, {}, 'DELETE'))).toMatchObject({
      code: 'organization_minimum_permissions_needed',
    })
  })
})
