/** Requests and responses in the form the SDK's framework-free interface takes. */

import { stringifySetCookie } from 'cookie'
import { CollectingResponse, PreParsedRequest } from 'supertokens-node/framework/custom'
import type { EndpointContext } from '../../src/provider.js'
import type { RequestView } from '../../src/request.js'

/** What an SDK request needs beyond a view. */
export interface SdkRequestParts {
  readonly method?: string
  readonly url?: string
  /** Headers that replace those of the view; `null` takes one away. */
  readonly headers?: Readonly<Record<string, string | null>>
  readonly readJson?: () => Promise<unknown>
  readonly readForm?: () => Promise<unknown>
  /** Told of sessions that end while the request is served. */
  readonly onEnded?: EndpointContext['onEnded']
}

type RequestInfo = ConstructorParameters<typeof PreParsedRequest>[0]

/** Cookies and headers of the request reach the SDK through our tolerant parser. */
export function toSdkRequest(view: RequestView, parts: SdkRequestParts = {}): PreParsedRequest {
  const given = parts.url ?? view.url ?? '/'
  const url = URL.canParse(given, 'http://authmux.invalid') ? given : '/'
  const replaced = new Map(Object.entries(parts.headers ?? {}))
  const get = (name: string) => replaced.get(name.toLowerCase()) ?? readHeader(name.toLowerCase())
  const readHeader = (name: string) => (replaced.has(name) ? null : view.header(name))
  const cookies: Record<string, string> = {}
  for (const name of view.cookies.names()) {
    Object.defineProperty(cookies, name, { value: view.cookies.get(name), enumerable: true })
  }
  const request = new PreParsedRequest({
    url,
    method: (parts.method ?? view.method ?? 'get').toLowerCase() as RequestInfo['method'],
    headers: { get, has: (name: string) => get(name) !== null } as unknown as Headers,
    cookies,
    query: Object.fromEntries(new URL(url, 'http://authmux.invalid').searchParams),
    getJSONBody: parts.readJson ?? (async () => ({})),
    getFormBody: parts.readForm ?? (async () => ({})),
  })
  // A body of a type it does not know is nothing to the SDK, and it looks for members in that.
  const { getBodyAsJSONOrFormData } = request
  request.getBodyAsJSONOrFormData = async () => (await getBodyAsJSONOrFormData()) ?? {}
  return request
}

/** The headers the SDK has put on a response so far; it is emptied of them. */
export function takeHeaders(response: CollectingResponse): Headers {
  const headers = new Headers(response.headers)
  for (const name of [...response.headers.keys()]) response.headers.delete(name)
  for (const cookie of response.cookies.splice(0)) {
    const { key, value, domain, secure, httpOnly, expires, path, sameSite } = cookie
    const attributes = { secure, httpOnly, path, sameSite, expires: new Date(expires) }
    headers.append(
      'set-cookie',
      stringifySetCookie(key, value, domain === undefined ? attributes : { ...attributes, domain }),
    )
  }
  return headers
}

/** A response that tells of every header as soon as the SDK sets it. */
export function createLiveResponse(onChange: (headers: Headers) => void): CollectingResponse {
  const response = new CollectingResponse()
  const { setHeader, setCookie } = response
  response.setHeader = (...parameters) => {
    setHeader(...parameters)
    onChange(takeHeaders(response))
  }
  response.setCookie = (...parameters) => {
    setCookie(...parameters)
    onChange(takeHeaders(response))
  }
  return response
}

/** The answer the SDK has composed, as Fetch has it. */
export function toFetchResponse(response: CollectingResponse): Response {
  const { statusCode, body } = response
  return new Response(body ?? null, { status: statusCode, headers: takeHeaders(response) })
}
