/** Clerk's SDK, and what only it can do: the one module that imports it, loaded when needed. */

import { type ClerkClient, createClerkClient } from '@clerk/backend'
import { isClerkAPIResponseError } from '@clerk/backend/errors'
import {
  type SessionWebhookEvent,
  type UserWebhookEvent,
  verifyWebhook,
  type WebhookEvent,
} from '@clerk/backend/webhooks'
import { withDeadline } from '../../src/deadline.js'
import { AuthError, configError, isAuthError } from '../../src/errors.js'
import { toPem } from '../../src/jwt/pem.js'
import type { ClerkSettings } from './settings.js'

export type { WebhookEvent }

/** A user as webhooks bring them. */
export type UserWebhook = Exclude<UserWebhookEvent, { type: 'user.deleted' }>['data']

/** A session as webhooks bring it. */
export type SessionWebhook = SessionWebhookEvent['data']

type AuthState = Awaited<ReturnType<ClerkClient['authenticateRequest']>>

/** A session as Clerk's own SDK describes it: what `native()` gives. */
export type ClerkNativeSession = Extract<ReturnType<AuthState['toAuth']>, { isAuthenticated: true }>

/** Why Clerk refused a call, in its own codes. */
export interface Refusal {
  readonly codes: readonly string[]
}

/** Statuses of calls that are refused for what is in them. */
const REFUSALS = [400, 404, 409, 422]

/** Clerk's client, with deadlines and with errors of ours. */
export interface ClerkSdk {
  /**
   * Runs calls to the Backend API.
   * @returns `null` when Clerk knows no such thing.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  call<Value>(use: (client: ClerkClient) => Promise<Value>): Promise<Value | null>
  /**
   * Runs a call that Clerk may refuse for what is in it.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  attempt<Value>(
    use: (client: ClerkClient) => Promise<Value>,
  ): Promise<{ readonly value: Value } | Refusal>
  /** Authenticates a request the way Clerk's own integrations do, handshakes included. */
  authenticateRequest(request: Request): Promise<AuthState>
  /** @returns `null` unless the request is signed by Clerk. */
  verifyWebhook(request: Request): Promise<WebhookEvent | null>
}

export function createSdk(settings: ClerkSettings): ClerkSdk {
  const { publishableKey, secretKey, apiUrl, jwtKey, proxyUrl, domain, isSatellite } = settings
  const client = createClerkClient({
    publishableKey,
    apiUrl,
    ...(secretKey && { secretKey }),
    ...(jwtKey && { jwtKey: toPem(jwtKey) }),
    ...(proxyUrl && { proxyUrl }),
    ...(domain && { domain }),
    ...(isSatellite && { isSatellite }),
    telemetry: { disabled: true },
  })

  async function ask<Value>(use: (client: ClerkClient) => Promise<Value>): Promise<Value> {
    if (!secretKey) throw missingSecretKey()
    const value = await withDeadline(use(client), 'Clerk')
    // What a gateway answers in Clerk's place arrives as text.
    if (typeof value === 'object') return value
    throw new AuthError('provider_unavailable', 'Clerk did not answer as it should')
  }

  return {
    async call(use) {
      try {
        return await ask(use)
      } catch (error) {
        if (isClerkAPIResponseError(error) && error.status === 404) return null
        throw toAuthError(error)
      }
    },
    async attempt(use) {
      try {
        return { value: await ask(use) }
      } catch (error) {
        if (!isClerkAPIResponseError(error) || !REFUSALS.includes(error.status)) {
          throw toAuthError(error)
        }
        return { codes: error.errors.map(({ code }) => code) }
      }
    },
    authenticateRequest(request) {
      const { signInUrl, authorizedParties, audience, issuers, clockSkewInMs } = settings
      const answer = client.authenticateRequest(request, {
        // Verifying by pinned key needs no secret, but the SDK insists on one.
        secretKey: secretKey ?? 'sk_unused',
        clockSkewInMs,
        issuer: [...issuers],
        ...(signInUrl && { signInUrl }),
        ...(authorizedParties && { authorizedParties: [...authorizedParties] }),
        ...(audience && { audience: [...audience] }),
      })
      return withDeadline(answer, 'Clerk')
    },
    async verifyWebhook(request) {
      try {
        return await verifyWebhook(request, { signingSecret: settings.webhookSigningSecret ?? '' })
      } catch {
        // The SDK throws one kind of error for every forgery; nothing else can fail in here.
        return null
      }
    },
  }
}

function toAuthError(error: unknown): AuthError {
  if (isAuthError(error)) return error
  const status = isClerkAPIResponseError(error) ? error.status : undefined
  if (status === 401 || status === 403) {
    const message = `was refused by Clerk with ${status}. Copy it from the API keys page`
    return configError([{ name: 'CLERK_SECRET_KEY', message }], error)
  }
  if (status === 400 || status === 422) {
    const codes = isClerkAPIResponseError(error) ? error.errors.map(({ code }) => code) : []
    return configError([{ name: 'Clerk', message: `refused a call: ${codes.join(', ')}` }], error)
  }
  const retryAfterSeconds = isClerkAPIResponseError(error) ? error.retryAfter : undefined
  return new AuthError('provider_unavailable', 'Clerk did not answer as it should', {
    cause: error,
    details: retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
  })
}

function missingSecretKey(): AuthError {
  const message = 'is not set, and this needs the Backend API. Copy it from the API keys page'
  return configError([{ name: 'CLERK_SECRET_KEY', message }])
}
