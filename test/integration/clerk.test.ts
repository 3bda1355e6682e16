import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { walkWithoutJar } from '../support/browser.js'
import { type LiveClerk, startLiveClerk, type Visitor } from '../support/clerk-live.js'
import { request } from '../support/http.js'

const HANDSHAKE = '/v1/client/handshake'

let live: LiveClerk
let people = 0

const newVisitor = (): Promise<Visitor> => live.signUp(`person-${++people}@example.com`)

/** Somebody who comes back after the session token has run out. */
async function newLateVisitor(): Promise<Visitor> {
  live.instance.clock.advance(-300)
  try {
    return await newVisitor()
  } finally {
    live.instance.clock.advance(300)
  }
}

const asBackend = (path: string, init: RequestInit = {}) =>
  live.instance.fetch(
    new Request(`http://backend${path}`, {
      ...init,
      headers: { authorization: `Bearer ${live.instance.secretKey}` },
    }),
  )

beforeAll(async () => {
  live = await startLiveClerk({
    sessionTokenClaims: { metadata: '{{user.public_metadata}}' },
  })
})
afterAll(() => live.stop())

describe('a session, from sign-up to sign-out', () => {
  it('is accepted in both routers and on pages, after one look at the keys', async () => {
    const { browser, userId, sessionId } = await newVisitor()
    const me = await browser.fetch('/api/me')
    expect(me.status).toBe(200)
    expect(me.json()).toMatchObject({ provider: 'clerk', userId, sessionId })
    const mark = live.mark()
    expect((await browser.fetch('/api/pages/me')).json()).toMatchObject({ userId })
    expect((await browser.navigate('/dashboard')).text).toContain(userId)
    expect(live.mark()).toBe(mark)
  })

  it('has a user behind it', async () => {
    const { browser, userId } = await newVisitor()
    expect((await browser.fetch('/api/profile')).json()).toMatchObject({
      id: userId,
      providerUserId: userId,
      emails: [{ address: `person-${people}@example.com`, verified: true }],
    })
  })

  it('ends at Clerk and in the browser', async () => {
    const { browser, sessionId } = await newVisitor()
    const old = browser.get('__session') ?? ''
    expect((await browser.fetch('/api/sign-out', { method: 'POST' })).status).toBe(200)
    expect(browser.get('__session')).toBeUndefined()
    expect((await browser.fetch('/api/me')).status).toBe(401)
    const session = await (await asBackend(`/v1/sessions/${sessionId}`)).json()
    expect(session).toMatchObject({ status: 'revoked' })
    const asked = await request(`${live.origin}/api/admin`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${old}` },
    })
    expect(asked.json()).toMatchObject({ code: 'session_revoked' })
  })

  it('ends on every device', async () => {
    const { browser, userId } = await newVisitor()
    await asBackend('/v1/sessions', {
      method: 'POST',
      body: JSON.stringify({ user_id: userId }),
    })
    const list = `/v1/sessions?user_id=${userId}&status=active`
    expect(await (await asBackend(list)).json()).toHaveLength(2)
    expect((await browser.fetch('/api/sign-out/everywhere', { method: 'POST' })).status).toBe(200)
    expect(await (await asBackend(list)).json()).toEqual([])
  })
})

describe('an expired session, when a page is loaded', () => {
  it('is healed by a trip to Clerk, and lives on without another', async () => {
    const { browser, userId } = await newLateVisitor()
    expect((await browser.fetch('/api/me')).json()).toMatchObject({ code: 'token_expired' })
    const mark = live.mark()
    const page = await browser.navigate('/dashboard?tab=1')
    expect(page.url).toBe(`${live.origin}/dashboard?tab=1`)
    expect(page.text).toContain(userId)
    expect(live.calls(HANDSHAKE, mark)).toBe(1)
    expect((await browser.navigate('/dashboard')).hops).toBe(0)
    expect((await browser.fetch('/api/me')).status).toBe(200)
  })

  it('ends at sign-in when it was revoked, without a loop', async () => {
    const { browser, sessionId } = await newLateVisitor()
    await asBackend(`/v1/sessions/${sessionId}/revoke`, { method: 'POST' })
    const page = await browser.navigate('/dashboard')
    expect(page.url).toBe(`${live.origin}/sign-in?returnTo=%2Fdashboard`)
    expect(page.hops).toBeLessThan(7)
    expect(browser.get('__session')).toBeUndefined()
  })

  it('is not healed for a browser that keeps no cookies', async () => {
    const { browser } = await newLateVisitor()
    const cookie = browser.cookies('/')
    const mark = live.mark()
    const path = await walkWithoutJar(live.origin, '/dashboard', cookie)
    expect(path).toBe('/sign-in?returnTo=%2Fdashboard')
    expect(live.calls(HANDSHAKE, mark)).toBe(0)
  })

  it('does not send a script to Clerk', async () => {
    const { browser } = await newLateVisitor()
    const answer = await browser.fetch('/api/auth/session/refresh/continue?returnTo=%2Fdashboard')
    expect(answer.status).toBe(401)
    expect(answer.json()).toMatchObject({ code: 'token_expired' })
  })

  it.each(['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)'])(
    'never leads to %s',
    async (target) => {
      const { browser } = await newLateVisitor()
      const path = `/api/auth/session/refresh/continue?returnTo=${encodeURIComponent(target)}`
      expect(new URL((await browser.navigate(path)).url).origin).toBe(live.origin)
    },
  )
})

describe('a role', () => {
  it('counts with the next token, and is revoked with the session', async () => {
    const { browser, userId, sessionId } = await newLateVisitor()
    const init = {
      method: 'PATCH',
      body: JSON.stringify({ public_metadata: { roles: ['admin'] } }),
    }
    expect((await asBackend(`/v1/users/${userId}/metadata`, init)).status).toBe(200)
    await browser.navigate('/dashboard')
    expect((await browser.fetch('/api/admin')).status).toBe(200)
    expect((await browser.fetch('/api/admin', { method: 'DELETE' })).status).toBe(200)
    await asBackend(`/v1/sessions/${sessionId}/revoke`, { method: 'POST' })
    expect((await browser.fetch('/api/admin')).status).toBe(200)
    const asked = await browser.fetch('/api/admin', { method: 'DELETE' })
    expect(asked.json()).toMatchObject({ code: 'session_revoked' })
  })
})

describe('an instance that is gone', () => {
  it('keeps sessions, answers 503 where it has to be asked, and is never "signed out"', async () => {
    const { browser } = await newVisitor()
    expect((await browser.fetch('/api/me')).status).toBe(200)
    live.instance.faults.isOffline = true
    try {
      expect((await browser.fetch('/api/me')).status).toBe(200)
      const asked = await browser.fetch('/api/profile')
      expect(asked.status).toBe(503)
      expect(asked.json()).toMatchObject({ code: 'provider_unavailable' })
      expect(Number(asked.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    } finally {
      live.instance.faults.isOffline = false
    }
  })
})
