/** As much of a browser as healing needs: it keeps cookies and follows redirects. */

import { parseSetCookie } from 'cookie'
import { documentHeaders, request, type WireResponse } from './http.js'

export interface Browser {
  /** Cookies that would be sent to a path. */
  cookies(path: string): string
  set(name: string, value: string, path?: string): void
  get(name: string): string | undefined
  /** Loads a document, following redirects like a person's browser. */
  navigate(path: string): Promise<WireResponse & { readonly url: string; readonly hops: number }>
  /** What a script of the page requests. */
  fetch(
    path: string,
    init?: { method?: string; body?: string; headers?: Record<string, string> },
  ): Promise<WireResponse>
}

const MAX_REDIRECTS = 20

export function createBrowser(origin: string): Browser {
  const jar = new Map<string, { value: string; path: string }>()

  function store(response: WireResponse): void {
    for (const text of response.headers['set-cookie'] ?? []) {
      const { name, value = '', path = '/', maxAge, expires } = parseSetCookie(text)
      const isGone =
        (maxAge !== undefined && maxAge <= 0) || (expires && expires.getTime() < Date.now())
      if (isGone) jar.delete(name)
      else jar.set(name, { value, path })
    }
  }

  const browser: Browser = {
    cookies: (path) =>
      [...jar]
        .filter(([, cookie]) => cookie.path === '/' || path.startsWith(cookie.path))
        .map(([name, { value }]) => `${name}=${value}`)
        .join('; '),
    set: (name, value, path = '/') => void jar.set(name, { value, path }),
    get: (name) => jar.get(name)?.value,
    async navigate(path) {
      let url = new URL(path, origin)
      for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
        const cookie = browser.cookies(url.pathname)
        const headers = { ...documentHeaders, ...(cookie && { cookie }) }
        const response = await request(url.href, { headers })
        store(response)
        const { location } = response.headers
        if (response.status < 300 || response.status > 399 || !location) {
          return { ...response, url: url.href, hops }
        }
        url = new URL(location, url)
      }
      throw new Error(`more than ${MAX_REDIRECTS} redirects from ${path}`)
    },
    async fetch(path, { method = 'GET', body, headers } = {}) {
      const cookie = browser.cookies(new URL(path, origin).pathname)
      const response = await request(new URL(path, origin).href, {
        method,
        headers: {
          'sec-fetch-dest': 'empty',
          'sec-fetch-mode': 'cors',
          'sec-fetch-site': 'same-origin',
          ...(method !== 'GET' && { origin }),
          ...(cookie && { cookie }),
          ...headers,
        },
        ...(body !== undefined && { body }),
      })
      store(response)
      return response
    },
  }
  return browser
}
