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

/** Names of one set of cookies. */
export interface CookieNames {
  readonly session: string
  readonly clientUpdatedAt: string
  readonly devBrowser: string
}

export const plainNames: CookieNames = {
  session: '__session',
  clientUpdatedAt: '__client_uat',
  devBrowser: '__clerk_db_jwt',
}

/** The names an instance has to itself: with eight characters of its key's SHA-1, as Clerk has it. */
export async function suffixedNames(publishableKey: string): Promise<CookieNames> {
  const suffix = (await digest(publishableKey, 'sha1')).slice(0, 8)
  return {
    session: `${plainNames.session}_${suffix}`,
    clientUpdatedAt: `${plainNames.clientUpdatedAt}_${suffix}`,
    devBrowser: `${plainNames.devBrowser}_${suffix}`,
  }
}

const SCHEME = 'https://'

const SUFFIXED_SESSION = `${plainNames.session}_`

/** Value of `__client_uat` where nobody is signed in. */
const SIGNED_OUT = '0'

/**
 * Whether a request carries a session cookie of any Clerk instance. One that is left over from a browser
 * that has signed out is none: ClerkJS only says so in the cookie beside it.
 */
export function carriesSession({ cookies }: RequestView): boolean {
  for (const name of cookies.names()) {
    if (name !== plainNames.session && !name.startsWith(SUFFIXED_SESSION)) continue
    const suffix = name.slice(plainNames.session.length)
    if (cookies.get(plainNames.clientUpdatedAt + suffix) !== SIGNED_OUT) return true
  }
  return false
}

export function readCookies(
  { cookies }: RequestView,
  names: CookieNames,
  settings: ClerkSettings,
  now: () => number,
): ClerkCookies {
  const plain = readSet(cookies, plainNames, null)
  const suffixed = readSet(cookies, names, plain)
  const isMalformed = hasBroken(plain) || hasBroken(suffixed)
  const chosen = choosesSuffixed(plain, suffixed, settings, now) ? suffixed : plain
  return {
    session: chosen.session,
    // A token that only a lenient parser could read might have tipped the choice: none counts then.
    token: isMalformed ? null : chosen.token,
    clientUpdatedAt: Number.parseInt(chosen.updatedAt ?? '', 10) || 0,
    isClientSignedOut: chosen.updatedAt === SIGNED_OUT,
    devBrowser: chosen.devBrowser,
  }
}

/** Whether there is a session token that cannot be taken apart. */
function hasBroken({ session, token }: CookieSet): boolean {
  return session !== null && token === null
}

interface CookieSet {
  readonly session: string | null
  readonly token: CompactToken | null
  readonly updatedAt: string | null
  readonly devBrowser: string | null
}

/** @param twin The other set: as a rule both hold the same token, which need not be read twice. */
function readSet(cookies: Cookies, names: CookieNames, twin: CookieSet | null): CookieSet {
  const session = cookies.get(names.session) || null
  return {
    session,
    token: session === null ? null : session === twin?.session ? twin.token : parseToken(session),
    updatedAt: cookies.get(names.clientUpdatedAt) || null,
    devBrowser: cookies.get(names.devBrowser) || null,
  }
}

function choosesSuffixed(
  plain: CookieSet,
  suffixed: CookieSet,
  settings: ClerkSettings,
  now: () => number,
): boolean {
  if (plain.session !== null) {
    const issuer = plain.token?.payload.iss
    if (!issuer) return false
    if (!isIssuedBy(issuer, settings.frontendApi)) return true
  }
  if (suffixed.updatedAt === null && suffixed.session === null) return false
  if (suffixed.updatedAt !== SIGNED_OUT && plain.updatedAt !== SIGNED_OUT) {
    if (issuedAt(plain.token) > issuedAt(suffixed.token)) return false
  }
  if (suffixed.updatedAt === SIGNED_OUT && plain.updatedAt !== SIGNED_OUT) return false
  if (
    !settings.isProduction &&
    suffixed.updatedAt !== SIGNED_OUT &&
    plain.updatedAt === SIGNED_OUT
  ) {
    const expiry = suffixed.token?.payload.exp as number
    if (suffixed.token && expiry <= Math.floor(now() / 1000)) return false
  }
  return !(suffixed.updatedAt === null && suffixed.session !== null)
}

function isIssuedBy(issuer: unknown, frontendApi: string): boolean {
  if (typeof issuer !== 'string') return false
  // What issuers are like; the rest is Clerk's way to compare them, at ten times the cost.
  if (issuer.startsWith(SCHEME) && issuer.slice(SCHEME.length) === frontendApi) return true
  return issuer.replace(/https?:\/\//gi, '') === frontendApi
}

function issuedAt(token: CompactToken | null): number {
  return (token?.payload.iat as number | undefined) || 0
}
