/** What one stand-in remembered, another can begin with. */

import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../../src/base/snapshot.js'
import { createClerkInstance } from '../../src/clerk/instance.js'
import { seed } from '../../src/seed/seed.js'
import { createSuperTokensCore } from '../../src/supertokens/core.js'
import { PASSWORD, type Subject, vendors } from './vendors.js'

/** As a file would keep it. */
async function takeSnapshot({ standIn }: Subject): Promise<Snapshot> {
  return JSON.parse(JSON.stringify(await standIn.snapshot()))
}

describe.each(vendors)('$vendor', ({ create }) => {
  it('has the same users, passwords, roles, sessions and keys', async () => {
    const before = await create()
    const userId = await before.signUp('ada@example.com')
    before.standIn.admin.giveRole(userId, 'admin')
    const sessionId = await before.signIn(userId)
    await before.keyIds()
    await before.standIn.rotateKeys()

    const after = await create({ snapshot: await takeSnapshot(before) })
    expect(await after.keyIds()).toEqual(await before.keyIds())
    expect(after.standIn.admin.users()).toEqual(before.standIn.admin.users())
    expect(after.standIn.admin.sessions()).toEqual(before.standIn.admin.sessions())
    expect(await after.isActive(sessionId)).toBe(true)
    expect(await after.isPasswordOf('ada@example.com', PASSWORD)).toBe(true)
    expect(after.standIn.environment('http://x')).toEqual(before.standIn.environment('http://x'))
  })

  it('comes out as it went in', async () => {
    const before = await create()
    await before.signIn(await before.signUp('ada@example.com'))
    const snapshot = await takeSnapshot(before)
    const after = await takeSnapshot(await create({ snapshot }))
    expect({ ...after, clockAheadMs: 0 }).toEqual({ ...snapshot, clockAheadMs: 0 })
  })

  it('is as far ahead as before', async () => {
    const before = await create()
    before.standIn.clock.advance(86_400)
    const after = await create({ snapshot: await takeSnapshot(before) })
    expect(after.standIn.clock.now() - Date.now()).toBeGreaterThan(86_390_000)
  })

  it('keeps data of the app that looks like its own marks', async () => {
    const odd = {
      $map: [1],
      nested: { $set: 'x' },
      $object: null,
      toString: 1,
      constructor: { toString: 2 },
      list: [{ $map: 2 }],
    }
    const before = await create()
    await seed(before.standIn, {
      users: [{ email: 'ada@example.com', metadata: odd }],
    })
    const after = await create({ snapshot: await takeSnapshot(before) })
    expect(metadataOf(after)).toEqual(odd)
  })

  it.each<{ says: string; broken: (snapshot: Snapshot) => Snapshot }>([
    { says: 'nothing', broken: () => ({}) },
    { says: 'an unknown table', broken: (its) => ({ ...its, tables: { robots: { $map: [] } } }) },
    { says: 'a table that is none', broken: (its) => ({ ...its, tables: { users: [] } }) },
    { says: 'an inherited name', broken: (its) => ({ ...its, tables: { constructor: [] } }) },
    { says: 'a map of no pairs', broken: (its) => ({ ...its, tables: { users: { $map: 1 } } }) },
    {
      says: 'a key that is none',
      broken: (its) => JSON.parse(JSON.stringify(its).replaceAll('BEGIN PRIVATE', 'BEGIN NO')),
    },
  ])('refuses a snapshot with $says', async ({ broken }) => {
    const subject = await create()
    await subject.signIn(await subject.signUp('ada@example.com'))
    const snapshot = broken(await takeSnapshot(subject))
    await expect(create({ snapshot })).rejects.toThrow('the saved state')
  })
})

function metadataOf({ standIn }: Subject): unknown {
  const store = Object(standIn).store
  const [first] = standIn.vendor === 'clerk' ? store.users.values() : store.metadata.values()
  return standIn.vendor === 'clerk' ? first.publicMetadata : first
}

it('a session of a core goes on with the refresh token it had', async () => {
  const post = async (
    core: { fetch(request: Request): Promise<Response> },
    path: string,
    body: object,
  ) =>
    (
      await core.fetch(
        new Request(`http://core.test${path}`, { method: 'POST', body: JSON.stringify(body) }),
      )
    ).json()
  const before = await createSuperTokensCore()
  const { refreshToken, accessToken } = await post(before, '/recipe/session', {
    userId: 'someone',
    userDataInJWT: {},
    userDataInDatabase: {},
    enableAntiCsrf: false,
  })
  const after = await createSuperTokensCore({ snapshot: await before.snapshot() })
  const checks = { doAntiCsrfCheck: false, enableAntiCsrf: false, checkDatabase: true }
  expect(
    await post(after, '/recipe/session/verify', { accessToken: accessToken.token, ...checks }),
  ).toMatchObject({ status: 'OK' })
  expect(
    await post(after, '/recipe/session/refresh', {
      refreshToken: refreshToken.token,
      enableAntiCsrf: false,
      useDynamicSigningKey: true,
    }),
  ).toMatchObject({ status: 'OK' })
})

it('an instance looks as it did, unless it is told otherwise', async () => {
  const before = await createClerkInstance({ isProduction: true, frontendApi: 'clerk.shop.test' })
  const snapshot = await before.snapshot()
  const { publishableKey, issuer } = await createClerkInstance({ snapshot })
  expect({ publishableKey, issuer }).toEqual({
    publishableKey: before.publishableKey,
    issuer: before.issuer,
  })
  const other = await createClerkInstance({ snapshot, frontendApi: 'clerk.other.test' })
  expect(other.issuer).toBe('https://clerk.other.test')
})
