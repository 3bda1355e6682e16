/** The SuperTokens SDK, and what only it can do: the one module that imports it, loaded when needed. */

import { getAllCORSHeaders, getUser, init } from 'supertokens-node'
import { CollectingResponse, errorHandler, middleware } from 'supertokens-node/framework/custom'
import {
  createJWT,
  getJWKS,
  getOpenIdDiscoveryConfiguration,
  getSession,
  getSessionInformation,
  revokeAllSessionsForUser,
  revokeSession,
  type SessionContainer,
  Error as SessionError,
  type VerifySessionOptions,
} from 'supertokens-node/recipe/session'
import { getUserMetadata } from 'supertokens-node/recipe/usermetadata'
import type { RecipeListFunction } from 'supertokens-node/types'
import { withDeadline } from '../../src/deadline.js'
import { AuthError, configError, isAuthError } from '../../src/errors.js'
import { keepForProcess } from '../../src/process.js'
import type { RequestView } from '../../src/request.js'
import { declaredRules } from './rules.js'
import { listenForEnds } from './sdk-ends.js'
import { clientFault, toAuthError } from './sdk-errors.js'
import {
  createLiveResponse,
  type SdkRequestParts,
  takeHeaders,
  toFetchResponse,
  toSdkRequest,
} from './sdk-http.js'
import { findDrift, type LearnedRules, watchRecipes } from './sdk-recipes.js'
import type { SuperTokensSettings } from './settings.js'

export type { SessionContainer, VerifySessionOptions }

/** The module that exports the app's recipes. */
export interface Recipes {
  readonly recipeList: readonly RecipeListFunction[]
}

export type SuperTokensUser = NonNullable<Awaited<ReturnType<typeof getUser>>>

/** The SDK, initialised, with deadlines and with errors of ours. */
export interface SuperTokensSdk {
  readonly rules: LearnedRules
  /**
   * Asks the core for its keys, to see whether it can be asked.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  askForKeys(): Promise<void>
  /**
   * The SDK's verdict on a request.
   * @param onHeaders Told of tokens to hand to the client, then and later.
   * @throws {AuthError} `token_expired`, `session_revoked`, `forbidden`, `provider_unavailable`.
   */
  getSession(
    view: RequestView,
    options: VerifySessionOptions,
    onHeaders: (headers: Headers) => void,
    authorization: string | null,
  ): Promise<SessionContainer>
  /**
   * Runs a request through the SDK's endpoints.
   * @returns `null` where none answers.
   * @throws {AuthError} `provider_unavailable`.
   */
  handle(view: RequestView, parts: SdkRequestParts): Promise<Response | null>
  /** Headers that make the client forget its session. */
  clear(view: RequestView): Promise<Headers>
  /**
   * When the user signed in, in seconds since the epoch; `null` for a session that was handed over,
   * at whose beginning nobody proved anything.
   * @throws {AuthError} `session_revoked`, `provider_unavailable`.
   */
  signedInAt(sessionHandle: string): Promise<number | null>
  revoke(sessionHandle: string): Promise<void>
  revokeAll(userId: string): Promise<void>
  /** A JWT signed by the core, with the app's issuer. */
  sign(claims: object, lifetimeSeconds: number): Promise<string>
  user(userId: string): Promise<{ user: SuperTokensUser; metadata: object } | null>
}

/** Where a session in the core says which session it took the place of. */
export const HANDED_OVER = 'authmuxHandOver'

/** How long an endpoint may take, in milliseconds: the app's overrides and mail delivery run inside. */
const ENDPOINT_TIMEOUT_MS = 30_000

/** What one copy of the SDK was initialised with; it takes a first time only. */
interface Initialised {
  readonly fingerprint: string
  readonly rules: LearnedRules | AuthError
}

/**
 * Initialises the SDK with the app's recipes, once per copy of the SDK in the process.
 * @throws {AuthError} `config_invalid` when it was initialised otherwise, or its rules are others
 * than the options say.
 */
export async function loadSdk(settings: SuperTokensSettings): Promise<SuperTokensSdk> {
  const copies = keepForProcess('supertokens:copies', () => new WeakMap<object, Initialised>())
  const { appInfo, connectionURI, apiKey, recipes } = settings
  const fingerprint = JSON.stringify([appInfo, String(appInfo.origin), connectionURI, apiKey])
  const { recipeList } = await recipes()
  let copy = copies.get(init)
  if (!copy) {
    copy = { fingerprint, rules: initialise(settings, recipeList) }
    copies.set(init, copy)
  }
  if (copy.fingerprint !== fingerprint) {
    throw misused('was initialised with other options before; restart the server')
  }
  const { rules } = copy
  if (isAuthError(rules)) throw rules
  const issues = [...(await findDrift(rules, declaredRules(settings), settings))]
  const { issuer } = await getOpenIdDiscoveryConfiguration()
  if (issuer !== settings.addresses.issuer) {
    issues.push({ name: 'supertokens({ appInfo })', message: `makes ${issuer} the issuer` })
  }
  if (issues.length > 0) throw configError(issues)
  return createSdk(rules)
}

function initialise(
  { appInfo, connectionURI, apiKey }: SuperTokensSettings,
  recipeList: readonly RecipeListFunction[],
): LearnedRules | AuthError {
  if (isInitialised()) {
    return misused(
      'was initialised by the app itself. Remove that call: the recipes given are enough',
    )
  }
  const { list, learn } = watchRecipes(recipeList)
  try {
    init({
      framework: 'custom',
      appInfo: appInfo as Parameters<typeof init>[0]['appInfo'],
      supertokens: apiKey === undefined ? { connectionURI } : { connectionURI, apiKey },
      recipeList: list,
    })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'its recipes throw'
    return misused(`cannot be initialised: ${reason}`, cause)
  }
  return learn()
}

function isInitialised(): boolean {
  try {
    getAllCORSHeaders()
    return true
  } catch {
    return false
  }
}

function createSdk(rules: LearnedRules): SuperTokensSdk {
  const handleRequest = middleware()
  return {
    rules,
    async askForKeys() {
      await call(getJWKS())
    },
    getSession(view, options, onHeaders, authorization) {
      const response = createLiveResponse(onHeaders)
      const request = toSdkRequest(view, { headers: { authorization } })
      return call(getSession(request, response, { ...options, sessionRequired: true }))
    },
    async handle(view, parts) {
      const response = new CollectingResponse()
      const request = toSdkRequest(view, parts)
      const { onEnded } = parts
      // Where its own error handlers fail, the SDK tells of the error they were to handle.
      let untold: unknown
      if (onEnded) {
        listenForEnds(request, (end) =>
          onEnded(end).catch((reason) => {
            untold = reason
            throw reason
          }),
        )
      }
      const { handled, error } = await call(handleRequest(request, response), ENDPOINT_TIMEOUT_MS)
      if (untold) throw untold
      const fault = clientFault(error)
      if (fault !== null) return Response.json({ message: fault }, { status: 400 })
      if (error) throw toAuthError(error)
      return handled ? toFetchResponse(response) : null
    },
    async clear(view) {
      const response = new CollectingResponse()
      const error = new SessionError({
        type: SessionError.UNAUTHORISED,
        message: 'signed out',
        payload: { clearTokens: true },
      })
      await errorHandler()(error, toSdkRequest(view), response, () => undefined)
      const headers = takeHeaders(response)
      headers.delete('content-type')
      return headers
    },
    async signedInAt(sessionHandle) {
      const session = await call(getSessionInformation(sessionHandle))
      if (!session) throw new AuthError('session_revoked', 'The session has ended')
      const data: Readonly<Record<string, unknown>> = session.sessionDataInDatabase ?? {}
      return HANDED_OVER in data ? null : Math.floor(session.timeCreated / 1000)
    },
    async revoke(sessionHandle) {
      await call(revokeSession(sessionHandle))
    },
    async revokeAll(userId) {
      await call(revokeAllSessionsForUser(userId))
    },
    async sign(claims, lifetimeSeconds) {
      const result = await call(createJWT(claims, lifetimeSeconds))
      if (result.status === 'OK') return result.jwt
      throw new AuthError('provider_unavailable', `The core did not sign: ${result.status}`)
    },
    async user(userId) {
      const user = await call(getUser(userId))
      if (!user) return null
      const { metadata } = await call(getUserMetadata(userId))
      return { user, metadata }
    },
  }
}

/** A call of the SDK's, with a deadline and with errors of ours. */
export async function call<Value>(promise: Promise<Value>, timeoutMs?: number): Promise<Value> {
  try {
    return await withDeadline(promise, 'SuperTokens', timeoutMs)
  } catch (error) {
    throw toAuthError(error)
  }
}

function misused(problem: string, cause?: unknown): AuthError {
  return configError([{ name: 'SuperTokens', message: problem }], cause)
}
