import { createHash } from 'node:crypto'
import { parse } from 'hono/utils/cookie'
import type { ClerkInstance } from '../../src/clerk/instance.js'

export const APP = 'http://localhost:3000'

/** What the tests look at in answers; which of it is there depends on the call. */
export interface Body {
  readonly response: Resource
  readonly client: Client
  readonly errors: readonly [{ code: string; meta: { param_name?: string } }]
  readonly jwt: string
}

interface Client {
  readonly sessions: readonly [Session]
  readonly sign_in: object | null
  readonly sign_up: object | null
  readonly last_active_session_id: string | null
  readonly updated_at: number
}

interface Session {
  readonly id: string
  readonly status: string
  readonly user: { readonly id: string; readonly first_name: string | null }
  readonly last_active_organization_id: string | null
  readonly last_active_token: { readonly jwt: string }
  readonly created_at: number
  readonly expire_at: number
}

interface Resource extends Session, Client {
  readonly created_session_id: string
  readonly created_user_id: string
  readonly missing_fields: readonly string[]
  readonly supported_first_factors: readonly [{ strategy: string; email_address_id: string }]
  readonly unsafe_metadata: object
  readonly verification: { readonly status: string } | null
  readonly verifications: { readonly email_address: object | null }
}

interface Answer {
  readonly status: number
  readonly body: Body
  readonly headers: Headers
}

/** A browser in which ClerkJS runs, as far as the wire can tell. */
export interface Browser {
  /** Cookies on the app's own host. */
  readonly cookies: Map<string, string>
  /** Cookies on the host of the Frontend API. */
  readonly own: Map<string, string>
  get(path: string): Promise<Answer>
  /** @param method Sent as `_method` where it is not POST, as ClerkJS does. */
  post(path: string, fields?: Record<string, string>, method?: string): Promise<Answer>
  /** What ClerkJS does after every answer: keeps the cookies of the app up to date. */
  sync(): Promise<void>
  /** Follows a redirect to the Frontend API and back; gives where it ends. */
  follow(location: string): Promise<string>
}

/** @param send How requests travel: the stand-in's own `fetch`, or one over HTTP. */
export async function openBrowser(
  instance: ClerkInstance,
  send: (request: Request) => Promise<Response> = instance.fetch,
): Promise<Browser> {
  const isProduction = instance.publishableKey.startsWith('pk_live_')
  const cookies = new Map<string, string>()
  const own = new Map<string, string>()
  const suffix = suffixOf(instance)
  const query = new URLSearchParams({
    __clerk_api_version: '2026-05-12',
    _clerk_js_version: '6.40.0',
  })
  if (!isProduction) {
    const response = await send(
      new Request(`${instance.issuer}/v1/dev_browser`, { method: 'POST' }),
    )
    const { id } = (await response.json()) as { id: string }
    query.set('__clerk_db_jwt', id)
    writeBoth('__clerk_db_jwt', id)
  }

  function writeBoth(name: string, value: string): void {
    for (const its of [name, `${name}_${suffix}`]) {
      if (value === '') cookies.delete(its)
      else cookies.set(its, value)
    }
  }

  async function call(path: string, init: RequestInit, method?: string): Promise<Answer> {
    const url = new URL(path, instance.issuer)
    for (const [name, value] of query) url.searchParams.set(name, value)
    if (method) url.searchParams.set('_method', method)
    const headers = { origin: APP, cookie: toHeader(own), ...init.headers }
    const response = await send(new Request(url, { ...init, headers }))
    keepCookies(response)
    const text = await response.text()
    return { status: response.status, body: JSON.parse(text) as Body, headers: response.headers }
  }

  /** The Frontend API's own cookies stay with it; those for the app reach the app. */
  function keepCookies(response: Response): void {
    for (const [name, value] of readSetCookies(response.headers)) {
      const jar = name === '__client' ? own : cookies
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
  }

  return {
    cookies,
    own,
    get: (path) => call(path, {}),
    post: (path, fields = {}, method = undefined) =>
      call(path, { method: 'POST', body: new URLSearchParams(fields) }, method),
    async sync() {
      const { body } = await call('/v1/client', {})
      const client: Client | null = body.response
      const session: Session | undefined = client?.sessions[0]
      writeBoth('__session', session?.last_active_token.jwt ?? '')
      if (isProduction) return
      const updatedAt = session ? Math.floor(client.updated_at / 1000) : 0
      writeBoth('__client_uat', String(updatedAt))
    },
    async follow(location) {
      const response = await send(
        new Request(location, { headers: { cookie: toHeader(own) }, redirect: 'manual' }),
      )
      keepCookies(response)
      return response.headers.get('location') ?? ''
    },
  }
}

export function toHeader(cookies: Map<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

/** Names and values that an answer sets; removed ones are empty. */
export function readSetCookies(headers: Headers): [string, string][] {
  return headers
    .getSetCookie()
    .map((directive) => directive.split(';')[0] ?? '')
    .flatMap((pair) => Object.entries(parse(pair)) as [string, string][])
}

export function suffixOf({ publishableKey }: ClerkInstance): string {
  return createHash('sha1').update(publishableKey).digest('base64url').slice(0, 8)
}

/** What a call was refused with. */
export function errorOf({ status, body }: Answer): {
  status: number
  code: string
  parameter: string | undefined
} {
  const [{ code, meta }] = body.errors
  return { status, code, parameter: meta.param_name }
}

/** The e-mail code sent last. */
export function lastCode(instance: ClerkInstance): string {
  return instance.store.emails.at(-1)?.code ?? ''
}

/** Signs up with a password and the code from the e-mail. */
export async function signUp(
  instance: ClerkInstance,
  browser: Browser,
  fields: Record<string, string> = {},
): Promise<Answer> {
  const given = { email_address: 'ada@example.com', password: 'correct horse battery', ...fields }
  const { body } = await browser.post('/v1/client/sign_ups', given)
  const path = `/v1/client/sign_ups/${body.response.id}`
  await browser.post(`${path}/prepare_verification`, { strategy: 'email_code' })
  const code = lastCode(instance)
  return browser.post(`${path}/attempt_verification`, { strategy: 'email_code', code })
}
