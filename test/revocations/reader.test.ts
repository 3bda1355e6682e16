import { describe, expect, it } from 'vitest'
import type { AuthError } from '../../src/errors.js'
import { keepCurrent } from '../../src/revocations/reader.js'
import { frozenClock, SECOND } from '../support/core-clock.js'

/** A store that answers when told to. */
function scriptedStore(options: { checkEverySeconds?: number; staleSeconds?: number } = {}) {
  const clock = frozenClock()
  const { checkEverySeconds = 5, staleSeconds = 60 } = options
  const failures: AuthError[] = []
  const waiting: { resolve(): void; reject(error: unknown): void }[] = []
  let reads = 0
  let isDown = false
  let isHeld = false
  const catchUp = keepCurrent(
    async () => {
      reads++
      if (isHeld) await new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
      if (isDown) throw new TypeError('refused')
    },
    {
      checkEveryMs: checkEverySeconds * SECOND,
      staleMs: staleSeconds * SECOND,
      now: clock.now,
      onFailure: (failure) => failures.push(failure),
    },
  )
  return {
    ...clock,
    failures,
    catchUp,
    reads: () => reads,
    goDown: (isSo = true) => {
      isDown = isSo
    },
    /** Answers from now on only when `answer` is called. */
    hold: (isSo = true) => {
      isHeld = isSo
    },
    answer: () => waiting.shift()?.resolve(),
    /** A verdict: whether it was reached at once, later, or not at all. */
    async verdict(): Promise<'at once' | 'after a read' | 'unavailable'> {
      try {
        const pending = catchUp()
        if (pending === undefined) return 'at once'
        await pending
        return 'after a read'
      } catch (error) {
        expect(error).toMatchObject({ code: 'provider_unavailable', status: 503 })
        return 'unavailable'
      }
    },
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve))

describe('news of a store', () => {
  it('are read before the first verdict, and not again while they are new', async () => {
    const { verdict, advance, reads } = scriptedStore()
    expect(await verdict()).toBe('after a read')
    advance(4999)
    expect(await verdict()).toBe('at once')
    advance(1)
    expect(await verdict()).toBe('after a read')
    expect(reads()).toBe(2)
  })

  it('are read once for a thousand verdicts', async () => {
    const { verdict, reads, advance } = scriptedStore()
    const burst = () => Promise.all(Array.from({ length: 1000 }, verdict))
    expect(new Set(await burst())).toEqual(new Set(['after a read']))
    advance(6 * SECOND)
    await burst()
    expect(reads()).toBe(2)
  })

  it('count from when they were asked for, not from when they came', async () => {
    const { verdict, hold, answer, advance, reads } = scriptedStore()
    hold()
    const slow = verdict()
    advance(3 * SECOND)
    answer()
    expect(await slow).toBe('after a read')
    hold(false)
    advance(2 * SECOND)
    expect(await verdict()).toBe('after a read')
    expect(reads()).toBe(2)
  })

  it('are read anew by an instance that was frozen for an hour', async () => {
    const { verdict, advance } = scriptedStore()
    await verdict()
    advance(3600 * SECOND)
    expect(await verdict()).toBe('after a read')
  })

  it('are read once more where the instance was frozen while it waited', async () => {
    const { verdict, hold, answer, advance, reads } = scriptedStore()
    hold()
    const frozen = verdict()
    advance(3600 * SECOND)
    const thawed = verdict()
    hold(false)
    answer()
    expect([await frozen, await thawed]).toEqual(['after a read', 'after a read'])
    expect(reads()).toBe(2)
  })

  it('are old when the clock is put back', async () => {
    const { verdict, advance } = scriptedStore()
    await verdict()
    advance(-1)
    expect(await verdict()).toBe('after a read')
  })
})

describe('news on every verdict', () => {
  it('are read each time, though no time has passed', async () => {
    const { verdict, reads } = scriptedStore({ checkEverySeconds: 0 })
    for (let index = 0; index < 3; index++) expect(await verdict()).toBe('after a read')
    expect(reads()).toBe(3)
  })

  it('are none that were asked for before: what was ended since would be missing', async () => {
    const { catchUp, hold, answer, reads } = scriptedStore({ checkEverySeconds: 0 })
    hold()
    const first = catchUp()
    const done: string[] = []
    const others = [catchUp(), catchUp()].map((each) => each?.then(() => done.push('other')))
    answer()
    await first
    await settle()
    expect([reads(), done]).toEqual([2, []])
    answer()
    await Promise.all(others)
    expect([reads(), done.length]).toEqual([2, 2])
  })
})

describe('while the store is away', () => {
  it('what is known counts for a minute, then nobody is let in, then all is well again', async () => {
    const { verdict, advance, goDown, failures } = scriptedStore()
    await verdict()
    goDown()
    advance(5 * SECOND)
    expect(await verdict()).toBe('after a read')
    expect(failures).toMatchObject([
      { code: 'provider_unavailable', cause: { message: 'refused' } },
    ])
    advance(54_999)
    expect(await verdict()).toBe('after a read')
    advance(1)
    expect(await verdict()).toBe('unavailable')
    goDown(false)
    advance(SECOND)
    expect(await verdict()).toBe('after a read')
    expect(await verdict()).toBe('at once')
  })

  it('an instance that knows nothing lets nobody in, and asks once a second', async () => {
    const { verdict, advance, goDown, reads, failures } = scriptedStore()
    goDown()
    for (let index = 0; index < 5; index++) expect(await verdict()).toBe('unavailable')
    expect(reads()).toBe(1)
    advance(999)
    expect(await verdict()).toBe('unavailable')
    expect(reads()).toBe(1)
    advance(1)
    expect(await verdict()).toBe('unavailable')
    expect([reads(), failures.length]).toEqual([2, 2])
  })

  it.each([
    { checkEverySeconds: 5, waitSeconds: 5 },
    { checkEverySeconds: 0, waitSeconds: 0 },
  ])('nothing counts without a grace, with news every $checkEverySeconds s', async (row) => {
    const { verdict, advance, goDown } = scriptedStore({ ...row, staleSeconds: 0 })
    await verdict()
    goDown()
    advance(row.waitSeconds * SECOND)
    expect(await verdict()).toBe('unavailable')
  })

  it('leaves no rejection unheard', async () => {
    const { catchUp, goDown, hold, answer } = scriptedStore({ checkEverySeconds: 0 })
    goDown()
    hold()
    const outcomes = Promise.allSettled([catchUp(), catchUp(), catchUp()])
    answer()
    await settle()
    answer()
    expect((await outcomes).map(({ status }) => status)).toEqual(Array(3).fill('rejected'))
  })
})
