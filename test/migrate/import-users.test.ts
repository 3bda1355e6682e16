import EmailPassword from 'supertokens-node/recipe/emailpassword'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import Session from 'supertokens-node/recipe/session'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ImportReport, importUsers } from '../../src/migrate/import-users.js'
import { fakeProvider } from '../support/core-provider.js'
import { type LiveMove, startMove } from '../support/migrate-live.js'

const PASSWORD = 'correct horse battery 9'
/** That password's bcrypt. */
const DIGEST = '$2b$04$BfmpMoOfj/hUrEKd4leXleoCKY7/XU/9wvFNJxWBepSNGZe6U0Ea6'

const recipes = () => [
  EmailPassword.init(),
  EmailVerification.init({ mode: 'OPTIONAL' }),
  Session.init(),
]

describe('an import', () => {
  it.each([Number.NaN, 0, -1, 0.5, Number.POSITIVE_INFINITY, '4' as never])(
    'is not begun with a concurrency of %s',
    async (concurrency) => {
      const nobody = fakeProvider({
        users: {
          get: async () => null,
          list: async () => ({ accounts: [], next: null }),
          subjectOf: async () => null,
          create: async () => ({ outcome: 'exists' }),
        },
      })
      const done = importUsers({ from: nobody, to: nobody, concurrency })
      await expect(done).rejects.toMatchObject({
        code: 'config_invalid',
        details: { issues: [{ name: 'importUsers({ concurrency })' }] },
      })
    },
  )
})

// One import, step by step: what a test makes is there for the next.
describe('an import from Clerk into SuperTokens', { shuffle: false }, () => {
  let move: LiveMove
  const waits: number[] = []
  const wait = async (ms: number) => void waits.push(ms)
  const digests = async () => ({ digest: DIGEST, hasher: 'bcrypt' })
  beforeAll(async () => {
    // As many calls as come: how often is another matter here.
    move = await startMove('clerk', {}, { isProduction: true }, recipes)
    for (let index = 0; index < 230; index++) {
      await move.backend.users.createUser({
        emailAddress: [`user-${index}@example.com`],
        emailAddressIdentificationStatus: [index % 2 ? 'verified' : 'reserved'],
        passwordDigest: DIGEST,
        passwordHasher: 'bcrypt',
      })
    }
  }, 120_000)
  afterAll(() => move.stop())

  const run = (more: Partial<Parameters<typeof importUsers>[0]> = {}) =>
    importUsers({ from: move.providers.clerk(), to: move.providers.supertokens(), wait, ...more })

  it('counts first, and makes nobody', async () => {
    const report = await run({ dryRun: true })
    expect(report).toMatchObject({ total: 230, created: 230, present: 0, cursor: null })
    expect(move.core.store.users.size).toBe(0)
  })

  it('leaves who has no password that is known: they come when they sign in', async () => {
    const report = await run()
    expect(report).toMatchObject({ total: 230, created: 0, skipped: { password_missing: 230 } })
    expect(report.examples.password_missing).toHaveLength(20)
  })

  it('takes no digest that the core could not check', async () => {
    const broken = await run({
      passwordOf: (account) => {
        const index = Number(/\d+/.exec(account.emails[0]?.address ?? '')?.[0])
        return index % 2
          ? { digest: DIGEST.slice(0, 30), hasher: 'bcrypt' }
          : { digest: 'x', hasher: 'md5' }
      },
    })
    expect(broken.skipped).toEqual({ digest_invalid: 115, hasher_not_supported: 115 })
  })

  it('goes on where it was broken off, waits when it is told to, and makes nobody twice', async () => {
    const [first] = move.instance.store.users.values()
    if (first) first.isBanned = true
    const second = [...move.instance.store.users.values()][1]
    if (second) second.totpSecret = 'JBSWY3DPEHPK3PXP'
    const reports: ImportReport[] = []
    const onPage = (report: ImportReport) => {
      reports.push(report)
      if (reports.length === 1) move.core.faults.isOffline = true
    }
    const broken = run({ passwordOf: digests, onPage })
    await expect(broken).rejects.toMatchObject({ code: 'provider_unavailable' })
    expect(waits.length).toBeGreaterThanOrEqual(5)
    move.core.faults.isOffline = false
    expect(reports).toHaveLength(1)
    move.instance.faults.failNext(1, 429, 9)
    waits.length = 0
    const rest = await run({ passwordOf: digests, cursor: reports[0]?.cursor ?? null })
    expect(waits.some((ms) => ms >= 9000)).toBe(true)
    expect((reports[0]?.created ?? 0) + rest.created).toBe(228)
    expect(reports[0]?.skipped).toEqual({ blocked: 1, second_factor: 1 })
    const again = await run({ passwordOf: digests, concurrency: 16 })
    expect(again).toMatchObject({ total: 230, created: 0, present: 228 })
    expect(move.core.store.users.size).toBe(228)
    const ids = [...move.core.store.userIdMappings.values()].map((its) => its.externalUserId)
    const known = [...move.instance.store.users.keys()].slice(2)
    expect(ids.toSorted()).toEqual(known.toSorted())
  })

  it('lets them sign in, and verifies no address that was not', async () => {
    const made = await EmailPassword.signIn('public', 'user-5@example.com', PASSWORD)
    expect(made).toMatchObject({ status: 'OK', user: { loginMethods: [{ verified: true }] } })
    const other = await EmailPassword.signIn('public', 'user-6@example.com', PASSWORD)
    expect(other).toMatchObject({ status: 'OK', user: { loginMethods: [{ verified: false }] } })
  })

  it('takes no cursor that leads nowhere', async () => {
    await expect(run({ cursor: 'user_gone' })).rejects.toMatchObject({ code: 'config_invalid' })
  })
})

describe('an import from SuperTokens into Clerk', { shuffle: false }, () => {
  let move: LiveMove
  beforeAll(async () => {
    move = await startMove('supertokens', {}, { isProduction: true }, recipes)
    for (let index = 0; index < 120; index++) {
      const made = await EmailPassword.signUp('public', `user-${index}@example.com`, PASSWORD)
      if (made.status !== 'OK' || index % 2) continue
      const { recipeUserId } = made
      const proof = await EmailVerification.createEmailVerificationToken('public', recipeUserId)
      if (proof.status === 'OK')
        await EmailVerification.verifyEmailUsingToken('public', proof.token)
    }
  }, 120_000)
  afterAll(() => move.stop())

  const run = (more: Partial<Parameters<typeof importUsers>[0]> = {}) =>
    importUsers({ from: move.providers.supertokens(), to: move.providers.clerk(), ...more })

  it('makes everybody, with their ids, and links them where the app wants it', async () => {
    await move.backend.users.createUser({
      emailAddress: ['user-7@example.com'],
      password: PASSWORD,
    })
    const links = new Map<string, string>()
    const link = async (subject: string, userId: string) => !!links.set(subject, userId)
    const report = await run({ link })
    expect(report).toMatchObject({ total: 120, created: 119, skipped: { taken: 1 }, cursor: null })
    const made = [...move.instance.store.users.values()].filter(({ externalId }) => externalId)
    expect(made).toHaveLength(119)
    for (const user of made) {
      expect(links.get(user.id)).toBe(user.externalId)
      const { address, status } = user.emailAddresses[0] ?? {}
      const isVerified = Number(/\d+/.exec(address ?? '')?.[0]) % 2 === 0
      expect(status).toBe(isVerified ? 'verified' : 'reserved')
    }
    expect(await run({ link })).toMatchObject({ created: 0, present: 119, skipped: { taken: 1 } })
  })

  it('says whose link is somebody else’s', async () => {
    const report = await run({ link: async () => false })
    expect(report).toMatchObject({ present: 0, skipped: { link_taken: 119, taken: 1 } })
  })

  it('takes no cursor that leads nowhere', async () => {
    await expect(run({ cursor: 'nowhere' })).rejects.toMatchObject({ code: 'config_invalid' })
  })
})
