/** A built Next.js 16 app, and everybody who has no business behind its guards. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestCredentials } from '../../../src/testing/index.js'
import { type NextApp, startExample } from '../../support/next-app.js'
import { grouped, record } from '../../support/security-figures.js'
import {
  attack,
  expectShown,
  type RawAnswer,
  spoofedHeaders,
  spoofs,
} from '../../support/security-spoofs.js'
import { createVendorKit, type VendorKit, vendors } from '../../support/vendor-kits.js'

const guarded = ['/api/me', '/api/items/7', '/api/token', '/api/pages/me', '/dashboard'] as const
const forAdmins = ['/api/admin', '/api/pages/admin', '/admin'] as const

/** What only the handlers and pages behind the guards say. */
const WORDS =
  /"isAuthenticated":true|"owner":|"length":\d|"admin":|<p id="who">|Admin boss|user-1|boss by/

describe.each(vendors)('a built app of Next.js 16 on %s', (vendor) => {
  let app: NextApp
  let kit: VendorKit
  let user: TestCredentials

  beforeAll(async () => {
    app = await startExample(async (origin) => {
      kit = await createVendorKit(vendor, origin)
      return { ...kit.environment }
    })
    user = await kit.signIn('user-1')
  })

  afterAll(async () => {
    await app.stop()
    await kit.stop()
  })

  it('has something to protect', async () => {
    await expectShown(app.origin, guarded, user, WORDS)
  })

  it('shows nothing of it to spoofed headers and spellings', async (context) => {
    const requests = spoofs([...guarded, ...forAdmins])
    const result = await attack(app.origin, requests, ({ text }) => WORDS.test(text))
    expect(result.opened.slice(0, 10)).toEqual([])
    expect(result.broken.slice(0, 10)).toEqual([])
    expect(result.tried).toBeGreaterThan(500)
    const figure = `${grouped(result.tried)} variants, 0 protected bytes, 0 answered 5xx by a route`
    record(context, 'spoofing', `Next.js 16 on ${vendor}: ${figure}`)
  })

  it('shows nothing of the administrators’ to somebody else’s session', async (context) => {
    const requests = spoofs(forAdmins)
      .filter(({ headers }) => !headers || !('cookie' in headers || 'authorization' in headers))
      .map((attempt) => ({ ...attempt, headers: { ...attempt.headers, cookie: user.cookie } }))
    const isOpen = ({ text }: RawAnswer) => /"admin":|Admin user-1|Admin boss/.test(text)
    const result = await attack(app.origin, requests, isOpen)
    expect(result.opened.slice(0, 10)).toEqual([])
    const figure = `${grouped(result.tried)} variants with a session that lacks the role, 0 protected bytes`
    record(context, 'spoofing', `Next.js 16 on ${vendor}: ${figure}`)
  })

  it('knows somebody with a session for nobody else, whatever the headers say', async () => {
    const requests = spoofedHeaders
      .filter((headers) => !('cookie' in headers || 'authorization' in headers || 'rsc' in headers))
      .map((headers) => ({ target: '/api/me', headers: { ...headers, cookie: user.cookie } }))
    // The answer to x-middleware-prefetch is an empty object of the framework's.
    const isOther = ({ text }: RawAnswer) =>
      text.includes('"userId"') && JSON.parse(text).userId !== 'user-1'
    expect((await attack(app.origin, requests, isOther)).opened).toEqual([])
  })
})
