/** The handshake: a server sends the browser here to fetch cookies for it. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readQuery } from '../call.js'
import { bothCookies, setCookie, sharedOptions } from '../cookies.js'
import { createNonce, sessionDirectives } from '../handshake.js'
import { createId } from '../identifiers.js'
import { ClerkProblem } from '../problem.js'
import type { ClientRecord, SessionRecord } from '../records.js'
import { sessionsIn, touchSession } from '../sessions.js'
import { findClient, findClientByCookie, readDevBrowser } from './visit.js'

const PAYLOAD = '__clerk_handshake'
const NONCE = '__clerk_handshake_nonce'
const DEV_BROWSER = '__clerk_db_jwt'

/** How long a browser has to bring the payload back, in seconds. */
const PAYLOAD_SECONDS = 60

const querySchema = z.object({
  redirect_url: z.url({ protocol: /^https?$/ }),
  format: z.enum(['token', 'nonce']).default('token'),
  organization_id: z.string().optional(),
})

export const handshakeEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/client/handshake', handle: shakeHands },
]

async function shakeHands(call: Call): Promise<Response> {
  const { state } = call
  const { redirect_url, format, organization_id } = readQuery(call, querySchema)
  const target = new URL(redirect_url)
  const devBrowser = state.settings.isProduction ? null : ensureDevBrowser(call)
  const client = devBrowser === null ? findClient(call) : clientOf(call, devBrowser)
  const session = client ? activeSession(call, client) : null
  if (session && organization_id !== undefined) switchOrganization(call, session, organization_id)

  const shared = sharedOptions(call)
  const carrier = format === 'nonce' ? NONCE : PAYLOAD
  const directives = [
    ...(devBrowser === null
      ? [setCookie(carrier, '', { ...shared, httpOnly: true })]
      : bothCookies(state, DEV_BROWSER, devBrowser, {})),
    ...(await sessionDirectives(state, { client, session, origin: target.origin, shared })),
  ]
  const value =
    format === 'nonce'
      ? createNonce(state, directives)
      : await state.keys.current.sign({ handshake: directives }, { typ: 'JWT' })
  if (devBrowser === null) {
    const options = { ...shared, httpOnly: true, maxAge: PAYLOAD_SECONDS }
    call.answerHeaders.append('set-cookie', setCookie(carrier, value, options))
  } else {
    target.searchParams.set(carrier, value)
  }
  const headers = { location: target.href, 'cache-control': 'no-store' }
  return new Response(null, { status: 307, headers })
}

/** The development browser that the query names, or a new one in its place. */
function ensureDevBrowser(call: Call): string {
  const { devBrowsers } = call.state.store
  const given = readDevBrowser(call)
  if (given !== null && devBrowsers.has(given)) return given
  const devBrowser = createId('dvb')
  devBrowsers.set(devBrowser, findClientByCookie(call)?.id ?? '')
  return devBrowser
}

function clientOf({ state }: Call, devBrowser: string): ClientRecord | null {
  return state.store.clients.get(state.store.devBrowsers.get(devBrowser) ?? '') ?? null
}

function activeSession({ state }: Call, client: ClientRecord): SessionRecord | null {
  return sessionsIn(state, client).find(({ id }) => id === client.lastActiveSessionId) ?? null
}

/** An organisation the user is not in changes nothing: the app has to deal with that. */
function switchOrganization({ state }: Call, session: SessionRecord, organization: string): void {
  try {
    touchSession(state, session, organization)
  } catch (error) {
    if (!(error instanceof ClerkProblem)) throw error
  }
}
