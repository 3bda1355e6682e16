/**
 * Which of Clerk's cookies count.
 *
 * An instance has two sets, one plain and one suffixed for its publishable key, so that several
 * instances can share a domain. Which set counts follows `usesSuffixedCookies` of
 * `@clerk/backend` 3.25.0 (tokens/authenticateContext.ts, read 2026-11-21) step by step.
 */

import { digest } from '#platform'
import type { Cookies } from '../../src/cookies.js'
import { type CompactToken, parseToken } from '../../src/jwt/token.js'
import type { RequestView } from '../../src/request.js'
import type { ClerkSettings } from './settings.js'

/** The cookies of a request that belong to the instance. */
export interface ClerkCookies {
  /** Session token as sent; `null` without one. */
  readonly session: string | null
  /** The token taken apart; `null` without one, or when it is malformed. */
  readonly token: CompactToken | null
  /** When the client last changed who is signed in, in seconds; 0 for nobody or unknown. */
  readonly clientUpdatedAt: number
  /** Whether the browser has said that nobody is signed in. */
  readonly isClientSignedOut: boolean
  /** Token of the development browser; `null` without one. */
  readonly devBrowser: string | null
}

const SESSION = '__session'
const CLIENT_UPDATED_AT = '__client_uat'
const DEV_BROWSER = '__clerk_db_jwt'

/** The suffix of an instance's cookies: eight characters of the key's SHA-1, as Clerk has it. */
export async function cookieSuffix(publishableKey: string): Promise<string> {
  return (await digest(publishableKey, 'sha1')).slice(0, 8)
}

/** Whether a request carries a session cookie of any Clerk instance. */
export function carriesSession({ cookies }: RequestView): boolean {
  for (const name of cookies.names()) {
    if (name === SESSION || name.startsWith(`${SESSION}_`)) return true
  }
  return false
}

export function readCookies(
  view: RequestView,
  suffix: string,
  settings: ClerkSettings,
  now: number,
): ClerkCookies {
  const read = (name: string) => view.cookies.get(name) || null
  const plain = { session: read(SESSION), updatedAt: read(CLIENT_UPDATED_AT) }
  const suffixed = {
    session: read(`${SESSION}_${suffix}`),
    updatedAt: read(`${CLIENT_UPDATED_AT}_${suffix}`),
  }
  const parse = (text: string | null) => (text === null ? null : parseToken(text))
  const plainToken = parse(plain.session)
  // As a rule both sets hold the same token.
  const isSame = suffixed.session === plain.session
  const suffixedToken = isSame ? plainToken : parse(suffixed.session)
  const isMalformed = (plain.session && !plainToken) || (suffixed.session && !suffixedToken)
  const usesSuffixed = choosesSuffixed(
    Object.assign(plain, { token: plainToken }),
    Object.assign(suffixed, { token: suffixedToken }),
    settings,
    now,
  )
  const chosen = usesSuffixed ? suffixed : plain
  return {
    session: chosen.session,
    // A token that only a lenient parser could read might have tipped the choice: none counts then.
    token: isMalformed ? null : usesSuffixed ? suffixedToken : plainToken,
    clientUpdatedAt: Number.parseInt(chosen.updatedAt ?? '', 10) || 0,
    isClientSignedOut: chosen.updatedAt === '0',
    devBrowser: readDevBrowser(view.cookies, usesSuffixed ? `_${suffix}` : ''),
  }
}

function readDevBrowser(cookies: Cookies, suffix: string): string | null {
  return cookies.get(DEV_BROWSER + suffix) || null
}

interface CookieSet {
  readonly session: string | null
  readonly updatedAt: string | null
  readonly token: CompactToken | null
}

function choosesSuffixed(
  plain: CookieSet,
  suffixed: CookieSet,
  settings: ClerkSettings,
  now: number,
): boolean {
  if (plain.session !== null) {
    const issuer = plain.token?.payload.iss
    if (!issuer) return false
    const belongs =
      typeof issuer === 'string' && issuer.replace(/https?:\/\//gi, '') === settings.frontendApi
    if (!belongs) return true
  }
  if (suffixed.updatedAt === null && suffixed.session === null) return false
  if (suffixed.updatedAt !== '0' && plain.updatedAt !== '0') {
    if (issuedAt(plain.token) > issuedAt(suffixed.token)) return false
  }
  if (suffixed.updatedAt === '0' && plain.updatedAt !== '0') return false
  if (!settings.isProduction && suffixed.updatedAt !== '0' && plain.updatedAt === '0') {
    const expiry = suffixed.token?.payload.exp as number
    if (suffixed.token && expiry <= Math.floor(now / 1000)) return false
  }
  return !(suffixed.updatedAt === null && suffixed.session !== null)
}

function issuedAt(token: CompactToken | null): number {
  return (token?.payload.iat as number | undefined) || 0
}
