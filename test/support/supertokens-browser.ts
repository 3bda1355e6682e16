/** A browser as far as healing is concerned: cookies with paths, fetch metadata, redirects. */

import { readSetCookies, toCookieHeader } from './cookie-jar.js'
import { ORIGIN } from './supertokens-app.js'

export type Server = (request: Request) => Promise<Response>

/** What kind of request a browser makes. */
export type RequestKind = 'document' | 'prefetch' | 'speculation' | 'script' | 'frame' | 'router'

const METADATA: Readonly<Record<RequestKind, Readonly<Record<string, string>>>> = {
  document: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  frame: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  prefetch: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'next-router-prefetch': '1' },
  speculation: {
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-purpose': 'prefetch;prerender',
  },
  router: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', rsc: '1' },
  script: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
}

interface Cookie {
  readonly value: string
  readonly path: string
}

export interface Browser {
  readonly cookies: Map<string, Cookie>
  set(name: string, value: string, path?: string): void
  get(name: string): string | undefined
  /** One request, without following where it leads. */
  send(path: string, kind?: RequestKind, headers?: Record<string, string>): Promise<Response>
  /** A page load: follows redirects, and gives up after ten as browsers do. */
  open(path: string, kind?: RequestKind): Promise<{ response: Response; visited: string[] }>
}

export function createBrowser(server: Server): Browser {
  const cookies = new Map<string, Cookie>()
  const browser: Browser = {
    cookies,
    set: (name, value, path = '/') => void cookies.set(name, { value, path }),
    get: (name) => cookies.get(name)?.value,
    async send(path, kind = 'document', extra = {}) {
      const url = new URL(path, ORIGIN)
      const headers = new Headers({ 'sec-fetch-site': 'same-origin', ...METADATA[kind], ...extra })
      const sent = [...cookies].filter(([, cookie]) => url.pathname.startsWith(cookie.path))
      if (sent.length > 0) {
        headers.set('cookie', toCookieHeader(sent.map(([name, { value }]) => [name, value])))
      }
      const response = await server(new Request(url, { headers }))
      for (const { name, isGone, ...cookie } of readSetCookies(response.headers.getSetCookie())) {
        if (isGone) cookies.delete(name)
        else cookies.set(name, cookie)
      }
      return response
    },
    async open(path, kind) {
      const visited = [path]
      let response = await browser.send(path, kind)
      while (response.status === 307) {
        const location = response.headers.get('location') ?? ''
        visited.push(location)
        if (visited.length > 10) throw new Error(`Redirected for ever: ${visited.join(' → ')}`)
        response = await browser.send(location, kind)
      }
      return { response, visited }
    },
  }
  return browser
}
