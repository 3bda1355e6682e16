import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, openBrowser } from './browser.js'
import { ADA, refusal, serveTests } from './support.js'

const served = await serveTests()
let userId: string
let browser: Browser

beforeEach(async () => {
  userId = (await served.client.users.createUser(ADA)).id
  browser = await openBrowser(served.instance)
})

const signIn = (ticket: string) =>
  browser.post('/v1/client/sign_ins', { strategy: 'ticket', ticket })

describe('sign-in tokens', () => {
  it('sign their user in, once', async () => {
    const { id, token, status } = await served.client.signInTokens.createSignInToken({
      userId,
      expiresInSeconds: 60,
    })
    expect(status).toBe('pending')
    const { body } = await signIn(token)
    expect(body.response.status).toBe('complete')
    expect(body.client.sessions[0].user.id).toBe(userId)
    const another = await openBrowser(served.instance)
    const again = await another.post('/v1/client/sign_ins', { strategy: 'ticket', ticket: token })
    expect(again.status).toBe(400)
    expect(again.body.errors[0].code).toBe('sign_in_token_already_used_code')
    expect(await refusal(served.client.signInTokens.revokeSignInToken(id))).toMatchObject({
      status: 400,
    })
  })

  it('last for thirty days unless told otherwise', async () => {
    const params = { userId } as { userId: string; expiresInSeconds: number }
    const { token, createdAt } = await served.client.signInTokens.createSignInToken(params)
    expect(decodeJwt(token).exp).toBe(Math.floor(createdAt / 1000) + 2_592_000)
  })

  it('start the session in an organisation of the user', async () => {
    const { organizations, signInTokens } = served.client
    const { id } = await organizations.createOrganization({ name: 'Acme', createdBy: userId })
    const params = { userId, orgId: id, expiresInSeconds: 60 }
    const { token } = await signInTokens.createSignInToken(params)
    const { body } = await signIn(token)
    expect(body.client.sessions[0].last_active_organization_id).toBe(id)
  })

  it.each([
    { says: 'made up', ticket: async () => 'a.b.c', code: 'ticket_invalid_code' },
    {
      says: 'revoked',
      ticket: async () => {
        const { id, token } = await create(60)
        expect((await served.client.signInTokens.revokeSignInToken(id)).status).toBe('revoked')
        return token
      },
      code: 'sign_in_token_revoked_code',
    },
    {
      says: 'expired',
      ticket: async () => {
        const { token } = await create(60)
        served.instance.clock.advance(61)
        return token
      },
      code: 'ticket_expired_code',
    },
  ])('are refused when $says', async ({ ticket, code }) => {
    const { status, body } = await signIn(await ticket())
    expect({ status, code: body.errors[0].code }).toEqual({ status: 400, code })
    expect(body.errors[0].meta.param_name).toBe('ticket')
  })

  it('do not let banned users in', async () => {
    const { token } = await create(60)
    await served.client.users.banUser(userId)
    const { status, body } = await signIn(token)
    expect({ status, code: body.errors[0].code }).toEqual({ status: 403, code: 'user_banned' })
  })

  it.each([
    { says: 'nobody', params: { userId: 'user_nobody', expiresInSeconds: 60 }, status: 404 },
    { says: 'no time', params: { expiresInSeconds: 0 }, status: 422 },
    {
      says: 'a strange organisation',
      params: { orgId: 'org_other', expiresInSeconds: 60 },
      status: 404,
    },
  ])('are not made for $says', async ({ params, status }) => {
    const call = served.client.signInTokens.createSignInToken({ userId, ...params })
    expect(await refusal(call)).toMatchObject({ status })
  })

  function create(expiresInSeconds: number) {
    return served.client.signInTokens.createSignInToken({ userId, expiresInSeconds })
  }
})

describe('actor tokens', () => {
  it('make a short session that says who acts', async () => {
    const actor = { sub: 'user_support' }
    const { token, status } = await served.client.actorTokens.create({ userId, actor })
    expect(status).toBe('pending')
    const { body } = await signIn(token ?? '')
    const [session] = body.client.sessions
    expect(session.expire_at - session.created_at).toBe(1_800_000)
    expect(decodeJwt(session.last_active_token.jwt)).toMatchObject({ act: actor, sub: userId })
  })

  it('can be revoked before they are used', async () => {
    const actor = { sub: 'user_support' }
    const { id } = await served.client.actorTokens.create({ userId, actor })
    expect((await served.client.actorTokens.revoke(id)).status).toBe('revoked')
    expect(await refusal(served.client.actorTokens.revoke(id))).toMatchObject({ status: 400 })
  })

  it('need an actor', async () => {
    const call = served.client.actorTokens.create({ userId, actor: {} as never })
    expect(await refusal(call)).toMatchObject({ status: 422 })
  })
})

it('gives testing tokens', async () => {
  const answer = await served.client.testingTokens.createTestingToken()
  expect(answer.token).toMatch(/^\d+-c_/)
  // The SDK's type promises `expiresAt`, but 3.25.0 hands the wire's name on.
  expect(answer).toMatchObject({ expires_at: expect.any(Number) })
})
