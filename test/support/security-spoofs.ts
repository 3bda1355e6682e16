/** Requests that have opened guarded routes of Next.js apps before, or of apps that trust headers. */

import { type IncomingHttpHeaders, request as send } from 'node:http'
import { expect } from 'vitest'
import type { TestCredentials } from '../../src/testing/index.js'

/** A request by its bare target, as no URL parser has seen it. */
export interface RawRequest {
  readonly target: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

function sendRaw(origin: string, { target, method, headers }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin)
  const options = { hostname, port, path: target, method: method ?? 'GET', agent: false as const }
  return new Promise((resolve, reject) => {
    const outgoing = send({ ...options, headers: headers as never }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text })
      })
    })
    outgoing.setTimeout(20_000, () => outgoing.destroy(new RangeError('no answer in 20 s')))
    outgoing.on('error', reject)
    outgoing.end()
  })
}

const times = (count: number, text: string) => Array.from({ length: count }, () => text).join(':')

/** `x-middleware-subrequest` as every version of Next.js has spelled its own proxy's name. */
const subrequests = [
  'middleware',
  'src/middleware',
  'pages/_middleware',
  'proxy',
  'src/proxy',
  'app/middleware',
].flatMap((name) => [1, 2, 4, 5, 6].map((count) => times(count, name)))

const person = 'boss'
const session = JSON.stringify({ userId: person, sub: person, roles: ['admin'] })
const forged = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(session).toString('base64url')}.AA`

/** Headers that proxies, platforms and SDKs use among themselves. */
export const spoofedHeaders: readonly Readonly<Record<string, string | readonly string[]>>[] = [
  ...subrequests.map((value) => ({ 'x-middleware-subrequest': value })),
  ...['1', 'true', ''].flatMap((value) =>
    ['next', 'skip', 'prefetch', 'set-cookie', 'cache', 'invoke', 'rewrite', 'redirect'].map(
      (name) => ({
        [`x-middleware-${name}`]: value,
      }),
    ),
  ),
  { 'x-middleware-rewrite': '/api/open' },
  {
    'x-middleware-override-headers': 'authorization,cookie',
    'x-middleware-request-cookie': `x=${forged}`,
  },
  {
    'x-middleware-override-headers': 'authorization',
    'x-middleware-request-authorization': `Bearer ${forged}`,
  },
  { 'x-middleware-subrequest-id': 'x', 'x-middleware-subrequest': times(5, 'proxy') },
  ...['signed-in', 'handshake', 'signed-out'].map((status) => ({
    'x-clerk-auth-status': status,
    'x-clerk-auth-token': forged,
    'x-clerk-auth-signature': 'a'.repeat(40),
    'x-clerk-auth-reason': '',
    'x-clerk-auth-message': '',
  })),
  ...['user-id', 'session-id', 'org-id', 'org-role', 'debug', 'request-data', 'clerk-url'].map(
    (name) => ({
      [`x-clerk-${name}`]: person,
    }),
  ),
  { 'x-clerk-proxy-url': 'https://evil.example', 'x-clerk-redirect-to': 'true' },
  ...[
    'x-user-id',
    'x-user',
    'x-auth',
    'x-auth-user',
    'x-session',
    'x-supertokens-user',
    'x-role',
  ].map((name) => ({ [name]: person })),
  ...['authmux', 'x-authmux-auth', 'x-authmux-user-id', 'x-authmux-provider', 'authmux_heal'].map(
    (name) => ({
      [name]: session,
    }),
  ),
  { auth: session },
  { st: session, 'st-access-token': forged, 'front-token': btoa(session) },
  { 'st-access-token': forged, 'st-refresh-token': 'x', 'st-auth-mode': 'header', rid: 'session' },
  { 'anti-csrf': 'x', rid: 'anti-csrf', 'fdi-version': '3.1' },
  ...['host', 'x-forwarded-host', 'x-original-host', 'x-host', 'forwarded'].map((name) => ({
    [name]: name === 'forwarded' ? 'host=evil.example;proto=https' : 'evil.example',
  })),
  ...['localhost', '127.0.0.1', '::1'].flatMap((address) =>
    ['x-forwarded-for', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip'].map((name) => ({
      [name]: address,
    })),
  ),
  ...[
    'x-original-url',
    'x-rewrite-url',
    'x-forwarded-uri',
    'x-forwarded-path',
    'x-invoke-path',
  ].map((name) => ({ [name]: '/api/open' })),
  { 'x-invoke-path': '/api/open', 'x-invoke-status': '200', 'x-invoke-query': '%7B%7D' },
  { 'x-invoke-output': '/api/open', 'x-invoke-error': '{}' },
  { 'x-matched-path': '/api/open', 'x-now-route-matches': '1=open' },
  { 'x-nextjs-data': '1' },
  { 'x-nextjs-rewrite': '/api/open', 'x-nextjs-matched-path': '/api/open' },
  { 'x-prerender-revalidate': 'x', 'x-prerender-revalidate-if-generated': '1' },
  { 'x-vercel-protection-bypass': 'x', 'x-vercel-deployment-url': 'evil.example' },
  { 'x-http-method-override': 'OPTIONS', 'x-method-override': 'OPTIONS' },
  { rsc: '1' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
  { rsc: '1', 'next-router-state-tree': '%5B%22%22%2C%7B%7D%5D' },
  { 'next-action': '00'.repeat(20) },
  { 'next-url': '/api/open', rsc: '1' },
  { purpose: 'prefetch', 'sec-purpose': 'prefetch' },
  { authorization: `Bearer ${forged}` },
  { authorization: 'Basic YWRtaW46YWRtaW4=' },
  { authorization: ['Bearer ', `Bearer ${forged}`] },
  { authorization: 'Bearer null' },
  { cookie: `__session=${forged}; __client_uat=1; __clerk_db_jwt=x` },
  { cookie: `sAccessToken=${forged}` },
  { cookie: `__clerk_handshake=${forged}` },
  { cookie: '__prerender_bypass=x; __next_preview_data=x' },
  { cookie: 'sAccessToken=null; __session=null; __client_uat=0' },
  { cookie: 'authmux_heal_x=done.1.x' },
  { connection: 'authorization, cookie', cookie: `sAccessToken=${forged}` },
  { 'content-type': 'text/x-component', accept: 'text/x-component' },
  { accept: '*/*', origin: 'null' },
]

/** A path as a router may see it and a matcher may not. */
const spellings: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => `${path}/`,
  (path) => `${path}//`,
  (path) => `/${path}`,
  (path) => `//${path}`,
  (path) => path.replaceAll('/', '//'),
  (path) => path.replace(/(?!^)\//, '//'),
  (path) => path.replace('/', '/./'),
  (path) => `/x/..${path}`,
  (path) => `/_next/..${path}`,
  (path) => `/%2e${path}`,
  (path) => `/x/%2e%2e${path}`,
  (path) => path.replaceAll('/', '\\'),
  (path) => `/\\${path.slice(1)}`,
  (path) => path.replaceAll('/', '%2f').replace('%2f', '/'),
  (path) => path.replaceAll('/', '%5c').replace('%5c', '/'),
  (path) => path.toUpperCase(),
  (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (path) => path.replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (path) => path.replace(/[a-z](?!.*[a-z])/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (path) => path.replace(/[a-z]/, (letter) => `%25${letter.charCodeAt(0).toString(16)}`),
  ...[
    ';',
    ';x=1',
    '.',
    '..',
    '...',
    '%00',
    '%20',
    '%09',
    '%0a',
    '%3f',
    '%23',
    '~',
    '*',
    ':',
    ',',
    '!',
  ].map((suffix) => (path: string) => path + suffix),
  ...[
    '.json',
    '.rsc',
    '.html',
    '.txt',
    '.js',
    '.css',
    '.map',
    '.prefetch.rsc',
    '.action',
    '.md',
  ].map((suffix) => (path: string) => path + suffix),
  ...['/_tree', '/__PAGE__', '/_index', '/_full', '/_head'].map(
    (name) => (path: string) => `${path}.segments${name}.segment.rsc`,
  ),
  ...['/index', '/route', '/page', '/index.json', '/index.rsc', '/%2e', '/.', '/..;/'].map(
    (suffix) => (path: string) => path + suffix,
  ),
  ...[
    'en',
    'de',
    'default',
    '__nextDefaultLocale',
    '_next',
    'app',
    'pages',
    '(group)',
    '@slot',
  ].map((prefix) => (path: string) => `/${prefix}${path}`),
  ...[
    '_rsc=1',
    '__nextLocale=de',
    '__nextDataReq=1',
    '__nextDefaultLocale=de',
    'nxtPid=1',
    'nxtIpath=1',
    'nxtPpath=open',
    'amp=1',
    '__clerk_handshake=x',
    '__clerk_db_jwt=x',
    '__session=x',
    'returnTo=//evil.example',
    '__flight__=1',
    '_vercel_share=x',
    'path=open&path=x',
    '__proto__[auth]=1',
  ].map((query) => (path: string) => `${path}?${query}`),
  (path) => `${path}?#`,
  (path) => `/_next/data/x${path}.json`,
  (path) => `/_next/data/development${path}.json`,
  (path) => `/_next/data${path}.json`,
  (path) => `/_next/image?url=${encodeURIComponent(path)}&w=64&q=75`,
  (path) => `/_next/static/..%2f..${path}`,
  (path) => `http://localhost${path}`,
  (path) => `http://evil.example${path}`,
]

/** Every header against every path, and every path in every spelling. */
export function spoofs(paths: readonly string[]): RawRequest[] {
  const byHeader = spoofedHeaders.flatMap((headers) => paths.map((target) => ({ target, headers })))
  const targets = new Set(paths.flatMap((path) => spellings.map((spell) => spell(path))))
  const byTarget = [...targets].map((target) => ({ target }))
  // Both at once where one alone was not enough in the past.
  const both = [...targets].map((target) => ({
    target,
    headers: { 'x-middleware-subrequest': times(5, 'middleware'), rsc: '1', 'x-nextjs-data': '1' },
  }))
  const methods = [
    'HEAD',
    'POST',
    'PUT',
    'DELETE',
    'OPTIONS',
    'PATCH',
    'TRACE',
    'PROPFIND',
  ].flatMap((method) => paths.map((target) => ({ target, method })))
  return [...byHeader, ...byTarget, ...both, ...methods]
}

/** What Next.js answers with 500 before any route is asked: TRACE, and pages for its image optimiser. */
function isFrameworks({ method, target }: RawRequest): boolean {
  return method === 'TRACE' || target.startsWith('/_next/image')
}

/** Fails unless every target says its words to somebody with a session: without them, refusals prove nothing. */
export async function expectShown(
  origin: string,
  targets: readonly string[],
  { cookie }: Pick<TestCredentials, 'cookie'>,
  words: RegExp,
): Promise<void> {
  for (const target of targets) {
    const { status, text } = await sendRaw(origin, { target, headers: { cookie } })
    expect([target, status, words.test(text)]).toEqual([target, 200, true])
  }
}

/** What came of an attack on one app. */
export interface Attack {
  readonly tried: number
  /** Requests that have got something they should not have. */
  readonly opened: readonly string[]
  /** Requests answered with 5xx, the framework's own left out. */
  readonly broken: readonly string[]
}

/**
 * @param isProtected Whether an answer has something in it that only a handler or page can have said.
 */
export async function attack(
  origin: string,
  requests: readonly RawRequest[],
  isProtected: (answer: RawAnswer) => boolean,
): Promise<Attack> {
  const opened: string[] = []
  const broken: string[] = []
  const queue = [...requests]
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const answer = await sendRaw(origin, next)
      const { cookie: _, authorization: __, ...headers } = next.headers ?? {}
      const says = `${next.method ?? 'GET'} ${next.target} ${JSON.stringify(headers)}: ${answer.status}`
      if (isProtected(answer)) opened.push(says)
      if (answer.status >= 500 && !isFrameworks(next)) broken.push(says)
    }
  }
  await Promise.all(Array.from({ length: 6 }, worker))
  return { tried: requests.length, opened, broken }
}
