/** Writing to answers of either kind: Fetch `Response`s and Node's `res`. */

/** An answer that fits a `Response` as well as Node's `res`. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Keeps guarded answers out of shared caches (RFC 9111 §3.5 does not protect those by cookie). */
export const privateHeaders = {
  'cache-control': 'private, no-store',
  vary: 'Cookie, Authorization',
} as const

/** The part of Node's `ServerResponse` that is written to. */
export interface NodeResponseLike {
  statusCode: number
  readonly headersSent: boolean
  getHeader(name: string): number | string | string[] | undefined
  setHeader(name: string, value: string | readonly string[]): unknown
  removeHeader(name: string): void
  writeHead(...parameters: readonly unknown[]): unknown
  end(body?: string | Uint8Array): unknown
}

/** Where headers for the browser can be put. */
export type ResponseTarget = Headers | { readonly headers: Headers } | NodeResponseLike

function isNodeResponse(target: object): target is NodeResponseLike {
  return 'setHeader' in target && typeof target.setHeader === 'function'
}

/** Whether a value has the headers of a Fetch response. Never by constructor: there are several. */
export function isFetchResponse(value: unknown): value is Response {
  return (
    typeof value === 'object' && value !== null && 'headers' in value && isHeaders(value.headers)
  )
}

function isHeaders(value: unknown): value is Headers {
  return (
    typeof value === 'object' &&
    value !== null &&
    'append' in value &&
    typeof value.append === 'function'
  )
}

/** Whether there is any header in it. */
export function isFilled(headers: Headers): boolean {
  return !headers.keys().next().done
}

/** Adds headers to an answer: cookies are appended, lists united, the rest replaced. */
export function addHeaders(added: Headers, target: ResponseTarget): void {
  if (isNodeResponse(target)) addToNode(added, target)
  else addToFetch(added, isHeaders(target) ? target : target.headers)
}

function addToFetch(added: Headers, target: Headers): void {
  for (const [name, value] of added) {
    if (name === 'set-cookie') target.append(name, value)
    else set(target, name, value)
  }
}

function set(target: Headers, name: string, value: string): void {
  target.set(name, isList(name) ? unite(target.get(name), value) : value)
}

function addToNode(added: Headers, target: NodeResponseLike): void {
  const cookies = added.getSetCookie()
  if (cookies.length > 0) {
    const present = target.getHeader('set-cookie') ?? []
    target.setHeader('set-cookie', [...[present].flat().map(String), ...cookies])
  }
  for (const [name, value] of added) {
    if (name !== 'set-cookie') setOnNode(target, name, value)
  }
}

function setOnNode(target: NodeResponseLike, name: string, value: string): void {
  const present = target.getHeader(name)
  const isUnited = isList(name) && present !== undefined
  target.setHeader(name, isUnited ? unite(String(present), value) : value)
}

function isList(name: string): boolean {
  return name === 'vary' || name.startsWith('access-control-expose')
}

/** Items of two comma-separated header values, each once, first spelling kept. */
function unite(present: string | null, added: string): string {
  if (present === null) return added
  const items = new Map<string, string>()
  for (const item of `${present},${added}`.split(',')) {
    const text = item.trim()
    if (text && !items.has(text.toLowerCase())) items.set(text.toLowerCase(), text)
  }
  return [...items.values()].join(', ')
}

/**
 * Whether a handler's own `Cache-Control` lets shared caches store the answer: unless it says
 * `private` or `no-store`, of the whole answer (RFC 9111 §5.2.2).
 */
export function isShareable(cacheControl: string | null): boolean {
  if (cacheControl === null) return true
  const directives = cacheControl
    .replaceAll(/"[^"]*"/g, '""')
    .toLowerCase()
    .split(',')
  return !directives.some((text) => text.trim() === 'private' || text.trim() === 'no-store')
}

/** Instructions to particular caches, which overrule `Cache-Control` there (RFC 9213). */
const TARGETED_CACHE_HEADERS = [
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'netlify-cdn-cache-control',
  'surrogate-control',
  'vercel-cdn-cache-control',
]

/** What has to be added to an answer so that no shared cache keeps it. */
function closing(cacheControl: string | null): [string, string][] {
  const { vary, 'cache-control': closed } = privateHeaders
  return isShareable(cacheControl)
    ? [
        ['vary', vary],
        ['cache-control', closed],
      ]
    : [['vary', vary]]
}

/** A handler's answer with the collected headers, closed to shared caches. */
export function finish(response: Response, collected: Headers | null): Response {
  return withChanged(response, (headers) => {
    if (collected) addToFetch(collected, headers)
    for (const [name, value] of closing(headers.get('cache-control'))) set(headers, name, value)
    for (const name of TARGETED_CACHE_HEADERS) headers.delete(name)
  })
}

/** The answer with headers added: itself, or a copy where its own cannot be changed. */
export function withHeaders(response: Response, added: Headers): Response {
  return withChanged(response, (headers) => addToFetch(added, headers))
}

function withChanged(response: Response, change: (headers: Headers) => void): Response {
  try {
    change(response.headers)
    return response
  } catch {
    // Headers of Response.redirect() and of fetched responses are immutable; a copy's are not.
    const copy = new Response(response.body, response)
    change(copy.headers)
    return copy
  }
}

/** Makes sure, when the head of an answer is written, that no shared cache may keep it. */
export function closeToSharedCaches(response: NodeResponseLike): void {
  const { writeHead } = response
  response.writeHead = (...parameters) => {
    const given = parameters.at(-1)
    const hasHeaders = typeof given === 'object' && given !== null
    if (hasHeaders) for (const [name, value] of readHead(given)) response.setHeader(name, value)
    const present = response.getHeader('cache-control')
    for (const [name, value] of closing(present === undefined ? null : String(present))) {
      setOnNode(response, name, value)
    }
    for (const name of TARGETED_CACHE_HEADERS) response.removeHeader(name)
    return writeHead.apply(response, hasHeaders ? parameters.slice(0, -1) : [...parameters])
  }
}

/** Headers as `writeHead` takes them: an object, a flat list, or a list of pairs. */
function readHead(given: object): Map<string, string | string[]> {
  const headers = new Map<string, string | string[]>()
  const pairs: readonly [string, unknown][] = Array.isArray(given)
    ? pairUp(given.flat())
    : Object.entries(given)
  for (const [name, value] of pairs) {
    const present = headers.get(name.toLowerCase())
    const values = [present ?? [], value as string | string[]].flat().map(String)
    headers.set(name.toLowerCase(), values.length === 1 ? (values[0] as string) : values)
  }
  return headers
}

function pairUp(flat: readonly unknown[]): [string, unknown][] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[String(name), flat[index + 1]]] : []))
}
