import { describe, expect, it } from 'vitest'
import type { Side } from '../../src/migrate/steps.js'
import type { AuthProvider, Inspection, ProviderEndpoints } from '../../src/provider.js'
import { keepCookies, toCookieHeader } from '../support/cookie-jar.js'
import { NAVIGATION } from '../support/core-auth.js'
import { bearerOf, NOT_MINE, ORIGIN, requestWith, twoSides } from '../support/migrate-two-sides.js'

/** Endpoints that say whose they are, and what they were sent. */
function endpointsOf(side: Side): ProviderEndpoints {
  return {
    corsHeaders: [`x-${side}`, 'authorization'],
    acceptsCrossSite: (path) => path.endsWith(`/${side}/webhook`),
    async handle(request) {
      const { pathname } = new URL(request.url)
      const body = await request.text()
      return pathname.includes(`/${side}/`) ? Response.json({ side, body }) : null
    },
  }
}

/** Cookies of a side are `fresh…`, `stale…` (healed once asked) or `dead…` (ended once asked). */
function navigationOf(side: Side): Partial<AuthProvider> {
  const states: Readonly<Record<string, Inspection['state']>> = {
    fresh: 'fresh',
    stale: 'healable',
    dead: 'healable',
  }
  return {
    navigation: {
      async inspect({ cookies }) {
        const credential = cookies.get(side) ?? ''
        return { state: states[credential.split('-')[0] ?? ''] ?? 'absent', credential }
      },
      async heal(request) {
        const isDead = request.headers.get('cookie')?.includes(`${side}=dead`)
        const cookie = isDead ? `${side}=; Max-Age=0` : `${side}=fresh-again`
        const outcome = isDead ? 'ended' : 'healed'
        return { outcome, headers: new Headers({ 'set-cookie': cookie }) }
      },
    },
  }
}

const each = (make: (side: Side) => Partial<AuthProvider>) => ({
  old: make('old'),
  new: make('new'),
})

describe('the auth routes of two vendors', () => {
  const { auth } = twoSides(
    {},
    {},
    each((side) => ({ endpoints: endpointsOf(side) })),
  )
  const handler = auth.authHandler()
  const post = (path: string, headers: Record<string, string> = {}) =>
    handler(
      new Request(`${ORIGIN}/api/auth${path}`, {
        method: 'POST',
        body: 'the body',
        headers: { 'sec-fetch-site': 'same-origin', ...headers },
      }),
    )

  it.each(['old', 'new'])('reach the %s one with the body whole', async (side) => {
    const response = await post(`/${side}/sign-in`)
    expect(await response.json()).toEqual({ side, body: 'the body' })
  })

  it('reach nobody elsewhere', async () => {
    expect((await post('/other/sign-in')).status).toBe(404)
  })

  it('are open to other sites where their own vendor is, and nowhere else', async () => {
    const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    expect((await post('/new/webhook', elsewhere)).status).toBe(200)
    expect((await post('/old/webhook', elsewhere)).status).toBe(200)
    expect((await post('/new/sign-in', elsewhere)).status).toBe(403)
    expect((await post('/old/sign-in', elsewhere)).status).toBe(403)
  })

  it('let the browser send the headers of both', async () => {
    const response = await handler(
      new Request(`${ORIGIN}/api/auth/x`, { method: 'OPTIONS', headers: { origin: ORIGIN } }),
    )
    expect(response.headers.get('access-control-allow-headers')).toBe(
      'content-type, x-old, authorization, x-new',
    )
  })

  it('are closed where a vendor does not count', async () => {
    const shut = twoSides(
      { refused: 'old' },
      {},
      each((side) => ({ endpoints: endpointsOf(side) })),
    )
    const call = (side: Side) =>
      shut.auth.authHandler()(new Request(`${ORIGIN}/api/auth/${side}/sign-in`, { method: 'POST' }))
    expect((await call('old')).status).toBe(404)
    expect((await call('new')).status).toBe(200)
  })
})

describe('a refusal', () => {
  const challenges = each((side) => ({ challenge: () => ({ members: { vendor: side } }) }))
  const guard = (step: string) =>
    twoSides({ step }, {}, challenges).auth.requireAuth(() => Response.json({}))

  it.each([
    ['old=expired', {}, 'old'],
    ['new=expired', {}, 'new'],
    ['old=expired; new=new-ada', {}, 'old'],
    ['old=ada', { authorization: bearerOf('new', 'expired') }, 'new'],
    ['', { authorization: 'Bearer other' }, undefined],
    ['', {}, undefined],
  ])('of %s %o speaks to the vendor it is about: %s', async (cookie, headers, vendor) => {
    const response = await guard('dual-old-primary')(requestWith({ cookie, ...headers }))
    expect(response.status).toBe(401)
    expect(((await response.json()) as { vendor?: string }).vendor).toBe(vendor)
  })

  it('is 403 for whom the app does not know, so that no refresh is tried', async () => {
    const response = await guard('dual-old-primary')(requestWith({ cookie: 'new=new-stranger' }))
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'forbidden', vendor: 'new' })
  })
})

describe('healing', () => {
  it.each([
    ['dual-old-primary', { old: 'stale' }, 'old=fresh-again', '/page'],
    ['dual-old-primary', { new: 'stale' }, 'new=fresh-again', '/page'],
    ['dual-old-primary', { old: 'stale', new: 'stale' }, 'old=fresh-again', '/page'],
    ['dual-new-primary', { old: 'stale', new: 'stale' }, 'new=fresh-again', '/page'],
    // The primary's session is over; the other one is there and good.
    ['dual-new-primary', { old: 'fresh', new: 'dead' }, 'new=; Max-Age=0', '/page'],
    ['dual-new-primary', { old: 'dead', new: 'dead' }, 'new=; Max-Age=0', '/in?returnTo=%2Fpage'],
    // Cookies of another app on the domain, which one vendor names alike.
    ['dual-old-primary', { old: NOT_MINE, new: 'stale' }, 'new=fresh-again', '/page'],
    ['new-only', { old: 'stale' }, undefined, '/in?returnTo=%2Fpage'],
  ])('%s %o', async (step, cookies, healed, expected) => {
    const { auth } = twoSides({ step }, { signInPath: '/in' }, each(navigationOf))
    const jar = new Map<string, string>(Object.entries(cookies))
    let location = '/api/auth/session/refresh/continue?returnTo=%2Fpage'
    const set: string[] = []
    for (let hop = 0; hop < 3 && location.startsWith('/api/auth'); hop++) {
      const cookie = toCookieHeader(jar)
      const request = requestWith({ ...NAVIGATION, cookie }, location)
      const response = await auth.authHandler()(request)
      set.push(...response.headers.getSetCookie())
      keepCookies(jar, response)
      location = response.headers.get('location') ?? ''
    }
    expect(location).toBe(expected)
    expect(set.filter((text) => !text.startsWith('authmux_heal'))).toEqual(healed ? [healed] : [])
  })
})

describe('signing out', () => {
  const post = (cookie: string, more: Record<string, string> = {}) =>
    new Request(ORIGIN, { method: 'POST', headers: { cookie, ...more } })

  it.each([
    ['old=ada', ['old']],
    ['new=new-ada', ['new']],
    ['old=ada; new=new-ada', ['old', 'new']],
    // Two people in one browser: both of them leave it.
    ['old=ada; new=new-bob', ['old', 'new']],
    ['old=ada; new=new-stranger', ['old', 'new']],
  ] as const)('of %s ends %s', async (cookie, expected) => {
    for (const step of ['dual-old-primary', 'dual-new-primary']) {
      const { auth, ended } = twoSides({ step })
      const headers = new Headers()
      await auth.signOut(post(cookie), headers)
      expect(ended.map((id) => id.split('-')[0])).toEqual(
        step.includes('old') ? expected : [...expected].reverse(),
      )
      expect(
        headers
          .getSetCookie()
          .map((text) => text.split('=')[0])
          .sort(),
      ).toEqual([...expected].sort())
    }
  })

  it('of a vendor that counts no more still ends its session', async () => {
    const { auth, ended } = twoSides({ refused: 'old' })
    const headers = new Headers()
    await auth.signOut(post('old=ada'), headers)
    expect(ended).toEqual(['old-session-of-ada'])
    expect(headers.getSetCookie()).toHaveLength(1)
  })

  it.each(
    ['dual-old-primary', 'dual-new-primary'].flatMap((step) =>
      (['a request', 'the current request'] as const).map((form) => ({ step, form })),
    ),
  )(
    'of $form succeeds at one vendor while the other is down, and says so: $step',
    async (given) => {
      const { auth, within, ended, down } = twoSides({ step: given.step })
      down.add('old')
      const headers = new Headers()
      const request = post('old=ada; new=new-ada')
      const done =
        given.form === 'a request'
          ? auth.signOut(request, headers)
          : within(request, headers).signOut()
      await expect(done).rejects.toMatchObject({ code: 'provider_unavailable' })
      expect(ended).toEqual(['new-session-of-new-ada'])
      const cleared = headers.getSetCookie().map((text) => text.split('=')[0])
      expect(cleared.sort()).toEqual(['new', 'old'])
    },
  )

  it('is nothing another site can do', async () => {
    const { auth, ended } = twoSides({})
    const request = post('old=ada; new=new-ada', { 'sec-fetch-site': 'cross-site' })
    await expect(auth.signOut(request)).rejects.toMatchObject({ code: 'csrf_rejected' })
    expect(ended).toEqual([])
  })

  it('everywhere ends the sessions of one person at both', async () => {
    const { auth, ended } = twoSides({ step: 'dual-new-primary' })
    await auth.signOutEverywhere(post('new=new-ada'))
    expect(ended).toEqual(['all of new:new-ada', 'all of old:ada'])
  })
})
