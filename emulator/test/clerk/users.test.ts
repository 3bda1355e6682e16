import { beforeEach, describe, expect, it } from 'vitest'
import { ADA, refusal, serveTests } from './support.js'

const served = await serveTests()
const { users } = served.client

describe('creating users', () => {
  it('keeps all that is said of them', async () => {
    const user = await users.createUser({
      ...ADA,
      externalId: 'legacy-1',
      firstName: 'Ada',
      lastName: 'Lovelace',
      username: 'ada',
      publicMetadata: { camelCase: { deep: true } },
      privateMetadata: { plan: 'pro' },
      unsafeMetadata: { theme: 'dark' },
      createdAt: new Date('2020-01-02T03:04:05.678Z'),
    })
    expect(user.id).toMatch(/^user_[0-9A-Za-z]{27}$/)
    const stored = await users.getUser(user.id)
    expect(stored).toMatchObject({
      externalId: 'legacy-1',
      fullName: 'Ada Lovelace',
      username: 'ada',
      publicMetadata: { camelCase: { deep: true } },
      privateMetadata: { plan: 'pro' },
      unsafeMetadata: { theme: 'dark' },
      createdAt: Date.parse('2020-01-02T03:04:05.678Z'),
      passwordEnabled: true,
      banned: false,
      lastSignInAt: null,
    })
    expect(stored.primaryEmailAddress?.emailAddress).toBe('ada@example.com')
  })

  it('verifies addresses unless told to reserve them', async () => {
    const user = await users.createUser({
      ...ADA,
      emailAddress: ['ada@example.com', 'countess@example.com'],
      emailAddressIdentificationStatus: ['verified', 'reserved'],
    })
    const [first, second] = user.emailAddresses
    expect(first?.verification?.status).toBe('verified')
    expect(second?.verification).toBeNull()
    const fields = user.raw?.email_addresses as unknown as { reserved: boolean }[]
    expect(fields.map(({ reserved }) => reserved)).toEqual([false, true])
  })

  it.each([
    {
      says: 'an address that is taken, in other letters',
      fields: { ...ADA, emailAddress: ['ADA@example.com'] },
      code: 'form_identifier_exists',
      parameter: 'email_address',
    },
    {
      says: 'an external id that is taken',
      fields: { ...ADA, emailAddress: ['b@example.com'], externalId: 'legacy-1' },
      code: 'form_identifier_exists',
      parameter: 'external_id',
    },
    {
      says: 'a username that is taken',
      fields: { ...ADA, emailAddress: ['b@example.com'], username: 'Ada' },
      code: 'form_identifier_exists',
      parameter: 'username',
    },
    {
      says: 'something that is no address',
      fields: { ...ADA, emailAddress: ['nobody'] },
      code: 'form_param_format_invalid',
      parameter: 'email_address',
    },
    {
      says: 'fewer statuses than addresses',
      fields: {
        ...ADA,
        emailAddress: ['b@example.com', 'c@example.com'],
        emailAddressIdentificationStatus: ['reserved' as const],
      },
      code: 'form_param_value_invalid',
      parameter: 'email_address_identification_status',
    },
    {
      says: 'a short password',
      fields: { emailAddress: ['b@example.com'], password: 'short' },
      code: 'form_password_length_too_short',
      parameter: 'password',
    },
    {
      says: 'a password of more than 72 bytes',
      fields: { emailAddress: ['b@example.com'], password: 'ü'.repeat(37) },
      code: 'form_password_size_in_bytes_exceeded',
      parameter: 'password',
    },
    {
      says: 'no password',
      fields: { emailAddress: ['b@example.com'] },
      code: 'form_data_missing',
      parameter: undefined,
    },
    {
      says: 'a parameter Clerk does not know',
      fields: { ...ADA, emailAddress: ['b@example.com'], shoeSize: 38 },
      code: 'form_param_unknown',
      parameter: 'shoe_size',
    },
  ])('refuses $says', async ({ fields, code, parameter }) => {
    await users.createUser({ ...ADA, externalId: 'legacy-1', username: 'ada' })
    const { status, codes, parameters } = await refusal(users.createUser(fields))
    expect({ status, codes, parameters }).toEqual({
      status: 422,
      codes: [code],
      parameters: [parameter],
    })
    expect(await users.getCount()).toBe(1)
  })

  it('lets users do without a password, or with a weak one, when asked to', async () => {
    const free = { emailAddress: ['b@example.com'], skipPasswordRequirement: true }
    expect((await users.createUser(free)).passwordEnabled).toBe(false)
    const weak = { ...ADA, password: 'short', skipPasswordChecks: true }
    expect((await users.createUser(weak)).passwordEnabled).toBe(true)
  })
})

describe('listing users', () => {
  beforeEach(async () => {
    for (const [index, name] of ['carol', 'alice', 'bob'].entries()) {
      await users.createUser({
        ...ADA,
        emailAddress: [`${name}@example.com`],
        firstName: name,
        externalId: `ext-${name}`,
        createdAt: new Date(Date.UTC(2020, 0, index + 1)),
      })
    }
  })

  const list = async (query: Parameters<typeof users.getUserList>[0]) => {
    const { data, totalCount } = await users.getUserList(query)
    return { names: data.map(({ firstName }) => firstName), totalCount }
  }

  it.each([
    { query: {}, names: ['bob', 'alice', 'carol'], totalCount: 3 },
    { query: { limit: 2 }, names: ['bob', 'alice'], totalCount: 3 },
    { query: { limit: 2, offset: 2 }, names: ['carol'], totalCount: 3 },
    { query: { orderBy: '+created_at' as const }, names: ['carol', 'alice', 'bob'], totalCount: 3 },
    { query: { orderBy: 'first_name' as const }, names: ['alice', 'bob', 'carol'], totalCount: 3 },
    { query: { emailAddress: ['BOB@example.com'] }, names: ['bob'], totalCount: 1 },
    { query: { emailAddress: ['b@example.com'] }, names: [], totalCount: 0 },
    { query: { externalId: ['ext-bob', 'ext-carol'] }, names: ['bob', 'carol'], totalCount: 2 },
    { query: { externalId: ['-ext-bob'] }, names: ['alice', 'carol'], totalCount: 2 },
    { query: { query: 'LICE@' }, names: ['alice'], totalCount: 1 },
    { query: { userId: ['user_nobody'] }, names: [], totalCount: 0 },
    { query: { createdAtAfter: Date.UTC(2020, 0, 2) }, names: ['bob'], totalCount: 1 },
    { query: { createdAtBefore: Date.UTC(2020, 0, 2) }, names: ['carol'], totalCount: 1 },
    { query: { lastSignInAtAfter: 1 }, names: [], totalCount: 0 },
  ])('$query gives $names', async ({ query, names, totalCount }) => {
    expect(await list(query)).toEqual({ names, totalCount })
  })

  it('pages by cursor', async () => {
    const { data } = await users.getUserList({ limit: 1 })
    const query = { limit: 5, startingAfter: data[0]?.id }
    expect((await list(query)).names).toEqual(['alice', 'carol'])
  })

  it.each([
    { says: 'a page of nothing', query: { limit: -1 }, parameter: 'limit' },
    { says: 'more than 500 at a time', query: { limit: 501 }, parameter: 'limit' },
    {
      says: 'more than 100 values',
      query: { userId: Array.from({ length: 101 }, (_, index) => `user_${index}`) },
      parameter: 'user_id',
    },
    { says: 'an unknown order', query: { orderBy: 'shoe_size' as never }, parameter: 'order_by' },
    {
      says: 'a cursor in another order',
      query: { orderBy: 'username' as const, startingAfter: 'user_1' },
      parameter: 'starting_after',
    },
  ])('refuses $says', async ({ query, parameter }) => {
    expect(await refusal(users.getUserList(query))).toMatchObject({
      status: 422,
      codes: ['form_param_value_invalid'],
      parameters: [parameter],
    })
  })
})

describe('changing users', () => {
  let id: string

  beforeEach(async () => {
    const metadata = { a: { b: 1, c: 2 }, list: [1, 2] }
    id = (await users.createUser({ ...ADA, publicMetadata: metadata })).id
  })

  it('merges metadata deeply, and removes what is null', async () => {
    const change = { publicMetadata: { a: { c: null, d: 3 }, list: [3] } }
    const user = await users.updateUserMetadata(id, change)
    expect(user.publicMetadata).toEqual({ a: { b: 1, d: 3 }, list: [3] })
  })

  it('replaces metadata whole when asked to', async () => {
    const user = await users.replaceUserMetadata(id, { publicMetadata: { z: 1 } })
    expect(user.publicMetadata).toEqual({ z: 1 })
  })

  it('does not take metadata with other changes', async () => {
    const { status, text } = await patch(id, { public_metadata: {} })
    expect(status).toBe(422)
    expect(text).toContain('form_param_unknown')
  })

  it('changes names and external ids, and leaves the rest', async () => {
    const user = await users.updateUser(id, { firstName: 'Ada', externalId: 'x' })
    expect(user).toMatchObject({ firstName: 'Ada', externalId: 'x', passwordEnabled: true })
  })

  it('makes only an address of the user primary', async () => {
    const other = await served.client.emailAddresses.createEmailAddress({
      userId: id,
      emailAddress: 'new@example.com',
    })
    const change = { primaryEmailAddressID: other.id }
    expect(await refusal(users.updateUser(id, change))).toMatchObject({ status: 422 })
    await served.client.emailAddresses.updateEmailAddress(other.id, { verified: true })
    const user = await users.updateUser(id, change)
    expect(user.primaryEmailAddress?.emailAddress).toBe('new@example.com')
  })

  it('bans by ending all sessions', async () => {
    const session = await served.client.sessions.createSession({ userId: id })
    expect((await users.banUser(id)).banned).toBe(true)
    expect((await served.client.sessions.getSession(session.id)).status).toBe('revoked')
    expect((await users.unbanUser(id)).banned).toBe(false)
  })

  it('locks and unlocks', async () => {
    expect((await users.lockUser(id)).locked).toBe(true)
    expect((await users.unlockUser(id)).locked).toBe(false)
  })

  it('deletes users with their sessions', async () => {
    const session = await served.client.sessions.createSession({ userId: id })
    expect(await users.deleteUser(id)).toMatchObject({ id, object: 'user', deleted: true })
    expect(await refusal(users.getUser(id))).toMatchObject({
      status: 404,
      codes: ['resource_not_found'],
    })
    expect(await refusal(served.client.sessions.getSession(session.id))).toMatchObject({
      status: 404,
    })
  })

  async function patch(user: string, body: object): Promise<{ status: number; text: string }> {
    const response = await fetch(`${served.url}/v1/users/${user}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${served.instance.secretKey}` },
      body: JSON.stringify(body),
    })
    return { status: response.status, text: await response.text() }
  }
})
