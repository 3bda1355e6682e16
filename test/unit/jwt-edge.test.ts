import { beforeAll, describe, expect, it } from 'vitest'
import type { createAuth } from '../../src/auth.js'
import type { AuthError } from '../../src/errors.js'
import type { KeySource } from '../../src/jwt/keys.js'
import type { parseToken } from '../../src/jwt/token.js'
import type { verifyToken } from '../../src/jwt/verify.js'
import { START } from '../support/core-clock.js'
import { inEdgeRuntime } from '../support/core-edge.js'
import { compact, createSigner } from '../support/core-token.js'

interface Core {
  readonly parseToken: typeof parseToken
  readonly verifyToken: typeof verifyToken
  readonly pinnedPem: (text: string, name: string) => KeySource
  readonly remoteKeys: (options: object) => KeySource
  readonly createAuth: typeof createAuth
}

const signer = createSigner('key-1')
const stranger = createSigner('key-1')
const now = START / 1000
const header = { alg: 'RS256', typ: 'JWT', kid: 'key-1' }
const claims = { iss: 'https://issuer.example', sub: 'user-1', iat: now - 10, exp: now + 60 }
const rules = { issuers: [claims.iss], clockSkewSeconds: 0, issuedAtSkewSeconds: 60 }

describe('an edge runtime', () => {
  let core: Core

  beforeAll(async () => {
    core = await inEdgeRuntime<Core>(`
      export { createAuth } from './src/auth.js'
      export { parseToken } from './src/jwt/token.js'
      export { verifyToken } from './src/jwt/verify.js'
      export { pinnedPem } from './src/jwt/keys.js'
      export { remoteKeys } from './src/jwt/remote-keys.js'
    `)
  })

  async function verdict(token: string, keys: KeySource): Promise<string> {
    const parsed = core.parseToken(token)
    if (!parsed) return 'malformed'
    try {
      await core.verifyToken(parsed, keys, rules, START)
      return 'accepted'
    } catch (error) {
      return (error as AuthError).code
    }
  }

  it.each([
    ['a good token', () => signer.sign(header, claims), 'accepted'],
    ['an expired token', () => signer.sign(header, { ...claims, exp: now }), 'token_expired'],
    ['a foreign signature', () => stranger.sign(header, claims), 'token_invalid'],
    ['a foreign issuer', () => signer.sign(header, { ...claims, iss: 'x' }), 'token_invalid'],
    ['algorithm none', () => compact('{"alg":"none"}', JSON.stringify(claims)), 'token_invalid'],
    ['RS384', () => signer.signWith('RS384', header, claims), 'token_invalid'],
    ['padding', () => `${signer.sign(header, claims)}==`, 'malformed'],
    ['a member twice', () => signer.sign(header, '{"sub":"a","sub":"b"}'), 'malformed'],
    [
      'a byte order mark',
      () => signer.sign(header, `\ufeff${JSON.stringify(claims)}`),
      'malformed',
    ],
    ['garbage', () => 'garbage', 'malformed'],
  ])('has the same verdict on %s', async (_, make, expected) => {
    expect(await verdict(make(), core.pinnedPem(signer.publicPem, 'TEST_KEY'))).toBe(expected)
  })

  it('fetches keys', async () => {
    const keys = core.remoteKeys({
      urls: ['https://issuer.example/jwks.json'],
      fetch: async () => Response.json({ keys: [signer.publicJwk] }),
      now: () => START,
      vendor: 'Acme',
    })
    expect(await verdict(signer.sign(header, claims), keys)).toBe('accepted')
    expect(await verdict(signer.sign({ ...header, kid: 'x' }, claims), keys)).toBe('token_invalid')
  })

  it('guards handlers', async () => {
    const provider = {
      contract: 1,
      name: 'none',
      owns: () => false,
      authenticate: async () => null,
    } as const
    const providers = { none: () => provider } as unknown as Parameters<
      typeof createAuth
    >[0]['providers']
    const auth = core.createAuth({ providers, origins: ['https://app.example'] })
    const response = await auth.requireAuth(() => new Response('in'))(
      new Request('https://app.example'),
    )
    expect(response.status).toBe(401)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })
})
