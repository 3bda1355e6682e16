import { describe, expectTypeOf, it } from 'vitest'
import { type AuthFunctions, createAuth, type Policy } from '../../src/index.js'
import { memoryProvider } from '../../src/testing/index.js'

declare const auth: AuthFunctions

const handler = () => new Response()

describe('policies', () => {
  it('take every field there is', () => {
    const policy = {
      role: 'admin',
      permission: 'read',
      orgId: 'org_1',
      orgRole: 'org:admin',
      orgPermission: 'org:a:b',
      maxAuthAgeSeconds: 60,
      revocation: 'session',
      check: ({ userId, claims }) => userId !== '' && claims.plan === 'pro',
      vendor: {},
    } satisfies Policy
    auth.requireAuth(handler, policy)
    auth.requireAuth(handler, { check: async (session) => session.has({ role: 'admin' }) })
  })

  it('refuse misspelt fields, wrong values and undefined', () => {
    // @ts-expect-error misspelt
    auth.requireAuth(handler, { rol: 'admin' })
    // @ts-expect-error there is no plural
    auth.requireAuth(handler, { roles: ['admin'] })
    // @ts-expect-error no number
    auth.requireAuth(handler, { role: 1 })
    // @ts-expect-error no list
    auth.requireAuth(handler, { role: ['admin'] })
    // @ts-expect-error undefined would let everybody in
    auth.requireAuth(handler, { role: undefined })
    // @ts-expect-error not one of the two
    auth.requireAuth(handler, { revocation: 'always' })
    // @ts-expect-error the unit is in the name
    auth.requireAuth(handler, { maxAuthAge: 60 })
    // @ts-expect-error truth, not truthiness
    auth.requireAuth(handler, { check: () => 1 })
    // @ts-expect-error beside a right field as well
    auth.requireAuth(handler, { role: 'admin', permision: 'read' })
    // @ts-expect-error where a page returns to is nothing a handler needs
    auth.requireAuth(handler, { returnTo: '/' })
  })

  it('of withAuth make no demands', () => {
    auth.withAuth(handler, { revocation: 'session' })
    // @ts-expect-error everybody gets in
    auth.withAuth(handler, { role: 'admin' })
    // @ts-expect-error everybody gets in
    auth.withAuth(handler, { check: () => true })
    // @ts-expect-error everybody gets in
    auth.withAuth(handler, { maxAuthAgeSeconds: 60 })
  })

  it('are refused by has() where they are no requirement', () => {
    auth.requireAuth(({ auth: session }) => {
      session.has({ role: 'admin', orgRole: 'org:admin' })
      // @ts-expect-error misspelt
      session.has({ rol: 'admin' })
      // @ts-expect-error undefined would ask for nothing
      session.has({ role: undefined })
      // @ts-expect-error age is for policies
      session.has({ maxAuthAgeSeconds: 60 })
      return new Response()
    })
  })
})

describe('options', () => {
  it('know the providers that are imported', () => {
    createAuth({ providers: { memory: () => memoryProvider() }, origins: [process.env.ORIGIN] })
    createAuth({ provider: process.env.AUTH_PROVIDER, providers: {}, origins: [] })
    // @ts-expect-error no such provider
    createAuth({ providers: { memry: () => memoryProvider() }, origins: [] })
    // @ts-expect-error made on first use, so a function
    createAuth({ providers: { memory: memoryProvider() }, origins: [] })
    // @ts-expect-error misspelt
    createAuth({ providers: {}, orgins: [] })
    // @ts-expect-error a list
    createAuth({ providers: {}, origins: 'http://localhost' })
    expectTypeOf<Parameters<typeof createAuth>>().not.toBeAny()
  })
})
