import { afterEach, describe, expect, it } from 'vitest'
import { errorOf, openBrowser } from './browser.js'
import { refusal, type Served, serve } from './support.js'

let served: Served

afterEach(() => served.close())

describe('who may sign up', () => {
  const signUp = async (email_address: string) => {
    const browser = await openBrowser(served.instance)
    return browser.post('/v1/client/sign_ups', { email_address })
  }

  it('is decided by lists, where these count', async () => {
    served = await serve()
    const { allowlistIdentifiers, blocklistIdentifiers, instance } = served.client
    await allowlistIdentifiers.createAllowlistIdentifier({
      identifier: '*@example.com',
      notify: false,
    })
    await blocklistIdentifiers.createBlocklistIdentifier({ identifier: 'eve@example.com' })
    expect((await signUp('eve@elsewhere.com')).status).toBe(200)
    await instance.updateRestrictions({ allowlist: true, blocklist: true })
    expect((await signUp('ada@example.com')).status).toBe(200)
    for (const address of ['eve@example.com', 'eve@elsewhere.com']) {
      const refused = errorOf(await signUp(address))
      expect(refused).toMatchObject({ status: 403, code: 'not_allowed_access' })
    }
  })

  it('is listed, and taken off the lists again', async () => {
    served = await serve()
    const { blocklistIdentifiers, redirectUrls } = served.client
    const entry = await blocklistIdentifiers.createBlocklistIdentifier({
      identifier: '+4915112345678',
    })
    expect(entry).toMatchObject({ identifierType: 'phone_number' })
    const again = blocklistIdentifiers.createBlocklistIdentifier({ identifier: '+4915112345678' })
    expect(await refusal(again)).toMatchObject({ codes: ['duplicate_record'] })
    expect((await blocklistIdentifiers.getBlocklistIdentifierList()).totalCount).toBe(1)
    await blocklistIdentifiers.deleteBlocklistIdentifier(entry.id)
    expect((await blocklistIdentifiers.getBlocklistIdentifierList()).totalCount).toBe(0)
    const { id } = await redirectUrls.createRedirectUrl({ url: 'myapp://callback' })
    expect((await redirectUrls.getRedirectUrl(id)).url).toBe('myapp://callback')
    expect((await redirectUrls.getRedirectUrlList()).totalCount).toBe(1)
  })
})
