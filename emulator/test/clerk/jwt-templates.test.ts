import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADA, refusal, type Served, serve } from './support.js'

let served: Served
let sessionId: string
let userId: string

beforeAll(async () => {
  served = await serve()
  const { client } = served
  const user = await client.users.createUser({
    ...ADA,
    firstName: 'Ada',
    externalId: 'legacy-1',
    publicMetadata: { roles: ['editor'], level: 3 },
    privateMetadata: { secret: 'never' },
  })
  userId = user.id
  sessionId = (await client.sessions.createSession({ userId })).id
})
afterAll(() => served.close())

let count = 0

/** Claims of a token made from a template. */
async function render(claims: Record<string, unknown>): Promise<Record<string, unknown>> {
  const name = `template-${count++}`
  await served.client.jwtTemplates.create({ name, claims })
  const { jwt } = await served.client.sessions.getToken(sessionId, name)
  return decodeJwt(jwt)
}

describe('shortcodes', () => {
  it.each([
    { claim: '{{user.id}}', value: () => userId },
    { claim: '{{user.external_id || user.id}}', value: () => 'legacy-1' },
    { claim: '{{ user.username || user.id }}', value: () => userId },
    { claim: "{{user.username || 'none'}}", value: () => 'none' },
    { claim: '{{user.username}}', value: () => null },
    { claim: '{{user.primary_email_address}}', value: () => 'ada@example.com' },
    { claim: '{{user.email_verified}}', value: () => true },
    { claim: '{{user.phone_number_verified}}', value: () => false },
    { claim: '{{user.public_metadata.roles}}', value: () => ['editor'] },
    { claim: '{{user.public_metadata.level}}', value: () => 3 },
    { claim: '{{user.public_metadata.none.deeper}}', value: () => null },
    {
      claim: 'Level {{user.public_metadata.level}} of {{user.first_name}}',
      value: () => 'Level 3 of Ada',
    },
    { claim: '{{user.private_metadata.secret}}', value: () => null },
    { claim: '{{user.constructor.name}}', value: () => null },
    { claim: '{{org.id}}', value: () => null },
    { claim: 'plain', value: () => 'plain' },
  ])('$claim', async ({ claim, value }) => {
    expect((await render({ claim })).claim).toEqual(value())
  })

  it('are found in nested claims', async () => {
    const claims = { nested: { ids: ['{{user.id}}', 1, null] }, aud: 'database' }
    expect(await render(claims)).toMatchObject({
      nested: { ids: [userId, 1, null] },
      aud: 'database',
    })
  })
})

describe('templates', () => {
  it('set life and category of their tokens', async () => {
    const claims = { role: 'authenticated' }
    const template = { name: 'long', claims, lifetime: 3600, allowedClockSkew: 0 }
    const created = await served.client.jwtTemplates.create(template)
    expect(created).toMatchObject({ name: 'long', lifetime: 3600, signingAlgorithm: 'RS256' })
    const { jwt } = await served.client.sessions.getToken(sessionId, 'long')
    const { exp, iat, nbf, sub, sid } = decodeJwt(jwt)
    expect(Number(exp) - Number(iat)).toBe(3600)
    expect({ nbf, sub, sid }).toEqual({ nbf: iat, sub: userId, sid: undefined })
    expect(decodeProtectedHeader(jwt).cat).toBe('cl_B7d4PD222AAA')
  })

  it('are never taken for session tokens', async () => {
    await served.client.jwtTemplates.create({ name: 'forged', claims: { sid: sessionId } })
    const { jwt } = await served.client.sessions.getToken(sessionId, 'forged')
    const headers = { authorization: `Bearer ${jwt}` }
    const state = await served.client.authenticateRequest(
      new Request('http://localhost:3000', { headers }),
      { jwtKey: served.instance.jwtKey },
    )
    expect(state).toMatchObject({ status: 'signed-out', reason: 'token-type-mismatch' })
  })

  it('sign with a key of their own', async () => {
    const key = 'x'.repeat(32)
    const signing = { customSigningKey: true, signingAlgorithm: 'HS256', signingKey: key }
    await served.client.jwtTemplates.create({ name: 'shared', claims: {}, ...signing })
    const { jwt } = await served.client.sessions.getToken(sessionId, 'shared')
    const { payload } = await jwtVerify(jwt, new TextEncoder().encode(key))
    expect(payload.sub).toBe(userId)
  })

  it('are listed, changed and deleted', async () => {
    const { jwtTemplates } = served.client
    const { id } = await jwtTemplates.create({ name: 'brief', claims: {} })
    await jwtTemplates.update({ templateId: id, name: 'renamed', claims: { a: 1 } })
    expect(await jwtTemplates.get(id)).toMatchObject({ name: 'renamed', claims: { a: 1 } })
    const { data } = await jwtTemplates.list({ limit: 100 })
    expect(data.map(({ name }) => name)).toContain('renamed')
    await jwtTemplates.delete(id)
    expect(await refusal(jwtTemplates.get(id))).toMatchObject({ status: 404 })
    expect(await refusal(served.client.sessions.getToken(sessionId, 'renamed'))).toMatchObject({
      status: 404,
      codes: ['resource_not_found'],
    })
  })

  it.each([
    {
      says: 'a reserved claim',
      fields: { claims: { sub: 'someone' } },
      code: 'jwt_template_reserved_claim',
    },
    { says: 'no claims', fields: {}, code: 'form_param_missing' },
    {
      says: 'a short life',
      fields: { claims: {}, lifetime: 29 },
      code: 'form_param_value_invalid',
    },
    { says: 'a taken name', fields: { name: 'taken', claims: {} }, code: 'form_identifier_exists' },
    {
      says: 'a key of its own, but none given',
      fields: { claims: {}, customSigningKey: true, signingAlgorithm: 'HS256' },
      code: 'form_param_missing',
    },
  ])('are refused with $says', async ({ fields, code }) => {
    await served.client.jwtTemplates.create({ name: 'taken', claims: {} }).catch(() => {})
    const call = served.client.jwtTemplates.create({ name: `new-${count++}`, ...fields } as never)
    expect(await refusal(call)).toMatchObject({ status: 422, codes: [code] })
  })
})
