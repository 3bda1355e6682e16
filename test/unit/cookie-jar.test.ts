import { describe, expect, it } from 'vitest'
import { keepCookies, readSetCookies, toCookieHeader } from '../support/cookie-jar.js'

const PAST = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'
const FUTURE = 'Expires=Fri, 01 Jan 2999 00:00:00 GMT'

describe('a cookie that is set', () => {
  it.each([
    ['a=1', { value: '1', path: '/', isGone: false }],
    ['a=%2F==; path=/x; HttpOnly', { value: '%2F==', path: '/x', isGone: false }],
    ['a=', { value: '', path: '/', isGone: false }],
    ['a=; Max-Age=0', { value: '', path: '/', isGone: true }],
    ['a=1;max-age=-1', { value: '1', path: '/', isGone: true }],
    [`a=; ${PAST}`, { value: '', path: '/', isGone: true }],
    [`a=1; ${FUTURE}`, { value: '1', path: '/', isGone: false }],
    [`a=1; ${PAST}; Max-Age=60`, { value: '1', path: '/', isGone: false }],
    [`a=1; ${FUTURE}; Max-Age=0`, { value: '1', path: '/', isGone: true }],
  ])('%s', (line, expected) => {
    expect(readSetCookies([line])).toEqual([{ name: 'a', ...expected }])
  })
})

describe('a jar', () => {
  it('sends what it has kept, and nothing it was told to forget', () => {
    const cookies = new Map([
      ['old', '1'],
      ['own', '2'],
    ])
    const headers = new Headers({ 'set-cookie': 'old=; Max-Age=0' })
    headers.append('set-cookie', 'new=a=b; Path=/x')
    keepCookies(cookies, new Response(null, { headers }))
    expect(toCookieHeader(cookies)).toBe('own=2; new=a=b')
    expect(toCookieHeader([])).toBe('')
  })
})
