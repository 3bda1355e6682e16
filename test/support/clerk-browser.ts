/** As much of a browser as it takes to load a page: a cookie jar, and following redirects. */

import { ORIGIN } from './clerk-app.js'
import { keepCookies, toCookieHeader } from './cookie-jar.js'

/** What a browser says when a person loads a page. */
export const navigationHeaders = {
  accept: 'text/html,application/xhtml+xml',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
} as const

/** More redirects than any attempt may take. */
const ENDLESS = 12

export interface Browser {
  readonly cookies: Map<string, string>
  /** Addresses visited so far, in order. */
  readonly visited: readonly string[]
  /** Loads a page and follows redirects; addresses of others are left to {@link BrowserOptions}. */
  open(path: string): Promise<Response>
}

export interface BrowserOptions {
  /** The app. */
  serve(request: Request): Promise<Response>
  /**
   * Everybody else.
   * @returns where the browser is sent, or `null` when it stays there.
   */
  visit(url: URL, browser: Browser): string | null
  /** Whether cookies are kept; `true` by default. */
  readonly keepsCookies?: boolean
  /** Headers on top of every request to the app. */
  readonly headers?: Readonly<Record<string, string>>
}

export function createBrowser(options: BrowserOptions): Browser {
  const { serve, visit, keepsCookies = true, headers } = options
  const cookies = new Map<string, string>()
  const visited: string[] = []

  async function request(url: URL): Promise<Response> {
    const cookie = toCookieHeader(cookies)
    const response = await serve(
      new Request(url, {
        headers: { ...navigationHeaders, ...(cookie && { cookie }), ...headers },
      }),
    )
    if (keepsCookies) keepCookies(cookies, response)
    return response
  }

  const browser: Browser = {
    cookies,
    visited,
    async open(path) {
      let url = new URL(path, ORIGIN)
      for (let turn = 0; turn < ENDLESS; turn++) {
        visited.push(url.href)
        if (url.origin !== ORIGIN) {
          const next = visit(url, browser)
          if (next === null) return new Response(`at ${url.host}`)
          url = new URL(next)
          continue
        }
        const response = await request(url)
        const location = response.headers.get('location')
        if (location === null) return response
        url = new URL(location, url)
      }
      throw new Error(`Redirected without end:\n${visited.join('\n')}`)
    },
  }
  return browser
}
