import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from '../support/browser.js'
import { createBrowser, walkWithoutJar } from '../support/browser.js'
import { request } from '../support/http.js'
import { type LiveSuperTokens, startLiveSuperTokens } from '../support/supertokens-live.js'

let live: LiveSuperTokens
let people = 0

const newBrowser = () => live.signUp(`person-${++people}@example.com`)

/** A browser whose access token has run out an hour ago. */
async function newExpiredBrowser(): Promise<Browser> {
  live.core.clock.advance(-7200)
  try {
    return await newBrowser()
  } finally {
    live.core.clock.advance(7200)
  }
}

const refresh = (browser: Browser) => browser.fetch('/api/auth/session/refresh', { method: 'POST' })

/** The same browser state, as another tab has it at the same moment. */
function openTab(browser: Browser): Browser {
  const tab = createBrowser(live.origin)
  tab.set('sAccessToken', browser.get('sAccessToken') ?? '')
  tab.set('sRefreshToken', browser.get('sRefreshToken') ?? '', '/api/auth/session/refresh')
  return tab
}

beforeAll(async () => {
  live = await startLiveSuperTokens()
})
afterAll(() => live.stop())

describe('a session, from sign-up to sign-out', () => {
  it('is accepted in both routers and on pages', async () => {
    const browser = await newBrowser()
    const me = await browser.fetch('/api/me')
    expect(me.status).toBe(200)
    const { userId } = me.json<{ userId: string }>()
    expect((await browser.fetch('/api/pages/me')).json()).toMatchObject({ userId })
    expect((await browser.navigate('/dashboard')).text).toContain(userId)
  })

  it('is refreshed and promoted, and every new token reaches the browser', async () => {
    const browser = await newExpiredBrowser()
    expect((await browser.fetch('/api/me')).json()).toMatchObject({ message: 'try refresh token' })
    expect((await refresh(browser)).status).toBe(200)
    const unpromoted = browser.get('sAccessToken')
    const mark = live.mark()
    expect((await browser.fetch('/api/pages/me')).status).toBe(200)
    expect(live.calls('/recipe/session/verify', mark)).toBe(1)
    expect(browser.get('sAccessToken')).not.toBe(unpromoted)
    expect((await browser.fetch('/api/me')).status).toBe(200)
    expect(live.calls('/recipe/session/verify', mark)).toBe(1)
  })

  it('ends at the core and in the browser', async () => {
    const browser = await newBrowser()
    const old = browser.get('sAccessToken') ?? ''
    const response = await browser.fetch('/api/sign-out', { method: 'POST' })
    expect(response.status).toBe(200)
    expect(response.headers['front-token']).toBe('remove')
    expect(browser.get('sAccessToken')).toBeUndefined()
    expect(browser.get('sRefreshToken')).toBeUndefined()
    expect((await browser.fetch('/api/me')).status).toBe(401)
    const asked = await request(`${live.origin}/api/admin`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${old}` },
    })
    expect(asked.json()).toMatchObject({ code: 'session_revoked' })
  })

  it('has a user behind it', async () => {
    const browser = await newBrowser()
    const { userId } = (await browser.fetch('/api/me')).json<{ userId: string }>()
    expect((await browser.fetch('/api/profile')).json()).toMatchObject({
      id: userId,
      providerUserId: userId,
      emails: [{ address: `person-${people}@example.com`, verified: false }],
    })
  })

  it('ends on every device', async () => {
    const browser = await newBrowser()
    const other = createBrowser(live.origin)
    const form = JSON.stringify({
      formFields: [
        { id: 'email', value: `person-${people}@example.com` },
        { id: 'password', value: 'correct horse battery 1' },
      ],
    })
    const headers = { 'content-type': 'application/json', 'st-auth-mode': 'cookie' }
    await other.fetch('/api/auth/signin', { method: 'POST', headers, body: form })
    expect((await other.fetch('/api/me')).status).toBe(200)
    expect((await browser.fetch('/api/sign-out/everywhere', { method: 'POST' })).status).toBe(200)
    expect((await refresh(other)).status).toBe(401)
  })

  it('tells a wrong password apart', async () => {
    const browser = createBrowser(live.origin)
    const response = await browser.fetch('/api/auth/signin', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        formFields: [
          { id: 'email', value: 'person-1@example.com' },
          { id: 'password', value: 'not the password 1' },
        ],
      }),
    })
    expect(response.json()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' })
  })
})

describe('an expired session, when a page is loaded', () => {
  it('is healed on the way, with one refresh', async () => {
    const browser = await newExpiredBrowser()
    const mark = live.mark()
    const page = await browser.navigate('/dashboard?tab=1')
    expect(page.status).toBe(200)
    expect(page.url).toBe(`${live.origin}/dashboard?tab=1`)
    expect(live.calls('/recipe/session/refresh', mark)).toBe(1)
  })

  it('survives twenty tabs and twenty prefetches with one refresh, and lives on', async () => {
    const browser = await newExpiredBrowser()
    const mark = live.mark()
    const tabs = Array.from({ length: 20 }, () => openTab(browser))
    const prefetch = () =>
      request(`${live.origin}/dashboard`, {
        headers: {
          cookie: browser.cookies('/'),
          rsc: '1',
          'next-router-prefetch': '1',
          'sec-fetch-dest': 'empty',
          'sec-fetch-mode': 'cors',
          'sec-fetch-site': 'same-origin',
        },
      })
    const [pages] = await Promise.all([
      Promise.all(tabs.map((tab) => tab.navigate('/dashboard'))),
      Promise.all(Array.from({ length: 20 }, prefetch)),
    ])
    expect(pages.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(live.calls('/recipe/session/refresh', mark)).toBe(1)
    const survivor = tabs.at(-1) as Browser
    expect((await refresh(survivor)).status).toBe(200)
    expect((await survivor.fetch('/api/me')).status).toBe(200)
    expect((await refresh(survivor)).status).toBe(200)
    expect((await survivor.fetch('/api/me')).status).toBe(200)
  })

  it('ends at sign-in when it cannot be healed, without a loop', async () => {
    const browser = await newExpiredBrowser()
    browser.set('sRefreshToken', 'stale', '/api/auth/session/refresh')
    const page = await browser.navigate('/dashboard')
    expect(page.url).toBe(`${live.origin}/sign-in?returnTo=%2Fdashboard`)
    expect(page.hops).toBeLessThan(6)
    expect(browser.get('sAccessToken')).toBeUndefined()
  })

  it('is not healed for a browser that keeps no cookies', async () => {
    const browser = await newExpiredBrowser()
    const cookie = browser.cookies('/api/auth/session/refresh')
    const mark = live.mark()
    const path = await walkWithoutJar(live.origin, '/dashboard', cookie)
    expect(path).toBe('/sign-in?returnTo=%2Fdashboard')
    expect(live.calls('/recipe/session/refresh', mark)).toBe(0)
  })

  it('consumes nothing for a script', async () => {
    const browser = await newExpiredBrowser()
    const mark = live.mark()
    const answer = await browser.fetch('/api/auth/session/refresh/continue?returnTo=%2Fdashboard')
    expect(answer.status).toBe(401)
    expect(answer.json()).toMatchObject({ code: 'token_expired', message: 'try refresh token' })
    expect(live.calls('/recipe/session/refresh', mark)).toBe(0)
  })

  it.each(['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)'])(
    'never leads to %s',
    async (target) => {
      const browser = await newExpiredBrowser()
      const path = `/api/auth/session/refresh/continue?returnTo=${encodeURIComponent(target)}`
      const page = await browser.navigate(path)
      expect(new URL(page.url).origin).toBe(live.origin)
    },
  )
})

describe('a core that is gone', () => {
  it('keeps sessions, answers 503 where it has to be asked, and is never "signed out"', async () => {
    const browser = await newBrowser()
    expect((await browser.fetch('/api/me')).status).toBe(200)
    live.core.faults.isOffline = true
    try {
      expect((await browser.fetch('/api/me')).status).toBe(200)
      const asked = await request(`${live.origin}/api/admin`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${browser.get('sAccessToken')}` },
      })
      expect(asked.status).toBe(503)
      expect(asked.json()).toMatchObject({ code: 'provider_unavailable' })
      expect(Number(asked.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    } finally {
      live.core.faults.isOffline = false
    }
  })
})
