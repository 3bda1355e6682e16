import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { ADA, refusal, serve, serveTests } from './support.js'

const served = await serveTests({ sessionTokenClaims: { metadata: '{{user.public_metadata}}' } })
const { sessions } = served.client
let userId: string

beforeEach(async () => {
  const publicMetadata = { roles: ['editor'] }
  userId = (await served.client.users.createUser({ ...ADA, publicMetadata })).id
})

describe('sessions', () => {
  it('are active until revoked', async () => {
    const { id } = await sessions.createSession({ userId })
    expect(await sessions.getSession(id)).toMatchObject({ userId, status: 'active', actor: null })
    expect((await sessions.revokeSession(id)).status).toBe('revoked')
    expect((await sessions.getSession(id)).status).toBe('revoked')
  })

  it('expire', async () => {
    const { id } = await sessions.createSession({ userId })
    const record = served.instance.store.sessions.get(id)
    if (record) Object.assign(record, { expireAt: served.instance.clock.now() })
    expect((await sessions.getSession(id)).status).toBe('expired')
    expect(await refusal(sessions.getToken(id))).toMatchObject({ status: 404 })
  })

  it('are listed newest first, page by page, by user and status', async () => {
    const first = await sessions.createSession({ userId })
    const second = await sessions.createSession({ userId })
    await sessions.revokeSession(first.id)
    const ids = async (query: Parameters<typeof sessions.getSessionList>[0]) => {
      const { data, totalCount } = await sessions.getSessionList(query)
      return { ids: data.map(({ id }) => id), totalCount }
    }
    expect(await ids({ userId })).toEqual({ ids: [second.id, first.id], totalCount: 2 })
    expect(await ids({ userId, limit: 1 })).toEqual({ ids: [second.id], totalCount: 2 })
    expect(await ids({ userId, offset: 1 })).toEqual({ ids: [first.id], totalCount: 2 })
    expect(await ids({ userId, status: 'active' })).toEqual({ ids: [second.id], totalCount: 1 })
    expect(await ids({ userId: 'user_nobody' })).toEqual({ ids: [], totalCount: 0 })
  })

  it.each([
    {
      says: 'of nobody',
      call: () => sessions.createSession({ userId: 'user_nobody' }),
      status: 404,
    },
    { says: 'without a user', call: () => sessions.createSession({} as never), status: 422 },
    { says: 'that do not exist', call: () => sessions.getSession('sess_none'), status: 404 },
    {
      says: 'to revoke that do not exist',
      call: () => sessions.revokeSession('sess_none'),
      status: 404,
    },
  ])('are not there: those $says', async ({ call, status }) => {
    expect(await refusal(call())).toMatchObject({ status })
  })

  it('cannot be made for production instances', async () => {
    const production = await serve({ isProduction: true })
    const user = await production.client.users.createUser(ADA)
    const call = production.client.sessions.createSession({ userId: user.id })
    expect(await refusal(call)).toMatchObject({
      status: 400,
      codes: ['request_invalid_for_environment'],
    })
    await production.close()
  })
})

describe('session tokens', () => {
  it('are of version 2 and last a minute', async () => {
    const { id } = await sessions.createSession({ userId })
    const { jwt } = await sessions.getToken(id)
    const claims = decodeJwt(jwt)
    expect(claims).toMatchObject({
      iss: served.instance.issuer,
      sub: userId,
      sid: id,
      sts: 'active',
      fva: [0, -1],
      v: 2,
      metadata: { roles: ['editor'] },
    })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(60)
    expect(Number(claims.iat) - Number(claims.nbf)).toBe(10)
    expect(claims).not.toHaveProperty('azp')
    expect(claims).not.toHaveProperty('o')
    expect(decodeProtectedHeader(jwt)).toMatchObject({
      alg: 'RS256',
      typ: 'JWT',
      cat: 'cl_B7d4PD111AAA',
    })
  })

  it('last as long as asked, but not less than 30 seconds', async () => {
    const { id } = await sessions.createSession({ userId })
    const { exp, iat } = decodeJwt((await sessions.getToken(id, '', 600)).jwt)
    expect(Number(exp) - Number(iat)).toBe(600)
    expect(await refusal(sessions.getToken(id, '', 29))).toMatchObject({
      status: 422,
      parameters: ['expires_in_seconds'],
    })
  })

  it('are not made for sessions that have ended', async () => {
    const { id } = await sessions.createSession({ userId })
    await sessions.revokeSession(id)
    expect(await refusal(sessions.getToken(id))).toMatchObject({
      status: 404,
      codes: ['resource_not_found'],
    })
  })
})

describe('refreshing', () => {
  async function prepare() {
    const { id } = await sessions.createSession({ userId })
    const { jwt } = await sessions.getToken(id)
    const refreshToken = served.instance.store.sessions.get(id)?.refreshToken ?? ''
    const tokens = { expired_token: jwt, refresh_token: refreshToken }
    return { id, params: { ...tokens, request_origin: 'http://localhost:3000' } }
  }

  it('gives a token for the origin that asks', async () => {
    const { id, params } = await prepare()
    const { jwt } = await sessions.refreshSession(id, { ...params, format: 'token' })
    expect(decodeJwt(jwt)).toMatchObject({ sid: id, azp: 'http://localhost:3000' })
  })

  it('gives cookies to those who want them', async () => {
    const { id, params } = await prepare()
    const { cookies } = await sessions.refreshSession(id, { ...params, format: 'cookie' })
    const names = cookies.map((cookie) => cookie.split('=')[0])
    expect(names).toContain('__session')
    expect(names.filter((name) => name?.startsWith('__refresh_'))).toHaveLength(1)
  })

  it.each([
    { says: 'another refresh token', change: { refresh_token: 'guess' } },
    { says: 'a token of nobody', change: { expired_token: 'a.b.c' } },
  ])('is refused with $says', async ({ change }) => {
    const { id, params } = await prepare()
    expect(await refusal(sessions.refreshSession(id, { ...params, ...change }))).toMatchObject({
      status: 401,
      codes: ['token_invalid'],
    })
  })

  it("is refused with another session's token", async () => {
    const { params } = await prepare()
    const other = await prepare()
    const call = sessions.refreshSession(other.id, {
      ...other.params,
      expired_token: params.expired_token,
    })
    expect(await refusal(call)).toMatchObject({ status: 401, codes: ['token_invalid'] })
  })

  it('is refused once the session has ended', async () => {
    const { id, params } = await prepare()
    await sessions.revokeSession(id)
    expect(await refusal(sessions.refreshSession(id, params))).toMatchObject({ status: 401 })
  })
})
