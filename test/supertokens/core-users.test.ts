import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Listener, listen } from '../../emulator/src/base/listen.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../emulator/src/supertokens/core.js'
import { createUser } from '../../providers/supertokens/core-users.js'
import { readSuperTokensSettings } from '../../providers/supertokens/settings.js'
import type { NewUser } from '../../src/provider-users.js'

const IN_MEMORY = 'This API is not supported in the in-memory database.\n'
const API_KEY = 'a-key-of-twenty-letters'

const ada: NewUser = {
  appId: 'user_ada',
  emails: [{ address: 'ada@example.com', verified: true }],
  name: 'Ada King Noel',
  createdAt: new Date('2020-02-03T04:05:06Z'),
  metadata: { plan: 'pro' },
  password: { plain: 'correct horse battery 9' },
}

/** Calls to these paths fail. */
const broken = new Set<string>()

/** What stands in front of a core: one without a database takes no imports. */
function inFrontOf(core: SuperTokensCore, hasDatabase: boolean): SuperTokensCore {
  const fetch = async (request: Request) => {
    const { pathname } = new URL(request.url)
    if (broken.has(pathname)) return new Response('broken', { status: 500 })
    if (hasDatabase || !pathname.startsWith('/bulk-import/')) return core.fetch(request)
    return new Response(IN_MEMORY, { status: 400 })
  }
  return Object.create(core, { fetch: { value: fetch } })
}

describe.each([
  ['with a database', true, ['/bulk-import/import']],
  [
    'in memory',
    false,
    ['/public/recipe/signup', '/recipe/userid/map', '/public/recipe/user/email/verify'],
  ],
])('a core %s', (_, hasDatabase, steps) => {
  let core: SuperTokensCore
  let server: Listener
  beforeEach(async () => {
    core = await createSuperTokensCore({ apiKeys: [API_KEY] })
    server = await listen(inFrontOf(core, hasDatabase))
  })
  afterEach(() => server.close())

  const settings = (connectionURI = server.url, apiKey = API_KEY) =>
    readSuperTokensSettings({
      appInfo: { appName: 'app', apiDomain: 'http://localhost:3000' },
      recipes: async () => ({ recipeList: [] }),
      connectionURI,
      apiKey,
    })
  const make = (user: Partial<NewUser> = {}) =>
    createUser(settings(), 'public', { ...ada, ...user })

  it('has a user with the id of the app, all at once', async () => {
    expect(await make()).toEqual({ outcome: 'created', subject: 'user_ada' })
    const [mapping] = [...core.store.userIdMappings.values()]
    expect(mapping?.externalUserId).toBe('user_ada')
    expect(core.store.verifiedEmails.get('user_ada')).toEqual(new Set(['ada@example.com']))
    const kept = { plan: 'pro', first_name: 'Ada', last_name: 'King Noel' }
    expect(core.store.metadata.get('user_ada')).toEqual(kept)
  })

  it('has an address unverified that was', async () => {
    const emails = [{ address: 'bob@example.com', verified: false }]
    expect(await make({ appId: 'user_bob', emails })).toMatchObject({ outcome: 'created' })
    expect(core.store.verifiedEmails.get('user_bob')?.size ?? 0).toBe(0)
  })

  it.each([
    ['an address', { appId: 'user_eve' }],
    ['an id', { emails: [{ address: 'eve@example.com', verified: true }] }],
  ])('has nobody twice by %s', async (_, user) => {
    await make()
    expect(await make(user)).toEqual({ outcome: 'exists' })
    expect(core.store.users.size).toBe(1)
  })

  it.each([
    ['without a password', { password: null }, 'password_missing'],
    ['without an address', { emails: [] }, 'email_missing'],
    [
      'with a digest of another kind',
      { password: { digest: 'x', hasher: 'pbkdf2_sha256' } },
      'hasher_not_supported',
    ],
    [
      'with a digest that is cut off',
      { password: { digest: '$2b$10$abcdefghij', hasher: 'bcrypt' } },
      'digest_invalid',
    ],
  ])('takes no user %s', async (_, user, reason) => {
    expect(await make(user)).toEqual({ outcome: 'refused', reason })
  })

  it('that does not answer is an outage, and one that refuses the key a misconfiguration', async () => {
    const away = settings('http://127.0.0.1:9;http://127.0.0.1:9')
    const down = createUser(away, 'public', ada)
    await expect(down).rejects.toMatchObject({ code: 'provider_unavailable' })
    const wrong = createUser(settings(server.url, 'another-key-of-twenty'), 'public', ada)
    await expect(wrong).rejects.toMatchObject({ code: 'config_invalid' })
  })

  it('is asked at its next address', async () => {
    const answer = await createUser(settings(`http://127.0.0.1:9;${server.url}`), 'public', ada)
    expect(answer).toMatchObject({ outcome: 'created' })
  })

  it.each(steps)('leaves nobody behind when it fails at %s', async (step) => {
    broken.add(step)
    await expect(make()).rejects.toMatchObject({ code: 'provider_unavailable' })
    broken.clear()
    expect(core.store.users.size).toBe(0)
    expect(await make()).toMatchObject({ outcome: 'created' })
  })

  it('says that it is busy, and for how long', async () => {
    core.faults.failNext(1, 429, 3)
    await expect(make()).rejects.toMatchObject({
      code: 'provider_unavailable',
      details: { retryAfterSeconds: 3 },
    })
  })
})
