/**
 * The access token a request presents, and the conditions SuperTokens attaches to it.
 *
 * Follows `getSessionFromRequest` of `supertokens-node` 24.0.3 (recipe/session, read 2026-11-21).
 */

import { AuthError } from '../../src/errors.js'
import { type CompactToken, type JsonObject, parseToken } from '../../src/jwt/token.js'
import type { AuthContext } from '../../src/provider.js'
import type { RequestView } from '../../src/request.js'
import type { SessionRules } from './rules.js'

export const ACCESS_TOKEN_COOKIE = 'sAccessToken'
export const REFRESH_TOKEN_COOKIE = 'sRefreshToken'

/** Cookie of sessions from before 2022, which the SDK exchanges for new ones on refresh. */
const LEGACY_COOKIE = 'sIdRefreshToken'

/**
 * @returns `null` when there is no access token where the app takes one from.
 * @throws {AuthError} `token_expired` where a refresh puts things right, `token_invalid`.
 */
export function readAccessToken(
  view: RequestView,
  credential: AuthContext['credential'],
  rules: SessionRules,
): CompactToken | null {
  if (view.cookies.count(LEGACY_COOKIE) > 0) throw refreshable('is accompanied by a legacy session')
  const method = rules.transferMethod(view)
  if (credential.source === 'bearer') {
    if (method === 'cookie') throw invalid('is a bearer token, and this app takes cookies only')
    return credential.token
  }
  const text = view.cookies.get(ACCESS_TOKEN_COOKIE)
  if (method === 'header') return null
  if (text === null || text === '') {
    if (view.cookies.count(REFRESH_TOKEN_COOKIE) === 0) return null
    throw refreshable('is missing beside its refresh token')
  }
  if (view.cookies.count(ACCESS_TOKEN_COOKIE) > 1) throw refreshable('is there twice')
  const token = parseToken(text)
  if (!token) throw invalid('is malformed')
  return token
}

/**
 * The vendor's own defence against cross-site requests, on the methods the vendor defends.
 *
 * @param isChecked Whether the route asks for it; `undefined` leaves that to the method.
 * @throws {AuthError} `token_expired`: after a refresh the browser SDK sends what is missing.
 */
export function checkAntiCsrf(
  view: RequestView,
  claims: JsonObject,
  rules: SessionRules,
  isChecked: boolean | undefined,
): void {
  // Server components and actions are not told their method, and get no header to check.
  const applies = view.method !== null && (isChecked ?? view.method !== 'GET')
  const mode = applies ? rules.antiCsrf(view) : 'NONE'
  if (mode === 'VIA_CUSTOM_HEADER' && view.header('rid') === null) {
    throw refreshable('comes without the rid header')
  }
  if (mode === 'VIA_TOKEN') {
    const { antiCsrfToken } = claims
    if (typeof antiCsrfToken !== 'string' || view.header('anti-csrf') !== antiCsrfToken.trim()) {
      throw refreshable('comes without its anti-CSRF token')
    }
  }
}

export function refreshable(reason: string): AuthError {
  return new AuthError('token_expired', `The access token ${reason}`)
}

export function invalid(reason: string, claim?: string): AuthError {
  return new AuthError('token_invalid', `The access token ${reason}`, {
    details: claim === undefined ? {} : { claim },
  })
}
