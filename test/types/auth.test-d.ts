import { describe, expectTypeOf, it } from 'vitest'
import type { Auth, AuthFunctions, SignedInAuth } from '../../src/index.js'
import type { JsonObject } from '../../src/jwt/token.js'
import type { SessionClaims } from '../../src/register.js'
import type { SignedOutReason } from '../../src/session.js'

declare const functions: AuthFunctions
declare const auth: Auth

declare module '../../src/register.js' {
  interface NativeSessions {
    initech: { readonly tpsReport: number }
  }
}

describe('Auth', () => {
  it('narrows on isAuthenticated', () => {
    expectTypeOf(auth.userId).toEqualTypeOf<string | null>()
    if (auth.isAuthenticated) {
      expectTypeOf(auth).toExtend<SignedInAuth>()
      expectTypeOf(auth.userId).toEqualTypeOf<string>()
      expectTypeOf(auth.sessionId).toEqualTypeOf<string>()
      expectTypeOf(auth.claims).toEqualTypeOf<SessionClaims>()
      expectTypeOf(auth.expiresAt).toEqualTypeOf<Date>()
      expectTypeOf(auth.reason).toEqualTypeOf<null>()
      expectTypeOf(auth.orgId).toEqualTypeOf<string | null>()
      expectTypeOf(auth.getToken()).toEqualTypeOf<Promise<string>>()
      expectTypeOf(auth.has({ role: 'admin' })).toEqualTypeOf<boolean>()
    } else {
      expectTypeOf(auth.userId).toEqualTypeOf<null>()
      expectTypeOf(auth.provider).toEqualTypeOf<null>()
      expectTypeOf(auth.reason).toEqualTypeOf<SignedOutReason>()
      expectTypeOf(auth.getToken()).toEqualTypeOf<Promise<null>>()
      expectTypeOf(auth.native()).toEqualTypeOf<Promise<null>>()
      expectTypeOf(auth.has({})).toEqualTypeOf<false>()
    }
  })

  it('narrows after destructuring', () => {
    const { isAuthenticated, userId, sessionId, claims, reason } = auth
    if (isAuthenticated) {
      expectTypeOf(userId).toEqualTypeOf<string>()
      expectTypeOf(sessionId).toEqualTypeOf<string>()
      expectTypeOf(claims).toEqualTypeOf<SessionClaims>()
      expectTypeOf(reason).toEqualTypeOf<null>()
      return
    }
    expectTypeOf(userId).toEqualTypeOf<null>()
    expectTypeOf(reason).toEqualTypeOf<SignedOutReason>()
  })

  it('narrows on reason and on provider', () => {
    if (auth.reason === null) expectTypeOf(auth.userId).toEqualTypeOf<string>()
    if (auth.reason === 'token_expired') expectTypeOf(auth.userId).toEqualTypeOf<null>()
    if (auth.provider !== null) expectTypeOf(auth.userId).toEqualTypeOf<string>()
  })

  it('types native() by the provider compared', async () => {
    if (auth.provider === 'initech') {
      expectTypeOf(await auth.native()).toEqualTypeOf<{ readonly tpsReport: number }>()
    }
    if (auth.provider === 'memory') expectTypeOf(await auth.native()).toEqualTypeOf<JsonObject>()
    // @ts-expect-error there is no such provider
    if (auth.provider === 'initec') return
    if (!auth.isAuthenticated) return
    const native = await auth.native()
    // @ts-expect-error which vendor it is has not been asked
    native.tpsReport
  })

  it('can be written to nowhere', () => {
    if (!auth.isAuthenticated) return
    // @ts-expect-error read only
    auth.userId = 'admin'
    // @ts-expect-error read only
    auth.roles.push('admin')
    // @ts-expect-error read only
    auth.claims.sub = 'admin'
  })

  it('is plain data as JSON', () => {
    const plain = auth.toJSON()
    expectTypeOf(plain.isAuthenticated).toEqualTypeOf<boolean>()
    if (plain.isAuthenticated) expectTypeOf(plain.userId).toEqualTypeOf<string>()
    else expectTypeOf(plain.reason).toEqualTypeOf<SignedOutReason>()
    // @ts-expect-error no methods
    plain.getToken
  })
})

describe('createAuth', () => {
  it('takes requests of every kind and nothing else', () => {
    expectTypeOf(functions.getAuth(new Request('http://localhost'))).toEqualTypeOf<Promise<Auth>>()
    void functions.getAuth({ headers: new Headers() })
    void functions.getAuth({ headers: { cookie: 'a=1', 'x-list': ['a'] }, method: 'GET', url: '/' })
    void functions.getAuth({ req: { headers: {} }, res: {} }, new Headers())
    // @ts-expect-error headers alone are no request
    void functions.getAuth(new Headers())
    // @ts-expect-error nor is an address
    void functions.getAuth('http://localhost')
    // @ts-expect-error nor is nothing
    void functions.getAuth()
    // @ts-expect-error nor a promise of one
    void functions.getAuth(Promise.resolve(new Request('http://localhost')))
  })
})
