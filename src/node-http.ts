/** Between Node's request and response and those of Fetch, for the vendor endpoints. */

import { configError } from './errors.js'
import { type NodeRequestLike, type RequestView, viewRequest } from './request.js'
import type { NodeResponseLike } from './response.js'

/** A Node request whose body is a stream that nobody has read yet. */
export type NodeRequestStream = NodeRequestLike &
  AsyncIterable<Uint8Array> & { readonly body?: unknown }

/** Largest body an auth endpoint takes, in bytes: as much as Next.js reads by default. */
export const MAX_BODY_BYTES = 1_048_576

/** The app's origin a request was made to: the listed one its `Host` names, else the main one. */
export function appOrigin(view: RequestView, origins: readonly string[]): string {
  const host = view.header('host')
  return origins.find((origin) => new URL(origin).host === host) ?? (origins[0] as string)
}

/**
 * The same request as a Fetch `Request`, its address at one of `origins`.
 * @returns `null` when the body is larger than {@link MAX_BODY_BYTES}.
 * @throws {AuthError} `config_invalid` when a body parser has taken the bytes already.
 */
export async function toFetchRequest(
  source: NodeRequestStream,
  origins: readonly string[],
): Promise<Request | null> {
  const view = viewRequest(source)
  const headers = new Headers()
  for (const [name, value] of Object.entries(source.headers)) {
    for (const item of [value ?? []].flat()) headers.append(name, item)
  }
  const method = view.method ?? 'GET'
  const url = new URL(pathAndQuery(view.url), appOrigin(view, origins))
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  if (source.body !== undefined) {
    const message =
      'has been parsed already. Add `export const config = { api: { bodyParser: false } }` to the route'
    throw configError([{ name: 'request body', message }])
  }
  const body = await readBody(source)
  return body && new Request(url, { method, headers, body: new Uint8Array(body) })
}

/** Path and query of a request target, whatever else a client has put there (RFC 9112 §3.2). */
function pathAndQuery(target: string | null): string {
  const path = target?.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '') ?? ''
  return path.startsWith('/') ? `/${path.replace(/^\/+/, '')}` : '/'
}

async function readBody(source: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of source) {
    size += chunk.byteLength
    if (size > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  return body
}

/** Sends a Fetch `Response` through Node's `res`. */
export async function sendResponse(response: Response, target: NodeResponseLike): Promise<void> {
  target.statusCode = response.status
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') target.setHeader(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) target.setHeader('set-cookie', cookies)
  target.end(new Uint8Array(await response.arrayBuffer()))
}
