/** What a browser does with the cookies of one site. */

import { parseSetCookie } from 'cookie'

/** What a `Set-Cookie` line asks for. */
export interface CookieChange {
  readonly name: string
  /** As it is sent: nothing is decoded. */
  readonly value: string
  readonly path: string
  /** Whether the cookie is to be forgotten: by its `Max-Age`, or by `Expires` where it has none. */
  readonly isGone: boolean
}

export function readSetCookies(lines: readonly string[]): CookieChange[] {
  return lines.map((line) => {
    const parsed = parseSetCookie(line, { decode: (text) => text })
    const { name, value = '', path = '/', maxAge, expires } = parsed
    const isGone = maxAge === undefined ? Number(expires) <= Date.now() : maxAge <= 0
    return { name, value, path, isGone }
  })
}

/** Keeps what an answer sets, whatever its path, and forgets what it takes back. */
export function keepCookies(cookies: Map<string, string>, { headers }: Response): void {
  for (const { name, value, isGone } of readSetCookies(headers.getSetCookie())) {
    if (isGone) cookies.delete(name)
    else cookies.set(name, value)
  }
}

/** The `Cookie` header; '' without any. */
export function toCookieHeader(cookies: Iterable<readonly [name: string, value: string]>): string {
  return [...cookies].map((pair) => pair.join('=')).join('; ')
}
