import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/jwt/token.js'
import { createApp, createInstance, errorOf, optionsOf, suffixOf } from '../support/clerk-app.js'
import {
  backend,
  isolateNetwork,
  refusal,
  sessionPage,
  sessionRecord,
} from '../support/clerk-backend.js'

isolateNetwork()

const instance = await createInstance(false)
const options = optionsOf(instance)
const SECRET = options.secretKey ?? ''
const auth = createApp(options)
const credentials = await instance.signedIn({ userId: 'user_1', sessionId: 'sess_1' })
const request = () => credentials.request('/')
const nobody = () => new Request('https://app.example.com/')

function emailRecord(id: string, address: string, status: string | null): JsonObject {
  return {
    id,
    object: 'email_address',
    email_address: address,
    verification: status === null ? null : { status, strategy: 'email_code' },
    linked_to: [],
  }
}

/** A user as the Backend API describes one, with these members on top. */
function userRecord(changes: JsonObject = {}): JsonObject {
  return {
    object: 'user',
    id: 'user_1',
    first_name: 'Ada',
    last_name: 'Lovelace',
    username: 'ada',
    image_url: 'https://img.example.com/ada',
    has_image: true,
    primary_email_address_id: 'idn_1',
    primary_phone_number_id: 'idn_9',
    email_addresses: [emailRecord('idn_1', 'ada@example.com', 'verified')],
    phone_numbers: [
      { id: 'idn_9', object: 'phone_number', phone_number: '+15555550100', linked_to: [] },
    ],
    web3_wallets: [],
    external_accounts: [],
    enterprise_accounts: [],
    saml_accounts: [],
    public_metadata: { plan: 'pro' },
    private_metadata: { secret: 'private' },
    unsafe_metadata: { theme: 'dark' },
    created_at: 1_700_000_000_000,
    updated_at: 1_700_000_000_001,
    ...changes,
  }
}

describe('currentUser', () => {
  it('normalises the record', async () => {
    backend(SECRET).get('/v1/users/user_1').reply(200, userRecord())
    expect(await auth.currentUser(request())).toEqual({
      id: 'user_1',
      providerUserId: 'user_1',
      emails: [{ address: 'ada@example.com', verified: true }],
      phone: '+15555550100',
      name: 'Ada Lovelace',
      imageUrl: 'https://img.example.com/ada',
      createdAt: new Date(1_700_000_000_000),
      metadata: { plan: 'pro' },
    })
  })

  const others = [
    emailRecord('idn_2', 'two@example.com', 'unverified'),
    emailRecord('idn_1', 'one@example.com', 'verified'),
    emailRecord('idn_3', 'three@example.com', null),
  ]
  const rows: readonly { says: string; changes: JsonObject; expected: object }[] = [
    {
      says: 'puts the primary address first and calls unverified what is not verified',
      changes: { email_addresses: others },
      expected: {
        emails: [
          { address: 'one@example.com', verified: true },
          { address: 'two@example.com', verified: false },
          { address: 'three@example.com', verified: false },
        ],
      },
    },
    {
      says: 'lists addresses of which none is primary',
      changes: { primary_email_address_id: null, email_addresses: others.slice(0, 1) },
      expected: { emails: [{ address: 'two@example.com', verified: false }] },
    },
    {
      says: 'has no address, phone or picture for who has none',
      changes: {
        primary_email_address_id: null,
        email_addresses: [],
        primary_phone_number_id: null,
        phone_numbers: [],
        has_image: false,
      },
      expected: { emails: [], phone: null, imageUrl: null },
    },
    {
      says: 'falls back to the user name',
      changes: { first_name: null, last_name: null },
      expected: { name: 'ada' },
    },
    {
      says: 'has no name for who has none',
      changes: { first_name: null, last_name: null, username: null },
      expected: { name: null },
    },
    { says: 'has a first name alone', changes: { last_name: null }, expected: { name: 'Ada' } },
    {
      says: 'has no metadata where there is none',
      changes: { public_metadata: {} },
      expected: { metadata: {} },
    },
  ]

  for (const { says, changes, expected } of rows) {
    it(says, async () => {
      backend(SECRET).get('/v1/users/user_1').reply(200, userRecord(changes))
      expect(await auth.currentUser(request())).toMatchObject(expected)
    })
  }

  it('shows neither private nor unsafe metadata', async () => {
    backend(SECRET).get('/v1/users/user_1').reply(200, userRecord())
    expect(JSON.stringify(await auth.currentUser(request()))).not.toMatch(/private|dark/)
  })

  it('is null for a user who is gone', async () => {
    backend(SECRET).get('/v1/users/user_1').reply(404, refusal('resource_not_found'))
    expect(await auth.currentUser(request())).toBeNull()
  })

  it('is null for nobody, and asks nobody', async () => {
    expect(await auth.currentUser(nobody())).toBeNull()
  })

  it.each([
    { says: 'a refused secret key', status: 401, body: refusal('invalid'), code: 'config_invalid' },
    { says: 'an outage', status: 503, body: '', code: 'provider_unavailable' },
    {
      says: 'a page instead of a user',
      status: 200,
      body: '<h1>Hello</h1>',
      code: 'provider_unavailable',
    },
  ])('fails with $code at $says', async ({ status, body, code }) => {
    backend(SECRET).get('/v1/users/user_1').reply(status, body)
    expect((await errorOf(() => auth.currentUser(request()))).code).toBe(code)
  })
})

describe('signOut', () => {
  const revoked = () => backend(SECRET).post('/v1/sessions/sess_1/revoke')

  it('ends the session at Clerk and takes both session cookies from the browser', async () => {
    revoked().reply(200, sessionRecord('sess_1', 'user_1', 'revoked'))
    const headers = new Headers()
    await auth.signOut(request(), headers)
    expect(headers.getSetCookie()).toEqual([
      '__session=; Max-Age=0; Path=/',
      `__session_${suffixOf(options.publishableKey ?? '')}=; Max-Age=0; Path=/`,
    ])
  })

  it('is content when the session is gone already', async () => {
    revoked().reply(404, refusal('resource_not_found'))
    await expect(auth.signOut(request())).resolves.toBeUndefined()
  })

  it('does nothing for nobody', async () => {
    const headers = new Headers()
    await auth.signOut(nobody(), headers)
    expect([...headers]).toEqual([])
  })

  it('ends a session whose token has run out, and lives on at Clerk', async () => {
    const late = await instance.signedIn({
      userId: 'user_1',
      sessionId: 'sess_1',
      expiresInSeconds: -60,
    })
    const scope = revoked().reply(200, sessionRecord('sess_1', 'user_1', 'revoked'))
    const headers = new Headers()
    await auth.signOut(late.request('/'), headers)
    expect(scope.isDone()).toBe(true)
    expect(headers.getSetCookie()).toHaveLength(2)
  })

  it('takes from the browser what nobody can end', async () => {
    const cookie = credentials.cookie.replaceAll(/(__session\w*=[^;]+)[^;]{8}/g, '$1AAAAAAAA')
    const headers = new Headers()
    await auth.signOut(new Request('https://app.example.com/', { headers: { cookie } }), headers)
    expect(headers.getSetCookie()).toHaveLength(2)
  })

  it('takes nothing from the browser on the word of another site', async () => {
    const { cookie } = credentials
    for (const method of ['POST', 'DELETE']) {
      const headers = { cookie, origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }
      const answer = new Headers()
      const request = new Request('https://app.example.com/out', { method, headers })
      const error = await errorOf(() => auth.signOut(request, answer))
      expect(error.code).toBe('csrf_rejected')
      expect([...answer]).toEqual([])
    }
  })

  it('does not say that a session has ended when it has not', async () => {
    revoked().reply(500, refusal('internal'))
    expect((await errorOf(() => auth.signOut(request()))).code).toBe('provider_unavailable')
  })
})

describe('signOutEverywhere', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `sess_${index}`)

  /** Sessions at Clerk, which leave the list once they are revoked. */
  function sessions(statuses: Map<string, string>): { readonly lists: () => number } {
    let lists = 0
    backend(SECRET)
      .persist()
      .get('/v1/sessions')
      .query(true)
      .optionally()
      .reply((path) => {
        lists++
        const { searchParams } = new URL(path, 'https://api.clerk.com')
        expect(searchParams.get('user_id')).toBe('user_1')
        const limit = Number(searchParams.get('limit') ?? 10)
        const offset = Number(searchParams.get('offset') ?? 0)
        const wanted = searchParams.get('status')
        const found = [...statuses].filter(([, status]) => !wanted || status === wanted)
        const page = found.slice(offset, offset + limit)
        return [200, sessionPage(page.map(([id, status]) => sessionRecord(id, 'user_1', status)))]
      })
    backend(SECRET)
      .persist()
      .post(/^\/v1\/sessions\/[^/]+\/revoke$/)
      .optionally()
      .reply((path) => {
        const id = path.split('/').at(-2) ?? ''
        statuses.set(id, 'revoked')
        return [200, sessionRecord(id, 'user_1', 'revoked')]
      })
    return { lists: () => lists }
  }

  it.each([0, 1, 100, 101])('ends %i sessions', async (count) => {
    const statuses = new Map(ids(count).map((id) => [id, 'active']))
    sessions(statuses)
    await auth.signOutEverywhere(request())
    expect([...statuses.values()].filter((status) => status !== 'revoked')).toEqual([])
  })

  it('ends sessions with open tasks as well, or they come back when the tasks are done', async () => {
    const statuses = new Map([
      ['sess_1', 'active'],
      ['sess_2', 'pending'],
    ])
    sessions(statuses)
    await auth.signOutEverywhere(request())
    expect([...statuses.values()]).toEqual(['revoked', 'revoked'])
  })

  it('comes to an end although ended sessions stay in the list for a while', async () => {
    let calls = 0
    backend(SECRET)
      .persist()
      .get('/v1/sessions')
      .query(true)
      .reply(() => {
        // A loop that would go on for ever is let go here.
        if (++calls > 10) return [500, refusal('internal')]
        return [200, sessionPage(ids(100).map((id) => sessionRecord(id, 'user_1')))]
      })
    backend(SECRET)
      .persist()
      .post(/revoke$/)
      .reply(200, sessionRecord('sess_1', 'user_1', 'revoked'))
    await expect(auth.signOutEverywhere(request())).resolves.toBeUndefined()
    expect(calls).toBeLessThan(10)
  })

  it('takes the session cookies from this browser', async () => {
    sessions(new Map())
    const headers = new Headers()
    await auth.signOutEverywhere(request(), headers)
    expect(headers.getSetCookie()).toHaveLength(2)
  })

  it('says so when it could not finish', async () => {
    backend(SECRET).get('/v1/sessions').query(true).reply(503, '')
    expect((await errorOf(() => auth.signOutEverywhere(request()))).code).toBe(
      'provider_unavailable',
    )
  })
})
