/** Sessions at Clerk, through its Backend API. */

import type { Awaitable } from '../../src/awaitable.js'
import { AuthError, configError } from '../../src/errors.js'
import type { ProviderSession, ProviderSessions } from '../../src/provider.js'
import type { GetTokenOptions } from '../../src/session.js'
import { type CookieNames, plainNames } from './cookies.js'
import type { ClerkNativeSession, ClerkSdk } from './sdk.js'

/** Sessions asked for at a time when all of a user's are ended. */
const PAGE_SIZE = 100

/** Status of sessions that can still be used, once complete. */
const LIVING = ['active', 'pending'] as const

export function clerkSessions(
  readNames: () => Awaitable<CookieNames>,
  loadSdk: () => Promise<ClerkSdk>,
): ProviderSessions {
  return {
    async revoke({ sessionId }) {
      await (await loadSdk()).call(({ sessions }) => sessions.revokeSession(sessionId))
    },
    async revokeAll(subject) {
      const sdk = await loadSdk()
      for (const status of LIVING) await endAll(sdk, { userId: subject, status })
    },
    async clear(_view, { responseHeaders }) {
      for (const name of [plainNames.session, (await readNames()).session]) {
        responseHeaders.append('set-cookie', `${name}=; Max-Age=0; Path=/`)
      }
    },
  }
}

async function endAll(
  sdk: ClerkSdk,
  filter: { userId: string; status: (typeof LIVING)[number] },
): Promise<void> {
  const ended = new Set<string>()
  let ids: readonly string[]
  do {
    // Ended sessions leave the list, so the first page is always the next one.
    const page = await sdk.call(({ sessions }) =>
      sessions.getSessionList({ ...filter, limit: PAGE_SIZE }),
    )
    ids = (page?.data ?? []).map(({ id }) => id).filter((id) => !ended.has(id))
    for (const id of ids) {
      await sdk.call(({ sessions }) => sessions.revokeSession(id))
      ended.add(id)
    }
  } while (ids.length > 0)
}

/**
 * Asks Clerk whether a session is still active.
 * @throws {AuthError} `session_revoked`, `provider_unavailable`, `config_invalid`.
 */
export async function confirmSession(
  sdk: ClerkSdk,
  { sessionId, subject }: Pick<ProviderSession, 'sessionId' | 'subject'>,
): Promise<void> {
  const session = await sdk.call(({ sessions }) => sessions.getSession(sessionId))
  if (session?.status !== 'active' || session.userId !== subject) {
    throw new AuthError('session_revoked', 'The session has ended')
  }
}

/**
 * A fresh session token, or one made from a template of the Clerk dashboard.
 * @throws {AuthError} `session_revoked`; `config_invalid` for an unknown template;
 * `provider_unavailable`.
 */
export async function mintToken(
  sdk: ClerkSdk,
  sessionId: string,
  { template = '', expiresInSeconds }: GetTokenOptions,
): Promise<string> {
  const token = await sdk.call(({ sessions }) =>
    sessions.getToken(sessionId, template, expiresInSeconds),
  )
  if (!token && template === '') throw new AuthError('session_revoked', 'The session has ended')
  if (!token) {
    const message = `Clerk knows no template of this name, or the session has ended`
    throw configError([{ name: `getToken({ template: '${template}' })`, message }])
  }
  return token.jwt
}

/** Reasons by which the SDK says that it could not judge a token (`TokenVerificationErrorReason`). */
const OUTAGES = /^(?:jwk-.*|unexpected-error)$/

/**
 * Clerk's own object for a verified token. As a bearer token: no handshake comes in between.
 * @throws {AuthError} `token_invalid` when Clerk's SDK disagrees, `provider_unavailable`.
 */
export async function nativeSession(
  sdk: ClerkSdk,
  token: string,
  origin: string,
): Promise<ClerkNativeSession> {
  const headers = { authorization: `Bearer ${token}` }
  const state = await sdk.authenticateRequest(new Request(origin, { headers }))
  const native = state.toAuth()
  if (!native?.isAuthenticated && OUTAGES.test(String(state.reason))) {
    throw new AuthError('provider_unavailable', 'Clerk did not give its keys to its SDK')
  }
  if (!native?.isAuthenticated) {
    throw new AuthError('token_invalid', "Clerk's SDK refuses the session token")
  }
  return native
}
