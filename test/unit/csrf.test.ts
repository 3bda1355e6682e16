import { describe, expect, it } from 'vitest'
import { isSameSite } from '../../src/csrf.js'
import { viewOf } from '../support/core-provider.js'

const ORIGINS = ['https://app.example', 'https://www.example']
const LISTED = 'https://www.example'
const EVIL = 'https://evil.example'

function isAllowed(
  method: string | undefined,
  site: string | null,
  origin: string | null,
  upgrade?: string,
): boolean {
  const headers = {
    ...(upgrade && { upgrade }),
    ...(site !== null && { 'sec-fetch-site': site }),
    ...(origin !== null && { origin }),
  }
  return isSameSite(viewOf(headers, method), ORIGINS)
}

const sites = [null, 'same-origin', 'same-site', 'cross-site', 'none'] as const
const origins = [null, LISTED, EVIL, 'null'] as const
const everything = sites.flatMap((site) => origins.map((origin) => ({ site, origin })))

describe('isSameSite', () => {
  it.each(
    ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'get'].flatMap((method) =>
      everything.map((headers) => ({ method, ...headers })),
    ),
  )('lets $method through from $site, $origin', ({ method, site, origin }) => {
    expect(isAllowed(method, site, origin)).toBe(true)
  })

  // prettier-ignore
  const unsafe = [
    { site: null, origin: null, allowed: true },
    { site: null, origin: LISTED, allowed: true },
    { site: null, origin: EVIL, allowed: false },
    { site: null, origin: 'null', allowed: false },
    { site: 'same-origin', origin: null, allowed: true },
    { site: 'same-origin', origin: LISTED, allowed: true },
    { site: 'same-origin', origin: EVIL, allowed: true },
    { site: 'same-origin', origin: 'null', allowed: true },
    { site: 'same-site', origin: null, allowed: false },
    { site: 'same-site', origin: LISTED, allowed: true },
    { site: 'same-site', origin: EVIL, allowed: false },
    { site: 'same-site', origin: 'null', allowed: false },
    { site: 'cross-site', origin: null, allowed: false },
    { site: 'cross-site', origin: LISTED, allowed: true },
    { site: 'cross-site', origin: EVIL, allowed: false },
    { site: 'cross-site', origin: 'null', allowed: false },
    { site: 'none', origin: null, allowed: false },
    { site: 'none', origin: LISTED, allowed: true },
    { site: 'none', origin: EVIL, allowed: false },
    { site: 'none', origin: 'null', allowed: false },
  ] as const

  it.each(
    ['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'post', 'SAFE'].flatMap((method) =>
      unsafe.map((row) => ({ method, ...row })),
    ),
  )('$method from $site, $origin: $allowed', ({ method, site, origin, allowed }) => {
    expect(isAllowed(method, site, origin)).toBe(allowed)
  })

  it.each(unsafe)('a WebSocket from $site, $origin: $allowed', ({ site, origin, allowed }) => {
    expect(isAllowed('GET', site, origin, 'websocket')).toBe(allowed)
  })

  it.each([
    { says: 'a plain page load', site: null, origin: null, allowed: true },
    { says: 'a link from another site', site: 'cross-site', origin: null, allowed: true },
    { says: 'a typed address', site: 'none', origin: null, allowed: true },
    { says: 'an action of the app', site: 'same-origin', origin: LISTED, allowed: true },
    { says: 'an action from a listed origin', site: 'cross-site', origin: LISTED, allowed: true },
    { says: 'a form of another site', site: 'cross-site', origin: EVIL, allowed: false },
    { says: 'a form of a sibling', site: 'same-site', origin: EVIL, allowed: false },
    { says: 'a form of an opaque page', site: 'cross-site', origin: 'null', allowed: false },
    { says: 'an unlisted origin alone', site: null, origin: EVIL, allowed: false },
  ])('with no method told, $says: $allowed', ({ site, origin, allowed }) => {
    expect(isAllowed(undefined, site, origin)).toBe(allowed)
  })

  it.each([
    ['a path behind', `${LISTED}/`],
    ['another port', `${LISTED}:8443`],
    ['another scheme', 'http://www.example'],
    ['a longer host', `${LISTED}.evil.example`],
    ['a longer name', 'https://evilwww.example'],
    ['user information', 'https://www.example@evil.example'],
    ['capitals', LISTED.toUpperCase()],
    ['a list', `${LISTED}, ${EVIL}`],
    ['nothing', ''],
    ['a wildcard', '*'],
  ])('does not take an origin with %s for a listed one', (_, origin) => {
    expect(isAllowed('POST', null, origin)).toBe(false)
    expect(isAllowed(undefined, null, origin)).toBe(false)
  })

  it.each([
    'Same-Origin',
    'same-origin, cross-site',
    'same-origin;x',
    'cross-site, same-origin',
    '',
  ])('does not take Sec-Fetch-Site: %j for the same origin', (site) => {
    expect(isAllowed('POST', site, null)).toBe(false)
  })

  it.each(['x-http-method-override', 'x-method-override', 'referer', 'host', 'x-forwarded-host'])(
    'is not impressed by %s',
    (name) => {
      const headers = { origin: EVIL, [name]: name === 'referer' ? `${LISTED}/x` : 'GET' }
      expect(isSameSite(viewOf(headers, 'POST'), ORIGINS)).toBe(false)
    },
  )

  it('allows nobody where no origin is listed', () => {
    expect(isSameSite(viewOf({ origin: LISTED }, 'POST'), [])).toBe(false)
  })
})
