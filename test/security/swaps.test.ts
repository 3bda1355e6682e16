/**
 * Good tokens, presented where they are not good: at another vendor, at another instance of the same
 * vendor, at another tenant. All are about people with the same ids, and some instances share a key.
 */

import { describe, expect, it } from 'vitest'
import { createRandom } from '../support/random.js'
import {
  carriers,
  createSecurityApp,
  keyIds,
  namedSigner,
  ORIGIN,
  routers,
  type SecurityApp,
} from '../support/security-apps.js'
import { grouped, record, seed, share } from '../support/security-figures.js'

const PROMISED = 10_000
const PEOPLE = Array.from({ length: 25 }, (_, index) => `user-${index}`)

/** Key ids are the same everywhere: whoever keeps keys by their id alone mixes instances up. */
const apps: readonly SecurityApp[] = [
  createSecurityApp('clerk', { name: 'one' }),
  createSecurityApp('clerk', { name: 'two' }),
  createSecurityApp('clerk', {
    name: 'three',
    signer: namedSigner('clerk one', keyIds.clerk),
  }),
  createSecurityApp('supertokens', { name: 'one' }),
  createSecurityApp('supertokens', { name: 'two' }),
  // The tenants of one core share issuer and keys.
  createSecurityApp('supertokens', { name: 'one', tenant: 'other' }),
  createSecurityApp('supertokens', { name: 'one', tenant: 'third' }),
]

const titles = [
  'Clerk 1',
  'Clerk 2',
  'Clerk 3',
  'SuperTokens 1',
  'SuperTokens 2',
  'tenant 2',
  'tenant 3',
]

interface Swap {
  readonly from: number
  readonly to: number
}

const swaps: readonly Swap[] = apps.flatMap((_, from) =>
  apps.flatMap((__, to) => (from === to ? [] : [{ from, to }])),
)

describe('a good token at another app', () => {
  it.each(titles.map((title, index) => ({ title, index })))(
    'is good at its own: $title',
    async ({ index }) => {
      const app = apps[index] as SecurityApp
      for (const carrier of carriers) {
        const { entered } = await app.visit(app.carry(app.token('user-1'), carrier))
        expect(entered).toBe('user-1')
      }
    },
  )

  it(`is refused there, seed ${seed}`, async (context) => {
    const random = createRandom(seed)
    const accepted = new Map<string, number>()
    const tokens = apps.map((app) => PEOPLE.map((userId) => app.token(userId)))
    let tried = 0
    const wanted = Math.max(share(PROMISED), swaps.length * 4)
    while (tried < wanted) {
      const { from, to } = swaps[tried % swaps.length] as Swap
      const [source, target] = [apps[from], apps[to]] as [SecurityApp, SecurityApp]
      const token = random.pick(tokens[from] ?? [])
      const carrier = random.pick(carriers)
      // In a cookie of either vendor's name: an attacker chooses where to put it.
      const headers = random.chance(0.5)
        ? target.carry(token, carrier)
        : source.carry(token, carrier)
      const { status, entered } = await target.visit(headers, random.pick(routers))
      tried++
      if (status === 401 && entered === null) continue
      const row = `${titles[from]} at ${titles[to]} by ${carrier}: ${status}`
      accepted.set(row, (accepted.get(row) ?? 0) + 1)
    }
    expect(Object.fromEntries(accepted)).toEqual({})
    record(context, 'swaps', `${grouped(tried)} of ${swaps.length} kinds, seed ${seed}, 0 accepted`)
  })

  it('does not get in beside the session of somebody else, either', async () => {
    const clerk = apps[0] as SecurityApp
    const supertokens = apps[3] as SecurityApp
    for (const [own, other] of [
      [clerk, supertokens],
      [supertokens, clerk],
    ] as const) {
      const headers = {
        authorization: `Bearer ${other.token('admin')}`,
        cookie: `${other.cookie(other.token('admin'))}; ${own.cookie(own.token('user-1'))}`,
      }
      expect((await own.visit(headers)).entered).toBe('user-1')
    }
  })

  it('makes one subject two principals', async (context) => {
    const seen = await Promise.all(
      [apps[0], apps[3]].map(async (app) => {
        const source = app as SecurityApp
        const request = new Request(ORIGIN, {
          headers: source.carry(source.token('same'), 'bearer'),
        })
        const { provider, providerUserId } = await source.auth.getAuth(request)
        return `${provider} ${providerUserId}`
      }),
    )
    expect(seen).toEqual(['clerk same', 'supertokens same'])
    record(context, 'swaps', 'equal `sub` at both vendors: 2 principals')
  })
})
