import { describe, expect, it } from 'vitest'
import { sendAnswer, toResponse } from '../../src/answer.js'
import { addHeaders, finish, isShareable } from '../../src/response.js'
import { createTestResponse } from '../../src/testing/index.js'

const PRIVATE = 'private, no-store'

function collected(...cookies: readonly string[]): Headers {
  const headers = new Headers({ 'x-new': 'yes' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return headers
}

describe('addHeaders', () => {
  const added = () => {
    const headers = collected('b=2', 'c=3; Expires=Thu, 01 Jan 2026 00:00:00 GMT')
    headers.set('vary', 'cookie, Origin')
    headers.set('access-control-expose-headers', 'front-token, x-one')
    return headers
  }
  const expected = {
    cookies: ['a=1', 'b=2', 'c=3; Expires=Thu, 01 Jan 2026 00:00:00 GMT'],
    vary: 'Accept-Encoding, Cookie, Origin',
    expose: 'X-One, front-token',
    fresh: 'yes',
  }
  const present = {
    'set-cookie': 'a=1',
    vary: 'Accept-Encoding, Cookie',
    'access-control-expose-headers': 'X-One',
    'x-new': 'no',
  }

  it.each([
    ['Headers', (headers: Headers) => headers],
    ['a Response', (headers: Headers) => new Response(null, { headers })],
    ['an object around headers', (headers: Headers) => ({ headers })],
  ])('appends cookies, unites lists and replaces the rest in %s', (_, wrap) => {
    const target = wrap(new Headers(present))
    addHeaders(added(), target)
    const headers = target instanceof Headers ? target : target.headers
    expect({
      cookies: headers.getSetCookie(),
      vary: headers.get('vary'),
      expose: headers.get('access-control-expose-headers'),
      fresh: headers.get('x-new'),
    }).toEqual(expected)
  })

  it.each([
    ['one cookie', 'a=1'],
    ['a list of one cookie', ['a=1']],
  ])('does the same in a Node response that has %s', (_, cookie) => {
    const target = createTestResponse()
    for (const [name, value] of Object.entries({ ...present, 'set-cookie': cookie })) {
      target.setHeader(name, value)
    }
    addHeaders(added(), target)
    expect({
      cookies: target.getHeader('set-cookie'),
      vary: target.getHeader('vary'),
      expose: target.getHeader('access-control-expose-headers'),
      fresh: target.getHeader('x-new'),
    }).toEqual(expected)
  })

  it('leaves a Node response without cookies without cookies', () => {
    const target = createTestResponse()
    addHeaders(new Headers({ vary: 'Cookie' }), target)
    expect(target.getHeader('set-cookie')).toBeUndefined()
    expect(target.getHeader('vary')).toBe('Cookie')
  })

  it('takes Headers of another realm for what they are', () => {
    const foreign = new Proxy(new Headers(), {
      getPrototypeOf: () => Object.prototype,
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    addHeaders(collected('b=2'), foreign)
    expect(foreign.getSetCookie()).toEqual(['b=2'])
  })
})

describe('isShareable', () => {
  it.each([
    [null, true],
    ['', true],
    ['public', true],
    ['public, max-age=60', true],
    ['max-age=60', true],
    ['s-maxage=60', true],
    ['no-cache', true],
    ['must-revalidate', true],
    ['stale-while-revalidate=60', true],
    ['private', false],
    ['PRIVATE', false],
    ['private, max-age=60', false],
    ['max-age=60,private', false],
    ['no-store', false],
    ['no-cache, No-Store', false],
    ['public, x-private=1', true],
    ['public, no-store-please', true],
    ['public, private="x-user"', true],
    ['public, ext="private"', true],
  ])('%j: %s', (cacheControl, expected) => {
    expect(isShareable(cacheControl)).toBe(expected)
  })
})

describe('finish', () => {
  it.each([
    [undefined, PRIVATE],
    ['public, max-age=600', PRIVATE],
    ['s-maxage=600', PRIVATE],
    ['no-cache', PRIVATE],
    ['private, max-age=60', 'private, max-age=60'],
    ['no-store', 'no-store'],
  ])('makes of Cache-Control %j: %s', (given, expected) => {
    const headers = given === undefined ? {} : { 'cache-control': given }
    const response = finish(new Response('x', { headers }), new Headers())
    expect(response.headers.get('cache-control')).toBe(expected)
    expect(response.headers.get('vary')).toBe('Cookie, Authorization')
  })

  it('lets no provider open an answer to shared caches', () => {
    const response = finish(new Response('x'), new Headers({ 'cache-control': 'public' }))
    expect(isShareable(response.headers.get('cache-control'))).toBe(false)
  })

  it.each([
    ['nothing', null, 'Cookie, Authorization'],
    ['a list', 'Accept, RSC', 'Accept, RSC, Cookie, Authorization'],
    ['part of it', 'authorization', 'authorization, Cookie'],
    ['everything', '*', '*, Cookie, Authorization'],
  ])('adds to a Vary of %s', (_, vary, expected) => {
    const response = new Response(null, vary === null ? {} : { headers: { vary } })
    expect(finish(response, new Headers()).headers.get('vary')).toBe(expected)
  })

  it('keeps the response it is given where that can be written to', () => {
    const response = Response.json({ a: 1 })
    expect(finish(response, new Headers())).toBe(response)
  })

  it.each([
    ['a redirect', () => Response.redirect('https://app.example/', 303), 303, ''],
    ['a fetched response', () => fetch('data:text/plain,hello'), 200, 'hello'],
  ] as const)('copies %s, whose headers are immutable', async (_, make, status, body) => {
    const original = await make()
    const copy = finish(original, collected('a=1', 'b=2'))
    expect(copy.status).toBe(status)
    expect(copy.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(copy.headers.get('cache-control')).toBe(PRIVATE)
    expect(copy.headers.get('location')).toBe(original.headers.get('location'))
    expect(await copy.text()).toBe(body)
  })

  it.each([204, 205, 304])('copies a %d without a body', (status) => {
    const frozen = new Response(null, { status })
    expect(finish(frozen, collected('a=1')).status).toBe(status)
  })

  it('appends to the cookies of the handler', () => {
    const response = new Response(null, { headers: { 'set-cookie': 'own=1' } })
    expect(finish(response, collected('a=1')).headers.getSetCookie()).toEqual(['own=1', 'a=1'])
  })

  it('leaves the collected headers as they were', () => {
    const headers = collected('a=1')
    finish(new Response(null), headers)
    expect([...headers.keys()]).toEqual(['set-cookie', 'x-new'])
  })
})

describe('answers', () => {
  const answer = { status: 401, headers: { 'x-a': 'b', vary: 'Cookie' }, body: '{"a":1}' }

  it('become a Response', async () => {
    const response = toResponse(answer)
    expect([response.status, response.headers.get('x-a')]).toEqual([401, 'b'])
    expect(await response.text()).toBe(answer.body)
  })

  it('are sent through a Node response', () => {
    const target = createTestResponse()
    sendAnswer(answer, target)
    expect([target.statusCode, target.getHeader('x-a'), target.body]).toEqual([401, 'b', '{"a":1}'])
    expect(target.headersSent).toBe(true)
  })
})
