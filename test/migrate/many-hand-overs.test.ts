import { describe, expect, it } from 'vitest'
import { AuthError } from '../../src/errors.js'
import type { Side } from '../../src/migrate/steps.js'
import type { AuthProvider } from '../../src/provider.js'
import { keepCookies, toCookieHeader } from '../support/cookie-jar.js'
import { fakeSession } from '../support/core-provider.js'
import { ORIGIN, twoSides } from '../support/migrate-two-sides.js'
import { createRandom, type Random } from '../support/random.js'

const USERS = 10_000
const AT_ONCE = 200

/** Sessions at one vendor, whose calls fail now and then: before anything happened, or after. */
function vendor(side: Side, kind: 'session' | 'ticket', random: Random) {
  const sessions = new Map<string, string>()
  const tickets = new Map<string, { subject: string; isUsed: boolean }>()
  const taken = new Map<string, string>()
  let counter = 0
  const begin = (subject: string) => {
    const id = `${side}-${++counter}`
    sessions.set(id, subject)
    return id
  }
  const call = async <Value>(run: () => Value): Promise<Value> => {
    const luck = random.next()
    if (luck < 0.05) throw new AuthError('provider_unavailable', 'down')
    await Promise.resolve()
    const value = run()
    if (luck < 0.1) throw new AuthError('provider_unavailable', 'the answer got lost')
    return value
  }
  const provider: Partial<AuthProvider> = {
    async authenticate(view, { revocation }) {
      const [id = '', subject = ''] = (view.cookies.get(side) ?? '').split('/')
      if (revocation === 'session') {
        const owner = await call(() => sessions.get(id))
        if (owner !== subject) throw new AuthError('session_revoked', 'ended')
      }
      return fakeSession({ subject, sessionId: id })
    },
    sessions: {
      revoke: ({ sessionId }) => call(() => void sessions.delete(sessionId)),
      revokeAll: async () => undefined,
      async clear(_view, { responseHeaders }) {
        responseHeaders.append('set-cookie', `${side}=; Max-Age=0`)
      },
    },
    users: { get: async () => null, appId: async (id) => id, subjectOf: async (id) => id },
    handOver: {
      mints: kind,
      asksForSecondFactor: kind === 'ticket',
      secondFactor: async () => ({ isEnrolled: false, isProven: false }),
      mint: (subject, key, _view, now) =>
        call(() => {
          if (kind === 'ticket') {
            const ticket = `ticket-${++counter}`
            tickets.set(ticket, { subject, isUsed: false })
            return { kind: 'ticket', ticket, expiresAt: now + 60_000 }
          }
          sessions.delete(taken.get(key) ?? '')
          const id = begin(subject)
          taken.set(key, id)
          return {
            kind: 'session',
            headers: new Headers({ 'set-cookie': `${side}=${id}/${subject}` }),
          }
        }),
    },
  }
  return { sessions, tickets, begin, provider }
}

describe.each(['session', 'ticket'] as const)('ten thousand hand-overs by %s', (kind) => {
  it('log nobody out, and leave nobody two sessions', async () => {
    const random = createRandom(20_261_121)
    const [old, next] = [vendor('old', 'ticket', random), vendor('new', kind, random)]
    let now = Date.UTC(2026, 10, 21)
    const { auth } = twoSides(
      { step: 'dual-new-primary' },
      { now: () => now },
      { old: old.provider, new: next.provider },
    )
    const handler = auth.authHandler()
    let loggedOut = 0
    let faults = 0

    async function handOver(subject: string): Promise<void> {
      const jar = new Map([['old', `${old.begin(subject)}/${subject}`]])
      const post = async (path: string) => {
        const cookie = toCookieHeader(jar)
        const headers = { cookie, origin: ORIGIN, 'content-type': 'application/json' }
        const request = new Request(`${ORIGIN}/api/auth${path}`, {
          method: 'POST',
          headers,
          body: '{}',
        })
        const response = await handler(request)
        if (response.status >= 500) faults++
        // Some answers never arrive.
        if (random.chance(0.05)) return ''
        keepCookies(jar, response)
        const { status = '', ticket = '' } = (await response.json()) as Record<string, string>
        const known = next.tickets.get(ticket)
        if (status === 'ticket' && known && !known.isUsed) {
          known.isUsed = true
          jar.set('new', `${next.begin(subject)}/${subject}`)
        }
        return status
      }
      for (let tries = 0; tries < 40; tries++) {
        const status = await post('/hand-over/mint')
        // Another tab does the same at the same time.
        const [done] =
          status === 'confirm' || status === 'ticket'
            ? await Promise.all([post('/hand-over/confirm'), post('/hand-over/mint')])
            : [status]
        const holds = (side: 'old' | 'new') =>
          (side === 'old' ? old : next).sessions.has((jar.get(side) ?? '').split('/')[0] ?? '')
        if (!holds('old') && !holds('new')) loggedOut++
        if (done === 'done' || status === 'stay') return
        now += 7000
      }
    }

    const queue = Array.from({ length: USERS }, (_, index) => `user-${index}`)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let user = queue.pop(); user !== undefined; user = queue.pop()) await handOver(user)
      }),
    )
    const perUser = new Map<string, number>()
    for (const { sessions } of [old, next]) {
      for (const subject of sessions.values()) perUser.set(subject, (perUser.get(subject) ?? 0) + 1)
    }
    expect(faults).toBeGreaterThan(USERS / 10)
    expect(loggedOut).toBe(0)
    expect(perUser.size).toBe(USERS)
    expect([...perUser.values()].filter((count) => count !== 1)).toEqual([])
    expect(next.sessions.size).toBe(USERS)
  }, 300_000)
})
