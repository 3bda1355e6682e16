/**
 * The conformance suite: one set of cases that every provider has to pass.
 *
 * No test runner is imported; `describe` and `it` of any of them are handed in.
 */

import assert from 'node:assert/strict'
import { type AuthFunctions, createAuth } from '../auth.js'
import { isAuthError } from '../errors.js'
import type { Policy } from '../guard.js'
import type { AuthProvider } from '../provider.js'
import type { ProviderName } from '../register.js'
import { type CaseSession, type ContractCase, contractCases } from './cases.js'
import { type TestCredentials, toCredentials } from './credentials.js'
import { refuseProduction } from './production.js'

/** A provider with a vendor behind it, as one case needs them: fresh, and under control. */
export interface ProviderUnderTest {
  /** The provider as the app would make it. */
  readonly provider: AuthProvider
  /** Clock of provider and vendor, in milliseconds since the epoch. */
  now(): number
  /** `fetch` that reaches the vendor. */
  readonly fetch: typeof fetch
  /** Signs in the user `user-1`, whose origin is `http://localhost`. */
  signIn(session: CaseSession): Promise<TestCredentials>
  /** Lets time pass, for provider and vendor. */
  advance(seconds: number): void
  /** Ends the session of these credentials at the vendor. */
  revoke?(credentials: TestCredentials): Promise<void>
  /** Takes the vendor off the network. */
  goOffline?(): void
  /** Cleans up after the case. */
  stop?(): Promise<void>
}

/** How to get a provider to test. */
export interface ProviderHarness {
  /** Makes provider and vendor anew, before every case. */
  start(): Promise<ProviderUnderTest>
  /** What the provider cannot do, and why; its cases are reported as skipped with that reason. */
  readonly lacks?: Readonly<Partial<Record<NonNullable<ContractCase['needs']>, string>>>
}

/** The part of a test runner the suite uses. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown
  readonly it: ((name: string, body: () => Promise<void>) => unknown) & {
    /** Reports a case that is not run; without it, such cases pass under a name that says so. */
    readonly skip?: (name: string, body: () => Promise<void>) => unknown
  }
}

/**
 * Declares the suite for a provider.
 *
 * ```ts
 * describeProvider('acme', harness, { describe, it })
 * ```
 *
 * @throws {AuthError} `config_invalid` in production.
 */
export function describeProvider(
  name: string,
  { start, lacks = {} }: ProviderHarness,
  { describe, it }: TestRunner,
): void {
  refuseProduction()
  describe(`the provider contract: ${name}`, () => {
    for (const [ability, reason] of Object.entries(lacks)) {
      const { length } = contractCases.filter(({ needs }) => needs === ability)
      console.warn(`${name}: ${length} cases of the provider contract skipped: ${reason}`)
    }
    for (const entry of contractCases) {
      const reason = entry.needs && lacks[entry.needs]
      if (reason === undefined) it(entry.says, () => withSubject(start, (s) => runCase(s, entry)))
      else (it.skip ?? it)(`${entry.says} (skipped: ${reason})`, async () => undefined)
    }
    for (const [says, run] of Object.entries(behaviours)) {
      it(says, () => withSubject(start, run))
    }
  })
}

async function withSubject(
  start: ProviderHarness['start'],
  run: (subject: ProviderUnderTest) => Promise<void>,
): Promise<void> {
  const subject = await start()
  try {
    await run(subject)
  } finally {
    await subject.stop?.()
  }
}

const ORIGIN = 'http://localhost'
const KEY = 'tested' as ProviderName

function authOver({ provider, now, fetch }: ProviderUnderTest): AuthFunctions {
  const providers = { [KEY]: () => provider } as Record<ProviderName, () => AuthProvider>
  return createAuth({ providers, origins: [ORIGIN], now, fetch, onError: () => undefined })
}

async function runCase(subject: ProviderUnderTest, entry: ContractCase): Promise<void> {
  const auth = authOver(subject)
  const credentials = await subject.signIn(entry.session ?? {})
  await prepare(subject, auth, credentials, entry)
  const request = () => toRequest(credentials, entry)

  if (entry.auth === 'throws') {
    await assert.rejects(
      auth.getAuth(request()),
      (error) => isAuthError(error) && error.code === entry.code,
    )
  } else {
    const seen = await auth.getAuth(request())
    assert.equal(seen.isAuthenticated ? 'signed in' : seen.reason, entry.auth)
    if (seen.isAuthenticated) assert.equal(seen.userId, 'user-1')
  }

  const { entered, response } = await callGuarded(auth, request(), entry.policy)
  assert.equal(response.status, entry.status)
  assert.equal(entered, entry.status === 200)
  assert.match(response.headers.get('cache-control') ?? '', /no-store/)
  if (entry.status === 200) return
  const problem = (await response.json()) as { code: string; status: number; type: string }
  assert.equal(problem.code, entry.code)
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  if (entry.status === 401) assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer /)
  if (entry.status === 503) assert.ok(Number(response.headers.get('retry-after')) >= 1)
}

async function prepare(
  subject: ProviderUnderTest,
  auth: AuthFunctions,
  credentials: TestCredentials,
  { before }: ContractCase,
): Promise<void> {
  if (before === 'expire') subject.advance(7 * 24 * 3600)
  if (before === 'revoke') await subject.revoke?.(credentials)
  if (before === 'warm up, then go offline') await auth.getAuth(credentials.request('/'))
  if (before?.endsWith('go offline')) subject.goOffline?.()
}

function toRequest(credentials: TestCredentials, entry: ContractCase): Request {
  const headers = new Headers(entry.headers)
  const token = entry.tamper?.(credentials.token) ?? credentials.token
  if (entry.carrier === 'bearer') headers.set('authorization', `Bearer ${token}`)
  if (entry.carrier === 'cookie') headers.set('cookie', credentials.cookie)
  return new Request(`${ORIGIN}/api/guarded`, { method: entry.method ?? 'GET', headers })
}

async function callGuarded(auth: AuthFunctions, request: Request, policy: Policy = {}) {
  let entered = false
  const handler = auth.requireAuth((guarded) => {
    entered = true
    return Response.json({ userId: guarded.auth.userId })
  }, policy)
  const response = await handler(request)
  return { entered, response }
}

/** Hostile values for any header. */
const HOSTILE = [
  '',
  'Bearer',
  'Bearer ',
  'Bearer null',
  'Bearer ....',
  `Bearer ${'A'.repeat(100_000)}`,
  'Bearer bnVsbA.bnVsbA.bnVsbA',
  'Bearer e30.e30.e30',
  'bearer e30.e30.e30',
] as const

/** What does not fit into a table. */
const behaviours: Readonly<Record<string, (subject: ProviderUnderTest) => Promise<void>>> = {
  async 'gives a complete, frozen, JSON-safe object'(subject) {
    const auth = await authOver(subject).getAuth((await subject.signIn({})).request('/'))
    assert.ok(auth.isAuthenticated)
    assert.equal(auth.provider, KEY)
    assert.equal(auth.providerUserId, 'user-1')
    assert.ok(auth.sessionId.length > 0)
    assert.ok(auth.expiresAt > auth.issuedAt)
    assert.equal(auth.reason, null)
    assert.ok(Object.isFrozen(auth) && Object.isFrozen(auth.claims))
    const plain = JSON.parse(JSON.stringify(auth)) as Record<string, unknown>
    assert.equal(plain.userId, 'user-1')
    assert.deepEqual(Object.keys(plain).sort(), Object.keys(auth.toJSON()).sort())
  },
  async 'gives the token of the request'(subject) {
    const credentials = await subject.signIn({})
    const auth = await authOver(subject).getAuth(credentials.request('/'))
    assert.equal(await auth.getToken(), credentials.token)
  },
  async 'says no to an empty requirement'(subject) {
    const auth = await authOver(subject).getAuth((await subject.signIn({})).request('/'))
    assert.equal(auth.has({}), false)
    assert.equal(auth.has({ orgRole: 'org:admin' }), false)
  },
  async 'answers Node requests like Fetch requests'(subject) {
    const auth = authOver(subject)
    const credentials = await subject.signIn({})
    const seen = await auth.getAuth(credentials.nodeRequest('/'))
    assert.equal(seen.userId, 'user-1')
    const nobody = await auth.getAuth(toCredentials('', '', ORIGIN).nodeRequest('/'))
    assert.equal(nobody.reason, 'no_credentials')
  },
  async 'is not disturbed by malformed cookies next to its own'(subject) {
    const { cookie } = await subject.signIn({})
    for (const neighbour of ['foo=%E0%A4%A', '=', ';;', 'a', '__proto__=1', 'x="\\"']) {
      const headers = { cookie: `${neighbour}; ${cookie}; ${neighbour}` }
      const seen = await authOver(subject).getAuth(new Request(ORIGIN, { headers }))
      const expected = cookie === '' ? 'no_credentials' : null
      assert.equal(seen.reason, expected, neighbour)
    }
  },
  async 'neither throws nor fails on hostile bytes'(subject) {
    const auth = authOver(subject)
    const { cookie } = await subject.signIn({})
    const names = cookie.split('; ').map((pair) => pair.split('=')[0] ?? '')
    const cookies = names.flatMap((name) => HOSTILE.map((value) => `${name}=${value.slice(7)}`))
    const all = [
      ...HOSTILE.map((value) => ({ authorization: value })),
      ...cookies.map((value) => ({ cookie: value })),
    ]
    for (const headers of all) {
      const { response, entered } = await callGuarded(auth, new Request(ORIGIN, { headers }))
      assert.equal(entered, false)
      assert.equal(response.status, 401, JSON.stringify(headers).slice(0, 80))
    }
  },
  async 'never mixes two users up'(subject) {
    const auth = authOver(subject)
    const somebody = await subject.signIn({})
    const requests = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0 ? somebody.request('/') : new Request(ORIGIN),
    )
    const seen = await Promise.all(requests.map((request) => auth.getAuth(request)))
    for (const [index, { userId }] of seen.entries()) {
      assert.equal(userId, index % 2 === 0 ? 'user-1' : null)
    }
  },
  async 'is told once per request'(subject) {
    const auth = authOver(subject)
    const request = (await subject.signIn({})).request('/')
    const [first, second] = await Promise.all([auth.getAuth(request), auth.getAuth(request)])
    assert.equal(first, second)
  },
}
