import nock from 'nock'
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { supertokens } from '../../providers/supertokens/index.js'
import type { SuperTokensOptions } from '../../providers/supertokens/settings.js'
import { createSuperTokensTestCore } from '../../providers/supertokens/testing.js'
import { toCredentials } from '../../src/testing/credentials.js'
import { createTestKey, describeProvider, type ProviderHarness } from '../../src/testing/index.js'
import {
  APP_INFO,
  ISSUER,
  NOW,
  ORIGIN,
  recipeListOf,
  resetSdk,
} from '../support/supertokens-app.js'
import { CORE_URL, createScriptedCore } from '../support/supertokens-core.js'
import { payloadOf } from '../support/supertokens-tokens.js'

beforeAll(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})

afterAll(() => {
  nock.cleanAll()
  vi.useRealTimers()
})

const clock = {
  now: () => Date.now(),
  advance: (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000),
}

/** The provider over the real SDK and a scripted core, both new for every case. */
function overScriptedCore(options: Partial<SuperTokensOptions>): ProviderHarness {
  return {
    async start() {
      vi.setSystemTime(NOW)
      resetSdk()
      const core = createScriptedCore(ISSUER)
      const isStatic = options.session?.useDynamicAccessTokenSigningKey === false
      const recipeList = recipeListOf({ session: { useDynamicAccessTokenSigningKey: !isStatic } })
      return {
        ...clock,
        fetch,
        provider: supertokens({
          appInfo: APP_INFO,
          connectionURI: CORE_URL,
          recipes: async () => ({ recipeList }),
          ...options,
        }),
        async signIn({ role, permission }) {
          const claims = {
            ...(role && { 'st-role': { v: [role], t: Date.now() } }),
            ...(permission && { 'st-perm': { v: [permission], t: Date.now() } }),
          }
          const { accessToken } = core.issue({ claims, isStatic })
          return toCredentials(accessToken, `theme=dark; sAccessToken=${accessToken}`, ORIGIN)
        },
        async revoke({ token }) {
          core.revoke(String(payloadOf(token).sessionHandle))
        },
        goOffline: () => core.goOffline(),
      }
    },
  }
}

const key = await createTestKey('d-1763000000000')

const runner = { describe, it }

describeProvider('SuperTokens, rules declared', overScriptedCore({ requiredClaims: {} }), runner)

describeProvider('SuperTokens, rules learned from the SDK', overScriptedCore({}), runner)

describeProvider(
  'SuperTokens with the static key',
  overScriptedCore({
    requiredClaims: {},
    session: { useDynamicAccessTokenSigningKey: false },
  }),
  runner,
)

describeProvider(
  'SuperTokens over the keys of authmux/testing',
  {
    lacks: {
      revocation: 'the test core keeps no sessions',
      outage: 'its keys are at hand',
      authenticationTime: 'the test core keeps no sessions',
    },
    async start() {
      vi.setSystemTime(NOW)
      resetSdk()
      const core = await createSuperTokensTestCore({ issuer: ISSUER, now: clock.now, key })
      return {
        ...clock,
        fetch: core.fetch,
        provider: supertokens({
          appInfo: APP_INFO,
          connectionURI: CORE_URL,
          recipes: async () => ({ recipeList: [] }),
          requiredClaims: {},
        }),
        signIn: (session) => core.signedIn({ userId: 'user-1', ...session }),
      }
    },
  },
  runner,
)
