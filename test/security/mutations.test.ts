/** Real session tokens, spoiled at random: nobody gets in, nothing is thrown, nothing is our fault. */

import { describe, expect, it } from 'vitest'
import { createSigner } from '../support/core-token.js'
import { createRandom } from '../support/random.js'
import { carriers, createSecurityApp, routers, type SecurityApp } from '../support/security-apps.js'
import { grouped, record, seed, share } from '../support/security-figures.js'
import { type Material, mutations } from '../support/security-mutations.js'
import { vendors } from '../support/vendor-kits.js'

const PROMISED = 100_000

function prepare(app: SecurityApp): Material {
  const people = ['user-1', 'user-2', 'user-3', 'user-4']
  return {
    app,
    stranger: createSigner(app.signer.publicJwk.kid),
    tokens: people.map((userId) => app.token(userId)),
  }
}

/** Cookies and fetched headers cannot carry every character; some would end or trim the value. */
const isCarried = (token: string) => /^[\x21-\x7e]*$/.test(token) && !/[;,"]/.test(token)

/** What a cookie with this value says: `%2E` in it is another spelling of a full stop, not a change. */
function spelledOut(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

describe.each(vendors)('mutations of %s session tokens', (vendor) => {
  it('start from tokens that are accepted, however they travel', async () => {
    const material = prepare(createSecurityApp(vendor))
    for (const token of material.tokens) {
      for (const carrier of carriers) {
        for (const router of routers) {
          const { status, entered } = await material.app.visit(
            material.app.carry(token, carrier),
            router,
          )
          expect([status, entered]).toEqual([200, expect.stringMatching(/^user-\d$/)])
        }
      }
    }
  })

  it(`are all refused, seed ${seed}`, async (context) => {
    const { app, tokens, ...others } = prepare(createSecurityApp(vendor))
    const material: Material = { app, tokens, ...others }
    const random = createRandom(seed)
    const wanted = share(PROMISED)
    const byLayer = new Map<string, number>()
    const wrong: string[] = []
    let tried = 0
    while (tried < wanted) {
      const mutation = random.pick(mutations)
      // A signature costs as much as ten verdicts.
      if (mutation.isSigned && random.chance(0.6)) continue
      const original = random.pick(tokens)
      const token = mutation.make(original, random, material)
      if (tokens.includes(token)) continue
      const router = random.pick(routers)
      const isCookie = isCarried(token) && !tokens.includes(spelledOut(token))
      const carrier = isCookie ? random.pick(carriers) : 'bearer'
      tried++
      byLayer.set(mutation.layer, (byLayer.get(mutation.layer) ?? 0) + 1)
      try {
        const { status, entered } = await app.visit(
          app.carry(token, carrier),
          isCarried(token) ? router : 'node',
        )
        if (status < 400 || status >= 500 || entered !== null) {
          wrong.push(`${status} in ${mutation.layer} by ${carrier}: case ${tried}`)
        }
      } catch (error) {
        wrong.push(`${String(error)} in ${mutation.layer} by ${carrier}: case ${tried}`)
      }
    }
    expect(wrong.slice(0, 10), `seed ${seed}`).toEqual([])
    expect(app.errors).toEqual([])
    expect(byLayer.size).toBe(6)
    const counted = `${grouped(tried)} tried, seed ${seed}`
    record(context, 'mutations', `${vendor}: ${counted}, 0 accepted, 0 uncaught, 0 answered 5xx`)
  })
})
