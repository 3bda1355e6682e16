import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { KeySource } from '../../src/jwt/keys.js'
import type { RemoteKeysOptions } from '../../src/jwt/remote-keys.js'
import { type Clock, frozenClock, SECOND } from '../support/core-clock.js'
import {
  flood,
  type JwksAnswer,
  type JwksServer,
  jwksOf,
  jwksServer,
  silence,
  stall,
} from '../support/core-jwks.js'
import { onPlatform, platforms } from '../support/core-platform.js'
import { createSigner } from '../support/core-token.js'

const old = createSigner('old').publicJwk
const young = createSigner('young').publicJwk
const URL_A = 'https://a.example/jwks.json'

interface Subject extends Clock {
  readonly server: JwksServer
  readonly source: KeySource
  find(kid: string | null): Promise<'found' | 'unknown' | 'unavailable'>
}

describe.each(platforms)('remoteKeys on %s', (platform) => {
  let start: (answer?: JwksAnswer, options?: Partial<RemoteKeysOptions>) => Subject

  beforeAll(async () => {
    const { remoteKeys } = await onPlatform(platform, () => import('../../src/jwt/remote-keys.js'))
    start = (answer = jwksOf(old), options = {}) => {
      const server = jwksServer(answer)
      const clock = frozenClock()
      const { fetch } = server
      const source = remoteKeys({
        urls: [URL_A],
        fetch,
        now: clock.now,
        vendor: 'Acme',
        ...options,
      })
      return { ...clock, server, source, find: (kid) => outcomeOf(source, kid) }
    }
  })

  it('fetches nothing before it is asked', () => {
    expect(start().server.asked).toEqual([])
  })

  it('fetches once for a thousand requests at the same time', async () => {
    const { server, find } = start()
    const found = await Promise.all(Array.from({ length: 1000 }, () => find('old')))
    expect(new Set(found)).toEqual(new Set(['found']))
    expect(server.asked).toEqual([URL_A])
  })

  it('answers at once while the set is young', async () => {
    const { source, find } = start()
    await find('old')
    expect(source.find('old')).not.toBeInstanceOf(Promise)
  })

  it('fetches nothing for a token without a key id', async () => {
    const { server, find } = start()
    expect(await find(null)).toBe('unknown')
    expect(server.asked).toEqual([])
  })

  it('sends the headers given, follows no redirect and keeps no cached answer', async () => {
    const { server, find } = start(undefined, { headers: { 'api-key': 'k' } })
    await find('old')
    expect(server.requests).toMatchObject([
      { headers: { 'api-key': 'k' }, redirect: 'manual', cache: 'no-store' },
    ])
  })

  it('fetches at most every 30 s for ten thousand unknown keys', async () => {
    const { server, find, advance } = start()
    await find('old')
    const flood = async (round: number) => {
      const kids = Array.from({ length: 5000 }, (_, index) => `${round}-${index}`)
      return new Set(await Promise.all(kids.map(find)))
    }
    advance(30 * SECOND - 1)
    expect(await flood(1)).toEqual(new Set(['unknown']))
    expect(server.asked).toHaveLength(1)
    advance(1)
    expect(await flood(2)).toEqual(new Set(['unknown']))
    expect(server.asked).toHaveLength(2)
    advance(30 * SECOND - 1)
    await flood(3)
    expect(server.asked).toHaveLength(2)
  })

  it('counts the background refresh and unknown keys together', async () => {
    const { server, find, advance } = start()
    await find('old')
    for (let second = 1; second <= 300; second++) {
      advance(SECOND)
      await find('old')
      await find(`unknown-${second}`)
    }
    expect(server.asked).toHaveLength(11)
  })

  it('learns of a key published ahead in the background, without a wait', async () => {
    const { server, source, find, advance } = start()
    await find('old')
    server.answerWith(jwksOf(old, young))
    advance(30 * SECOND)
    expect(source.find('old')).not.toBeInstanceOf(Promise)
    await vi.waitFor(() => expect(source.find('young')).not.toBeInstanceOf(Promise))
    expect(server.asked).toHaveLength(2)
    expect(await find('young')).toBe('found')
  })

  it('fetches at once for a key nobody announced, 30 s after the last time', async () => {
    const { server, find, advance } = start()
    await find('old')
    server.answerWith(jwksOf(young))
    advance(30 * SECOND - 1)
    expect(await find('young')).toBe('unknown')
    advance(1)
    expect(await find('young')).toBe('found')
    expect(await find('old')).toBe('unknown')
  })

  it('lets an unknown key wait for the refresh under way', async () => {
    const { server, find, advance } = start()
    await find('old')
    server.answerWith(async () => {
      await settle()
      return Response.json({ keys: [old, young] })
    })
    advance(30 * SECOND)
    expect(await Promise.all([find('old'), find('young')])).toEqual(['found', 'found'])
    expect(server.asked).toHaveLength(2)
  })

  it('drops a key that has left the set', async () => {
    const { server, find, advance } = start(jwksOf(old, young))
    await find('old')
    server.answerWith(jwksOf(young))
    advance(30 * SECOND)
    expect(await find('old')).toBe('found')
    await vi.waitFor(async () => expect(await find('old')).toBe('unknown'))
  })

  it('asks first after five idle minutes', async () => {
    const { server, find, advance } = start()
    await find('old')
    server.answerWith(jwksOf(young))
    advance(300 * SECOND)
    expect(await find('old')).toBe('unknown')
    expect(server.asked).toHaveLength(2)
  })

  it('uses what it has after five idle minutes when nobody answers', async () => {
    const { server, find, advance } = start()
    await find('old')
    server.answerWith(failing)
    advance(300 * SECOND)
    expect(await find('old')).toBe('found')
    expect(server.asked).toHaveLength(2)
  })

  it('keeps known keys for the time given and not a millisecond longer', async () => {
    const { server, find, advance } = start(undefined, { staleIfErrorSeconds: 600 })
    await find('old')
    server.answerWith(failing)
    for (let minute = 0; minute < 10; minute++) {
      advance(60 * SECOND)
      expect(await find('old')).toBe('found')
      await settle()
    }
    advance(1)
    expect(await find('old')).toBe('unavailable')
    server.answerWith(jwksOf(old))
    advance(SECOND)
    expect(await find('old')).toBe('found')
  })

  it('keeps known keys for a day by default', async () => {
    const { server, find, advance } = start()
    await find('old')
    server.answerWith(failing)
    advance(86_400 * SECOND)
    expect(await find('old')).toBe('found')
    advance(1)
    expect(await find('old')).toBe('unavailable')
  })

  it('does not call an unknown key wrong while nobody answers', async () => {
    const { server, find, advance } = start()
    await find('old')
    server.answerWith(failing)
    advance(30 * SECOND)
    expect(await find('young')).toBe('unavailable')
    expect(await find('old')).toBe('found')
    expect(server.asked).toHaveLength(2)
  })

  it('tries again a second after a first fetch that failed', async () => {
    const { server, find, advance } = start(failing)
    const ask = () => Promise.all(Array.from({ length: 100 }, () => find('old')))
    expect(new Set(await ask())).toEqual(new Set(['unavailable']))
    advance(SECOND - 1)
    await ask()
    expect(server.asked).toHaveLength(1)
    server.answerWith(jwksOf(old))
    advance(1)
    expect(new Set(await ask())).toEqual(new Set(['found']))
    expect(server.asked).toHaveLength(2)
  })

  it.each<[string, JwksAnswer, object]>(
    [
      ['its status', () => new Response('oops', { status: 500 }), /answered 500/],
      ['that there is no key in it', () => Response.json({ keys: [] }), /no usable key/],
      ['that it is too large', flood, /unreasonably large/],
    ].map(([says, answer, pattern]) => [
      says as string,
      answer as JwksAnswer,
      { code: 'provider_unavailable', message: expect.stringMatching(pattern as RegExp) },
    ]),
  )('says of an answer %s', async (_, answer, cause) => {
    const { source } = start(answer)
    await expect(source.find('old')).rejects.toMatchObject({ code: 'provider_unavailable', cause })
  })

  it('says of several addresses what was wrong with each', async () => {
    const urls = ['https://a.example/', 'https://b.example/']
    const { source } = start(
      (url) => (url === urls[0] ? failing() : new Response(null, { status: 503 })),
      { urls },
    )
    const failure = await Promise.resolve(source.find('old')).catch((error) => error)
    expect(failure.cause).toBeInstanceOf(AggregateError)
    expect(failure.cause.errors.map(String)).toEqual([
      expect.stringContaining('connection refused'),
      expect.stringContaining('answered 503'),
    ])
  })

  const refusals: readonly (readonly [number, string | undefined, string])[] = [
    [401, 'ACME_SECRET', 'config_invalid'],
    [403, 'ACME_SECRET', 'config_invalid'],
    [400, 'ACME_SECRET', 'provider_unavailable'],
    [404, 'ACME_SECRET', 'provider_unavailable'],
    [500, 'ACME_SECRET', 'provider_unavailable'],
    [401, undefined, 'provider_unavailable'],
    [403, undefined, 'provider_unavailable'],
  ]

  it.each(refusals)('takes status %d with the secret %s for %s', async (status, name, code) => {
    for (const body of [null, 'refused']) {
      const options = name === undefined ? {} : { secretName: name }
      const { source } = start(() => new Response(body, { status }), options)
      const failure = await Promise.resolve(source.find('old')).catch((error) => error)
      expect(failure).toMatchObject({ code })
      const issues = [{ name, message: `was refused by Acme with ${status}` }]
      expect(failure.details.issues).toEqual(code === 'config_invalid' ? issues : undefined)
    }
  })

  it('sends no headers of its own', async () => {
    const { server, find } = start()
    await find('old')
    expect(server.requests[0]).not.toHaveProperty('headers')
  })

  it('lets nobody wait for an address that is known not to answer', async () => {
    const { server, source, find, advance } = start()
    await find('old')
    server.answerWith(failing)
    advance(300 * SECOND)
    await find('old')
    advance(300 * SECOND)
    expect(source.find('old')).not.toBeInstanceOf(Promise)
    await settle()
    expect(server.asked).toHaveLength(3)
  })

  it('says when to try again, which vendor it is and why', async () => {
    const { source } = start(failing)
    await expect(source.find('old')).rejects.toMatchObject({
      code: 'provider_unavailable',
      message: expect.stringContaining('Acme'),
      details: { retryAfterSeconds: 1 },
      cause: { message: 'connection refused' },
    })
  })

  const withdrawals: readonly (readonly [string, JwksAnswer])[] = [
    ['no keys', () => Response.json({ keys: [] })],
    ['no usable keys', () => Response.json({ keys: [{ ...old, use: 'enc' }] })],
    ['one key twice', () => Response.json({ keys: [old, old] })],
  ]

  const brokenAnswers: readonly (readonly [string, JwksAnswer])[] = [
    ['an error of the network', failing],
    [
      'an exception',
      () => {
        throw new TypeError('bad')
      },
    ],
    ['status 500', () => new Response('oops', { status: 500 })],
    ['status 404 with a set', () => Response.json({ keys: [old] }, { status: 404 })],
    ['status 401', () => new Response(null, { status: 401 })],
    ['a redirect', () => Response.redirect('https://evil.example/jwks.json', 302)],
    ['status 204', () => new Response(null, { status: 204 })],
    ['nothing', () => new Response('')],
    ['a page', () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })],
    ['half a document', () => new Response('{"keys":[')],
    ['null', () => Response.json(null)],
    ['a list', () => Response.json([old])],
    ['256 KiB and a byte', () => new Response(' '.repeat(256 * 1024 + 1))],
    ['no end', flood],
    ['silence', silence],
    ['a body that stops', stall],
  ]

  it.each([...brokenAnswers, ...withdrawals])(
    'is unavailable when the first answer is %s',
    async (_, answer) => {
      const { find } = start(answer, { timeoutMs: 30 })
      expect(await find('old')).toBe('unavailable')
    },
  )

  it.each(withdrawals)('forgets its keys when a later answer is %s', async (_, answer) => {
    const { server, find, advance } = start()
    await find('old')
    server.answerWith(answer)
    advance(30 * SECOND)
    expect(await find('old')).toBe('found')
    await settle()
    expect(await find('old')).toBe('unavailable')
    server.answerWith(() => Response.json({ keys: [old] }))
    advance(30 * SECOND)
    expect(await find('old')).toBe('found')
  })

  it('asks the next address before it believes that there are no keys', async () => {
    const urls = ['https://new.example/', 'https://old.example/']
    const { find } = start((url) => Response.json({ keys: url.includes('new') ? [] : [old] }), {
      urls,
    })
    expect(await find('old')).toBe('found')
  })

  it.each(brokenAnswers)('keeps its keys when a later answer is %s', async (_, answer) => {
    const { server, find, advance } = start(undefined, { timeoutMs: 30 })
    await find('old')
    server.answerWith(answer)
    advance(300 * SECOND)
    expect(await find('old')).toBe('found')
    advance(30 * SECOND)
    expect(await find('old')).toBe('found')
    await settle()
  })

  it.each([
    ['with a byte order mark', () => new Response(`\ufeff${JSON.stringify({ keys: [old] })}`)],
    ['in small pieces', () => new Response(pieces(JSON.stringify({ keys: [old] })))],
    ['as large as allowed', () => new Response(JSON.stringify({ keys: [old] }).padEnd(256 * 1024))],
    ['beside keys of other kinds', jwksOf({ kty: 'EC' }, old, { kid: 'x' })],
  ] as const)('reads a set %s', async (_, answer) => {
    expect(await start(answer).find('old')).toBe('found')
  })

  it('reads characters that come in pieces', async () => {
    const kid = 'clé 🗝'
    const set = JSON.stringify({ keys: [{ ...old, kid }] })
    expect(await start(() => new Response(pieces(set))).find(kid)).toBe('found')
  })

  it.each([1, 2, 3, 4, 5, 6, 7])('works with %d addresses', async (count) => {
    const urls = Array.from({ length: count }, (_, index) => `https://${index}.example/`)
    expect(await start(undefined, { urls }).find('old')).toBe('found')
    expect(await start(failing, { urls }).find('old')).toBe('unavailable')
  })

  it('goes on to the next address, and stays with the one that answered', async () => {
    const urls = ['https://dead.example/', 'https://live.example/']
    const { server, find, advance } = start(
      (url) => (url.includes('dead') ? failing() : Response.json({ keys: [old] })),
      { urls },
    )
    expect(await find('old')).toBe('found')
    advance(300 * SECOND)
    expect(await find('old')).toBe('found')
    expect(server.asked).toEqual([urls[0], urls[1], urls[1]])
    server.answerWith((url) => (url.includes('live') ? failing() : Response.json({ keys: [old] })))
    advance(300 * SECOND)
    expect(await find('old')).toBe('found')
    expect(server.asked.slice(3)).toEqual([urls[1], urls[0]])
  })

  it('leaves time for the second address when the first one is silent', async () => {
    const urls = ['https://silent.example/', 'https://live.example/']
    const { find } = start(
      (url, init) => (url.includes('silent') ? silence(url, init) : Response.json({ keys: [old] })),
      { urls, timeoutMs: 60 },
    )
    expect(await find('old')).toBe('found')
  })

  it('gives up after the time given, however many addresses are silent', async () => {
    const urls = ['https://a.example/', 'https://b.example/', 'https://c.example/']
    const { find } = start(silence, { urls, timeoutMs: 300 })
    const begin = performance.now()
    expect(await find('old')).toBe('unavailable')
    // Thrice the time for each of them would be almost three seconds.
    expect(performance.now() - begin).toBeLessThan(2000)
  })

  it('keeps two sources apart', async () => {
    const [one, two] = [start(jwksOf(old)), start(jwksOf(young))]
    expect(await one.find('old')).toBe('found')
    expect(await two.find('old')).toBe('unknown')
  })
})

function failing(): never {
  throw new Error('connection refused')
}

function pieces(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const byte of new TextEncoder().encode(text)) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
}

/** Lets everything that waits for no clock and no network happen. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10))
}

async function outcomeOf(
  source: KeySource,
  kid: string | null,
): Promise<'found' | 'unknown' | 'unavailable'> {
  try {
    return (await source.find(kid)) === null ? 'unknown' : 'found'
  } catch (error) {
    expect(error).toMatchObject({ code: 'provider_unavailable' })
    return 'unavailable'
  }
}
