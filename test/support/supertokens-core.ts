/**
 * A SuperTokens core of a few hundred lines, mounted on the wire with nock: sessions with promotion
 * and theft, keys, e-mail and password users. What it answers follows recorded traffic of CDI 5.4.
 */

import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import nock from 'nock'
import type { JsonObject } from '../../src/jwt/token.js'
import { accountRoutes, type CoreUsers, createUsers } from './supertokens-core-users.js'
import { createSigningKey, payloadOf, type SigningKey, signToken } from './supertokens-tokens.js'

/** What a handler answers: a business answer, or a status with plain text. */
export type Answer = JsonObject | { readonly status: number; readonly text: string }

export type CoreRoute = (body: JsonObject, query: URLSearchParams, tenantId: string) => Answer

/** How a core misbehaves. */
export type Fault =
  | { readonly status: number; readonly text?: string; readonly type?: string }
  | 'hang'
  | 'cut off'

/** Who a session is made for. */
export interface SessionRequest {
  readonly userId?: string
  readonly tenantId?: string
  readonly claims?: JsonObject
  readonly antiCsrf?: boolean
  readonly isStatic?: boolean
}

export interface IssuedSession {
  readonly handle: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly antiCsrfToken: string | null
}

interface StoredSession {
  readonly handle: string
  readonly userId: string
  readonly tenantId: string
  readonly createdAt: number
  /** Hash of the refresh token whose children are honoured. */
  parent: string
  data: JsonObject
  isStatic: boolean
}

interface RefreshToken {
  readonly handle: string
  readonly parent: string | null
  readonly antiCsrfToken: string | null
}

export const CORE_URL = 'http://core.test:3567'
export const ACCESS_TOKEN_SECONDS = 3600

const dynamicKey = createSigningKey('d-1763000000000')
const staticKey = createSigningKey('s-6f4b8e0a-0d2c-4f6f-9c3a-0e6a2f1b7c11')

export interface ScriptedCore {
  readonly keys: { readonly dynamic: SigningKey; readonly static: SigningKey }
  /** Calls so far, as `POST /recipe/session/verify`; keys and version checks included. */
  readonly calls: string[]
  /** Bodies of the calls, in the same order. */
  readonly bodies: JsonObject[]
  readonly users: CoreUsers
  /** Published next to the core's own keys. */
  readonly extraKeys: SigningKey[]
  /** Answers to calls whose path matches, instead of the usual ones. */
  faults: [path: RegExp, fault: Fault][]
  /** Told of every call before it is answered. */
  onCall: (call: string) => void
  /** Calls of one kind. */
  count(path: string): number
  issue(request?: SessionRequest): IssuedSession
  refresh(refreshToken: string, antiCsrfToken?: string | null): IssuedSession | JsonObject
  revoke(handle: string): void
  has(handle: string): boolean
  mount(urls?: readonly string[]): void
  /** Takes the core off the network. */
  goOffline(urls?: readonly string[]): void
}

export function createScriptedCore(issuer = 'http://localhost/auth'): ScriptedCore {
  const sessions = new Map<string, StoredSession>()
  const refreshTokens = new Map<string, RefreshToken>()
  const users = createUsers()
  const calls: string[] = []
  const bodies: JsonObject[] = []

  function accessToken(session: StoredSession, hash: string, parent: string | null, extra = {}) {
    const key = session.isStatic ? staticKey : dynamicKey
    const iat = Math.floor(Date.now() / 1000)
    return signToken(
      key,
      {
        iat,
        exp: iat + ACCESS_TOKEN_SECONDS,
        sub: session.userId,
        tId: session.tenantId,
        rsub: session.userId,
        sessionHandle: session.handle,
        refreshTokenHash1: hash,
        parentRefreshTokenHash1: parent,
        antiCsrfToken: null,
        ...session.data,
        ...extra,
      },
      { version: '5' },
    )
  }

  function child(session: StoredSession, parent: string | null, antiCsrf: boolean): IssuedSession {
    const refreshToken = `${Buffer.from(randomUUID()).toString('base64')}.${hashOf(randomUUID())}.V2`
    const antiCsrfToken = antiCsrf ? randomUUID() : null
    refreshTokens.set(refreshToken, { handle: session.handle, parent, antiCsrfToken })
    const hash = hashOf(refreshToken)
    if (parent === null) session.parent = hash
    return {
      handle: session.handle,
      accessToken: accessToken(session, hash, parent, { antiCsrfToken }),
      refreshToken,
      antiCsrfToken,
    }
  }

  const core: ScriptedCore = {
    keys: { dynamic: dynamicKey, static: staticKey },
    calls,
    bodies,
    users,
    extraKeys: [],
    faults: [],
    onCall: () => undefined,
    count: (path) => calls.filter((call) => call.endsWith(` ${path}`)).length,
    issue({ userId = 'user-1', tenantId = 'public', claims = {}, antiCsrf, isStatic } = {}) {
      const suffix = tenantId === 'public' ? '' : `_${tenantId}`
      const session: StoredSession = {
        handle: randomUUID() + suffix,
        userId,
        tenantId,
        createdAt: Date.now(),
        parent: '',
        data: { iss: issuer, ...claims },
        isStatic: isStatic ?? false,
      }
      sessions.set(session.handle, session)
      return child(session, null, antiCsrf ?? false)
    },
    refresh(token, antiCsrfToken) {
      const known = refreshTokens.get(token)
      const session = known && sessions.get(known.handle)
      if (!known || !session) return unauthorised('Session missing in db or has expired')
      if (known.antiCsrfToken !== null && known.antiCsrfToken !== antiCsrfToken) {
        return unauthorised('Anti CSRF token missing, or not matching')
      }
      const hash = hashOf(token)
      if (known.parent === session.parent) session.parent = hash
      if (hash !== session.parent) {
        const { handle, userId } = session
        return {
          status: 'TOKEN_THEFT_DETECTED',
          session: { handle, userId, recipeUserId: userId },
        }
      }
      return child(session, hash, known.antiCsrfToken !== null)
    },
    revoke: (handle) => void sessions.delete(handle),
    has: (handle) => sessions.has(handle),
    mount(urls = [CORE_URL]) {
      nock.cleanAll()
      for (const url of urls) {
        const scope = nock(url).persist()
        for (const method of ['get', 'post', 'put'] as const) {
          scope[method](/.*/).reply(async (uri, body) =>
            answer(method.toUpperCase(), uri, body as unknown),
          )
        }
      }
    },
    goOffline(urls = [CORE_URL]) {
      nock.cleanAll()
      for (const url of urls) {
        const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
        const refused = new TypeError('fetch failed', { cause })
        const scope = nock(url).persist()
        for (const method of ['get', 'post', 'put'] as const) {
          scope[method](/.*/).replyWithError(refused)
        }
      }
    },
  }

  const publicKeys = () =>
    [dynamicKey, staticKey, ...core.extraKeys].map(({ publicJwk }) => publicJwk)

  const routes: Readonly<Record<string, CoreRoute>> = {
    'GET /apiversion': () => ({ versions: ['2.21', '5.0', '5.4'] }),
    'GET /.well-known/jwks.json': () => ({ keys: publicKeys() }),
    'GET /recipe/jwt/jwks': () => ({ status: 'OK', keys: publicKeys() }),
    'POST /recipe/session': (body, _query, tenantId) => {
      const issued = core.issue({
        userId: String(body.userId),
        tenantId,
        claims: body.userDataInJWT as JsonObject,
        antiCsrf: body.enableAntiCsrf === true,
        isStatic: body.useDynamicSigningKey === false,
      })
      return toAnswer(issued, sessions.get(issued.handle) as StoredSession)
    },
    'POST /recipe/session/verify': ({ accessToken: token, checkDatabase }) => {
      const claims = payloadOf(String(token))
      const session = sessions.get(String(claims.sessionHandle))
      const parent = claims.parentRefreshTokenHash1
      if (!session) {
        if (checkDatabase === true || typeof parent === 'string') {
          return unauthorised('Either the session has ended or has been blacklisted')
        }
        const { sub: userId, sessionHandle: handle, tId: tenantId } = claims
        return { status: 'OK', session: { handle, userId, recipeUserId: userId, tenantId } }
      }
      const hash = String(claims.refreshTokenHash1)
      if (parent === session.parent) session.parent = hash
      const isNew = typeof parent === 'string' && hash === session.parent
      const { handle, userId, tenantId, data } = session
      return {
        status: 'OK',
        session: { handle, userId, recipeUserId: userId, userDataInJWT: data, tenantId },
        ...(isNew && { accessToken: timed(accessToken(session, hash, null, keptOf(claims))) }),
      }
    },
    'POST /recipe/session/refresh': ({ refreshToken, antiCsrfToken, useDynamicSigningKey }) => {
      const known = refreshTokens.get(String(refreshToken))
      const session = known && sessions.get(known.handle)
      if (session) session.isStatic = useDynamicSigningKey === false
      const issued = core.refresh(String(refreshToken), antiCsrfToken as string | undefined)
      return 'accessToken' in issued
        ? toAnswer(issued as IssuedSession, session as StoredSession)
        : (issued as JsonObject)
    },
    'POST /recipe/session/regenerate': ({ accessToken: token, userDataInJWT }) => {
      const claims = payloadOf(String(token))
      const session = sessions.get(String(claims.sessionHandle))
      if (!session) return unauthorised('Session does not exist.')
      session.data = userDataInJWT as JsonObject
      const { refreshTokenHash1: hash, parentRefreshTokenHash1: parent } = claims
      const fresh = accessToken(session, String(hash), parent as string | null, keptOf(claims))
      const { handle, userId, tenantId, data } = session
      return {
        status: 'OK',
        session: { handle, userId, recipeUserId: userId, userDataInJWT: data, tenantId },
        accessToken: timed(fresh),
      }
    },
    'GET /recipe/session': (_body, query) => {
      const session = sessions.get(query.get('sessionHandle') ?? '')
      if (!session) return unauthorised('Session does not exist.')
      const { handle: sessionHandle, userId, tenantId, createdAt: timeCreated, data } = session
      return {
        status: 'OK',
        sessionHandle,
        userId,
        recipeUserId: userId,
        userDataInDatabase: {},
        userDataInJWT: data,
        expiry: timeCreated + 8_640_000_000,
        timeCreated,
        tenantId,
      }
    },
    'POST /recipe/session/remove': ({ sessionHandles, userId }) => {
      const all = [...sessions.values()].filter((session) => session.userId === userId)
      const handles = (sessionHandles as string[] | undefined) ?? all.map(({ handle }) => handle)
      return {
        status: 'OK',
        sessionHandlesRevoked: handles.filter((handle) => sessions.delete(handle)),
      }
    },
    'POST /recipe/jwt': ({ payload, validity, jwksDomain }) => {
      const iat = Math.floor(Date.now() / 1000)
      const claims = { iat, exp: iat + Number(validity), iss: jwksDomain, ...(payload as object) }
      return { status: 'OK', jwt: signToken(staticKey, claims) }
    },
    ...accountRoutes(users),
  }

  async function answer(method: string, uri: string, body: unknown) {
    const { pathname, searchParams } = new URL(uri, CORE_URL)
    const [, tenantId = 'public', path = pathname] =
      /^\/([\w-]+)(\/(?:recipe|users)\/.*|\/recipe\/session)$/.exec(pathname) ?? []
    const own = pathname.startsWith('/recipe/') ? pathname : path
    calls.push(`${method} ${own}`)
    bodies.push((body || {}) as JsonObject)
    core.onCall(`${method} ${own}`)
    const fault = core.faults.find(([pattern]) => pattern.test(own))?.[1]
    if (fault) return misbehave(fault)
    const route = routes[`${method} ${own}`]
    if (!route) return [404, 'Not found\n', { 'content-type': 'text/html;charset=UTF-8' }]
    const result = route((body || {}) as JsonObject, searchParams, tenantId)
    if ('text' in result) return [result.status, result.text, { 'content-type': 'text/html' }]
    const cache = own.includes('jwks') && { 'cache-control': 'max-age=604700, must-revalidate' }
    return [200, JSON.stringify(result), { 'content-type': 'application/json', ...cache }]
  }

  core.mount()
  return core
}

function misbehave(fault: Fault): unknown {
  if (fault === 'hang') return new Promise(() => undefined)
  if (fault === 'cut off') {
    const body = new Readable({
      read() {
        this.push('{"status":')
        this.destroy(new TypeError('terminated', { cause: new Error('other side closed') }))
      },
    })
    return [200, body, { 'content-type': 'application/json' }]
  }
  const type = fault.type ?? 'text/html;charset=UTF-8'
  return [fault.status, fault.text ?? 'Emulated fault\n', { 'content-type': type }]
}

function toAnswer(issued: IssuedSession, { userId, tenantId, data }: StoredSession): JsonObject {
  const { handle, accessToken, refreshToken, antiCsrfToken } = issued
  const createdTime = Date.now()
  return {
    status: 'OK',
    session: { handle, userId, recipeUserId: userId, userDataInJWT: data, tenantId },
    accessToken: timed(accessToken),
    refreshToken: { token: refreshToken, expiry: createdTime + 8_640_000_000, createdTime },
    ...(antiCsrfToken !== null && { antiCsrfToken }),
  }
}

function timed(token: string): JsonObject {
  const { iat, exp } = payloadOf(token)
  return { token, expiry: Number(exp) * 1000, createdTime: Number(iat) * 1000 }
}

/** What a new access token of a session keeps of the old one. */
function keptOf({ antiCsrfToken, exp }: JsonObject): JsonObject {
  return { antiCsrfToken, exp }
}

function unauthorised(message: string): JsonObject {
  return { status: 'UNAUTHORISED', message }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
