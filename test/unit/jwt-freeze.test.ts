import { describe, expect, it } from 'vitest'
import { deepFreeze, freezeMembers } from '../../src/jwt/freeze.js'

/** Everything in a value that can be frozen, and is not. */
function unfrozen(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap(unfrozen)
  return Object.isFrozen(value) ? inside : [value, ...inside]
}

describe('freezing what came out of JSON', () => {
  it.each<[string, number]>([
    ['null', 0],
    ['true', 0],
    ['"a text, which has no members: not one"', 0],
    ['{}', 0],
    ['[]', 0],
    ['[1,[2,"3"]]', 0],
    ['{"a":1,"b":"2"}', 2],
    ['{"a":{"b":{"c":null}}}', 3],
    ['[{"a":1},[{"b":{"c":2}}]]', 3],
    ['{"__proto__":{"a":1}}', 2],
  ])('goes to the bottom of %s, and counts %d members', (json, members) => {
    const value: unknown = JSON.parse(json)
    expect(freezeMembers(value)).toBe(members)
    expect(unfrozen(value)).toEqual([])
    expect(JSON.stringify(value)).toBe(json)
  })
})

describe('freezing a value', () => {
  it.each([null, undefined, 7, 'text', true])('leaves %j as it is', (value) => {
    expect(deepFreeze(value)).toBe(value)
  })

  it('goes all the way down, and gives the value back', () => {
    const value = { list: [{ deep: 1 }], record: { nothing: null } }
    expect(deepFreeze(value)).toBe(value)
    expect(unfrozen(value)).toEqual([])
  })

  it('does not go through what is frozen already', () => {
    const inside = { open: true }
    const value = Object.freeze({ inside })
    deepFreeze({ value })
    expect(Object.isFrozen(inside)).toBe(false)
  })
})
