/** One person's answer never reaches another: not by a shared cache, not in a crowd. */

import { describe, expect, it } from 'vitest'
import type { Authed } from '../../src/auth.js'
import type { NodeRequestLike } from '../../src/request.js'
import { createTestResponse, type TestResponse } from '../../src/testing/index.js'
import { createRandom } from '../support/random.js'
import { carriers, createSecurityApp, ORIGIN } from '../support/security-apps.js'
import { createSharedCache } from '../support/security-cache.js'
import { grouped, record, seed, share } from '../support/security-figures.js'
import { vendors } from '../support/vendor-kits.js'

/** What apps have been seen to say about their answers, guarded or not. */
const careless: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'cache-control': 'public, max-age=600' },
  { 'cache-control': 's-maxage=31536000, stale-while-revalidate' },
  { 'cache-control': 'max-age=60' },
  { 'cache-control': 'no-cache' },
  { 'cache-control': 'private="set-cookie", max-age=60' },
  { 'cache-control': 'no-store="x", max-age=60' },
  { 'cache-control': 'max-age=60, must-revalidate' },
  { expires: 'Thu, 01 Jan 2099 00:00:00 GMT' },
  { vary: 'Accept-Encoding' },
  { 'cache-control': 'public, max-age=600', vary: 'Accept' },
  { 'cdn-cache-control': 'max-age=600' },
  { 'surrogate-control': 'max-age=600' },
  { 'vercel-cdn-cache-control': 'max-age=600' },
  { 'set-cookie': 'seen=1', 'cache-control': 'public, max-age=600' },
  { etag: '"1"', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' },
]

const statuses = [200, 201, 301, 302, 404, 410, 500] as const

describe.each(vendors)('two people behind a shared cache, on %s', (vendor) => {
  const app = createSecurityApp(vendor)

  /** A handler that says what it likes about caching, in either router. */
  function handlers(headers: Readonly<Record<string, string>>, status: number) {
    const onFetch = app.auth.requireAuth(
      ({ auth }) => new Response(`for ${auth.userId}`, { status, headers }),
    )
    const onNode = app.auth.requireAuth(
      ({ auth }: Authed<NodeRequestLike>, response: TestResponse) => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        response.status(status).send(`for ${auth.userId}`)
      },
    )
    const throughNode = async (request: Request) => {
      const response = createTestResponse()
      const { method, url } = request
      await onNode({ method, url, headers: Object.fromEntries(request.headers) }, response)
      const answered = new Headers()
      for (const name of [...Object.keys(headers), 'cache-control', 'vary', 'expires']) {
        const value = response.getHeader(name)
        if (value !== undefined) answered.set(name, String(value))
      }
      return new Response(response.body, { status: response.statusCode, headers: answered })
    }
    return [onFetch as (request: Request) => Promise<Response>, throughNode]
  }

  it('never get one another’s answer', async (context) => {
    const people = { 'user-1': app.token('user-1'), 'user-2': app.token('user-2'), nobody: '' }
    const crossed: string[] = []
    let asked = 0
    for (const heedsVary of [true, false]) {
      for (const [index, headers] of careless.entries()) {
        for (const status of statuses) {
          for (const [router, handler] of handlers(headers, status).entries()) {
            const cache = createSharedCache(heedsVary)
            for (const carrier of carriers) {
              for (const [person, token] of [
                ...Object.entries(people),
                ...Object.entries(people),
              ]) {
                const url = `${ORIGIN}/api/${index}-${status}`
                const sent = token ? app.carry(token, carrier) : {}
                const answer = await cache.fetch(new Request(url, { headers: sent }), handler)
                asked++
                const expected = token ? `for ${person}` : 'unauthenticated'
                if (!answer.body.includes(expected)) crossed.push(`${person}: ${answer.body}`)
              }
            }
            if (cache.hits + cache.stored > 0) crossed.push(`stored: ${index} ${status} ${router}`)
          }
        }
      }
    }
    expect(crossed).toEqual([])
    record(
      context,
      'caches',
      `${vendor}: ${grouped(asked)} requests of 2 people and nobody, 0 cross hits`,
    )
  })

  it(`and a crowd of them are never mixed up, seed ${seed}`, async (context) => {
    const random = createRandom(seed)
    const people = Array.from({ length: 1000 }, (_, index) => `user-${index}`)
    const headers = people.map((userId, index) =>
      app.carry(app.token(userId), carriers[index % 2] ?? 'bearer'),
    )
    const rounds = Math.max(share(100), 2)
    const guarded = app.auth.requireAuth(async (request) => {
      const before = request.auth.userId
      await new Promise((resolve) => setImmediate(resolve))
      // The same answer after everybody else had a turn, and to whoever asks again.
      const again = await app.auth.getAuth(request)
      return new Response(`${before} ${request.auth.userId} ${again.userId}`)
    })
    let mixed = 0
    for (let round = 0; round < rounds; round++) {
      const order = people.map((_, index) => index).sort(() => random.below(3) - 1)
      await Promise.all(
        order.map(async (index) => {
          const request = new Request(`${ORIGIN}/api/me`, { headers: headers[index] ?? {} })
          const text = await (await guarded(request)).text()
          if (text !== `${people[index]} ${people[index]} ${people[index]}`) mixed++
        }),
      )
    }
    expect(mixed).toBe(0)
    record(
      context,
      'caches',
      `${vendor}: 1 000 people, ${rounds} interleaved requests each, 0 mixed identities`,
    )
  })
})

describe('the shared cache of these tests', () => {
  it('does keep what may be kept, and mixes people up where an app lets it', async () => {
    const cache = createSharedCache(false)
    const unguarded = async ({ headers }: Request) =>
      new Response(`for ${headers.get('cookie')}`, { headers: { 'cache-control': 'max-age=60' } })
    const ask = (cookie: string) =>
      cache.fetch(new Request(ORIGIN, { headers: { cookie } }), unguarded)
    await ask('user-1')
    expect((await ask('user-2')).body).toBe('for user-1')
    expect([cache.stored, cache.hits]).toEqual([1, 1])
  })
})
