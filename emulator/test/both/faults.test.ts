/** Switches, one by one, on both stand-ins. */

import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/base/clock.js'
import { createFrozenClock } from '../supertokens/support/clock.js'
import { type Subject, vendors } from './vendors.js'

describe.each(vendors)('$vendor', ({ create }) => {
  let clock: Clock
  let subject: Subject

  beforeEach(async () => {
    clock = createFrozenClock()
    subject = await create({ clock })
  })

  it('answers later when it is slow', async () => {
    subject.standIn.faults.latencyMs = 80
    const startedAt = performance.now()
    expect((await subject.ping()).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79)
  })

  it('fails as often as told, and tells how often it still will', async () => {
    const { faults } = subject.standIn
    faults.failNext(2, 503)
    expect((await subject.ping()).status).toBe(503)
    expect(faults.failing).toEqual({ count: 1, status: 503, retryAfterSeconds: null })
    expect((await subject.ping()).status).toBe(503)
    expect(faults.failing).toBeNull()
    expect((await subject.ping()).status).toBe(200)
  })

  it('no longer fails when told so', async () => {
    subject.standIn.faults.failNext(5, 500)
    subject.standIn.faults.failNext(0, 500)
    expect((await subject.ping()).status).toBe(200)
  })

  it('says when to try again', async () => {
    subject.standIn.faults.failNext(1, 503, 12)
    expect((await subject.ping()).headers.get('retry-after')).toBe('12')
  })

  it('limits the rate of calls, until the window is over', async () => {
    subject.standIn.faults.rateLimit = { calls: 2, seconds: 10 }
    expect([(await subject.ping()).status, (await subject.ping()).status]).toEqual([200, 200])
    clock.advance(4)
    const refused = await subject.ping()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('6')
    clock.advance(6)
    expect((await subject.ping()).status).toBe(200)
  })

  it('no longer limits the rate when told so', async () => {
    subject.standIn.faults.rateLimit = { calls: 0, seconds: 10 }
    expect((await subject.ping()).status).toBe(429)
    subject.standIn.faults.rateLimit = null
    expect((await subject.ping()).status).toBe(200)
  })

  it('is gone while offline', async () => {
    subject.standIn.faults.isOffline = true
    await expect(subject.ping()).rejects.toThrow('fetch failed')
    subject.standIn.faults.isOffline = false
    expect((await subject.ping()).status).toBe(200)
  })

  it('keeps the keys it had when it gets another', async () => {
    const [old] = await subject.keyIds()
    await subject.standIn.rotateKeys()
    const ids = await subject.keyIds()
    expect(ids).toHaveLength(2)
    expect(ids[1]).toBe(old)
  })

  it.each(['expireSession', 'revokeSession'] as const)(
    'ends a session by %s, and no other',
    async (end) => {
      const userId = await subject.signUp('ada@example.com')
      const [one, other] = [await subject.signIn(userId), await subject.signIn(userId)]
      expect(subject.standIn[end](one)).toBe(true)
      expect(await subject.isActive(one)).toBe(false)
      expect(await subject.isActive(other)).toBe(true)
      expect(subject.standIn[end]('none')).toBe(false)
    },
  )

  it('lets sessions expire as its clock goes on', async () => {
    const id = await subject.signIn(await subject.signUp('ada@example.com'))
    expect(subject.standIn.admin.sessions()).toMatchObject([{ id, status: 'active' }])
    subject.standIn.clock.advance(200 * 86_400)
    expect(await subject.isActive(id)).toBe(false)
    expect(subject.standIn.admin.sessions()).toMatchObject([{ id, status: 'expired' }])
  })

  it('tells who listens of every call', async () => {
    const heard: number[] = []
    subject.standIn.log.subscribe(({ status }) => heard.push(status))
    subject.standIn.faults.failNext(1, 502)
    await subject.ping()
    await subject.ping()
    expect(heard).toEqual([502, 200])
  })
})
