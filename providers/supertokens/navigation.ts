/** Healing by refresh: the SDK's own refresh endpoint, run for the browser while it loads a page. */

import { digest } from '#platform'
import { withDeadline } from '../../src/deadline.js'
import { parseToken } from '../../src/jwt/token.js'
import type { HealResult, Inspection, ProviderNavigation } from '../../src/provider.js'
import { type RequestView, viewRequest } from '../../src/request.js'
import { looksLikeSession } from './access-token.js'
import { ACCESS_TOKEN_COOKIE, REFRESH_TOKEN_COOKIE } from './credentials.js'
import type { SuperTokensSdk } from './sdk.js'
import type { SdkRequestParts } from './sdk-http.js'

/**
 * How long one refresh answers everybody who brings the same refresh token, in milliseconds.
 *
 * Tabs restored together bring the same one; a refresh each would look like theft to the core as
 * soon as one of the new tokens has been used.
 */
const SHARED_FOR_MS = 10_000

interface SharedRefresh {
  readonly startedAt: number
  readonly result: Promise<HealResult>
}

export function superTokensNavigation(loadSdk: () => Promise<SuperTokensSdk>): ProviderNavigation {
  return {
    inspect: async (view, now) => inspect(view, now),
    async heal(request, { basePath, origin, keep, now, onEnded }) {
      const view = viewRequest(request)
      const sdk = await loadSdk()
      const url = `${origin}${basePath}/session/refresh`
      const refreshToken = view.cookies.get(REFRESH_TOKEN_COOKIE)
      // Nothing to tell strangers apart by: what the SDK makes of it is for one browser alone.
      if (refreshToken === null) return refresh(sdk, view, { url, onEnded })
      const refreshes = keep('supertokens:refreshes', () => new Map<string, SharedRefresh>())
      for (const [name, { startedAt }] of refreshes) {
        if (now() - startedAt > SHARED_FOR_MS) refreshes.delete(name)
      }
      const key = await digest(`${origin} ${refreshToken}`)
      let shared = refreshes.get(key)
      if (!shared) {
        const result = refresh(sdk, view, { url, onEnded })
        shared = { startedAt: now(), result }
        refreshes.set(key, shared)
        result.catch(() => refreshes.delete(key))
      }
      const { outcome, headers } = await shared.result
      return { outcome, headers: new Headers(headers) } as HealResult
    },
  }
}

/** Sessions with an anti-CSRF token can only be refreshed by the browser SDK, which has it. */
function inspect(view: RequestView, now: number): Inspection {
  const credential = view.cookies.get(ACCESS_TOKEN_COOKIE) ?? ''
  const token = parseToken(credential)
  if (!token || !looksLikeSession(token)) return { state: 'absent', credential }
  const { exp, antiCsrfToken } = token.payload
  if (Number(exp) * 1000 > now) return { state: 'fresh', credential }
  return { state: typeof antiCsrfToken === 'string' ? 'expired' : 'healable', credential }
}

/** The refresh a browser SDK would make, so that the app's overrides and theft handling apply. */
async function refresh(
  sdk: SuperTokensSdk,
  view: RequestView,
  parts: Pick<SdkRequestParts, 'url' | 'onEnded'>,
): Promise<HealResult> {
  const headers = { rid: 'session', 'st-auth-mode': 'cookie', authorization: null }
  const answer = sdk.handle(view, { ...parts, method: 'post', headers })
  const response = await withDeadline(answer, 'SuperTokens')
  const cookies = new Headers()
  for (const cookie of response?.headers.getSetCookie() ?? []) cookies.append('set-cookie', cookie)
  return { outcome: response?.status === 200 ? 'healed' : 'ended', headers: cookies }
}
