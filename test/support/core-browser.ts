import { readSetCookies, toCookieHeader } from './cookie-jar.js'
import { NAVIGATION } from './core-auth.js'

export type Site = (request: Request) => Promise<Response>

export interface Visit {
  readonly response: Response
  /** Addresses requested, in order, without the origin where it is the app's own. */
  readonly trail: readonly string[]
}

/** As much of a browser as redirects and cookies need. */
export interface Browser {
  readonly cookies: Map<string, string>
  /** Opens a page as a person does, and follows redirects. */
  open(address: string, headers?: Readonly<Record<string, string>>): Promise<Visit>
  /** One request, no redirect followed. */
  send(address: string, headers?: Readonly<Record<string, string>>): Promise<Response>
}

const MAX_REDIRECTS = 20

/**
 * @param site Answers every request, whatever its origin.
 * @param keep What is kept of a cookie the site sets: its value by default, `null` for nothing.
 */
export function createBrowser(
  site: Site,
  origin: string,
  keep: (name: string, value: string) => string | null = (_name, value) => value,
): Browser {
  const cookies = new Map<string, string>()

  async function send(
    address: string,
    headers: Readonly<Record<string, string>> = NAVIGATION,
  ): Promise<Response> {
    const cookie = toCookieHeader(cookies)
    const response = await site(
      new Request(new URL(address, origin), { headers: { ...headers, ...(cookie && { cookie }) } }),
    )
    for (const { name, value, isGone } of readSetCookies(response.headers.getSetCookie())) {
      const kept = isGone ? null : keep(name, value)
      if (kept !== null) cookies.set(name, kept)
      if (isGone) cookies.delete(name)
    }
    return response
  }

  async function open(
    address: string,
    headers: Readonly<Record<string, string>> = NAVIGATION,
  ): Promise<Visit> {
    const trail = []
    let current = new URL(address, origin)
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      trail.push(current.origin === origin ? current.pathname + current.search : current.href)
      const response = await send(current.href, headers)
      const location = response.headers.get('location')
      if (location === null) return { response, trail }
      current = new URL(location, current)
    }
    throw new Error(`Too many redirects: ${trail.join(' → ')}`)
  }

  return { cookies, open, send }
}
