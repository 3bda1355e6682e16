import { Webhook } from 'svix'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClerkOptions } from '../../providers/clerk/index.js'
import type { VendorEvent } from '../../src/user-events/event.js'
import type { UserEvents } from '../../src/user-events/user-events.js'
import { createApp, createInstance, NOW, ORIGIN, optionsOf } from '../support/clerk-app.js'
import { isolateNetwork } from '../support/clerk-backend.js'
import { watchedRevocations } from '../support/revocations.js'

isolateNetwork()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

const SECRET = `whsec_${btoa('the secret of the endpoint')}`
const instance = await createInstance(false)

function world(options: ClerkOptions = { webhookSigningSecret: SECRET }) {
  const revocations = watchedRevocations()
  const auth = createApp({ ...optionsOf(instance), ...options }, { revocations })
  const handle = auth.authHandler()
  async function deliver(type: string, data: object, secret = SECRET): Promise<number> {
    const body = JSON.stringify({ object: 'event', type, timestamp: NOW, data })
    const headers = {
      'content-type': 'application/json',
      'svix-id': 'msg_1',
      'svix-timestamp': String(NOW / 1000),
      'svix-signature': new Webhook(secret).sign('msg_1', new Date(NOW), body),
    }
    const url = `${ORIGIN}/api/auth/webhooks`
    return (await handle(new Request(url, { method: 'POST', headers, body }))).status
  }
  return { auth, deliver, revocations }
}

const session = { id: 'sess_1', user_id: 'user_1', user: null }
const endedSession = { provider: 'clerk', sessionId: 'sess_1' }

describe("Clerk's webhooks", () => {
  it.each([
    ['session.ended', session, [endedSession]],
    ['session.removed', session, [endedSession]],
    ['session.revoked', session, [endedSession]],
    ['user.deleted', { id: 'user_1' }, [{ provider: 'clerk', providerUserId: 'user_1' }]],
    ['session.created', session, []],
    ['organization.created', { id: 'org_1' }, []],
  ])('put on the list what has ended: %s', async (type, data, told) => {
    const { deliver, revocations } = world()
    expect(await deliver(type, data)).toBe(204)
    expect(revocations.told).toEqual(told)
  })

  it('end the session for every instance that has the list', async () => {
    const { auth, deliver } = world()
    const credentials = await instance.signedIn({ userId: 'user_1', sessionId: 'sess_1' })
    expect((await auth.getAuth(credentials.request('/'))).reason).toBe(null)
    await deliver('session.revoked', session)
    expect((await auth.getAuth(credentials.request('/'))).reason).toBe('session_revoked')
  })

  it('end nothing when they are forged', async () => {
    const { deliver, revocations } = world()
    expect(await deliver('session.ended', session, `whsec_${btoa('guessed')}`)).toBe(401)
    expect(revocations.told).toEqual([])
  })

  it('are not taken where none were set up', async () => {
    const { deliver, revocations } = world({})
    expect(await deliver('session.ended', session)).toBe(404)
    expect(revocations.told).toEqual([])
  })

  it('are sent again when the list could not be told, and not told to the app before', async () => {
    const accepted: VendorEvent[] = []
    const userEvents: UserEvents = {
      from: () => ({
        accept: async (event) => void accepted.push(event),
        take: async () => undefined,
      }),
      deliverWaiting: async () => 0,
    }
    const { deliver, revocations } = world({ webhookSigningSecret: SECRET, userEvents })
    revocations.goDown()
    expect([await deliver('session.ended', session), accepted.length]).toEqual([503, 0])
    revocations.goDown(false)
    expect([await deliver('session.ended', session), accepted.length]).toEqual([204, 1])
    expect(revocations.told).toEqual([endedSession])
  })
})
