import { describe, it } from 'vitest'
import { createTestKey, describeProvider, memoryProvider } from '../../src/testing/index.js'

const key = await createTestKey()

describeProvider(
  'memory',
  {
    lacks: { outage: 'its key never leaves the process' },
    async start() {
      let offset = 0
      const now = () => Date.now() + offset
      const provider = memoryProvider({ now, key })
      return {
        provider,
        now,
        fetch,
        signIn: (session) => provider.signedIn({ userId: 'user-1', ...session }),
        advance(seconds) {
          offset += seconds * 1000
        },
        async revoke({ token }) {
          const [, payload = ''] = token.split('.')
          provider.revoke(JSON.parse(atob(payload)).sid)
        },
        goOffline: () => provider.setAvailable(false),
      }
    },
  },
  { describe, it },
)
