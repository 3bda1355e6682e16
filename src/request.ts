/** One read-only look at a request, whatever framework it comes from. */

import { type Cookies, parseCookies } from './cookies.js'
import { AuthError } from './errors.js'

/** Headers as Fetch, Next.js and browsers have them. */
export interface HeadersLike {
  get(name: string): string | null
}

/** A request with Fetch headers: `Request`, `NextRequest`, or an object around `await headers()`. */
export interface WebRequestLike {
  readonly headers: HeadersLike
  readonly method?: string
  readonly url?: string
}

/** A request as Node's `http` has it: `IncomingMessage`, `NextApiRequest`, an Express request. */
export interface NodeRequestLike {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly method?: string | undefined
  readonly url?: string | undefined
}

/** The context Next.js hands to `getServerSideProps`. */
export interface ServerSideContextLike {
  readonly req: NodeRequestLike
  readonly res: object
}

/** Everything a request can be read from. */
export type RequestSource = WebRequestLike | NodeRequestLike | ServerSideContextLike

/** A request as providers see it: method, address, headers and cookies, read on demand. */
export interface RequestView {
  /** Upper-case HTTP method; `null` in server components and actions, which are not told. */
  readonly method: string | null
  /** Address as received, absolute or from the path on; `null` where there is none. */
  readonly url: string | null
  /** Value of a header, by lower-case name; `null` when absent. */
  header(name: string): string | null
  /** Cookies of the request, parsed once. */
  readonly cookies: Cookies
}

export function isServerSideContext(source: RequestSource): source is ServerSideContextLike {
  return isObject(source) && 'req' in source && 'res' in source && !('headers' in source)
}

/** Whether a request has Fetch headers. Never by constructor: Next.js hands out proxies. */
export function isWebRequest(source: RequestSource): source is WebRequestLike {
  return isObject(source) && 'headers' in source && hasGet(source.headers)
}

/** A header may be called `get` as well, which is a text then. */
function hasGet(
  headers: WebRequestLike['headers'] | NodeRequestLike['headers'],
): headers is HeadersLike {
  return typeof headers?.get === 'function'
}

function isRequest(source: RequestSource): source is WebRequestLike | NodeRequestLike {
  return isObject(source) && 'headers' in source && isObject(source.headers)
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
}

/** The request itself, where a source is a wrapper around one. */
export function unwrapRequest(source: RequestSource): WebRequestLike | NodeRequestLike {
  if (isRequest(source)) return source
  if (isServerSideContext(source) && isRequest(source.req)) return source.req
  throw new AuthError(
    'config_invalid',
    'authmux was handed something that is not a request. Pass the request of the handler, ' +
      'the context of getServerSideProps, or nothing in a server component',
  )
}

/** Not an object literal: one with a getter costs as much as the rest of a verdict. */
class View implements RequestView {
  readonly method: string | null
  readonly header: RequestView['header']
  readonly #request: WebRequestLike | NodeRequestLike
  #cookies: Cookies | null = null

  constructor(request: WebRequestLike | NodeRequestLike) {
    this.method = request.method?.toUpperCase() ?? null
    const { headers } = request
    this.header = hasGet(headers) ? webHeader(headers) : nodeHeader(headers)
    this.#request = request
  }

  get url(): string | null {
    return this.#request.url ?? null
  }

  get cookies(): Cookies {
    this.#cookies ??= parseCookies(this.header('cookie'))
    return this.#cookies
  }
}

/** @param request As `unwrapRequest` gives it. */
export function viewUnwrapped(request: WebRequestLike | NodeRequestLike): RequestView {
  return new View(request)
}

export function viewRequest(source: RequestSource): RequestView {
  return viewUnwrapped(unwrapRequest(source))
}

/** Reads once what is asked for more than once: to ask a Fetch request is not free. */
function webHeader(headers: HeadersLike): RequestView['header'] {
  const read: Record<string, string | null | undefined> = {
    authorization: undefined,
    cookie: undefined,
  }
  return (name) => {
    if (name !== 'authorization' && name !== 'cookie') return headers.get(name)
    const known = read[name]
    if (known !== undefined) return known
    const value = headers.get(name)
    read[name] = value
    return value
  }
}

function nodeHeader(headers: NodeRequestLike['headers']): RequestView['header'] {
  return (name) => {
    const value = headers[name]
    return Array.isArray(value) ? value.join(name === 'cookie' ? '; ' : ', ') : (value ?? null)
  }
}
