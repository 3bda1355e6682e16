/** Options of the Clerk provider. */

import type { UserEvents } from '../../src/user-events/user-events.js'
import type { WebhookEvent } from './sdk.js'

/** Options of {@link clerk}; each falls back to the variable named with it. */
export interface ClerkOptions {
  /** `NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY` or `CLERK_PUBLISHABLE_KEY`. Names the instance. */
  readonly publishableKey?: string
  /** `CLERK_SECRET_KEY`. Needed for the Backend API, and for keys unless `jwtKey` pins them. */
  readonly secretKey?: string
  /** `CLERK_JWT_KEY`. PEM public key; with it, verification needs no network. */
  readonly jwtKey?: string
  /** `CLERK_API_URL`. Default: Clerk's Backend API. */
  readonly apiUrl?: string
  /** `CLERK_WEBHOOK_SIGNING_SECRET`. Needed for `onWebhook` and `userEvents`. */
  readonly webhookSigningSecret?: string
  /** `NEXT_PUBLIC_CLERK_PROXY_URL`. Where the Frontend API is proxied: absolute or a path. */
  readonly proxyUrl?: string
  /** `NEXT_PUBLIC_CLERK_DOMAIN`. Domain of a satellite application. */
  readonly domain?: string
  /** `NEXT_PUBLIC_CLERK_IS_SATELLITE`. Whether this is a satellite application. */
  readonly isSatellite?: boolean
  /** `NEXT_PUBLIC_CLERK_SIGN_IN_URL`. Needed by satellites of a development instance. */
  readonly signInUrl?: string
  /** Accepted `iss` values; default `https://` and the host in the publishable key. */
  readonly issuer?: string | readonly string[]
  /** `CLERK_AUTHORIZED_PARTIES`, comma-separated. Origins a token may be issued to (`azp`). */
  readonly authorizedParties?: readonly string[]
  /** Accepted `aud` values. Default: `aud` is not looked at. */
  readonly audience?: string | readonly string[]
  /** Leeway on token times, in milliseconds; default 5000. */
  readonly clockSkewInMs?: number
  /**
   * Claims of the session token that hold application-wide roles and permissions, a string or a
   * list of strings each: `{ roles: 'metadata.roles' }`. Organisation roles never count as such.
   */
  readonly claims?: {
    readonly roles?: string | undefined
    readonly permissions?: string | undefined
  }
  /** Told of verified webhooks sent to `<auth path>/webhooks`; a rejection makes Clerk try again. */
  readonly onWebhook?: (event: WebhookEvent) => void | Promise<void>
  /** Takes the webhooks about users and sessions: `createUserEvents` of `authmux/user-events`. */
  readonly userEvents?: UserEvents
  /** How long keys stay good while Clerk does not answer, in seconds; default 86 400. */
  readonly staleIfErrorSeconds?: number
}
