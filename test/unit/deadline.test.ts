import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { VENDOR_TIMEOUT_MS, withDeadline } from '../../src/deadline.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = new Promise<never>(() => undefined)

describe('withDeadline', () => {
  it('gives what the vendor gives in time', async () => {
    const answer = new Promise((resolve) => setTimeout(resolve, VENDOR_TIMEOUT_MS - 1, 'answer'))
    const outcome = withDeadline(answer, 'Acme')
    await vi.advanceTimersByTimeAsync(VENDOR_TIMEOUT_MS - 1)
    expect(await outcome).toBe('answer')
  })

  it('gives up when the vendor does not answer, naming it and the time', async () => {
    const outcome = withDeadline(never, 'Acme').catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(VENDOR_TIMEOUT_MS)
    expect(await outcome).toMatchObject({
      code: 'provider_unavailable',
      message: `Acme did not answer within ${VENDOR_TIMEOUT_MS} ms`,
    })
  })

  it('passes a failure of the vendor on as it is', async () => {
    const failure = new TypeError('vendor bug')
    await expect(withDeadline(Promise.reject(failure), 'Acme')).rejects.toBe(failure)
  })

  it('leaves no timer behind', async () => {
    await withDeadline(Promise.resolve(1), 'Acme')
    await withDeadline(Promise.reject(new Error()), 'Acme').catch(() => undefined)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no unhandled rejection behind when the vendor fails too late', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const late = new Promise((_, reject) => setTimeout(reject, 2 * VENDOR_TIMEOUT_MS, new Error()))
    const outcome = withDeadline(late, 'Acme').catch(() => 'gave up')
    await vi.advanceTimersByTimeAsync(3 * VENDOR_TIMEOUT_MS)
    vi.useRealTimers()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect([await outcome, unhandled]).toEqual(['gave up', []])
  })
})
