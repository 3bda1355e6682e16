import nock from 'nock'
import { withSession } from 'supertokens-node/custom'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import MultiFactorAuth from 'supertokens-node/recipe/multifactorauth'
import { PrimitiveClaim } from 'supertokens-node/recipe/session/claims'
import UserRoles from 'supertokens-node/recipe/userroles'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/jwt/token.js'
import {
  type AppOptions,
  askSdk,
  createApp,
  NOW,
  requestWith,
  type SdkVerdict,
  type TestApp,
} from '../support/supertokens-app.js'
import type { IssuedSession } from '../support/supertokens-core.js'

beforeEach(() => {
  nock.disableNetConnect()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterAll(() => vi.useRealTimers())

const apps = {
  verified: (): AppOptions => ({
    recipes: [EmailPassword.init(), EmailVerification.init({ mode: 'REQUIRED' })],
  }),
  secondFactor: (): AppOptions => ({
    recipes: [EmailPassword.init(), MultiFactorAuth.init({ firstFactors: ['emailpassword'] })],
  }),
} as const

/** Both ways to know the rules, with the claims of each app declared. */
const declared = { verified: { 'st-ev': true }, secondFactor: { 'st-mfa': true } } as const

function open(name: keyof typeof apps, mode: string): TestApp {
  const provider = mode === 'declared' ? { requiredClaims: declared[name] } : {}
  const app = createApp({ ...apps[name](), provider })
  app.core.users.add({ id: 'user-1' })
  return app
}

const seconds = (value: number) => NOW + value * 1000
const mfa = (v: unknown) => ({ 'st-mfa': { c: { emailpassword: NOW / 1000 }, v } })
const ev = (v: unknown, age = 0) => ({ 'st-ev': { v, t: seconds(-age) } })

describe.each(['learned', 'declared'])('lets in whom verifySession lets in, rules %s', (mode) => {
  it.each<[string, keyof typeof apps, JsonObject, SdkVerdict['outcome']]>([
    ['a verified address', 'verified', ev(true), 'accepted'],
    ['an address verified long ago', 'verified', ev(true, 1e8), 'accepted'],
    ['an address not verified just now', 'verified', ev(false, 1), 'refused'],
    ['an address not verified a while ago', 'verified', ev(false, 60), 'refused'],
    ['no claim', 'verified', {}, 'refused'],
    ['a claim of null', 'verified', { 'st-ev': null }, 'refused'],
    ['a claim without a value', 'verified', { 'st-ev': { t: NOW } }, 'refused'],
    ['a value of another type', 'verified', ev('true'), 'refused'],
    ['a value of 1', 'verified', ev(1), 'refused'],
    ['a claim that is the value', 'verified', { 'st-ev': true }, 'refused'],
    ['a claim in a list', 'verified', { 'st-ev': [{ v: true, t: NOW }] }, 'refused'],
    ['a second factor', 'secondFactor', mfa(true), 'accepted'],
    ['no second factor', 'secondFactor', mfa(false), 'refused'],
    ['a second factor of another type', 'secondFactor', mfa('yes'), 'accepted'],
    ['no claim about factors', 'secondFactor', {}, 'accepted'],
    ['a claim about factors without a value', 'secondFactor', { 'st-mfa': { c: {} } }, 'refused'],
    ['a claim about factors of null', 'secondFactor', { 'st-mfa': null }, 'failed'],
  ])('%s', async (_says, name, claims, outcome) => {
    const { auth, core } = open(name, mode)
    const { accessToken: bearer } = core.issue({ claims })
    await auth.checkAuthConfig()
    const verdict = await askSdk(requestWith({ bearer }))
    const ours = await auth.getAuth(requestWith({ bearer })).then(
      ({ isAuthenticated }) => (isAuthenticated ? 'accepted' : 'refused'),
      () => 'failed',
    )
    expect([verdict.outcome, ours]).toEqual([outcome, outcome])
  })

  it.each<[string, keyof typeof apps, JsonObject]>([
    ['an address not verified', 'verified', ev(false)],
    ['no second factor', 'secondFactor', mfa(false)],
  ])('%s: the answer names the claims as the SDK does', async (_says, name, claims) => {
    const { auth, core } = open(name, mode)
    const { accessToken: bearer } = core.issue({ claims })
    await auth.checkAuthConfig()
    const expected = await withSession(requestWith({ bearer }), async () => new Response('in'))
    const body = await expected.json()
    expect(body.claimValidationErrors).toHaveLength(1)
    const response = await auth.requireAuth(() => new Response('in'))(requestWith({ bearer }))
    expect(response.status).toBe(expected.status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ code: 'forbidden', ...body })
    expect(await auth.getAuth(requestWith({ bearer }))).toMatchObject({
      reason: 'session_pending',
    })
  })

  it('an address verified since is noticed, and the new token delivered', async () => {
    const { auth, core } = open('verified', mode)
    core.users.remove('user-1')
    core.users.add({ id: 'user-1', verified: true })
    const { accessToken: bearer } = core.issue({ claims: ev(false, 60) })
    const response = await auth.requireAuth(() => new Response('in'))(requestWith({ bearer }))
    expect(response.status).toBe(200)
    const fresh = response.headers.get('st-access-token') ?? ''
    expect(await auth.getAuth(requestWith({ bearer: fresh }))).toMatchObject({
      claims: { 'st-ev': { v: true } },
    })
  })

  it('a session of a user who no longer exists has ended', async () => {
    const { auth, core } = open('verified', mode)
    core.users.remove('user-1')
    const { accessToken: bearer } = core.issue()
    expect(await auth.getAuth(requestWith({ bearer }))).toMatchObject({
      reason: 'session_revoked',
    })
  })

  it('a refreshed token is not waved through because it is new', async () => {
    const { auth, core } = open('verified', mode)
    const first = core.issue({ claims: ev(false) })
    const { accessToken: bearer } = core.refresh(first.refreshToken) as IssuedSession
    expect(await auth.getAuth(requestWith({ bearer }))).toMatchObject({
      reason: 'session_pending',
    })
  })
})

describe('light paths are light', () => {
  it.each<[string, keyof typeof apps, JsonObject]>([
    ['declared', 'verified', ev(true)],
    ['declared', 'secondFactor', mfa(true)],
  ])('%s, %s: no call to the core but for its keys', async (mode, name, claims) => {
    const { auth, core } = open(name, mode)
    const { accessToken: bearer } = core.issue({ claims })
    await auth.getAuth(requestWith({ bearer }))
    expect(core.calls).toEqual(['GET /.well-known/jwks.json'])
  })
})

describe('validators of the app', () => {
  const plan = new PrimitiveClaim<string>({ key: 'plan', fetchValue: async () => undefined })
  const withValidator: AppOptions['session'] = {
    override: {
      functions: (original) => ({
        ...original,
        getGlobalClaimValidators: async (input) => [
          ...(await original.getGlobalClaimValidators(input)),
          plan.validators.hasValue('pro', 300),
        ],
      }),
    },
  }

  it.each([
    ['the right value', { plan: { v: 'pro', t: NOW } }, true],
    ['the right value, too old', { plan: { v: 'pro', t: seconds(-301) } }, false],
    ['another value', { plan: { v: 'free', t: NOW } }, false],
    ['no value', {}, false],
  ])('%s: in is %j', async (_says, claims, isIn) => {
    const { auth, core } = createApp({ session: withValidator })
    const { accessToken: bearer } = core.issue({ claims })
    const seen = await auth.getAuth(requestWith({ bearer }))
    expect(seen.isAuthenticated).toBe(isIn)
  })

  it('can be put in and taken out for one route', async () => {
    const { auth, core } = createApp(apps.verified())
    const { accessToken: bearer } = core.issue({ claims: ev(false) })
    const status = async (policy: Parameters<typeof auth.requireAuth>[1]) =>
      (await auth.requireAuth(() => new Response(), policy)(requestWith({ bearer }))).status
    const overriding = (overrideGlobalClaimValidators: () => never[]) => ({
      vendor: { supertokens: { overrideGlobalClaimValidators } },
    })
    expect(await status({})).toBe(403)
    expect(await status(overriding(() => []))).toBe(200)
    const demanding = () => [plan.validators.hasValue('pro')] as never[]
    expect(await status(overriding(demanding))).toBe(403)
    expect(await status({})).toBe(403)
  })

  it('can be put in for one route where claims are declared', async () => {
    const { auth, core } = createApp({ provider: { requiredClaims: {} } })
    const { accessToken: bearer } = core.issue()
    const overrideGlobalClaimValidators = vi.fn(() => [plan.validators.hasValue('pro')])
    const policy = { vendor: { supertokens: { overrideGlobalClaimValidators } } }
    const response = await auth.requireAuth(() => new Response(), policy)(requestWith({ bearer }))
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ claimValidationErrors: [{ id: 'plan' }] })
    expect(overrideGlobalClaimValidators).toHaveBeenCalledTimes(1)
    expect((await auth.getAuth(requestWith({ bearer }))).isAuthenticated).toBe(true)
  })
})

describe('roles', () => {
  it('put into the token by UserRoles are application-wide', async () => {
    const { auth, core, endpoint } = createApp({
      recipes: [EmailPassword.init(), UserRoles.init()],
      provider: { requiredClaims: {} },
    })
    core.users.add({ roles: ['admin'] })
    const formFields = [
      { id: 'email', value: 'jo@example.com' },
      { id: 'password', value: 'correct-horse-1' },
    ]
    const signIn = await endpoint('/signin', {
      method: 'POST',
      body: JSON.stringify({ formFields }),
    })
    const bearer = signIn.headers.get('st-access-token') ?? ''
    const seen = await auth.getAuth(requestWith({ bearer }))
    expect(seen).toMatchObject({ roles: ['admin'], permissions: ['invoice:read'], orgRole: null })
    expect(seen.has({ role: 'admin', permission: 'invoice:read' })).toBe(true)
    expect(seen.has({ role: 'admin', permission: 'invoice:write' })).toBe(false)
    expect(seen.has({ orgRole: 'admin' })).toBe(false)
  })

  it('that are not met are named in the refusal', async () => {
    const { auth, core } = createApp()
    const { accessToken: bearer } = core.issue({ claims: { 'st-role': { v: ['member'], t: NOW } } })
    const guarded = auth.requireAuth(() => new Response(), { role: 'admin' })
    const response = await guarded(requestWith({ bearer }))
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      message: 'invalid claim',
      claimValidationErrors: [
        { id: 'st-role', reason: { message: 'wrong value', expectedToInclude: 'admin' } },
      ],
    })
  })
})
