/** An app on SuperTokens, with the real SDK and a scripted core behind it. */

import { createRequire } from 'node:module'
import { CollectingResponse, PreParsedRequest } from 'supertokens-node/framework/custom'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session, {
  type SessionContainer,
  Error as SessionError,
  type VerifySessionOptions,
} from 'supertokens-node/recipe/session'
import type { RecipeListFunction } from 'supertokens-node/types'
import type { AppInfo } from '../../providers/supertokens/app-info.js'
import { supertokens } from '../../providers/supertokens/index.js'
import type { SuperTokensOptions } from '../../providers/supertokens/settings.js'
import type { AuthFunctions } from '../../src/auth.js'
import { createAuth } from '../../src/auth.js'
import type { AuthError } from '../../src/errors.js'
import type { AuthOptions } from '../../src/options.js'
import { CORE_URL, createScriptedCore, type ScriptedCore } from './supertokens-core.js'

export const ORIGIN = 'http://localhost'
export const ISSUER = 'http://localhost/auth'
export const APP_INFO: AppInfo = { appName: 'tests', apiDomain: ORIGIN, websiteDomain: ORIGIN }

/** A second all tests agree on. */
export const NOW: number = Date.UTC(2026, 10, 21, 12)

type SessionInit = NonNullable<Parameters<typeof Session.init>[0]>

export interface AppOptions {
  /** What `Session.init` is given. */
  readonly session?: SessionInit
  /** Recipes besides it; default e-mail and password. */
  readonly recipes?: readonly RecipeListFunction[]
  /** The provider's options, besides the address of the core and the recipes. */
  readonly provider?: Partial<SuperTokensOptions>
  readonly auth?: Partial<AuthOptions>
  readonly core?: ScriptedCore
}

export interface TestApp {
  readonly auth: AuthFunctions
  readonly core: ScriptedCore
  /** Errors told to the operator. */
  readonly errors: AuthError[]
  /** Calls the handler of the auth routes. */
  endpoint(path: string, init?: RequestInit): Promise<Response>
}

/** The SDK is a singleton: making an app takes the place of the one before. */
export function createApp(options: AppOptions = {}): TestApp {
  resetSdk()
  const core = options.core ?? createScriptedCore()
  const errors: AuthError[] = []
  const auth = createAuthOver(recipeListOf(options), options, errors)
  const handler = auth.authHandler()
  return {
    auth,
    core,
    errors,
    endpoint: (path, init) => handler(new Request(new URL(`/auth${path}`, ORIGIN), init)),
  }
}

/** The functions of authmux over the SDK as it is. */
export function createAuthOver(
  recipeList: readonly RecipeListFunction[],
  { provider, auth }: Pick<AppOptions, 'provider' | 'auth'> = {},
  errors: AuthError[] = [],
): AuthFunctions {
  return createAuth({
    origins: [ORIGIN],
    providers: {
      supertokens: () =>
        supertokens({
          appInfo: APP_INFO,
          connectionURI: CORE_URL,
          recipes: async () => ({ recipeList }),
          ...provider,
        }),
    },
    onError: (error) => void errors.push(error),
    ...auth,
  })
}

export function recipeListOf({
  recipes = [EmailPassword.init()],
  session,
}: Pick<AppOptions, 'recipes' | 'session'>): RecipeListFunction[] {
  return [...recipes, Session.init(session)]
}

const require = createRequire(import.meta.url)
const build = (path: string) => require(`supertokens-node/lib/build/${path}`)

const RECIPES = [
  'accountlinking',
  'emailpassword',
  'emailverification',
  'jwt',
  'multifactorauth',
  'multitenancy',
  'oauth2provider',
  'openid',
  'passwordless',
  'saml',
  'session',
  'thirdparty',
  'totp',
  'usermetadata',
  'userroles',
  'webauthn',
]

/** Takes the SDK, and what authmux knows of it, back to the start of the process. */
export function resetSdk(): void {
  const before = process.env.TEST_MODE
  process.env.TEST_MODE = 'testing'
  try {
    build('supertokens').default.reset()
    for (const recipe of RECIPES) build(`recipe/${recipe}/recipe`).default.reset()
    build('postSuperTokensInitCallbacks').PostSuperTokensInitCallbacks.postInitCallbacks = []
  } finally {
    if (before === undefined) delete process.env.TEST_MODE
    else process.env.TEST_MODE = before
  }
  const slot = Symbol.for('authmux')
  Reflect.deleteProperty(globalThis, slot)
}

/** What the SDK itself says to a request. */
export type SdkVerdict =
  | {
      readonly outcome: 'accepted'
      readonly userId: string
      readonly handle: string
      readonly tenantId: string
      readonly session: SessionContainer
      readonly response: CollectingResponse
    }
  | {
      readonly outcome: 'refused'
      readonly type: string
      readonly payload: unknown
      readonly response: CollectingResponse
    }
  | { readonly outcome: 'failed'; readonly message: string }

const COOKIES = ['sAccessToken', 'sRefreshToken', 'sIdRefreshToken']

/** A request as the SDK's own Express adapter would read it: nothing of authmux is involved. */
function toOracleRequest(request: Request): PreParsedRequest {
  const { getCookieValueFromHeaders } = build('framework/utils')
  const header = request.headers.get('cookie') ?? undefined
  const cookies: Record<string, string> = {}
  for (const name of COOKIES) {
    const value = getCookieValueFromHeaders({ cookie: header }, name)
    if (value !== undefined) cookies[name] = value
  }
  return new PreParsedRequest({
    url: request.url,
    method: request.method.toLowerCase() as 'get',
    headers: request.headers,
    cookies,
    query: {},
    getJSONBody: async () => ({}),
    getFormBody: async () => ({}),
  })
}

/** `Session.getSession` of the SDK, initialised by whatever app was made last. */
export async function askSdk(
  request: Request,
  options: VerifySessionOptions = {},
): Promise<SdkVerdict> {
  const response = new CollectingResponse()
  try {
    const session = await Session.getSession(toOracleRequest(request), response, options)
    if (!session) return { outcome: 'failed', message: 'no session' }
    return {
      outcome: 'accepted',
      userId: session.getUserId(),
      handle: session.getHandle(),
      tenantId: session.getTenantId(),
      session,
      response,
    }
  } catch (error) {
    if (SessionError.isErrorFromSuperTokens(error)) {
      return { outcome: 'refused', type: error.type, payload: error.payload, response }
    }
    return { outcome: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

export interface RequestParts {
  readonly bearer?: string
  readonly cookie?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly path?: string
}

/** A request to a guarded address. */
export function requestWith(parts: RequestParts): Request {
  const headers = new Headers(parts.headers)
  if (parts.bearer !== undefined) headers.set('authorization', `Bearer ${parts.bearer}`)
  if (parts.cookie !== undefined) headers.set('cookie', `sAccessToken=${parts.cookie}`)
  return new Request(new URL(parts.path ?? '/api/guarded', ORIGIN), {
    method: parts.method ?? 'GET',
    headers,
  })
}

/** `Set-Cookie` headers of an answer by name: value and attributes. */
export function cookiesOf(headers: Headers): Map<string, { value: string; text: string }> {
  const entries = headers.getSetCookie().map((text) => {
    const [pair = ''] = text.split(';')
    const separator = pair.indexOf('=')
    const value = decodeURIComponent(pair.slice(separator + 1))
    return [pair.slice(0, separator), { value, text }] as const
  })
  return new Map(entries)
}

/** Whether an answer makes browser and browser SDK forget the session, wherever they keep it. */
export function forgets({ headers }: Response): boolean {
  const cookies = cookiesOf(headers)
  return (
    headers.get('front-token') === 'remove' &&
    cookies.get('sAccessToken')?.value === '' &&
    cookies.get('sRefreshToken')?.value === '' &&
    /Path=\/auth\/session\/refresh/.test(cookies.get('sRefreshToken')?.text ?? '') &&
    headers.get('st-access-token') === '' &&
    headers.get('st-refresh-token') === ''
  )
}
