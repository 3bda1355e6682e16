/** Requests as a test makes them: with the credentials of somebody, or of nobody. */

import type { NodeRequestLike } from '../request.js'

/** What a client sends to prove who it is. */
export interface TestCredentials {
  /** The session token; empty for nobody. */
  readonly token: string
  /** Value of a `Cookie` header that carries the session; empty for nobody. */
  readonly cookie: string
  /** A Fetch request with the token as bearer token, for route handlers and Fetch servers. */
  request(path: string, init?: RequestInit): Request
  /** The same as Node has it, for Pages Router handlers and Node servers. */
  nodeRequest(path: string, init?: NodeRequestInit): NodeRequestLike
}

/** Method and headers of a Node request; `GET` by default. */
export interface NodeRequestInit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** @param origin Origin the requests are made to. */
export function toCredentials(token: string, cookie: string, origin: string): TestCredentials {
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  return {
    token,
    cookie,
    request(path, init) {
      const headers = new Headers(init?.headers)
      for (const [name, value] of Object.entries(authorization)) headers.set(name, value)
      return new Request(new URL(path, origin), { ...init, headers })
    },
    nodeRequest: (path, { method = 'GET', headers = {} } = {}) => ({
      method,
      url: path,
      headers: { host: new URL(origin).host, ...headers, ...authorization },
    }),
  }
}

/**
 * Nobody's credentials.
 * @param origin Origin the requests are made to; default `http://localhost`.
 */
export function signedOut(origin = 'http://localhost'): TestCredentials {
  return toCredentials('', '', origin)
}
