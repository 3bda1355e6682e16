/** The inspector of both stand-ins: what it shows, what it does, and whom it refuses. */

import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Listener, listen } from '../../src/base/listen.js'
import { actions } from '../../src/inspector/actions.js'
import { createInspector } from '../../src/inspector/inspector.js'
import { seed } from '../../src/seed/seed.js'
import { type Subject, vendors } from './vendors.js'

const EVIL = `"><script>alert(1)</script>'&`

describe.each(vendors)('$vendor', ({ vendor, create }) => {
  let subject: Subject
  let listener: Listener

  beforeEach(async () => {
    subject = await create()
    listener = await listen(subject.standIn)
  })
  afterEach(() => listener.close())

  const at = (path: string) => `${listener.url}/_emulator/${path}`
  const read = async (view: string) => (await fetch(at(`api/${view}`))).json()
  const send = (name: string, input: object = {}) =>
    fetch(at(`api/${name}`), { method: 'POST', body: JSON.stringify(input) })
  const submit = (name: string, input: Record<string, string> = {}) =>
    fetch(at(name), { method: 'POST', body: new URLSearchParams(input), redirect: 'manual' })
  const readPage = async () => (await fetch(at(''))).text()

  describe('shows', () => {
    it('users with their roles, and sessions', async () => {
      const userId = await subject.signUp('ada@example.com')
      const sessionId = await subject.signIn(userId)
      await send('give-role', { userId, role: 'admin' })
      expect(await read('users')).toMatchObject([
        { id: userId, identifiers: ['ada@example.com'], roles: ['admin'] },
      ])
      expect(await read('sessions')).toMatchObject([{ id: sessionId, userId, status: 'active' }])
      const text = await readPage()
      for (const part of ['ada@example.com', userId, sessionId, 'admin']) {
        expect(text).toContain(part)
      }
    })

    it('the requests, newest first, but not its own pages', async () => {
      await subject.ping()
      await fetch(`${listener.url}/nothing/here`)
      await readPage()
      const [newest, older, ...others] = await read('requests')
      expect(newest).toMatchObject({ path: '/nothing/here', status: 404 })
      expect(newest.missing).toContain('/nothing/here')
      expect(older).toMatchObject({ status: 200 })
      expect(others).toEqual([])
      expect(await readPage()).toContain('GET /nothing/here')
    })

    it('the environment and the endpoints', async () => {
      expect(await read('environment')).toEqual(subject.standIn.environment(listener.url))
      expect(await read('endpoints')).toHaveLength(subject.standIn.endpoints.length)
    })

    it('markup of others as text', async () => {
      await subject.signUp('ada@example.com')
      const [user] = subject.standIn.admin.users()
      subject.standIn.admin.giveRole(user?.id ?? '', EVIL)
      await fetch(`${listener.url}/${encodeURIComponent(EVIL)}`)
      const text = await readPage()
      expect(text).not.toContain('<script')
      expect(text).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;')
    })

    it('one page without scripts or anything from elsewhere, in an order of headings', async () => {
      await seed(subject.standIn, { users: [{ email: 'ada@example.com' }] })
      const response = await fetch(at(''))
      const text = await response.text()
      expect(response.headers.get('content-type')).toContain('text/html')
      expect(text).not.toMatch(/<script|<link|<img|<iframe|\bon\w+=|\bstyle=|(src|href)="[^#.]/i)
      expect(text.match(/<h1>/g)).toHaveLength(1)
      expect(text).toContain('<html lang="en">')
      expect(text).toContain('name="viewport"')
    })

    it('forms that lead to an action, and back to where they are', async () => {
      await subject.signIn(await subject.signUp('ada@example.com'))
      const [user] = subject.standIn.admin.users()
      subject.standIn.admin.giveRole(user?.id ?? '', 'admin')
      subject.standIn.faults.rateLimit = { calls: 9, seconds: 9 }
      const text = await readPage()
      const forms = [...text.matchAll(/<form method="post" action="([\w-]+)#(\w+)">/g)]
      expect(forms).toHaveLength(text.match(/<form/g)?.length ?? 0)
      for (const [, action = '', section = ''] of forms) {
        expect([...actions.keys()]).toContain(action)
        expect(text).toContain(`<section id="${section}">`)
      }
      const offline = forms.map(([, action]) => action)
      subject.standIn.faults.isOffline = true
      const shown = new Set([
        ...offline,
        ...[...(await readPage()).matchAll(/action="([\w-]+)#/g)].map(([, its]) => its),
      ])
      expect([...actions.keys()].filter((name) => !shown.has(name))).toEqual(['seed'])
    })

    it('nothing else', async () => {
      for (const path of ['nothing', 'api/nothing', 'api/constructor']) {
        expect((await fetch(at(path))).status).toBe(404)
        expect((await fetch(at(path), { method: 'POST' })).status).toBe(404)
      }
    })

    it('its page at the path without a slash, too', async () => {
      const response = await fetch(`${listener.url}/_emulator`)
      expect(response.url).toBe(at(''))
      expect(response.status).toBe(200)
    })
  })

  describe('by JSON and by form', () => {
    it.each([
      { by: 'JSON', act: send, done: 200 },
      { by: 'form', act: submit, done: 303 },
    ])('$by: turns every switch', async ({ by, act, done }) => {
      const text = (value: number) => (by === 'form' ? String(value) : value) as string
      const { faults, clock } = subject.standIn
      const turn = async (name: string, input: Record<string, string> = {}) =>
        expect((await act(name, input)).status, name).toBe(done)

      await turn('set-latency', { milliseconds: text(40) })
      expect(faults.latencyMs).toBe(40)
      await turn('set-latency', { milliseconds: text(0) })

      await turn('fail-next', { count: text(1), status: text(503), retryAfterSeconds: text(9) })
      expect(faults.failing).toEqual({ count: 1, status: 503, retryAfterSeconds: 9 })
      expect((await subject.ping()).headers.get('retry-after')).toBe('9')

      await turn('limit-rate', { calls: text(0), seconds: text(30) })
      expect((await subject.ping()).status).toBe(429)
      await turn('lift-rate-limit')
      expect((await subject.ping()).status).toBe(200)

      await turn('go-offline')
      await expect(subject.ping()).rejects.toThrow('fetch failed')
      await turn('go-online')
      expect((await subject.ping()).status).toBe(200)

      const before = clock.now()
      await turn('advance-clock', { seconds: text(3600) })
      expect(clock.now() - before).toBeGreaterThanOrEqual(3_600_000)

      const [key] = await subject.keyIds()
      await turn('rotate-keys')
      expect((await subject.keyIds())[1]).toBe(key)
    })

    it.each([
      { by: 'JSON', act: send },
      { by: 'form', act: submit },
    ])('$by: ends sessions, gives and takes roles', async ({ act }) => {
      const userId = await subject.signUp('ada@example.com')
      for (const name of ['expire-session', 'revoke-session']) {
        const sessionId = await subject.signIn(userId)
        await act(name, { sessionId })
        expect(await subject.isActive(sessionId), name).toBe(false)
      }
      await act('give-role', { userId, role: 'editor' })
      expect(await read('users')).toMatchObject([{ roles: ['editor'] }])
      await act('take-role', { userId, role: 'editor' })
      expect(await read('users')).toMatchObject([{ roles: [] }])
    })

    it('takes a seed', async () => {
      const response = await send('seed', { users: [{ email: 'ada@example.com' }] })
      expect(await response.json()).toEqual({ added: 1, kept: 0, skipped: [] })
      const bad = await send('seed', { users: [{}], more: 1 })
      expect(bad.status).toBe(400)
      expect(await bad.json()).toMatchObject({
        problems: [{ path: 'users.0.email' }, { path: 'more' }],
      })
    })

    it.each<{ name: string; input: Record<string, string>; status: number; path: string }>([
      { name: 'set-latency', input: { milliseconds: '' }, status: 400, path: 'milliseconds' },
      { name: 'set-latency', input: { milliseconds: '-1' }, status: 400, path: 'milliseconds' },
      { name: 'set-latency', input: { milliseconds: '1e9' }, status: 400, path: 'milliseconds' },
      { name: 'fail-next', input: { count: '1', status: '200' }, status: 400, path: 'status' },
      { name: 'fail-next', input: { count: '1', status: '700' }, status: 400, path: 'status' },
      { name: 'limit-rate', input: { calls: '1', seconds: '0' }, status: 400, path: 'seconds' },
      { name: 'advance-clock', input: { seconds: '1e300' }, status: 400, path: 'seconds' },
      { name: 'give-role', input: { userId: 'x', role: ' ' }, status: 400, path: 'role' },
      { name: 'give-role', input: { userId: 'none', role: 'x' }, status: 404, path: 'userId' },
      { name: 'take-role', input: { userId: 'none', role: 'x' }, status: 404, path: 'userId' },
      { name: 'expire-session', input: {}, status: 400, path: 'sessionId' },
      { name: 'expire-session', input: { sessionId: 'x' }, status: 404, path: 'sessionId' },
      { name: 'revoke-session', input: { sessionId: 'x' }, status: 404, path: 'sessionId' },
    ])('$name refuses $input', async ({ name, input, status, path }) => {
      const { fetch: _, ...before } = JSON.parse(JSON.stringify(await read('switches')))
      const json = await send(name, input)
      expect(json.status).toBe(status)
      expect(await json.json()).toMatchObject({ problems: [{ path }] })
      const form = await submit(name, input)
      expect(form.status).toBe(status)
      expect(await form.text()).toContain(`role="alert">${path}: `)
      const { now: __, aheadSeconds: ___, ...after } = await read('switches')
      expect(before).toMatchObject(after)
    })

    it('refuses bodies that are no JSON, and those that are too long', async () => {
      const broken = await fetch(at('api/go-offline'), { method: 'POST', body: '{' })
      expect(broken.status).toBe(400)
      const long = await fetch(at('api/seed'), { method: 'POST', body: ' '.repeat(1_100_000) })
      expect(long.status).toBe(413)
    })

    it.each([
      { says: 'a form without a boundary', type: 'multipart/form-data', body: 'x' },
      { says: 'a form cut off', type: 'multipart/form-data; boundary=x', body: '--x\r\nContent' },
      { says: 'null', type: 'application/json', body: 'null' },
      { says: 'a list', type: 'application/json', body: '[1]' },
      { says: 'a text', type: 'application/json', body: '"x"' },
      { says: 'bytes that are no text', type: 'text/plain', body: Buffer.from([0xff, 0xfe, 0]) },
      { says: 'a broken encoding', type: 'application/x-www-form-urlencoded', body: '%E0%A4=%' },
    ])('refuses $says where something has to be told', async ({ type, body }) => {
      const init = { method: 'POST', headers: { 'content-type': type }, body }
      for (const path of ['give-role', 'api/give-role', 'fail-next', 'api/seed', 'api/fail-next']) {
        const { status } = await fetch(at(path), init)
        expect(status < 500, `${path}: ${status}`).toBe(true)
        expect(subject.standIn.faults.failing).toBeNull()
        expect(subject.standIn.admin.users()).toEqual([])
      }
    })

    it.each(['%E0%A4%A', '%00', 'api/%2e%2e', '%', 'api/users/../users', '..%2f', 'api//users'])(
      'answers %s without an error of its own',
      async (path) => {
        const inspect = createInspector(subject.standIn)
        for (const method of ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS']) {
          const request = new Request(`http://127.0.0.1:4000/_emulator/${path}`, { method })
          expect((await inspect(request)).status).toBeLessThan(500)
        }
      },
    )

    it('leaves what it did in the log', async () => {
      await send('go-online')
      expect((await read('requests'))[0]).toMatchObject({
        path: '/_emulator/go-online',
        note: 'inspector',
      })
    })
  })

  describe('answers', () => {
    type HeaderCase = { says: string; headers: Record<string, string>; get: number; post: number }
    const own = 'http://127.0.0.1:4000'
    it.each<HeaderCase>([
      { says: 'a script of this machine', headers: {}, get: 200, post: 200 },
      {
        says: 'another name of this machine',
        headers: { host: 'localhost:4000' },
        get: 200,
        post: 200,
      },
      { says: 'the newer address', headers: { host: '[::1]:4000' }, get: 200, post: 200 },
      {
        says: 'its own page',
        headers: { 'sec-fetch-site': 'same-origin', origin: own },
        get: 200,
        post: 200,
      },
      { says: 'an own page of an old browser', headers: { origin: own }, get: 200, post: 200 },
      {
        says: 'a link elsewhere',
        headers: { 'sec-fetch-site': 'cross-site' },
        get: 200,
        post: 403,
      },
      {
        says: 'an app on this machine',
        headers: { 'sec-fetch-site': 'same-site' },
        get: 200,
        post: 403,
      },
      { says: 'an address typed in', headers: { 'sec-fetch-site': 'none' }, get: 200, post: 403 },
      { says: 'another origin', headers: { origin: 'https://evil.test' }, get: 200, post: 403 },
      { says: 'another port', headers: { origin: 'http://127.0.0.1:3000' }, get: 200, post: 403 },
      { says: 'a hidden origin', headers: { origin: 'null' }, get: 200, post: 403 },
      {
        says: 'another origin that says it is the same',
        headers: { 'sec-fetch-site': 'same-origin', origin: 'https://evil.test' },
        get: 200,
        post: 403,
      },
      { says: 'a name bound again', headers: { host: 'evil.test' }, get: 403, post: 403 },
      { says: 'a name with a port', headers: { host: 'evil.test:4000' }, get: 403, post: 403 },
      {
        says: 'a name that begins well',
        headers: { host: '127.0.0.1.evil.test' },
        get: 403,
        post: 403,
      },
      {
        says: 'a user before the name',
        headers: { host: '127.0.0.1@evil.test' },
        get: 403,
        post: 403,
      },
      { says: 'a name that is none', headers: { host: ':::' }, get: 403, post: 403 },
      { says: 'a proxy', headers: { 'x-forwarded-host': 'app.test' }, get: 403, post: 403 },
      { says: 'a proxy nearby', headers: { 'x-forwarded-for': '127.0.0.1' }, get: 403, post: 403 },
      { says: 'a standard proxy', headers: { forwarded: 'for=1.2.3.4' }, get: 403, post: 403 },
    ])('$says: $get, and $post to changes', async ({ headers, get, post }) => {
      const inspect = createInspector(subject.standIn)
      const ask = async (path: string, method: string) =>
        (await inspect(new Request(`${own}/_emulator/${path}`, { method, headers }))).status
      expect([await ask('', 'GET'), await ask('api/users', 'GET')]).toEqual([get, get])
      expect(await ask('api/go-offline', 'POST')).toBe(post)
      expect(await ask('go-offline', 'POST')).toBe(post === 200 ? 303 : post)
      expect(subject.standIn.faults.isOffline).toBe(post === 200)
    })

    it('not over a socket to another name', async () => {
      const status = await new Promise((resolve, reject) => {
        const { port } = new URL(listener.url)
        const options = { port, path: '/_emulator/api/users', headers: { host: 'evil.test' } }
        httpRequest({ host: '127.0.0.1', ...options }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
          .once('error', reject)
          .end()
      })
      expect(status).toBe(403)
    })

    it.each(['', 'api/users', 'api/nothing'])('/%s with strict headers', async (path) => {
      const { headers } = await fetch(at(path))
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.has('access-control-allow-origin')).toBe(false)
    })

    it('while the stand-in is offline, slow or failing', async () => {
      subject.standIn.faults.isOffline = true
      subject.standIn.faults.latencyMs = 60_000
      subject.standIn.faults.failNext(9, 500)
      expect((await fetch(at(''))).status).toBe(200)
      expect(subject.standIn.faults.failing?.count).toBe(9)
    })
  })

  it('is not a path of the vendor in this process', async () => {
    const request = new Request('http://stand-in.test/_emulator/api/users')
    expect((await subject.standIn.fetch(request)).status).toBe(404)
    expect(vendor).toBe(subject.standIn.vendor)
  })
})
