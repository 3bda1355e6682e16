import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { type Awaitable, andThen, attempt, once } from '../../src/awaitable.js'

const double = (value: number): number => value * 2

const thenable = (
  then: (resolve: (value: number) => void, reject: (error: unknown) => void) => void,
) => ({ then }) as unknown as Promise<number>

describe('going on with a value', () => {
  it('happens at once where it is there', () => {
    expect(andThen(2, double)).toBe(4)
  })

  it.each<[string, () => Awaitable<number>]>([
    ['a promise', async () => 2],
    // An edge runtime hands out promises that are not instances of ours.
    ['a promise of another realm', () => runInNewContext('Promise.resolve(2)')],
    // Like the query of a database that runs when it is waited for, and gives nothing back.
    ['what only has a `then`', () => thenable((resolve) => resolve(2))],
  ])('waits for %s', async (_, make) => {
    const result = andThen(make(), double)
    expect(result).not.toBe(4)
    expect(await result).toBe(4)
  })

  it('fails as what it waits for does', async () => {
    const failing = Promise.reject<number>(new TypeError('no'))
    await expect(andThen(failing, double)).rejects.toThrow('no')
  })
})

describe('an attempt', () => {
  const recover = (error: unknown) => (error instanceof TypeError ? -1 : -2)

  it('may fail in what only has a `then`', async () => {
    const failing = thenable((_, reject) => reject(new TypeError('no')))
    expect(await attempt<number>(() => failing, recover)).toBe(-1)
  })

  it('comes to its value, at once where it is there', async () => {
    expect(attempt(() => 2, recover)).toBe(2)
    expect(await attempt(async () => 2, recover)).toBe(2)
  })

  it('comes to what is made of its failure, at once where that happens', async () => {
    const fail = () => {
      throw new TypeError('no')
    }
    expect(attempt<number>(fail, recover)).toBe(-1)
    expect(await attempt<number>(async () => fail(), recover)).toBe(-1)
  })

  it('may fail with another error', async () => {
    const again = () => {
      throw new RangeError('again')
    }
    const rejecting = attempt<number>(() => Promise.reject(new TypeError('no')), again)
    await expect(rejecting).rejects.toThrow('again')
  })
})

describe('a value made once', () => {
  it('is made at its first use, and is there at once afterwards', async () => {
    let made = 0
    const read = once(async () => ++made)
    expect(made).toBe(0)
    const [first, second] = [read(), read()]
    expect(first).toBe(second)
    expect(await first).toBe(1)
    expect(read()).toBe(1)
  })

  it('stays the failure it was', async () => {
    let made = 0
    const read = once(async () => {
      throw new TypeError(`attempt ${++made}`)
    })
    await expect(read()).rejects.toThrow('attempt 1')
    await expect(read()).rejects.toThrow('attempt 1')
  })
})
