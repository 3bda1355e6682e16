/** Cookies of an instance: names, and the directives that set them. */

import { type Cookie, parse, serialize } from 'hono/utils/cookie'
import type { Call } from './call.js'
import type { ClerkState } from './state.js'

/** What may be said of a cookie besides its name and value. */
export type CookieOptions = NonNullable<Parameters<typeof serialize>[2]>

/** A year, which is how long Clerk lets browsers keep what they need to be recognised. */
const YEAR_SECONDS = 365 * 86_400

/** The cookies a request carries. */
export function readCookies({ request }: Call): Cookie {
  return parse(request.headers.get('cookie') ?? '')
}

/** Sets a cookie under its plain name and under the one that is this instance's alone. */
export function bothCookies(
  { settings }: ClerkState,
  name: string,
  value: string,
  options: CookieOptions,
): string[] {
  return [name, `${name}_${settings.cookieSuffix}`].map((its) => setCookie(its, value, options))
}

/** @param value Empty to remove the cookie. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const maxAge = value === '' ? 0 : (options.maxAge ?? YEAR_SECONDS)
  return serialize(name, value, { path: '/', sameSite: 'Lax', ...options, maxAge })
}

/** Where a call comes from, as the browser sees it: behind a proxy, the proxy. */
function publicUrl({ request, url }: Call): URL {
  const { headers } = request
  const first = (name: string) => headers.get(name)?.split(',')[0]?.trim()
  const host = first('x-forwarded-host') ?? headers.get('host') ?? url.host
  const protocol = first('x-forwarded-proto') ?? url.protocol.replace(':', '')
  return new URL(`${protocol}://${host}`)
}

/**
 * Options for cookies that the app is to see as well. The Frontend API shares them with the app's
 * domain where it runs under a name of its own, `clerk.<domain>`, and not behind the app.
 */
export function sharedOptions(call: Call): CookieOptions {
  const { hostname, protocol } = publicUrl(call)
  const isOwnHost = hostname === call.state.settings.frontendApi && hostname.startsWith('clerk.')
  return {
    ...(isOwnHost && { domain: hostname.slice('clerk.'.length) }),
    ...(protocol === 'https:' && { secure: true }),
  }
}
