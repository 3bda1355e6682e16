/** Writing to answers of either kind: Fetch `Response`s and Node's `res`. */

import type { Answer } from './problem.js'
import { privateHeaders } from './problem.js'

/** The part of Node's `ServerResponse` that is written to. */
export interface NodeResponseLike {
  statusCode: number
  readonly headersSent: boolean
  getHeader(name: string): number | string | string[] | undefined
  setHeader(name: string, value: string | readonly string[]): unknown
  writeHead(...parameters: never[]): unknown
  end(body?: string | Uint8Array): unknown
}

/** Where headers for the browser can be put. */
export type ResponseTarget = Headers | { readonly headers: Headers } | NodeResponseLike

export function isNodeResponse(target: object): target is NodeResponseLike {
  return 'setHeader' in target && typeof target.setHeader === 'function'
}

/** Adds headers to an answer: cookies are appended, lists united, the rest replaced. */
export function addHeaders(added: Headers, target: ResponseTarget): void {
  if (isNodeResponse(target)) addToNode(added, target)
  else addToFetch(added, target instanceof Headers ? target : target.headers)
}

function addToFetch(added: Headers, target: Headers): void {
  for (const [name, value] of added) {
    if (name === 'set-cookie') target.append(name, value)
    else if (isList(name)) target.set(name, unite(target.get(name), value))
    else target.set(name, value)
  }
}

function addToNode(added: Headers, target: NodeResponseLike): void {
  const cookies = added.getSetCookie()
  if (cookies.length > 0) {
    const present = target.getHeader('set-cookie') ?? []
    target.setHeader('set-cookie', [...[present].flat().map(String), ...cookies])
  }
  for (const [name, value] of added) {
    if (name === 'set-cookie') continue
    const present = target.getHeader(name)
    target.setHeader(
      name,
      isList(name) && present !== undefined ? unite(String(present), value) : value,
    )
  }
}

function isList(name: string): boolean {
  return name === 'vary' || name.startsWith('access-control-expose')
}

/** Items of two comma-separated header values, each once, first spelling kept. */
function unite(present: string | null, added: string): string {
  const items = new Map<string, string>()
  for (const item of `${present ?? ''},${added}`.split(',')) {
    const text = item.trim()
    if (text && !items.has(text.toLowerCase())) items.set(text.toLowerCase(), text)
  }
  return [...items.values()].join(', ')
}

/** Whether a handler's own `Cache-Control` lets shared caches store the answer (RFC 9111 §5.2.2). */
export function isShareable(cacheControl: string | null): boolean {
  return cacheControl === null || !/\b(?:private|no-store)\b/i.test(cacheControl)
}

/** A handler's answer with the collected headers, closed to shared caches. */
export function finish(response: Response, collected: Headers): Response {
  const added = new Headers(collected)
  added.set('vary', privateHeaders.vary)
  if (isShareable(response.headers.get('cache-control'))) {
    added.set('cache-control', privateHeaders['cache-control'])
  }
  try {
    addHeaders(added, response)
    return response
  } catch {
    // Headers of Response.redirect() and of fetched responses are immutable; a copy's are not.
    const copy = new Response(response.body, response)
    addHeaders(added, copy)
    return copy
  }
}

export function toResponse(answer: Answer): Response {
  return new Response(answer.body, { status: answer.status, headers: answer.headers })
}

export function sendAnswer(answer: Answer, target: NodeResponseLike): void {
  target.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers)) target.setHeader(name, value)
  target.end(answer.body)
}
