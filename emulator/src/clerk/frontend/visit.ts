/** The browser behind a call: which client it is, and what it is to remember. */

import type { Call } from '../call.js'
import { clientUpdatedAtSeconds, createClient } from '../clients.js'
import { bothCookies, readCookies, setCookie, sharedOptions } from '../cookies.js'
import { clientJson } from '../json/client.js'
import { ClerkProblem, notFound } from '../problem.js'
import type { ClientRecord, SessionRecord, UserRecord } from '../records.js'
import { isActive, sessionsIn } from '../sessions.js'
import { select } from '../store.js'
import { requireUser } from '../users.js'

const CLIENT_COOKIE = '__client'
const CLIENT_UPDATED_AT_COOKIE = '__client_uat'

/** Names a development browser, which cannot be trusted to keep cookies of another site. */
const DEV_BROWSER_PARAMETER = '__clerk_db_jwt'

/**
 * The client a browser belongs to; `null` when it has none yet.
 * @throws {ClerkProblem} for a development browser of another instance.
 */
export function findClient(call: Call): ClientRecord | null {
  const { store } = call.state
  if (call.newClient) return call.newClient
  const devBrowser = readDevBrowser(call)
  if (devBrowser === null) return findClientByCookie(call)
  const client = store.devBrowsers.get(devBrowser)
  if (client !== undefined) return store.clients.get(client) ?? null
  throw new ClerkProblem({
    code: 'dev_browser_unauthenticated',
    message: 'Browser unauthenticated',
    longMessage: 'Unable to authenticate this browser for your development instance.',
  })
}

/** The client a browser belongs to, made if need be. */
export function ensureClient(call: Call): ClientRecord {
  const known = findClient(call)
  if (known) return known
  const client = createClient(call.state)
  const devBrowser = readDevBrowser(call)
  if (devBrowser !== null) call.state.store.devBrowsers.set(devBrowser, client.id)
  else writeClientCookie(call, client.token)
  call.newClient = client
  return client
}

/** Takes the client from a browser, which will get another when it needs one. */
export function dropClient(call: Call): void {
  const devBrowser = readDevBrowser(call)
  if (devBrowser !== null) call.state.store.devBrowsers.set(devBrowser, '')
  else writeClientCookie(call, '')
}

/** The client that the browser's own cookie names. */
export function findClientByCookie(call: Call): ClientRecord | null {
  const token = readCookies(call)[CLIENT_COOKIE]
  const [client] = select(call.state.store.clients, (its) => its.token === token)
  return client ?? null
}

/** @returns `null` for production instances, which know no such thing. */
export function readDevBrowser({ state, url }: Call): string | null {
  return state.settings.isProduction ? null : url.searchParams.get(DEV_BROWSER_PARAMETER)
}

/** @throws {ClerkProblem} unless the session is one of the browser's, and active. */
export function requireOwnSession(call: Call, id: string): SessionRecord {
  const client = findClient(call)
  const session = call.state.store.sessions.get(id)
  if (!client || session?.clientId !== client.id) throw notFound('session', id)
  if (!isActive(call.state, session)) throw signedOut()
  return session
}

/** @throws {ClerkProblem} when the browser is signed in: it may have one session at a time. */
export function requireSignedOut(call: Call): void {
  const client = findClient(call)
  if (!client || sessionsIn(call.state, client).length === 0) return
  throw new ClerkProblem({
    code: 'session_exists',
    message: 'Session already exists',
    longMessage: "You're already signed in.",
  })
}

/** @throws {ClerkProblem} unless the browser is signed in. */
export function requireMe(call: Call): { session: SessionRecord; user: UserRecord } {
  const client = findClient(call)
  const sessions = client ? sessionsIn(call.state, client) : []
  const wanted = call.url.searchParams.get('_clerk_session_id') ?? client?.lastActiveSessionId
  const session = sessions.find(({ id }) => id === wanted)
  if (!session) throw signedOut()
  return { session, user: requireUser(call.state, session.userId) }
}

/** The form of most answers: what was asked for, and the client with all that may have changed. */
export async function withClient(call: Call, response: unknown): Promise<object> {
  const client = findClient(call)
  return { response, client: client && (await clientJson(call, client)) }
}

/** What every answer to a browser carries. */
export function finishVisit(call: Call): void {
  allowOrigin(call)
  if (!call.state.settings.isProduction || !call.url.pathname.startsWith('/v1/')) return
  // ClerkJS keeps this cookie itself in development; in production it trusts the Frontend API.
  const given = readCookies(call)[CLIENT_UPDATED_AT_COOKIE]
  const updatedAt = String(clientUpdatedAtSeconds(call.state, findClient(call)))
  if (given === updatedAt) return
  const directives = bothCookies(
    call.state,
    CLIENT_UPDATED_AT_COOKIE,
    updatedAt,
    sharedOptions(call),
  )
  for (const directive of directives) call.answerHeaders.append('set-cookie', directive)
}

/** Lets scripts of the app read the answer, wherever the app is. */
export function allowOrigin({ request, answerHeaders }: Call): void {
  const origin = request.headers.get('origin')
  if (origin === null) return
  answerHeaders.set('access-control-allow-origin', origin)
  answerHeaders.set('access-control-allow-credentials', 'true')
  answerHeaders.set('access-control-allow-methods', 'GET, POST')
  answerHeaders.set('access-control-allow-headers', 'authorization, content-type')
  answerHeaders.set('access-control-expose-headers', 'retry-after')
  answerHeaders.set('vary', 'origin')
}

function writeClientCookie(call: Call, token: string): void {
  const { secure = false } = sharedOptions(call)
  const cookie = setCookie(CLIENT_COOKIE, token, { httpOnly: true, secure })
  call.answerHeaders.append('set-cookie', cookie)
}

function signedOut(): ClerkProblem {
  const message = 'You are signed out'
  return new ClerkProblem({ code: 'authentication_invalid', message })
}
