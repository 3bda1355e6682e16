/** Healing by Clerk's handshake: the browser fetches new cookies from the Frontend API and returns. */

import type { Awaitable } from '../../src/awaitable.js'
import { isAuthError } from '../../src/errors.js'
import type { HealContext, Inspection, ProviderNavigation } from '../../src/provider.js'
import { type ClerkCookies, type CookieNames, readCookies } from './cookies.js'
import type { ClerkSdk } from './sdk.js'
import type { ClerkSettings } from './settings.js'

/** What the address that heals understands; everything else in its query is nobody's. */
const OWN_PARAMETERS = ['returnTo', 'marked']

/** What Clerk's answer to a handshake is called, as parameter and as cookie. */
const ANSWERS = ['__clerk_handshake', '__clerk_handshake_nonce']

/** Headers Clerk's SDK takes an address from; here it comes from the configuration. */
const ADDRESS_HEADERS = ['x-forwarded-host', 'x-forwarded-proto', 'cloudfront-forwarded-proto']

export function clerkNavigation(
  settings: ClerkSettings,
  readNames: () => Awaitable<CookieNames>,
  loadSdk: () => Promise<ClerkSdk>,
): ProviderNavigation {
  return {
    async inspect(view, now) {
      const cookies = readCookies(view, await readNames(), settings, () => now)
      return {
        state: stateOf(cookies, settings, now),
        credential: `${cookies.session}.${cookies.clientUpdatedAt}`,
      }
    },
    async heal(request, context) {
      const sdk = await loadSdk()
      try {
        const state = await sdk.authenticateRequest(purify(request, context))
        const location = state.headers.get('location')
        const cookies = onlyCookies(state.headers)
        if (state.status === 'handshake' && location) {
          return { outcome: 'away', headers: cookies, location }
        }
        return { outcome: state.status === 'signed-in' ? 'healed' : 'ended', headers: cookies }
      } catch (error) {
        if (isAuthError(error)) throw error
        // In development the SDK throws for a handshake answer that is not its instance's.
        return { outcome: 'ended', headers: new Headers() }
      }
    },
  }
}

/** The request with nothing in it that Clerk's SDK should not go by. */
function purify(request: Request, { origin, isReturning }: HealContext): Request {
  const url = new URL(request.url)
  const parameters = isReturning ? [...OWN_PARAMETERS, ...ANSWERS] : OWN_PARAMETERS
  const query = [...url.searchParams].filter(([name]) => parameters.includes(name))
  const headers = new Headers(request.headers)
  for (const name of ADDRESS_HEADERS) headers.delete(name)
  headers.set('host', new URL(origin).host)
  // An answer nobody asked for just now would be taken for the one to come.
  const cookies = (headers.get('cookie') ?? '').split(';').filter((pair) => {
    const name = pair.split('=', 1)[0]?.trim() ?? ''
    return isReturning || !ANSWERS.includes(name)
  })
  headers.set('cookie', cookies.join(';'))
  return new Request(`${origin}${url.pathname}?${new URLSearchParams(query)}`, { headers })
}

function stateOf(
  cookies: ClerkCookies,
  { isProduction, secretKey }: ClerkSettings,
  now: number,
): Inspection['state'] {
  const { session, token, clientUpdatedAt, isClientSignedOut, devBrowser } = cookies
  if (isClientSignedOut || (session === null && clientUpdatedAt === 0)) return 'absent'
  const { exp, iat } = (token?.payload ?? {}) as { exp?: number; iat?: number }
  const isCurrent = Number(exp) * 1000 > now && Number(iat) >= clientUpdatedAt
  const isComplete = clientUpdatedAt > 0 && (isProduction || devBrowser !== null)
  if (isCurrent && isComplete) return 'fresh'
  // The answer to a handshake is read with the secret key.
  return secretKey ? 'healable' : 'expired'
}

/** Cookies are the browser's; the SDK's other headers are for its own integrations. */
function onlyCookies(headers: Headers): Headers {
  const cookies = new Headers()
  for (const cookie of headers.getSetCookie()) cookies.append('set-cookie', cookie)
  return cookies
}
