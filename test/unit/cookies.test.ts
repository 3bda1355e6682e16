import { describe, expect, it } from 'vitest'
import { parseCookies } from '../../src/cookies.js'

describe('parseCookies', () => {
  it.each([
    ['one cookie', 'a=1', { a: '1' }],
    ['several', 'a=1; b=2;c=3', { a: '1', b: '2', c: '3' }],
    ['the first of one name', 'a=1; a=2; a=3', { a: '1' }],
    ['the first of one name, though empty', 'a=; a=2', { a: '' }],
    ['names in different case', 'a=1; A=2', { a: '1', A: '2' }],
    ['equals signs in a value', 'a=b=c==', { a: 'b=c==' }],
    ['white space around', ' \ta \t= \t1 \t; b = 2', { a: '1', b: '2' }],
    ['white space inside', 'a=1 2', { a: '1 2' }],
    ['white space the grammar does not know', 'a=\u00a01\u2003', { a: '\u00a01\u2003' }],
    ['an empty value', 'a=', { a: '' }],
    ['percent encoding', 'a=%7B%22b%22%3A1%7D', { a: '{"b":1}' }],
    ['percent encoding of other letters', 'a=%E6%97%A5', { a: '日' }],
    ['broken percent encoding', 'a=%E6%97; b=%; c=100%', { a: '%E6%97', b: '%', c: '100%' }],
    ['a plus sign', 'a=b+c', { a: 'b+c' }],
    ['quotes', 'a="b"', { a: '"b"' }],
    ['names like methods', 'constructor=1; toString=2', { constructor: '1', toString: '2' }],
    ['a comma', 'a=1, b=2', { a: '1, b=2' }],
  ])('reads %s', (_, header, expected) => {
    const cookies = parseCookies(header)
    expect([...cookies.names()]).toEqual(Object.keys(expected))
    for (const [name, value] of Object.entries(expected)) expect(cookies.get(name)).toBe(value)
  })

  it.each([
    ['no header', null],
    ['an empty header', ''],
    ['semicolons', ';;; ;'],
    ['names without values', 'a; b; c'],
    ['another name', 'ab=1; a b=2; xa=3'],
    ['the name in a value', 'b=a=1'],
    ['the name in disguise', '%61=1; a%=2'],
    ['the name behind a NUL', '\0a=1'],
    ['the name behind white space the grammar does not know', '\u00a0a=1'],
    ['the name with a line break', 'a\n=1'],
  ])('finds no cookie "a" in %s', (_, header) => {
    expect(parseCookies(header).get('a')).toBeNull()
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('finds no %s', (name) => {
    expect(parseCookies('a=1').get(name)).toBeNull()
    expect(parseCookies('a=1').count(name)).toBe(0)
  })

  it('takes a cookie called __proto__ as any other', () => {
    const cookies = parseCookies('__proto__=1; a=2')
    expect(cookies.get('__proto__')).toBe('1')
    expect(cookies.get('a')).toBe('2')
  })

  it.each([
    ['none', 'b=1', 0],
    ['one', 'a=1; b=2', 1],
    ['two', 'a=1; b=2; a=1', 2],
    ['one without a value', 'a', 1],
    ['one with and one without a value', 'a; a=1', 2],
    ['one in disguise', 'a=1; %61=2', 2],
    ['one in disguise that is broken', 'a=1; %6=2', 1],
    ['one in disguise, in capitals', 'J=1; %4A=2; %4a=3', 0],
    ['one in disguise beside what is broken', 'a=1; %61%FF=2', 1],
    ['one inside a value', 'a=1; b=a=2', 1],
  ])('counts %s', (_, header, count) => {
    expect(parseCookies(header).count('a')).toBe(count)
  })

  it.each([
    ['a broken value', 'x=%E0%A4%A'],
    ['a broken name', '%E0%A4%A=x'],
    ['a name alone', 'x'],
    ['nothing', ''],
    ['an equals sign', '='],
    ['quotes that do not end', 'x="\\"'],
    ['control characters', 'x=\u0001\u007f'],
    ['half a surrogate pair', 'x=\ud800'],
    ['10 000 equals signs', '='.repeat(10_000)],
  ])('is not disturbed by %s', (_, neighbour) => {
    expect(parseCookies(`${neighbour}; a=1; ${neighbour}`).get('a')).toBe('1')
  })

  it.each([
    ['spaces in a value', `a=1${' '.repeat(16_000)}2`],
    ['tabs in a name', `a${'\t'.repeat(16_000)}b=1`],
    ['spaces and tabs', `${' \t'.repeat(8000)}=${'\t '.repeat(8000)}x`],
    ['semicolons', ';'.repeat(256_000)],
    ['names alone', 'a;'.repeat(128_000)],
    ['broken names', '%;'.repeat(128_000)],
    ['broken names and values', '%=%;'.repeat(64_000)],
    ['percent signs', `a=${'%'.repeat(16_000)}`],
    ['pairs', 'a=1;'.repeat(4000)],
  ])('takes no time over many %s', (_, header) => {
    const times = [1, 2, 3].map(() => {
      const begin = performance.now()
      parseCookies(header)
      return performance.now() - begin
    })
    expect(Math.min(...times)).toBeLessThan(100)
  })
})
