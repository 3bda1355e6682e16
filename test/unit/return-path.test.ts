import { describe, expect, it } from 'vitest'
import { requestPath, toReturnPath, withReturnPath } from '../../src/return-path.js'
import { hostilePaths } from '../support/core-redirects.js'

const ORIGINS = ['https://app.example', 'https://www.example:8443']
const PAGES = ['https://app.example/', 'https://app.example/a/b?c#d', 'https://www.example:8443/x']

/** Where a browser on each page of the app would go. */
function destinations(location: string): string[] {
  return PAGES.map((page) => {
    const { origin } = new URL(location, page)
    return origin === new URL(page).origin ? 'home' : origin
  })
}

describe('toReturnPath', () => {
  it('has more than a hundred hostile addresses to try', () => {
    expect(new Set(hostilePaths).size).toBeGreaterThan(150)
  })

  it.each(hostilePaths.map((path) => [JSON.stringify(path).slice(0, 60), path]))(
    'never leaves the app by %s',
    (_, wanted) => {
      const path = toReturnPath(wanted, ORIGINS)
      if (path === null) return
      expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/)
      expect(destinations(path)).toEqual(['home', 'home', 'home'])
    },
  )

  it.each(hostilePaths.map((path) => [JSON.stringify(path).slice(0, 60), path]))(
    'gives the same path the second time: %s',
    (_, wanted) => {
      const path = toReturnPath(wanted, ORIGINS)
      if (path !== null) expect(toReturnPath(path, [])).toBe(path)
    },
  )

  it.each([
    ['/', '/'],
    ['/dashboard', '/dashboard'],
    ['/a/b?c=d&e=f#g', '/a/b?c=d&e=f#g'],
    ['/a/../b', '/b'],
    ['/a//b', '/a//b'],
    ['/a\\b', '/a/b'],
    ['/a b', '/a%20b'],
    ['/日本?q=é', '/%E6%97%A5%E6%9C%AC?q=%C3%A9'],
    ['/search?to=https://evil.example', '/search?to=https://evil.example'],
    ['/a%2Fb%3Fc', '/a%2Fb%3Fc'],
    ['/?', '/'],
    ['https://app.example', '/'],
    ['https://app.example/a?b#c', '/a?b#c'],
    ['https://app.example:443/a', '/a'],
    ['HTTPS://APP.EXAMPLE/a', '/a'],
    ['https://www.example:8443/a', '/a'],
  ])('keeps %s', (wanted, expected) => {
    expect(toReturnPath(wanted, ORIGINS)).toBe(expected)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['another host', 'https://evil.example/'],
    ['another port', 'https://app.example:8443/'],
    ['another scheme', 'http://app.example/'],
    ['a path that is relative', 'dashboard'],
    ['user information', 'https://user@app.example/'],
    ['two slashes', '//evil.example/'],
    ['a file of a browser', 'blob:https://app.example/0'],
  ])('has no use for %s', (_, wanted) => {
    expect(toReturnPath(wanted, ORIGINS)).toBeNull()
  })

  it('takes no absolute address where no origin is listed', () => {
    expect(toReturnPath('https://app.example/', [])).toBeNull()
    expect(toReturnPath('/a', [])).toBe('/a')
  })

  it('does not give its own placeholder away as an origin of the app', () => {
    expect(toReturnPath('http://authmux.invalid/a', ORIGINS)).toBeNull()
  })
})

describe('requestPath', () => {
  it.each([
    ['/a?b=c', '/a?b=c'],
    ['https://app.example/a?b', '/a?b'],
    ['http://evil.example/a', '/a'],
    ['//evil.example/a', '/a'],
    ['/a#b', '/a'],
    ['*', '/*'],
    ['', '/'],
    [null, null],
    ['http://', null],
    ['mailto:a', null],
    ['/.//evil.example', null],
    ['/a/..//evil.example', null],
    ['https://app.example//evil.example', null],
    ['\\\\evil.example\\a', '/a'],
  ])('of %j is %j', (url, expected) => {
    expect(requestPath(url)).toBe(expected)
  })

  it.each(hostilePaths.map((path) => [JSON.stringify(path).slice(0, 60), path]))(
    'stays in the app for %s',
    (_, url) => {
      const path = requestPath(url)
      if (path !== null) expect(destinations(path)).toEqual(['home', 'home', 'home'])
    },
  )
})

describe('withReturnPath', () => {
  it.each([
    ['/sign-in', null, '/sign-in'],
    ['/sign-in', '/', '/sign-in?returnTo=%2F'],
    ['/sign-in', '/a?b=c&d#e', '/sign-in?returnTo=%2Fa%3Fb%3Dc%26d%23e'],
    [
      '/sign-in',
      '/a?b=1+2%20&returnTo=x',
      '/sign-in?returnTo=%2Fa%3Fb%3D1%2B2%2520%26returnTo%3Dx',
    ],
  ])('puts %s and %s together', (path, returnPath, expected) => {
    const url = withReturnPath(path, returnPath)
    expect(url).toBe(expected)
    expect(new URL(url, PAGES[0]).searchParams.get('returnTo')).toBe(returnPath)
  })
})
