/** One seed, both vendors. */

import { beforeEach, describe, expect, it } from 'vitest'
import type { ClerkInstance } from '../../src/clerk/instance.js'
import { createClerkInstance } from '../../src/clerk/instance.js'
import { SeedError } from '../../src/seed/error.js'
import { parseSeed, seed } from '../../src/seed/seed.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { PASSWORD, type Subject, vendors } from './vendors.js'

const DATA = {
  roles: { admin: ['posts:write', 'posts:read'], member: ['posts:read'] },
  users: [
    {
      email: ' Ada@Example.com ',
      password: PASSWORD,
      firstName: 'Ada',
      lastName: 'Lovelace',
      metadata: { plan: 'pro' },
      roles: ['admin', 'member'],
    },
    { email: 'bob@example.com', isEmailVerified: false },
  ],
  organizations: [
    {
      name: 'Analytical Engines',
      slug: 'engines',
      members: [{ email: 'ada@example.com', role: 'org:admin' }, { email: 'bob@example.com' }],
    },
  ],
}

describe.each(vendors)('$vendor', ({ create }) => {
  let subject: Subject

  beforeEach(async () => {
    subject = await create()
  })

  it('has the users and their roles, and lets them sign in', async () => {
    expect(await seed(subject.standIn, DATA)).toMatchObject({ added: 2, kept: 0 })
    expect(subject.standIn.admin.users()).toMatchObject([
      { identifiers: ['ada@example.com'], roles: ['admin', 'member'] },
      { identifiers: ['bob@example.com'], roles: [] },
    ])
    expect(await subject.isPasswordOf('ada@example.com', PASSWORD)).toBe(true)
    expect(await subject.isPasswordOf('ada@example.com', 'something else')).toBe(false)
  })

  it('leaves users as they are who are there already', async () => {
    await seed(subject.standIn, DATA)
    const [ada] = subject.standIn.admin.users()
    subject.standIn.admin.takeRole(ada?.id ?? '', 'member')
    const before = JSON.stringify((await subject.standIn.snapshot()).tables)
    expect(await seed(subject.standIn, DATA)).toMatchObject({ added: 0, kept: 2 })
    expect(JSON.stringify((await subject.standIn.snapshot()).tables)).toBe(before)
  })

  it('gives and takes roles', async () => {
    const { admin } = subject.standIn
    const id = await subject.signUp('ada@example.com')
    expect(admin.giveRole(id, 'editor')).toBe(true)
    expect(admin.giveRole(id, 'admin')).toBe(true)
    expect(admin.giveRole(id, 'admin')).toBe(true)
    expect(admin.users()[0]?.roles).toEqual(['admin', 'editor'])
    expect(admin.takeRole(id, 'editor')).toBe(true)
    expect(admin.users()[0]?.roles).toEqual(['admin'])
    expect(admin.giveRole('none', 'admin')).toBe(false)
    expect(admin.takeRole('none', 'admin')).toBe(false)
  })

  it('adds nothing of a seed with a problem', async () => {
    const users = [...DATA.users, { email: 'no address' }]
    await expect(seed(subject.standIn, { ...DATA, users })).rejects.toThrow(SeedError)
    expect(subject.standIn.admin.users()).toEqual([])
  })
})

describe('a core', () => {
  let core: SuperTokensCore

  beforeEach(async () => {
    core = await createSuperTokensCore()
  })

  it('keeps names and metadata, permissions of roles, and whether an address is verified', async () => {
    await seed(core, DATA)
    const [ada, bob] = core.admin.users()
    const name = { first_name: 'Ada', last_name: 'Lovelace' }
    expect(core.store.metadata.get(ada?.id ?? '')).toEqual({ ...name, plan: 'pro' })
    expect(core.store.roles.get('admin')).toEqual(new Set(['posts:write', 'posts:read']))
    expect(core.store.verifiedEmails.get(ada?.id ?? '')).toEqual(new Set(['ada@example.com']))
    expect(core.store.verifiedEmails.get(bob?.id ?? '')).toBeUndefined()
  })

  it('has users without a password sign in by code', async () => {
    await seed(core, DATA)
    expect([...core.store.users.values()].map(({ recipeId }) => recipeId)).toEqual([
      'emailpassword',
      'passwordless',
    ])
  })

  it('says that it has no organisations', async () => {
    const { skipped } = await seed(core, DATA)
    expect(skipped).toEqual(['organizations, because a SuperTokens core has none'])
  })
})

describe('an instance', () => {
  let instance: ClerkInstance

  beforeEach(async () => {
    instance = await createClerkInstance()
  })

  it('keeps roles and their permissions in public metadata', async () => {
    await seed(instance, DATA)
    const [ada, bob] = instance.store.users.values()
    expect(ada).toMatchObject({ firstName: 'Ada', lastName: 'Lovelace' })
    expect(ada?.publicMetadata).toEqual({
      plan: 'pro',
      roles: ['admin', 'member'],
      permissions: ['posts:read', 'posts:write'],
    })
    expect(bob).toMatchObject({ publicMetadata: {}, password: null })
    expect(bob?.emailAddresses[0]?.status).toBe('reserved')
  })

  it('has the organisations and their members', async () => {
    const { skipped } = await seed(instance, DATA)
    expect(skipped).toEqual([])
    expect([...instance.store.organizations.values()]).toMatchObject([
      { name: 'Analytical Engines', slug: 'engines' },
    ])
    expect([...instance.store.memberships.values()].map(({ role }) => role)).toEqual([
      'org:admin',
      'org:member',
    ])
  })

  it('adds nothing where a member has an unknown role', async () => {
    const organizations = [
      { name: 'x', slug: 'x', members: [{ email: 'bob@example.com', role: 'org:king' }] },
    ]
    await expect(seed(instance, { ...DATA, organizations })).rejects.toMatchObject({
      problems: [
        {
          path: 'organizations.0.members.0.role',
          message: '"org:king" is none of org:admin, org:member',
        },
      ],
    })
    expect(instance.store.users.size).toBe(0)
  })
})

describe('a seed with problems', () => {
  it.each([
    { says: 'no object', data: [], paths: [''] },
    { says: 'an unknown member', data: { user: [] }, paths: ['user'] },
    { says: 'a user without an address', data: { users: [{}] }, paths: ['users.0.email'] },
    {
      says: 'a short password',
      data: { users: [{ email: 'a@example.com', password: 'short' }] },
      paths: ['users.0.password'],
    },
    {
      says: 'a password of 73 bytes',
      data: { users: [{ email: 'a@example.com', password: `${'ä'.repeat(36)}a` }] },
      paths: ['users.0.password'],
    },
    {
      says: 'an address twice, in another case',
      data: { users: [{ email: 'a@example.com' }, { email: 'A@example.com' }] },
      paths: ['users.1.email'],
    },
    {
      says: 'roles in metadata',
      data: { users: [{ email: 'a@example.com', metadata: { roles: ['admin'] } }] },
      paths: ['users.0.metadata'],
    },
    {
      says: 'a slug twice',
      data: {
        organizations: [
          { name: 'x', slug: 'x' },
          { name: 'y', slug: 'x' },
        ],
      },
      paths: ['organizations.1.slug'],
    },
    {
      says: 'a member twice, and a stranger',
      data: {
        users: [{ email: 'a@example.com' }],
        organizations: [
          {
            name: 'x',
            slug: 'x',
            members: [
              { email: 'a@example.com' },
              { email: 'a@example.com' },
              { email: 'b@example.com' },
            ],
          },
        ],
      },
      paths: ['organizations.0.members.1.email', 'organizations.0.members.2.email'],
    },
    {
      says: 'a role that is an inherited name',
      data: { users: [{ email: 'a@example.com', roles: ['constructor'] }] },
      paths: ['users.0.roles.0'],
    },
    {
      says: 'problems of form and of reference at once',
      data: {
        roles: { admin: [''] },
        users: [{ email: 'nobody', roles: ['amin'], nick: 'x' }, 7],
      },
      paths: ['roles.admin.0', 'users.0.email', 'users.0.nick', 'users.1', 'users.0.roles.0'],
    },
  ])('$says', ({ data, paths }) => {
    let error: unknown
    try {
      parseSeed(data)
    } catch (caught) {
      error = caught
    }
    if (!(error instanceof SeedError)) throw new TypeError('the seed was taken')
    expect(error.problems.map(({ path }) => path)).toEqual(paths)
    for (const { path } of error.problems) expect(error.message).toContain(path)
  })
})
