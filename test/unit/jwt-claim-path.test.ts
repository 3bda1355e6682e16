import { describe, expect, it } from 'vitest'
import { readClaim } from '../../src/jwt/claim-path.js'

describe('a claim by its path', () => {
  const claims = {
    role: 'member',
    nothing: null,
    list: ['first'],
    metadata: { role: 'admin', deep: { er: 7 } },
  }

  it.each<[readonly string[], unknown]>([
    [['role'], 'member'],
    [['metadata', 'role'], 'admin'],
    [['metadata', 'deep', 'er'], 7],
    [['list', '0'], 'first'],
    [['nothing'], null],
    // Where nothing is, nothing is found, and nothing is thrown.
    [['other'], undefined],
    [['other', 'deeper', 'still'], undefined],
    [['nothing', 'deeper'], undefined],
    [['metadata', 'other'], undefined],
    // A text has members of its own, and none of them is a claim.
    [['role', 'length'], undefined],
    [['role', '0'], undefined],
    // Nor is what every object inherits.
    [['constructor'], undefined],
    [['metadata', 'toString'], undefined],
    [['__proto__'], undefined],
    [['metadata', '__proto__', 'constructor'], undefined],
    [[], claims],
  ])('%j is %j', (path, expected) => {
    expect(readClaim(claims, path)).toBe(expected)
  })
})
