/** `@clerk/backend` as the judge of what a request is worth. */

import { type ClerkClient, createClerkClient } from '@clerk/backend'
import { type ClerkOptions, clerk } from '../../providers/clerk/index.js'
import type { AuthFunctions } from '../../src/auth.js'
import { createAuth } from '../../src/auth.js'
import { ORIGIN } from './clerk-app.js'
import { createDraftInstance, type DraftInstance, publicPem } from './clerk-draft.js'

type AuthState = Awaited<ReturnType<ClerkClient['authenticateRequest']>>

/** Who a request comes from, as far as both sides can say. */
export interface Identity {
  readonly userId: string
  readonly sessionId: string
  readonly orgId: string | null
  readonly orgRole: string | null
  readonly orgPermissions: readonly string[]
}

/** What Clerk makes of a request. */
export type Judgement =
  | {
      readonly kind: 'accepted'
      readonly identity: Identity
      /** The token it goes by. */
      readonly token: string
      /** Whether that token came out of a handshake answer. */
      readonly isAnswer: boolean
    }
  | { readonly kind: 'refused'; readonly reason: string }

/** One configuration, for us and for Clerk. */
export interface Bench {
  readonly name: string
  readonly instance: DraftInstance
  readonly issuers: readonly string[]
  readonly audience: readonly string[] | null
  readonly auth: AuthFunctions
  judge(request: Request): Promise<Judgement>
}

/** Origins tokens may be issued to, where that is configured. */
const PARTIES = [ORIGIN, 'https://two.example.com']
const AUDIENCE = ['api', 'reports']
const SATELLITE = 'satellite.test'

interface BenchOptions {
  readonly name: string
  readonly isProduction: boolean
  readonly isSatellite?: boolean
  /** Whether Clerk is told to look at `iss`, which it does not by default. */
  readonly pinsIssuer: boolean
  readonly audience?: readonly string[]
  readonly authorizedParties?: readonly string[]
}

/** Every configuration the two are compared under. */
export function createBenches(): Bench[] {
  return [false, true].flatMap((isProduction) => {
    const kind = isProduction ? 'production' : 'development'
    const audience = AUDIENCE
    const authorizedParties = PARTIES
    return [
      { name: kind, isProduction, pinsIssuer: false },
      { name: `${kind}, issuer`, isProduction, pinsIssuer: true },
      { name: `${kind}, parties`, isProduction, pinsIssuer: false, authorizedParties },
      { name: `${kind}, audience`, isProduction, pinsIssuer: false, audience },
      { name: `${kind}, all`, isProduction, pinsIssuer: true, audience, authorizedParties },
      { name: `${kind}, satellite`, isProduction, pinsIssuer: true, isSatellite: true },
    ].map(createBench)
  })
}

function createBench(options: BenchOptions): Bench {
  const { name, isProduction, isSatellite = false, pinsIssuer } = options
  const { audience, authorizedParties } = options
  const instance = createDraftInstance(isProduction)
  const { publishableKey, issuer } = instance
  const shared = {
    publishableKey,
    secretKey: `sk_${isProduction ? 'live' : 'test'}_differential`,
    jwtKey: publicPem,
    ...(isSatellite && { isSatellite, domain: SATELLITE, signInUrl: 'https://primary.test/in' }),
  }
  const ourOptions: ClerkOptions = {
    ...shared,
    ...(audience && { audience }),
    ...(authorizedParties && { authorizedParties }),
  }
  const issuers = [issuer, ...(isSatellite && isProduction ? [`https://clerk.${SATELLITE}`] : [])]
  const client = createClerkClient({ ...shared, telemetry: { disabled: true } })
  const theirOptions = {
    ...shared,
    ...(audience && { audience: [...audience] }),
    ...(authorizedParties && { authorizedParties: [...authorizedParties] }),
    ...(pinsIssuer && { issuer: issuers }),
  }
  return {
    name,
    instance,
    issuers,
    audience: audience ?? null,
    auth: createAuth({
      providers: { clerk: () => clerk(ourOptions) },
      origins: [ORIGIN],
      now: () => Date.now(),
      onError: () => undefined,
    }),
    async judge(request) {
      try {
        return read(await client.authenticateRequest(request, theirOptions))
      } catch (error) {
        return { kind: 'refused', reason: `threw ${(error as Error).name}` }
      }
    },
  }
}

function read(state: AuthState): Judgement {
  const auth = state.toAuth()
  if (!auth?.isAuthenticated) return { kind: 'refused', reason: String(state.reason) }
  return {
    kind: 'accepted',
    token: String(state.token),
    isAnswer: state.headers.has('set-cookie'),
    identity: {
      userId: auth.userId,
      sessionId: auth.sessionId,
      orgId: auth.orgId ?? null,
      orgRole: auth.orgRole ?? null,
      orgPermissions: auth.orgPermissions ?? [],
    },
  }
}
