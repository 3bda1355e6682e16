import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import {
  appOrigin,
  MAX_BODY_BYTES,
  type NodeRequestStream,
  sendResponse,
  toFetchRequest,
} from '../../src/node-http.js'
import { createTestResponse } from '../../src/testing/index.js'
import { viewOf } from '../support/core-provider.js'
import { askServer, type RawRequest } from '../support/core-server.js'

const ORIGINS = ['https://app.example', 'https://www.example:8443']

function source(
  fields: Partial<Pick<IncomingMessage, 'method' | 'url' | 'headers'>> & { body?: unknown },
  chunks: readonly Uint8Array[] = [],
): NodeRequestStream {
  const defaults = { method: 'POST', url: '/a', headers: {} }
  return Object.assign(Readable.from(chunks), defaults, fields) as unknown as NodeRequestStream
}

/** What becomes of it; a fault fails the test. */
async function requestOf(given: NodeRequestStream): Promise<Request> {
  const request = await toFetchRequest(given, ORIGINS)
  if (typeof request === 'number') throw new TypeError(`refused with ${request}`)
  return request
}

describe('appOrigin', () => {
  it.each([
    ['app.example', ORIGINS[0]],
    ['www.example:8443', ORIGINS[1]],
    ['www.example', ORIGINS[0]],
    ['evil.example', ORIGINS[0]],
    ['', ORIGINS[0]],
    ['app.example@evil.example', ORIGINS[0]],
    ['app.example, evil.example', ORIGINS[0]],
  ])('for host %s is a listed one: %s', (host, expected) => {
    expect(appOrigin(viewOf({ host }), ORIGINS)).toBe(expected)
  })

  it('is the main one where no host is told', () => {
    expect(appOrigin(viewOf(), ORIGINS)).toBe(ORIGINS[0])
  })

  it.each(['x-forwarded-host', 'forwarded', 'origin', 'referer'])('does not ask %s', (name) => {
    const view = viewOf({ [name]: 'https://www.example:8443' })
    expect(appOrigin(view, ORIGINS)).toBe(ORIGINS[0])
  })
})

describe('toFetchRequest', () => {
  it('keeps method, address, headers and body', async () => {
    const headers = { host: 'www.example:8443', 'x-list': ['a', 'b'], cookie: 'a=1; b=2' }
    const chunks = [Uint8Array.of(0, 255), Uint8Array.of(1)]
    const request = await requestOf(
      source({ method: 'put', url: '/a/b?c=%20d', headers: headers as never }, chunks),
    )
    expect([request.method, request.url]).toEqual(['PUT', 'https://www.example:8443/a/b?c=%20d'])
    expect(request.headers.get('x-list')).toBe('a, b')
    expect(request.headers.get('cookie')).toBe('a=1; b=2')
    expect([...new Uint8Array(await request.arrayBuffer())]).toEqual([0, 255, 1])
  })

  it.each([
    ['/', '/'],
    ['/a//b', '/a//b'],
    ['/?a=b', '/?a=b'],
    ['?a=b', '/'],
    ['', '/'],
    ['*', '/'],
    ['a/b', '/'],
    ['//evil.example/a', '/evil.example/a'],
    ['////evil.example', '/evil.example'],
    ['/\\evil.example/a', null],
    ['/\\\\evil.example', null],
    ['/\t/evil.example', null],
    ['\\\\evil.example', '/'],
    ['http://evil.example/a?b', '/a?b'],
    ['HTTPS://evil.example', '/'],
    ['http://evil.example//other.example/a', '/other.example/a'],
    ['http://user@evil.example/a', '/a'],
    ['javascript:alert(1)', '/'],
    ['http:/\\evil.example/a', null],
    ['evil.example:443', '/'],
    ['/..//evil.example', null],
    ['/@evil.example', '/@evil.example'],
    ['/%2f%2fevil.example', '/%2f%2fevil.example'],
    ['/a#b', '/a#b'],
  ])('of target %j stays at the app: %j', async (url, path) => {
    for (const method of ['GET', 'POST']) {
      const { url: href } = await requestOf(source({ method, url }))
      const address = new URL(href)
      expect(address.origin).toBe(ORIGINS[0])
      if (path !== null) expect(address.href.slice(address.origin.length)).toBe(path)
    }
  })

  it.each(['GET', 'HEAD'])('reads no body of a %s', async (method) => {
    const request = await requestOf(source({ method, body: { parsed: true } }))
    expect(request.body).toBeNull()
  })

  it('takes an empty body for what it is', async () => {
    const request = await requestOf(source({}))
    expect(await request.text()).toBe('')
  })

  it.each([
    ['of text', ''],
    ['of JSON', { a: 1 }],
    ['of nothing', {}],
    ['that is null', null],
  ])('says what to do about a body %s that somebody has read already', async (_, body) => {
    await expect(toFetchRequest(source({ body }), ORIGINS)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('bodyParser: false'),
    })
  })

  it.each([
    ['as large as allowed', [MAX_BODY_BYTES], null],
    ['as large as allowed, in pieces', [MAX_BODY_BYTES - 1, 1], null],
    ['a byte too large', [MAX_BODY_BYTES + 1], 413],
    ['a byte too large, in pieces', [MAX_BODY_BYTES, 1], 413],
  ])('with a body %s: %#', async (_, sizes, fault) => {
    const chunks = sizes.map((size) => new Uint8Array(size))
    const request = await toFetchRequest(source({}, chunks), ORIGINS)
    expect(typeof request === 'number' ? request : null).toBe(fault)
  })

  it('answers a body that ends before it is whole', async () => {
    async function* broken() {
      yield Uint8Array.of(1)
      throw new TypeError('aborted')
    }
    const given = Object.assign(broken(), { method: 'POST', url: '/a', headers: {} })
    expect(await toFetchRequest(given, ORIGINS)).toBe(400)
  })

  it.each(['TRACE', 'trace', 'CONNECT', 'TRACK'])('takes no %s', async (method) => {
    expect(await toFetchRequest(source({ method }), ORIGINS)).toBe(405)
  })

  it.each(['PROPFIND', 'M-SEARCH'])('does not fall over method %s', async (method) => {
    expect((await requestOf(source({ method }))).method).toBe(method)
  })

  it('leaves out the pseudo-headers of HTTP/2', async () => {
    const headers = { ':method': 'POST', ':path': '/a', ':authority': 'app.example', 'x-a': 'b' }
    const request = await requestOf(source({ headers }))
    expect([...request.headers]).toEqual([['x-a', 'b']])
  })
})

describe('sendResponse', () => {
  it('sends status, headers, cookies and bytes', async () => {
    const headers = new Headers({ 'x-a': 'b', location: '/c' })
    headers.append('set-cookie', 'a=1; Path=/')
    headers.append('set-cookie', 'b=2')
    const target = createTestResponse()
    await sendResponse(new Response('höllo', { status: 302, headers }), target)
    expect([target.statusCode, target.getHeader('x-a'), target.getHeader('location')]).toEqual([
      302,
      'b',
      '/c',
    ])
    expect(target.getHeader('set-cookie')).toEqual(['a=1; Path=/', 'b=2'])
    expect(target.body).toBe('höllo')
  })

  it('keeps what a middleware has put there before', async () => {
    const target = createTestResponse()
    target.setHeader('set-cookie', 'own=1')
    target.setHeader('vary', 'Accept-Encoding')
    const headers = { 'set-cookie': 'a=1', vary: 'Origin' }
    await sendResponse(new Response(null, { headers }), target)
    expect(target.getHeader('set-cookie')).toEqual(['own=1', 'a=1'])
    expect(target.getHeader('vary')).toMatch(/Accept-Encoding.*Origin/)
  })

  it.each([204, 304])('sends a %d without a body', async (status) => {
    const answer = await askServer((_request, response) =>
      sendResponse(new Response(null, { status }), response),
    )
    expect([answer.status, answer.body]).toEqual([status, ''])
  })
})

describe('a real Node request', () => {
  async function convert(ask: RawRequest) {
    return askServer(async (incoming, outgoing) => {
      const request = await toFetchRequest(incoming as unknown as NodeRequestStream, ORIGINS)
      if (typeof request === 'number') outgoing.writeHead(request).end('refused')
      else outgoing.end(`${request.method} ${request.url} ${await request.text()}`)
    }, ask)
  }

  it('arrives whole', async () => {
    const body = 'x'.repeat(300_000)
    const answer = await convert({ method: 'POST', path: '/a?b', body })
    expect(answer.body).toBe(`POST https://app.example/a?b ${body}`)
  })

  it('that is too large is answered, not cut off', async () => {
    const body = new Uint8Array(MAX_BODY_BYTES + 500_000)
    expect(await convert({ method: 'POST', body })).toMatchObject({
      status: 413,
      body: 'refused',
    })
  })
})
