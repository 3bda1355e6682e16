/** The vendor's keys under attack, in rotation and out of reach, as seen by whoever sends a session. */

import { describe, expect, it } from 'vitest'
import { frozenClock, SECOND } from '../support/core-clock.js'
import {
  flood,
  type JwksAnswer,
  type JwksServer,
  jwksOf,
  jwksServer,
  silence,
  stall,
} from '../support/core-jwks.js'
import { createSigner, type Signer } from '../support/core-token.js'
import { createSecurityApp, keyIds, NOW, type SecurityApp } from '../support/security-apps.js'
import { grouped, record } from '../support/security-figures.js'
import { type VendorName, vendors } from '../support/vendor-kits.js'

interface Scene {
  readonly app: SecurityApp
  readonly server: JwksServer
  advance(milliseconds: number): void
  /** Status of a request with a session signed by this key, of which the moment is now. */
  visit(signer: Signer, userId?: string): Promise<number>
}

const STALE_SECONDS = 7200

function start(vendor: VendorName, signer: Signer, answer?: JwksAnswer): Scene {
  const server = jwksServer(answer ?? jwksOf(signer.publicJwk))
  const clock = frozenClock(NOW)
  const app = createSecurityApp(vendor, {
    signer,
    fetch: server.fetch,
    staleIfErrorSeconds: STALE_SECONDS,
    auth: { now: clock.now },
  })
  return {
    app,
    server,
    advance: clock.advance,
    async visit(key, userId = 'user-1') {
      const seconds = clock.now() / 1000
      const times = { iat: seconds - 5, nbf: seconds - 5, exp: seconds + 50 }
      const header = { ...app.header, kid: key.publicJwk.kid }
      const token = key.sign(header, app.claims(userId, times))
      return (await app.visit(app.carry(token, 'bearer'))).status
    },
  }
}

const nobodyAnswers: JwksAnswer = () => {
  throw new TypeError('fetch failed')
}

describe.each(vendors)('the keys of %s', (vendor) => {
  const signer = createSigner(keyIds[vendor])
  const next = createSigner(`${keyIds[vendor]}1`)

  it('are fetched once for a thousand people at the same time', async (context) => {
    const { app, server } = start(vendor, signer)
    const people = Array.from({ length: 1000 }, (_, index) => `user-${index}`)
    const tokens = people.map((userId) => app.token(userId))
    const seen = await Promise.all(
      tokens.map(async (token) => (await app.visit(app.carry(token, 'bearer'))).entered),
    )
    expect(seen).toEqual(people)
    expect(server.asked).toHaveLength(1)
    record(context, 'keys', `${vendor}: 1 000 concurrent cold verifications, 1 fetch`)
  })

  it('are fetched once in 30 s for ten thousand unknown key ids', async (context) => {
    const { app, server, advance, visit } = start(vendor, signer)
    expect(await visit(signer)).toBe(200)
    // Only the header differs: what is attacked comes before the signature.
    const [, payload, signature] = app.token('user-1').split('.')
    const header = (kid: string) =>
      Buffer.from(JSON.stringify({ ...app.header, kid })).toString('base64url')
    const fetches: number[] = []
    for (const [round, count] of [10_000, 1000, 1000].entries()) {
      advance(30 * SECOND)
      const before = server.asked.length
      const statuses = new Set<number>()
      for (let index = 0; index < count; index++) {
        const token = `${header(`${keyIds[vendor]}-${round}-${index}`)}.${payload}.${signature}`
        statuses.add((await app.visit(app.carry(token, 'bearer'))).status)
      }
      expect(statuses).toEqual(new Set([401]))
      fetches.push(server.asked.length - before)
    }
    expect(fetches).toEqual([1, 1, 1])
    expect(app.errors).toEqual([])
    record(context, 'keys', `${vendor}: ${grouped(10_000)} unknown kids in 30 s, 1 fetch`)
  })

  it('rotate without one refused session when announced a minute ahead', async (context) => {
    const { server, advance, visit } = start(vendor, signer)
    let visits = 0
    const refused: string[] = []
    const second = async (key: Signer, label: string) => {
      const status = await visit(key, `user-${visits++}`)
      if (status !== 200) refused.push(`${label}: ${status}`)
      // Background refreshes need a turn of the loop, as between any two requests.
      await new Promise((resolve) => setImmediate(resolve))
      advance(SECOND)
    }
    for (let index = 0; index < 45; index++) await second(signer, `before, ${index} s`)
    server.answerWith(jwksOf(signer.publicJwk, next.publicJwk))
    for (let index = 0; index < 60; index++) await second(signer, `announced, ${index} s`)
    for (let index = 0; index < 60; index++) {
      await second(index % 2 ? signer : next, `switched, ${index} s`)
    }
    expect(refused).toEqual([])
    record(context, 'keys', `${vendor}: rotation announced 60 s ahead, ${visits} visits, 0 refused`)
  })

  it('rotate within 30 s when not announced', async (context) => {
    const { server, advance, visit } = start(vendor, signer)
    expect(await visit(signer)).toBe(200)
    advance(SECOND)
    server.answerWith(jwksOf(next.publicJwk))
    let refusedSeconds = 0
    while ((await visit(next)) !== 200 && refusedSeconds < 120) {
      advance(SECOND)
      refusedSeconds++
    }
    expect(refusedSeconds).toBeLessThanOrEqual(30)
    expect(await visit(signer), 'the key that was taken away').toBe(401)
    record(
      context,
      'keys',
      `${vendor}: unannounced rotation refused for ${refusedSeconds} s at most`,
    )
  })

  it.each<[string, JwksAnswer]>([
    ['nothing', silence],
    ['half an answer', stall],
    ['gigabytes', flood],
    ['no JSON', () => new Response('<html>')],
    ['null', () => Response.json(null)],
    ['no keys', () => Response.json({ keys: [] })],
    ['a private key', () => Response.json({ keys: [{ ...signer.publicJwk, d: 'AA' }] })],
    ['a key id twice', jwksOf(signer.publicJwk, signer.publicJwk)],
    ['a key of another kind', () => Response.json({ keys: [{ kty: 'oct', k: 'AA', kid: 'x' }] })],
    ['a deep list', () => new Response('['.repeat(100_000))],
    ['a redirect', () => Response.redirect('https://evil.example/jwks.json', 302)],
    ['an error', () => new Response('', { status: 500 })],
    ['too many requests', () => new Response('', { status: 429 })],
    ['no connection', nobodyAnswers],
  ])(
    'are not to be had from %s: 503 when cold, unnoticed when warm',
    async (_, answer) => {
      const cold = start(vendor, signer, answer)
      expect(await cold.visit(signer)).toBe(503)
      const warm = start(vendor, signer)
      expect(await warm.visit(signer)).toBe(200)
      warm.server.answerWith(answer)
      warm.advance(31 * SECOND)
      expect(await warm.visit(signer)).toBe(200)
      expect(warm.server.asked.every((url) => !url.includes('evil'))).toBe(true)
    },
    60_000,
  )

  it('go on being good for the configured time while nobody answers', async (context) => {
    const { app, server, advance, visit } = start(vendor, signer)
    expect(await visit(signer)).toBe(200)
    server.answerWith(nobodyAnswers)
    let served = 0
    const minutes = STALE_SECONDS / 60 - 1
    for (let minute = 0; minute < minutes; minute++) {
      advance(60 * SECOND)
      for (let person = 0; person < 10; person++) {
        const status = await visit(signer, `user-${person}`)
        expect([minute, status]).toEqual([minute, 200])
        served++
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    advance(120 * SECOND)
    expect(await visit(signer), 'after that time').toBe(503)
    expect(app.errors.map(({ code }) => code)).toEqual(['provider_unavailable'])
    record(
      context,
      'outage',
      `${vendor}, warm: ${served} of ${served} visits served over ${minutes} min`,
    )
  })

  it('that were never had make it 503 with Retry-After, and never 401', async (context) => {
    const { app, advance } = start(vendor, signer, nobodyAnswers)
    const answers = new Set<string>()
    for (let visit = 0; visit < 1000; visit++) {
      const { status, header } = await app.visit(
        app.carry(app.token(`user-${visit % 50}`), 'bearer'),
      )
      answers.add(`${status}, Retry-After ${header('retry-after')}`)
      advance(10)
    }
    expect([...answers]).toEqual(['503, Retry-After 1'])
    record(context, 'outage', `${vendor}, cold: 1 000 of 1 000 answered 503 with Retry-After`)
  })
})

it('pinned keys need nobody', async (context) => {
  const app = createSecurityApp('clerk', { auth: { fetch: () => Promise.reject(new TypeError()) } })
  for (let visit = 0; visit < 1000; visit++) {
    const { entered } = await app.visit(app.carry(app.token(`user-${visit % 50}`), 'bearer'))
    expect(entered).toBe(`user-${visit % 50}`)
  }
  record(context, 'outage', 'clerk, pinned: 1 000 of 1 000 visits served without a network')
})
