/** Between Node's request and response and those of Fetch, for the vendor endpoints. */

import { chunksOf } from './chunks.js'
import { type AuthError, configError } from './errors.js'
import { type NodeRequestLike, type RequestView, viewRequest } from './request.js'
import { addHeaders, type NodeResponseLike } from './response.js'

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

/** Methods that Fetch knows and refuses to send. */
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE', 'TRACK'])

/** HTTP status for what no auth endpoint takes. */
export type RequestFault = 400 | 405 | 413

/**
 * The same request as a Fetch `Request`, its address at one of `origins`.
 * @returns a fault for a method Fetch forbids, a body larger than {@link MAX_BODY_BYTES} and one that
 * ends before it is whole.
 * @throws {AuthError} `config_invalid` when a body parser has taken the bytes already.
 */
export async function toFetchRequest(
  source: NodeRequestStream,
  origins: readonly string[],
): Promise<Request | RequestFault> {
  const view = viewRequest(source)
  const method = view.method ?? 'GET'
  if (FORBIDDEN_METHODS.has(method)) return 405
  const headers = new Headers()
  for (const [name, value] of Object.entries(source.headers)) {
    // HTTP/2 keeps method, path and host among the headers (RFC 9113 §8.3).
    if (name.startsWith(':')) continue
    for (const item of [value ?? []].flat()) headers.append(name, item)
  }
  const url = new URL(pathAndQuery(view.url), appOrigin(view, origins))
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  if (source.body !== undefined) {
    throw bodyTaken('Add `export const config = { api: { bodyParser: false } }` to the route')
  }
  const body = await readBody(source, MAX_DRAINED_BYTES)
  return typeof body === 'number' ? body : new Request(url, { method, headers, body })
}

/**
 * Path and query of a request target, whatever else a client has put there (RFC 9112 §3.2): nothing
 * that the URL parser would take for another host.
 */
function pathAndQuery(target: string | null): string {
  const path = (target ?? '')
    .replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '')
    .replaceAll(/[\t\r\n]/g, '')
  return path.startsWith('/') ? `/${path.replace(/^[/\\]+/, '')}` : '/'
}

/**
 * A request whose body has been read; a fault as in {@link toFetchRequest}.
 * @throws {AuthError} `config_invalid` when the app has taken the bytes already.
 */
export async function readRequest(request: Request): Promise<Request | RequestFault> {
  if (!request.body) return request
  if (request.body.locked) throw bodyTaken('Give the auth routes a request nobody has read from')
  const body = await readBody(chunksOf(request.body), MAX_BODY_BYTES)
  const { method, headers } = request
  return typeof body === 'number' ? body : new Request(request.url, { method, headers, body })
}

function bodyTaken(remedy: string): AuthError {
  return configError([{ name: 'request body', message: `has been read already. ${remedy}` }])
}

/** Most bytes Node reads at all: a client that is still sending does not see the answer. */
const MAX_DRAINED_BYTES = 16 * MAX_BODY_BYTES

async function readBody(
  source: AsyncIterable<Uint8Array>,
  maxReadBytes: number,
): Promise<Uint8Array<ArrayBuffer> | RequestFault> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of source) {
      size += chunk.byteLength
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      if (size > maxReadBytes) break
    }
  } catch {
    // The client has gone away, or has sent what is no body.
    return 400
  }
  if (size > MAX_BODY_BYTES) return 413
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
  addHeaders(response.headers, target)
  target.end(new Uint8Array(await response.arrayBuffer()))
}
