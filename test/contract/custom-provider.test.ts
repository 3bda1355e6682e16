import { describe, it } from 'vitest'
import { acme } from '../../examples/custom-provider/acme.js'
import { toCredentials } from '../../src/testing/credentials.js'
import { createTestKey, describeProvider } from '../../src/testing/index.js'

const key = await createTestKey('acme-1')

describeProvider(
  'the provider of the documentation',
  {
    lacks: {
      cookies: 'it has bearer tokens only',
      roles: 'it knows no roles',
      revocation: 'it asks nobody about sessions',
      authenticationTime: 'its tokens do not tell',
    },
    async start() {
      let offset = 0
      let isOnline = true
      const now = () => Date.now() + offset
      return {
        provider: acme(),
        now,
        async fetch() {
          if (!isOnline) throw new TypeError('fetch failed')
          return Response.json({ keys: [key.publicJwk] })
        },
        async signIn() {
          const iat = Math.floor(now() / 1000)
          const claims = { iss: 'https://id.acme.example', sub: 'user-1', iat, exp: iat + 3600 }
          return toCredentials(await key.sign(claims, { typ: 'JWT' }), '', 'http://localhost')
        },
        advance(seconds) {
          offset += seconds * 1000
        },
        goOffline() {
          isOnline = false
        },
      }
    },
  },
  { describe, it },
)
