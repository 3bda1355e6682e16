import nock from 'nock'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Listener, listen } from '../../emulator/src/base/listen.js'
import { createSuperTokensCore } from '../../emulator/src/supertokens/core.js'
import { createTestKey } from '../../src/testing/index.js'
import { type AppOptions, createApp } from '../support/supertokens-app.js'

let core: Listener
beforeAll(async () => {
  core = await listen(await createSuperTokensCore({ apiKeys: ['right-key-0123456789'] }))
})
beforeEach(() => {
  nock.disableNetConnect()
  nock.enableNetConnect('127.0.0.1')
})
afterAll(() => core.close())

type Options = Required<AppOptions>

async function check(provider: Options['provider'], session: Options['session'] = {}) {
  const { auth } = createApp({ provider, session })
  const error = await auth.checkAuthConfig().catch((reason) => reason)
  return error && [error.code, error.details.issues?.map(({ name }: { name: string }) => name)]
}

describe('a check of the configuration', () => {
  it('asks the core', async () => {
    const apiKey = 'right-key-0123456789'
    expect(await check({ connectionURI: core.url, apiKey })).toBeUndefined()
    expect(await check({ connectionURI: core.url, apiKey, requiredClaims: {} })).toBeUndefined()
  })

  it('finds a key the core does not take, an address that is no core’s, and none at all', async () => {
    expect(await check({ connectionURI: core.url, apiKey: 'wrong' })).toEqual([
      'config_invalid',
      ['SUPERTOKENS_API_KEY'],
    ])
    const connectionURI = `${core.url}/elsewhere`
    expect(await check({ connectionURI, apiKey: 'right-key-0123456789' })).toEqual([
      'config_invalid',
      ['SUPERTOKENS_CONNECTION_URI'],
    ])
    expect(await check({ connectionURI: 'http://127.0.0.1:9' })).toEqual([
      'provider_unavailable',
      undefined,
    ])
  })

  it('asks no core where the keys are pinned', async () => {
    const { publicJwk } = await createTestKey('s-1')
    const jwks = JSON.stringify({ keys: [publicJwk] })
    const session = { useDynamicAccessTokenSigningKey: false }
    const provider = { connectionURI: 'http://127.0.0.1:9', session, jwks }
    expect(await check(provider, session)).toBeUndefined()
    expect(await check({ ...provider, jwks: '{}' }, session)).toEqual([
      'config_invalid',
      ['SUPERTOKENS_JWKS'],
    ])
  })
})
