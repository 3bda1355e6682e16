import nock from 'nock'
import { describe, it } from 'vitest'
import { clerk } from '../../providers/clerk/index.js'
import { createClerkTestInstance } from '../../providers/clerk/testing.js'
import { parseToken } from '../../src/jwt/token.js'
import { describeProvider, type ProviderHarness } from '../../src/testing/contract.js'
import { remoteOptionsOf, testKey } from '../support/clerk-app.js'
import { BACKEND, isolateNetwork, sessionRecord } from '../support/clerk-backend.js'

isolateNetwork()

/** An instance whose keys and sessions are fetched over the wire, and nothing else is. */
function harnessOf(isProduction: boolean): ProviderHarness {
  return {
    async start() {
      let offset = 0
      let isOffline = false
      const ended = new Set<string>()
      const now = () => Date.now() + offset
      const instance = await createClerkTestInstance({ isProduction, now, key: await testKey() })
      const options = remoteOptionsOf(instance)
      const api = () => nock(BACKEND).matchHeader('authorization', `Bearer ${options.secretKey}`)

      api()
        .persist()
        .get('/v1/jwks')
        .reply(() => (isOffline ? [503, ''] : [200, instance.jwks]))
      api()
        .persist()
        .get(/^\/v1\/sessions\/[^/]+$/)
        .reply((path) => {
          const id = path.split('/').at(-1) ?? ''
          if (isOffline) return [503, '']
          return [200, sessionRecord(id, 'user-1', ended.has(id) ? 'ended' : 'active')]
        })

      return {
        provider: clerk({
          ...options,
          claims: { roles: 'metadata.role', permissions: 'metadata.permission' },
        }),
        now,
        fetch: (input, init) => fetch(input, init),
        signIn: ({ role, permission, ...session }) =>
          instance.signedIn({
            userId: 'user-1',
            claims: { metadata: { role, permission } },
            ...session,
          }),
        advance(seconds) {
          offset += seconds * 1000
        },
        async revoke({ token }) {
          ended.add(String(parseToken(token)?.payload.sid))
        },
        goOffline() {
          isOffline = true
        },
        async stop() {
          nock.cleanAll()
        },
      }
    },
  }
}

describeProvider('clerk, development', harnessOf(false), { describe, it })
describeProvider('clerk, production', harnessOf(true), { describe, it })
