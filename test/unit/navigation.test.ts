import { describe, expect, it } from 'vitest'
import { AuthError } from '../../src/errors.js'
import type { RequestView } from '../../src/request.js'
import { NAVIGATION } from '../support/core-auth.js'
import { APP, away, HEAL, healingApp, markers, outcome } from '../support/core-healing.js'
import { hostilePaths } from '../support/core-redirects.js'

const healAt = (path: string) => `${HEAL}?returnTo=${encodeURIComponent(path)}`
const signInFor = (path: string) => `/sign-in?returnTo=${encodeURIComponent(path)}`

describe('a page whose session has run out', () => {
  it('is healed and shown', async () => {
    const { browser, healed } = healingApp()
    const { response, trail } = await browser.open('/page?q=1&r=a%20b')
    const path = '/page?q=1&r=a%20b'
    expect(trail).toEqual([path, healAt(path), `${healAt(path)}&marked`, path])
    expect(await response.text()).toBe(`page ${APP}${path}`)
    expect(healed).toHaveLength(1)
  })

  it('is healed once more for another page, and after the marker has run out', async () => {
    const { browser, healed } = healingApp({ signInPath: '/sign-in' })
    await browser.open('/page')
    browser.cookies.set('s', 'old-2')
    await browser.open('/other')
    expect(healed).toHaveLength(2)
    for (const [name] of markers(browser)) browser.cookies.delete(name)
    browser.cookies.set('s', 'old-3')
    await browser.open('/page')
    expect(healed).toHaveLength(3)
  })

  it.each([
    ['the session has ended', () => outcome('ended', null)],
    ['the attempt changed nothing', () => outcome('ended', 'old-1')],
    ['the vendor has another failure in store', () => outcome('ended', 'old-2')],
    ['a healed session has run out already', () => outcome('healed', 'old-2')],
    ['the vendor sends the browser round and round', () => away()],
  ])('ends at the sign-in page when %s', async (_, heal) => {
    const { browser, healed } = healingApp({ heal, signInPath: '/sign-in' })
    const { response, trail } = await browser.open('/page')
    expect(await response.text()).toBe('sign-in')
    expect(trail.at(-1)).toBe(signInFor('/page'))
    expect(healed.length).toBeLessThanOrEqual(2)
  })

  it.each([
    ['the session has ended', () => outcome('ended', null)],
    ['the attempt changed nothing', () => outcome('ended', 'old-1')],
    ['a healed session has run out already', () => outcome('healed', 'old-2')],
    ['the vendor sends the browser round and round', () => away()],
  ])('ends with 401 when %s and there is no sign-in page', async (_, heal) => {
    const { browser, healed } = healingApp({ heal })
    const { response } = await browser.open('/page')
    expect(response.status).toBe(401)
    expect(healed.length).toBeLessThanOrEqual(2)
  })

  it.each<[string, (view: RequestView) => string | null]>([
    ['the header', ({ header }) => /(?:^|; )s=([^;]+)/.exec(header('cookie') ?? '')?.[1] ?? null],
    [
      'its cookie below the app’s origin',
      ({ url, cookies }) => (url?.startsWith(`${APP}/`) ? cookies.get('s') : null),
    ],
    [
      'its cookie in what a browser loads',
      ({ method, header, cookies }) =>
        method === 'GET' && header('sec-fetch-mode') === 'navigate' ? cookies.get('s') : null,
    ],
  ])('is healed, or ends at the sign-in page, where the vendor looks at %s', async (_, read) => {
    const { browser } = healingApp({ read, signInPath: '/sign-in' })
    expect((await browser.open('/page')).trail.at(-1)).toBe('/page')
    const ended = healingApp({ read, heal: () => outcome('ended', null), signInPath: '/sign-in' })
    ended.browser.cookies.set('other', 'x')
    expect((await ended.browser.open('/page')).trail.at(-1)).toBe(signInFor('/page'))
  })

  it('does not go round in circles when every new session has run out already', async () => {
    let count = 1
    const heal = () => outcome('healed', `old-${++count}`)
    const { browser, healed } = healingApp({ heal, signInPath: '/sign-in' })
    const { response } = await browser.open('/page')
    expect(await response.text()).toBe('sign-in')
    expect(healed.length).toBeLessThanOrEqual(2)
  })

  it('does not go round in circles when servers disagree on the time', async () => {
    let count = 1
    const heal = () => outcome('healed', `fresh-${++count}`)
    const keep = (_name: string, value: string) => value.replace(/^fresh/, 'old')
    const { browser, healed } = healingApp({ heal, keep, signInPath: '/sign-in' })
    const { response } = await browser.open('/page')
    expect(await response.text()).toBe('sign-in')
    expect(healed.length).toBeLessThanOrEqual(3)
  })

  it('does not try again within 30 s of a failure', async () => {
    const { browser, healed } = healingApp({
      heal: () => outcome('ended', 'old-1'),
      signInPath: '/sign-in',
    })
    await browser.open('/page')
    const { trail } = await browser.open('/page')
    expect(trail).toEqual(['/page', signInFor('/page')])
    expect(healed).toHaveLength(1)
  })

  it.each([
    ['with a sign-in page', '/sign-in', 200],
    ['without one', undefined, 401],
  ])('ends for a browser that keeps no further cookies, %s', async (_, signInPath, status) => {
    const { browser, healed } = healingApp({
      keep: (name, value) => (name === 's' ? value : null),
      ...(signInPath && { signInPath }),
    })
    const { response } = await browser.open('/page')
    expect(response.status).toBe(status)
    expect(healed).toHaveLength(0)
  })

  it('ends for a browser that does not keep the new session', async () => {
    const { browser, healed } = healingApp({
      keep: (name, value) => (name === 's' ? null : value),
      signInPath: '/sign-in',
    })
    const { response } = await browser.open('/page')
    expect(await response.text()).toBe('sign-in')
    expect(healed).toHaveLength(1)
  })

  it('is left alone where only the vendor’s browser SDK can help', async () => {
    const { browser, healed } = healingApp({ session: 'dead-1', signInPath: '/sign-in' })
    const { trail } = await browser.open('/page')
    expect(trail).toEqual(['/page', signInFor('/page')])
    expect(healed).toHaveLength(0)
  })

  it('is not healed for a browser that does not say what it is doing', async () => {
    const { browser, healed } = healingApp({ signInPath: '/sign-in' })
    const response = await browser.send('/page', { accept: 'text/html' })
    expect(response.status).toBe(401)
    expect(healed).toHaveLength(0)
  })

  it('is unavailable during an outage, and healed afterwards', async () => {
    let isDown = true
    const heal = () => {
      if (isDown) throw new AuthError('provider_unavailable', 'down')
      return outcome('healed', 'fresh-1')
    }
    const { browser } = healingApp({ heal, signInPath: '/sign-in' })
    const { response } = await browser.open('/page')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(browser.cookies.get('s')).toBe('old-1')
    isDown = false
    expect((await browser.open('/page')).response.status).toBe(200)
  })
})

describe('a session healed at the vendor', () => {
  const heal = (request: Request) =>
    new URL(request.url).searchParams.has('handshake') ? outcome('healed', 'fresh-1') : away()

  it('goes there and comes back', async () => {
    const { browser, healed } = healingApp({ heal })
    const { response, trail } = await browser.open('/page')
    expect(trail.map((address) => address.replace(/[?].*/, ''))).toEqual([
      '/page',
      HEAL,
      HEAL,
      'https://vendor.example/handshake',
      HEAL,
      '/page',
    ])
    expect(response.status).toBe(200)
    expect(healed).toHaveLength(2)
  })

  it('counts although the vendor changes the credential meanwhile', async () => {
    const { browser } = healingApp({ heal })
    browser.cookies.set('s', 'old-1')
    const first = await browser.send(healAt('/page'))
    const second = await browser.send(first.headers.get('location') ?? '')
    expect(second.headers.get('location')).toBe('https://vendor.example/handshake')
    browser.cookies.set('s', 'fresh-9')
    const third = await browser.send(`${healAt('/page')}&handshake=1`)
    expect(third.headers.get('location')).toBe('/page')
  })

  it('is not healed by an answer nobody asked for', async () => {
    const { browser, healed } = healingApp({ heal, signInPath: '/sign-in' })
    const response = await browser.send(`${healAt('/page')}&handshake=1`)
    expect(response.headers.get('location')).toMatch(/&marked$/)
    expect(healed).toHaveLength(0)
  })
})

describe('the address that heals', () => {
  it('sets a marker first, and heals nobody without it', async () => {
    const { browser, healed } = healingApp({ signInPath: '/sign-in' })
    const response = await browser.send(healAt('/page'))
    expect([response.status, response.headers.get('location')]).toEqual([
      307,
      `${healAt('/page')}&marked`,
    ])
    expect(response.headers.get('cache-control')).toBe('no-store')
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/^authmux_heal_[\w-]{12}=set\.1\.[\w-]{43}/)
    for (const attribute of ['Max-Age=30', 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) {
      expect(cookie.split('; ')).toContain(attribute)
    }
    expect(cookie).not.toContain('old-1')
    expect(healed).toHaveLength(0)
  })

  it('is not fooled by an address that claims the marker is there', async () => {
    const { browser, healed } = healingApp({ signInPath: '/sign-in' })
    const response = await browser.send(`${healAt('/page')}&marked`)
    expect(response.headers.get('location')).toBe(signInFor('/page'))
    expect(healed).toHaveLength(0)
  })

  it('takes no marker of another page', async () => {
    const { browser, healed } = healingApp({ signInPath: '/sign-in' })
    await browser.send(healAt('/page'))
    await browser.send(`${healAt('/other')}&marked`)
    expect(healed).toHaveLength(0)
  })

  it('takes no marker of another session', async () => {
    const { browser, healed } = healingApp({ signInPath: '/sign-in' })
    await browser.send(healAt('/page'))
    browser.cookies.set('s', 'old-2')
    await browser.send(`${healAt('/page')}&marked`)
    expect(healed).toHaveLength(0)
  })

  it.each(['', 'set', 'set.', '.', 'away-x.y', 'SET.x', 'fresh.x', '%', 'done.done', 'set.x.y'])(
    'takes no malformed marker: %j',
    async (value) => {
      const { browser, healed } = healingApp({ signInPath: '/sign-in' })
      await browser.send(healAt('/page'))
      for (const [name] of markers(browser)) browser.cookies.set(name, value)
      await browser.send(`${healAt('/page')}&marked`)
      expect(healed).toHaveLength(0)
    },
  )

  it.each([
    ['GET by a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['an image', { ...NAVIGATION, 'sec-fetch-dest': 'image' }],
    ['a frame', { ...NAVIGATION, 'sec-fetch-dest': 'iframe' }],
    ['a prefetch', { ...NAVIGATION, 'sec-purpose': 'prefetch' }],
    ['the router', { ...NAVIGATION, rsc: '1' }],
    ['the router’s prefetch', { ...NAVIGATION, rsc: '1', 'next-router-prefetch': '1' }],
    ['the router’s data', { ...NAVIGATION, 'x-nextjs-data': '1' }],
    ['a program', {}],
  ])('consumes nothing for %s', async (_, headers) => {
    const { browser, healed } = healingApp({ signInPath: '/sign-in' })
    await browser.send(healAt('/page'))
    const before = [...browser.cookies]
    for (const address of [healAt('/page'), `${healAt('/page')}&marked`]) {
      const response = await browser.send(address, headers)
      expect(response.status).toBe(401)
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect([...browser.cookies]).toEqual(before)
    expect(healed).toHaveLength(0)
  })

  it.each([
    ['nobody', '', signInFor('/page')],
    ['somebody whose session is fine', 'fresh-1', '/page'],
    ['somebody only the vendor’s browser SDK can help', 'dead-1', signInFor('/page')],
  ])('sends %s on', async (_, session, expected) => {
    const { browser, healed } = healingApp({ session, signInPath: '/sign-in' })
    const { trail } = await browser.open(healAt('/page'))
    expect(trail.at(-1)).toBe(expected)
    expect(healed).toHaveLength(0)
  })

  it('heals twenty tabs that come together', async () => {
    const { browser } = healingApp({ signInPath: '/sign-in' })
    const visits = await Promise.all(
      Array.from({ length: 20 }, (_, index) => browser.open(`/page?${index}`)),
    )
    for (const { response } of visits) expect(response.status).toBe(200)
  })

  it.each([undefined, '/sign-in'])(
    'leads nobody out of the app; sign-in page: %s',
    async (path) => {
      const sessions = ['old-1', 'fresh-1', 'dead-1', '']
      for (const wanted of hostilePaths.filter(
        (text) => text.length < 1000 && !/[\ud800]$/.test(text),
      )) {
        for (const session of sessions) {
          const { browser } = healingApp({ session, ...(path && { signInPath: path }) })
          const { trail } = await browser.open(healAt(wanted))
          expect(trail.filter((address) => !address.startsWith('/'))).toEqual([])
        }
      }
    },
  )

  it('goes back to the start for a return path that is not the app’s', async () => {
    const { browser } = healingApp()
    const { trail } = await browser.open(`${HEAL}?returnTo=https://evil.example`)
    expect(trail.at(-1)).toBe('/')
  })

  it('ends when it is told to return to itself', async () => {
    const { browser } = healingApp({ signInPath: '/sign-in' })
    const { response } = await browser.open(healAt(healAt(healAt('/page'))))
    expect(response.status).toBe(200)
  })
})
