/** As much of a browser as healing needs: it keeps cookies and follows redirects. */

import { readSetCookies, toCookieHeader } from './cookie-jar.js'
import { documentHeaders, request, type WireResponse } from './http.js'

export interface Browser {
  /** Cookies that would be sent to a path of the app. */
  cookies(path: string): string
  /** @param host Default: the app's. */
  set(name: string, value: string, path?: string, host?: string): void
  /** A cookie of the app. */
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

/** Where a browser that sends these cookies and keeps none ends up. */
export async function walkWithoutJar(
  origin: string,
  start: string,
  cookie: string,
): Promise<string> {
  let path = start
  for (let hop = 0; hop < MAX_REDIRECTS; hop++) {
    const { headers } = await request(origin + path, { headers: { ...documentHeaders, cookie } })
    if (!headers.location) return path
    path = headers.location
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects from ${start}`)
}

export function createBrowser(origin: string): Browser {
  const jar = new Map<string, { host: string; name: string; value: string; path: string }>()
  const appHost = new URL(origin).hostname

  function keep(host: string, name: string, value: string, path: string): void {
    jar.set(`${host} ${name}`, { host, name, value, path })
  }

  /** Cookies as a browser has them: by host, whatever the port. */
  function cookiesFor({ hostname, pathname }: URL): string {
    const sent = [...jar.values()].filter(
      ({ host, path }) => host === hostname && (path === '/' || pathname.startsWith(path)),
    )
    return toCookieHeader(sent.map(({ name, value }) => [name, value]))
  }

  function store({ hostname }: URL, response: WireResponse): void {
    const changes = readSetCookies(response.headers['set-cookie'] ?? [])
    for (const { name, value, path, isGone } of changes) {
      if (isGone) jar.delete(`${hostname} ${name}`)
      else keep(hostname, name, value, path)
    }
  }

  const browser: Browser = {
    cookies: (path) => cookiesFor(new URL(path, origin)),
    set: (name, value, path = '/', host = appHost) => keep(host, name, value, path),
    get: (name) => jar.get(`${appHost} ${name}`)?.value,
    async navigate(path) {
      let url = new URL(path, origin)
      for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
        const cookie = cookiesFor(url)
        const headers = { ...documentHeaders, ...(cookie && { cookie }) }
        const response = await request(url.href, { headers })
        store(url, response)
        const { location } = response.headers
        if (response.status < 300 || response.status > 399 || !location) {
          return { ...response, url: url.href, hops }
        }
        url = new URL(location, url)
      }
      throw new Error(`more than ${MAX_REDIRECTS} redirects from ${path}`)
    },
    async fetch(path, { method = 'GET', body, headers } = {}) {
      const url = new URL(path, origin)
      const cookie = cookiesFor(url)
      const response = await request(url.href, {
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
      store(url, response)
      return response
    },
  }
  return browser
}
