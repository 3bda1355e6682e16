import { SpanStatusCode, trace } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuth } from '../../src/auth.js'
import { openTelemetry } from '../../src/opentelemetry/index.js'
import { signedOut } from '../../src/testing/index.js'
import { memoryAuth, ORIGIN } from '../support/core-auth.js'
import { fakeProvider, only } from '../support/core-provider.js'
import { startTelemetry, type TelemetrySdk } from '../support/core-telemetry.js'

let sdk: TelemetrySdk

beforeEach(() => {
  sdk = startTelemetry()
})

afterEach(() => sdk.stop())

const observed = () => memoryAuth({ telemetry: openTelemetry() })

/** A fresh token each time: a session id makes it another text. */
let sessions = 0
const another = () => ({ sessionId: `telemetry-${sessions++}` })

describe('a span', () => {
  it('tells of a verdict by cookie, and whether the token was known', async () => {
    const { auth, signIn } = observed()
    const { cookie } = await signIn(another())
    for (const _ of [1, 2]) await auth.getAuth(new Request(ORIGIN, { headers: { cookie } }))
    expect(sdk.spans().map(({ name, attributes }) => ({ name, attributes }))).toEqual(
      [false, true].map((isKnown) => ({
        name: 'authmux.authenticate',
        attributes: {
          'authmux.outcome': 'signed_in',
          'authmux.provider': 'memory',
          'authmux.cache_hit': isKnown,
        },
      })),
    )
  })

  it.each([
    ['nobody', {}, { 'authmux.outcome': 'no_credentials' }],
    [
      'a token that is nobody’s',
      { authorization: 'Bearer x' },
      { 'authmux.outcome': 'token_invalid' },
    ],
    [
      'a cookie that is no token',
      { cookie: 'memory_session=x' },
      { 'authmux.outcome': 'token_invalid', 'authmux.provider': 'memory' },
    ],
  ])('tells of %s', async (_, headers, attributes) => {
    await observed().auth.getAuth(new Request(ORIGIN, { headers }))
    expect(sdk.spans().map((span) => span.attributes)).toEqual([attributes])
    expect(sdk.spans()[0]?.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('tells of an expired session that was known', async () => {
    const { auth, signIn, advance } = observed()
    const credentials = await signIn(another())
    await auth.getAuth(credentials.request('/'))
    advance(3_600_001)
    await auth.getAuth(credentials.request('/'))
    expect(sdk.spans()[1]?.attributes).toEqual({
      'authmux.outcome': 'token_expired',
      'authmux.provider': 'memory',
      'authmux.cache_hit': true,
    })
  })

  it('is an error, without its particulars, where no verdict was reached', async () => {
    const { auth, signIn, provider } = observed()
    provider.setAvailable(false)
    const asked = (await signIn(another())).request('/')
    const guarded = auth.requireAuth(() => new Response(), { revocation: 'session' })
    expect((await guarded(asked)).status).toBe(503)
    const [span] = sdk.spans()
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'provider_unavailable' })
    expect(span?.events).toEqual([])
    expect(span?.attributes).toMatchObject({
      'authmux.outcome': 'provider_unavailable',
      'authmux.provider': 'memory',
    })
  })

  it('tells of a bug of a provider without quoting it', async () => {
    const bug = new TypeError('user-1@example.com')
    const provider = fakeProvider({ authenticate: () => Promise.reject(bug) })
    const telemetry = openTelemetry()
    const auth = createAuth({ providers: only(provider), origins: [ORIGIN], telemetry })
    const asked = new Request(ORIGIN, { headers: { cookie: 'fake=user-1' } })
    await expect(auth.getAuth(asked)).rejects.toBe(bug)
    expect(sdk.spans()[0]?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'error' })
    expect(sdk.spans()[0]?.attributes).toEqual({
      'authmux.outcome': 'error',
      'authmux.provider': 'fake',
    })
  })

  it('is one per verdict, however often it is asked for', async () => {
    const { auth, signIn } = observed()
    const asked = (await signIn(another())).request('/')
    await Promise.all([auth.getAuth(asked), auth.getAuth(asked)])
    expect(sdk.spans()).toHaveLength(1)
  })

  it('has its place in the trace of the request, and what a provider does has its place in it', async () => {
    const tracer = trace.getTracer('test')
    const provider = fakeProvider({
      session: () => {
        tracer.startSpan('call to the vendor').end()
        return {}
      },
    })
    const telemetry = openTelemetry()
    const auth = createAuth({ providers: only(provider), origins: [ORIGIN], telemetry })
    await tracer.startActiveSpan('request', async (span) => {
      await auth.getAuth(new Request(ORIGIN, { headers: { cookie: 'fake=user-1' } }))
      span.end()
    })
    const [call, verdict, request] = sdk.spans()
    expect([call?.name, verdict?.name]).toEqual(['call to the vendor', 'authmux.authenticate'])
    expect(call?.parentSpanContext?.spanId).toBe(verdict?.spanContext().spanId)
    expect(verdict?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
  })
})

describe('metrics', () => {
  it('record how long verdicts take, in seconds, by outcome', async () => {
    const { auth, signIn } = observed()
    await auth.getAuth((await signIn(another())).request('/'))
    await auth.getAuth(signedOut().request('/'))
    await auth.getAuth(signedOut().request('/'))
    const points = await sdk.points('authmux.authenticate.duration')
    const counts = points.map(({ attributes, value }) => [
      attributes['authmux.outcome'],
      typeof value === 'object' && value.count,
    ])
    expect(counts).toEqual([
      ['signed_in', 1],
      ['no_credentials', 2],
    ])
    const histogram = await sdk.histogram('authmux.authenticate.duration')
    expect(histogram?.unit).toBe('s')
    // Fine enough for verdicts of microseconds, where the SDK's own boundaries begin at 5 seconds.
    expect(histogram?.boundaries[0]).toBeLessThan(0.000_1)
  })

  it('count refusals', async () => {
    const { auth, signIn } = observed()
    const asked = (await signIn({ ...another(), role: 'member' })).request('/')
    await auth.requireAuth(() => new Response(), { role: 'admin' })(asked)
    await auth.getAuth(new Request(ORIGIN, { headers: { authorization: 'Bearer x' } }))
    await auth.getAuth(signedOut().request('/'))
    const points = await sdk.points('authmux.refusals')
    expect(points.map(({ attributes, value }) => ({ ...attributes, value }))).toEqual([
      {
        'authmux.code': 'forbidden',
        'authmux.credential': 'bearer',
        'authmux.provider': 'memory',
        value: 1,
      },
      { 'authmux.code': 'token_invalid', 'authmux.credential': 'bearer', value: 1 },
    ])
  })

  it('go to a meter that is registered after the first request', async () => {
    await sdk.stop()
    const { auth } = observed()
    await auth.getAuth(signedOut().request('/'))
    sdk = startTelemetry()
    await auth.getAuth(signedOut().request('/'))
    expect(await sdk.points('authmux.authenticate.duration')).toHaveLength(1)
  })
})

describe('nothing personal', () => {
  it('leaves the process', async () => {
    const { auth, signIn } = observed()
    const secrets = {
      userId: 'personal-user',
      sessionId: 'personal-session',
      orgId: 'personal-org',
    }
    const credentials = await signIn({ ...secrets, claims: { email: 'personal@example.com' } })
    const url = `${ORIGIN}/personal-path`
    const headers = { cookie: credentials.cookie, 'x-forwarded-for': '192.0.2.7' }
    await auth.getAuth(new Request(url, { headers }))
    await auth.requireAuth(() => new Response(), { role: 'admin' })(new Request(url, { headers }))
    const told = JSON.stringify([
      sdk.spans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
      await sdk.points('authmux.authenticate.duration'),
      await sdk.points('authmux.refusals'),
    ])
    expect(told).toContain('forbidden')
    expect(told).not.toMatch(/personal|192\.0\.2\.7/)
    expect(told).not.toContain(credentials.token.slice(0, 20))
  })
})

describe('without an SDK', () => {
  it('changes nothing', async () => {
    await sdk.stop()
    const { auth, signIn } = observed()
    const asked = (await signIn(another())).request('/')
    expect((await auth.getAuth(asked)).userId).toBe('user-1')
    const guarded = auth.requireAuth(() => new Response(), { role: 'admin' })
    expect((await guarded(asked)).status).toBe(403)
    sdk = startTelemetry()
  })
})
