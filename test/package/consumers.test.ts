import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, canInstall, installConsumer } from '../support/consumer.js'
import { freePort } from '../support/free-port.js'
import { documentHeaders, request } from '../support/http.js'
import { type NextApp, startServer } from '../support/next-app.js'
import { createVendorKit, type VendorKit, type VendorName } from '../support/vendor-kits.js'

const reachable = await canInstall()
if (!reachable)
  console.warn('skipped: apps with one vendor, because no package registry is reachable')

interface ConsumerCase {
  readonly fixture: string
  readonly vendor: VendorName
  readonly bundler: string
  readonly absent: RegExp
  readonly routes: readonly string[]
}

const consumers: readonly ConsumerCase[] = [
  {
    fixture: 'clerk-only',
    vendor: 'clerk',
    bundler: 'Turbopack, Next.js 16, proxy.ts',
    absent: /supertokens/,
    routes: ['/api/me', '/api/app-me', '/api/native'],
  },
  {
    fixture: 'supertokens-only',
    vendor: 'supertokens',
    bundler: 'webpack, Next.js 15, middleware.ts on edge',
    absent: /clerk/,
    routes: ['/api/me', '/api/app-me', '/api/edge'],
  },
]

describe.skipIf(!reachable).each(consumers)('an app with only $vendor ($bundler)', (entry) => {
  let consumer: Consumer
  let built: string
  let alone: string

  beforeAll(async () => {
    consumer = await installConsumer(entry.fixture)
    built = await consumer.run('npm', 'run', 'build')
    alone = await mkdtemp(join(tmpdir(), 'authmux-standalone-'))
    await cp(join(consumer.directory, '.next/standalone'), alone, { recursive: true })
  })

  afterAll(async () => {
    await consumer.remove()
    await rm(alone, { recursive: true, force: true })
  })

  it('has only that vendor installed', async () => {
    const installed = await readdir(join(consumer.directory, 'node_modules'))
    expect(installed).toContain('authmux')
    expect(installed.filter((name) => entry.absent.test(name))).toEqual([])
  })

  it('builds with an empty environment and without a warning about a missing module', () => {
    expect(built).not.toMatch(/Module not found|Can't resolve/)
  })

  describe.each([
    { mode: 'its standalone output, from an empty folder' },
    { mode: 'its development server' },
  ])('run by $mode', ({ mode }) => {
    let app: NextApp
    let kit: VendorKit

    beforeAll(async () => {
      const port = await freePort()
      const origin = `http://localhost:${port}`
      kit = await createVendorKit(entry.vendor, origin)
      const environment = {
        ...kit.environment,
        APP_ORIGIN: origin,
        PORT: String(port),
        HOSTNAME: 'localhost',
      }
      app = mode.startsWith('its standalone')
        ? await startServer(origin, ['server.js'], alone, environment)
        : await startServer(
            origin,
            ['node_modules/next/dist/bin/next', 'dev', '-p', String(port)],
            consumer.directory,
            environment,
          )
    })

    afterAll(async () => {
      await app.stop()
      await kit.stop()
    })

    it.each(entry.routes)('guards %s', async (path) => {
      const { cookie, token } = await kit.signIn('user-1')
      const ok = await request(app.origin + path, { headers: { cookie } })
      expect(ok.status).toBe(200)
      expect(ok.text).toContain('user-1')
      const bearer = await request(app.origin + path, {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(bearer.status).toBe(200)
      const refused = await request(app.origin + path)
      expect(refused.status).toBe(401)
      expect(refused.json()).toMatchObject({ code: 'unauthenticated' })
    })

    it('redirects documents in its proxy or middleware', async () => {
      const { headers, status } = await request(`${app.origin}/dashboard`, {
        headers: documentHeaders,
      })
      expect(status).toBe(307)
      expect(headers.location).toBe('/sign-in?returnTo=%2Fdashboard')
    })

    it('tells pages who is there', async () => {
      const { cookie } = await kit.signIn('user-1')
      const page = await request(`${app.origin}/dashboard`, { headers: { cookie } })
      expect(page.text).toContain('user-1')
    })
  })
})
