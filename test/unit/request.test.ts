import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createAuth } from '../../src/auth.js'
import { isAuthError } from '../../src/errors.js'
import {
  isServerSideContext,
  isWebRequest,
  type RequestSource,
  unwrapRequest,
  viewRequest,
} from '../../src/request.js'
import { fakeProvider, only } from '../support/core-provider.js'

const HEADERS = { cookie: 'a=1; b=2', authorization: 'Bearer token', 'x-one': 'one' }
const URL_TEXT = 'https://app.example/path?q=1'

/** How Next.js hands out requests: a proxy that binds methods to the original. */
function proxied<Value extends object>(target: Value): Value {
  return new Proxy(target, {
    get(original, name) {
      const value: unknown = Reflect.get(original, name, original)
      return typeof value === 'function' ? value.bind(original) : value
    },
  })
}

class HeadersAdapter {
  get(name: string): string | null {
    return (HEADERS as Record<string, string>)[name.toLowerCase()] ?? null
  }
}

const nodeRequest = { method: 'post', url: '/path?q=1', headers: { ...HEADERS } }
const incoming = Object.assign(Readable.from([]), nodeRequest)
const webRequest = new Request(URL_TEXT, { method: 'POST', headers: HEADERS })

const sources: readonly (readonly [string, RequestSource, string | null])[] = [
  ['a Request', webRequest, URL_TEXT],
  ['a proxy around a Request', proxied(webRequest), URL_TEXT],
  ['an object around Headers', { headers: new Headers(HEADERS), method: 'POST' }, null],
  [
    'an object around frozen headers',
    { headers: proxied(new Headers(HEADERS)), method: 'POST' },
    null,
  ],
  [
    'an object around something like Headers',
    { headers: new HeadersAdapter(), method: 'POST' },
    null,
  ],
  ['an object like Node has it', nodeRequest, '/path?q=1'],
  ['a stream like Node has it', incoming as unknown as RequestSource, '/path?q=1'],
  ['a proxy around a Node request', proxied(nodeRequest), '/path?q=1'],
  [
    'headers without prototype',
    { ...nodeRequest, headers: Object.assign(Object.create(null), HEADERS) },
    '/path?q=1',
  ],
  ['the context of getServerSideProps', { req: nodeRequest, res: {} }, '/path?q=1'],
  ['a proxy around that context', proxied({ req: nodeRequest, res: {} }), '/path?q=1'],
]

describe('viewRequest', () => {
  it.each(sources)('reads %s', (_, source, url) => {
    const view = viewRequest(source)
    expect(view.method).toBe('POST')
    expect(view.url).toBe(url)
    expect(view.header('x-one')).toBe('one')
    expect(view.header('x-two')).toBeNull()
    expect(view.header('authorization')).toBe('Bearer token')
    expect(view.cookies.get('b')).toBe('2')
    expect(view.cookies).toBe(view.cookies)
  })

  it('is not told method and address in server components', () => {
    const view = viewRequest({ headers: new Headers() })
    expect([view.method, view.url]).toEqual([null, null])
    expect(view.header('cookie')).toBeNull()
    expect([...view.cookies.names()]).toEqual([])
  })

  it('joins the values of a repeated header', () => {
    const view = viewRequest({ headers: { 'x-list': ['a', 'b'], empty: [], none: undefined } })
    expect(view.header('x-list')).toBe('a, b')
    expect(view.header('none')).toBeNull()
  })

  it('joins repeated Cookie headers as cookies are joined', () => {
    const view = viewRequest({ headers: { cookie: ['a=1', 'b=2'] } })
    expect(view.cookies.get('a')).toBe('1')
    expect(view.cookies.get('b')).toBe('2')
  })

  it('takes a header called get for a header', () => {
    const view = viewRequest({ headers: { get: 'x', cookie: 'a=1' } })
    expect(view.cookies.get('a')).toBe('1')
  })

  it('reads nothing before it is asked', () => {
    const headers = {
      get(): string | null {
        throw new TypeError('read too early')
      },
    }
    expect(() => viewRequest({ headers })).not.toThrow()
  })
})

describe('unwrapRequest', () => {
  it('takes the request out of the context of getServerSideProps, and nothing else', () => {
    expect(unwrapRequest({ req: nodeRequest, res: {} })).toBe(nodeRequest)
    expect(unwrapRequest(nodeRequest)).toBe(nodeRequest)
    expect(unwrapRequest(webRequest)).toBe(webRequest)
  })

  it('does not take an Express request, which has res, for a context', () => {
    const express = { ...nodeRequest, res: {}, req: { headers: {} } }
    expect(isServerSideContext(express)).toBe(false)
    expect(unwrapRequest(express)).toBe(express)
  })

  it.each([
    ['null', null],
    ['nothing', undefined],
    ['a string', 'https://app.example'],
    ['a number', 1],
    ['a boolean', false],
    ['a symbol', Symbol('request')],
    ['a function', () => undefined],
    ['a list', []],
    ['an empty object', {}],
    ['a URL', new URL(URL_TEXT)],
    ['headers alone', new Headers()],
    ['headers of null', { headers: null }],
    ['headers of undefined', { headers: undefined }],
    ['headers of text', { headers: 'cookie: a=1' }],
    ['a context with no request', { req: undefined, res: {} }],
    ['a context with a request of null', { req: null, res: {} }],
    ['a context with a request of text', { req: 'GET /', res: {} }],
    ['a context with an empty request', { req: {}, res: {} }],
    ['a promise of a request', Promise.resolve(nodeRequest)],
  ])('calls %s a mistake of the app', (_, source) => {
    let caught: unknown
    try {
      unwrapRequest(source as RequestSource)
    } catch (error) {
      caught = error
    }
    expect(isAuthError(caught) && caught.code).toBe('config_invalid')
  })

  it.each([
    ['null', null],
    ['nothing', undefined],
    ['a string', 'https://app.example'],
    ['an empty object', {}],
  ])('getAuth calls %s a mistake of the app, never a signed-out visitor', async (_, source) => {
    const auth = createAuth({ providers: only(fakeProvider()), origins: ['http://localhost'] })
    const error = await auth.getAuth(source as RequestSource).catch((caught: unknown) => caught)
    expect(isAuthError(error) && error.code).toBe('config_invalid')
  })
})

describe('isWebRequest', () => {
  it('goes by what headers can do, not by who made them', () => {
    expect(isWebRequest({ headers: new HeadersAdapter() })).toBe(true)
    expect(isWebRequest({ headers: { get: 'a header' } })).toBe(false)
    expect(isWebRequest(nodeRequest)).toBe(false)
  })
})
