/** The same attacks on an app of Next.js 15 with middleware.ts, installed from the packed package. */

import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestCredentials } from '../../../src/testing/index.js'
import { type Consumer, canInstall, installConsumer } from '../../support/consumer.js'
import { freePort } from '../../support/free-port.js'
import { type NextApp, startServer } from '../../support/next-app.js'
import { grouped, record } from '../../support/security-figures.js'
import { attack, expectShown, spoofs } from '../../support/security-spoofs.js'
import { createVendorKit, type VendorKit } from '../../support/vendor-kits.js'

const reachable = await canInstall()
if (!reachable)
  console.warn('skipped: attacks on Next.js 15, because no package registry is reachable')

const guarded = ['/api/me', '/api/app-me', '/api/edge', '/dashboard'] as const
const WORDS = /"userId":|"edge":|<p id="who">|user-1/

describe.skipIf(!reachable)('a built app of Next.js 15 on supertokens', () => {
  let consumer: Consumer
  let directory: string
  let app: NextApp
  let kit: VendorKit
  let user: TestCredentials

  beforeAll(async () => {
    consumer = await installConsumer('supertokens-only')
    await consumer.run('npm', 'run', 'build')
    directory = await mkdtemp(join(tmpdir(), 'authmux-standalone-'))
    await cp(join(consumer.directory, '.next/standalone'), directory, { recursive: true })
    const port = await freePort()
    const origin = `http://localhost:${port}`
    kit = await createVendorKit('supertokens', origin)
    app = await startServer(origin, ['server.js'], directory, {
      ...kit.environment,
      APP_ORIGIN: origin,
      PORT: String(port),
      HOSTNAME: 'localhost',
    })
    user = await kit.signIn('user-1')
  }, 900_000)

  afterAll(async () => {
    await app.stop()
    await kit.stop()
    await consumer.remove()
    await rm(directory, { recursive: true, force: true })
  })

  it('has something to protect', async () => {
    await expectShown(app.origin, guarded, user, WORDS)
  })

  it('shows nothing of it to spoofed headers and spellings', async (context) => {
    const result = await attack(app.origin, spoofs(guarded), ({ text }) => WORDS.test(text))
    expect(result.opened.slice(0, 10)).toEqual([])
    expect(result.broken.slice(0, 10)).toEqual([])
    expect(result.tried).toBeGreaterThan(500)
    const figure = `${grouped(result.tried)} variants, 0 protected bytes, 0 answered 5xx by a route`
    record(context, 'spoofing', `Next.js 15 on supertokens: ${figure}`)
  }, 600_000)
})
