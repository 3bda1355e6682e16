import { afterEach, describe, expect, it } from 'vitest'
import { errorOf, openBrowser } from './browser.js'
import { ADA, refusal, type Served, serve } from './support.js'

let served: Served

afterEach(() => served.close())

describe('rate limits', () => {
  it('hold servers to a hundred calls in ten seconds, except for keys', async () => {
    served = await serve({ isRateLimited: true })
    const { client, instance } = served
    for (let call = 0; call < 100; call++) await client.users.getCount()
    const refused = await refusal(client.users.getCount())
    expect(refused).toMatchObject({ status: 429, codes: ['too_many_requests'] })
    expect(refused.retryAfter).toBeGreaterThan(0)
    expect(refused.retryAfter).toBeLessThanOrEqual(10)
    expect((await client.jwks.getJwks()).keys).toHaveLength(1)
    instance.clock.advance(refused.retryAfter ?? 0)
    expect(await client.users.getCount()).toBe(0)
  })

  it('hold browsers to five sign-ins in ten seconds, and say when to try again', async () => {
    served = await serve({ isRateLimited: true })
    await served.client.users.createUser(ADA)
    const browser = await openBrowser(served.instance)
    const fields = { identifier: 'ada@example.com', password: 'wrong' }
    for (let call = 0; call < 5; call++) {
      expect((await browser.post('/v1/client/sign_ins', fields)).status).toBe(422)
    }
    const answer = await browser.post('/v1/client/sign_ins', fields)
    expect(errorOf(answer)).toMatchObject({ status: 429, code: 'too_many_requests' })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(answer.headers.get('access-control-expose-headers')).toBe('retry-after')
    served.instance.clock.advance(10)
    expect((await browser.post('/v1/client/sign_ins', fields)).status).toBe(422)
  })

  it('are off unless they are switched on', async () => {
    served = await serve()
    for (let call = 0; call < 110; call++) await served.client.users.getCount()
    expect(await served.client.users.getCount()).toBe(0)
  })
})
