import { describe, expect, it } from 'vitest'
import { createEndedList } from '../../src/revocations/ended-list.js'
import { SECOND, START } from '../support/core-clock.js'

const KEEP_MS = 3600 * SECOND

/** What the entry of a session called `s…` takes. */
const ENTRY = 'u6:vendors-000'.length + 100

const name = (index: number) => `s-${String(index).padStart(3, '0')}`

function listOf(count: number, capacity: number) {
  const list = createEndedList(KEEP_MS, capacity)
  for (let index = 0; index < count; index++) {
    list.add({ provider: 'vendor', sessionId: name(index) }, START + index * SECOND)
  }
  return list
}

function verdict(
  list: ReturnType<typeof listOf>,
  sessionId: string,
  issuedAt: number,
  now: number = START + 200 * SECOND,
): unknown {
  try {
    list.check('vendor', { subject: 'ada', sessionId, issuedAt: issuedAt / SECOND }, now)
    return 'counts'
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

describe('a list that is full', () => {
  // Made for a hundred, told of a hundred and ten: the first ten are forgotten.
  const list = listOf(110, 100 * ENTRY)

  it.each([
    ['the newest', 109],
    ['the oldest that is known', 10],
  ])('refuses %s', (_, index) => {
    expect(verdict(list, name(index), START)).toBe('session_revoked')
  })

  it.each([
    ['of one that is forgotten', name(0)],
    ['of one that never ended, as nobody can tell', 'other'],
  ])('takes no token from before it begins: %s', (_, sessionId) => {
    expect(verdict(list, sessionId, START)).toBe('token_expired')
    expect(verdict(list, sessionId, START + 9 * SECOND)).toBe('token_expired')
  })

  it('takes what was issued since', () => {
    expect(verdict(list, 'other', START + 10 * SECOND)).toBe('counts')
  })

  it('says when the token ran out, so that its session can still be ended', () => {
    const now = START + 200 * SECOND
    expect(() =>
      list.check('vendor', { subject: 'ada', sessionId: 'other', issuedAt: START / SECOND }, now),
    ).toThrow(expect.objectContaining({ details: { expiredAt: new Date(now) } }))
  })
})

describe('a list with room', () => {
  it('forgets what no token is old enough for', () => {
    const list = listOf(10, 100 * ENTRY)
    const now = START + KEEP_MS + 5 * SECOND
    list.sweep(now)
    expect(verdict(list, name(4), now, now)).toBe('counts')
    expect(verdict(list, name(5), now, now)).toBe('session_revoked')
  })

  it('keeps the later of two ends', () => {
    const list = createEndedList(KEEP_MS)
    const ada = { provider: 'vendor', providerUserId: 'ada' }
    list.add(ada, START + 10 * SECOND)
    list.add(ada, START)
    expect(verdict(list, 'any', START + 10 * SECOND)).toBe('session_revoked')
    expect(verdict(list, 'any', START + 11 * SECOND)).toBe('counts')
    list.add(ada, START + 20 * SECOND)
    expect(verdict(list, 'any', START + 20 * SECOND)).toBe('session_revoked')
  })

  it('is no larger for what it is told again', () => {
    const list = listOf(50, 100 * ENTRY)
    for (let turn = 0; turn < 10; turn++) {
      for (let index = 0; index < 50; index++) {
        list.add({ provider: 'vendor', sessionId: name(index) }, START + (60 + turn) * SECOND)
      }
    }
    expect(verdict(list, 'other', START)).toBe('counts')
  })
})
