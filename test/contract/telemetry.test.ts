import { describe, expect, it } from 'vitest'
import { clerk } from '../../providers/clerk/index.js'
import { createClerkTestInstance } from '../../providers/clerk/testing.js'
import { supertokens } from '../../providers/supertokens/index.js'
import { createSuperTokensTestCore } from '../../providers/supertokens/testing.js'
import { createAuth } from '../../src/auth.js'
import type { AuthTelemetry, VerdictFacts } from '../../src/events.js'
import type { AuthProvider } from '../../src/provider.js'
import { createTestKey } from '../../src/testing/index.js'
import { only } from '../support/core-provider.js'

const ORIGIN = 'https://app.example.com'
const key = await createTestKey('s-telemetry')
const instance = await createClerkTestInstance({ origin: ORIGIN, isProduction: true, key })
const core = await createSuperTokensTestCore({ issuer: `${ORIGIN}/api/auth`, isStatic: true, key })
const { environment } = instance

const vendors: readonly (readonly [string, () => AuthProvider, typeof instance | typeof core])[] = [
  [
    'clerk',
    () =>
      clerk({
        publishableKey: environment.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY ?? '',
        jwtKey: key.publicPem,
        secretKey: environment.CLERK_SECRET_KEY ?? '',
        authorizedParties: [ORIGIN],
      }),
    instance,
  ],
  [
    'supertokens',
    () =>
      supertokens({
        appInfo: {
          appName: 'app',
          apiDomain: ORIGIN,
          websiteDomain: ORIGIN,
          apiBasePath: '/api/auth',
        },
        connectionURI: 'http://127.0.0.1:3567',
        jwks: JSON.stringify(core.jwks),
        requiredClaims: {},
        session: { useDynamicAccessTokenSigningKey: false },
        recipes: async () => ({ recipeList: [] }),
      }),
    core,
  ],
]

describe.each(vendors)('telemetry over %s', (_, create, vendor) => {
  const facts: VerdictFacts[] = []
  const telemetry: AuthTelemetry = {
    authenticate: (reach) => reach((fact) => facts.push(fact)),
    refused: () => undefined,
  }
  const auth = createAuth({ providers: only(create()), origins: [ORIGIN], telemetry })

  it.each(['cookie', 'bearer'] as const)(
    'knows by %s whether a token was seen before',
    async (carrier) => {
      facts.length = 0
      const { cookie, token } = await vendor.signedIn({ userId: `by-${carrier}` })
      const headers = carrier === 'cookie' ? { cookie } : { authorization: `Bearer ${token}` }
      for (const _ of [1, 2]) await auth.getAuth(new Request(ORIGIN, { headers: { ...headers } }))
      expect(facts).toEqual(
        [false, true].map((isCacheHit) => ({
          outcome: 'signed_in',
          isFailure: false,
          provider: 'fake',
          isCacheHit,
        })),
      )
    },
  )
})
