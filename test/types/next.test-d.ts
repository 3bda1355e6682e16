import type { NextApiHandler, NextApiRequest, NextApiResponse } from 'next'
import type { NextRequest } from 'next/server.js'
import { describe, expectTypeOf, it } from 'vitest'
import type { Auth, SignedInAuth } from '../../src/index.js'
import type {
  AuthedApiRequest,
  AuthedRequest,
  MaybeAuthedApiRequest,
  NextAuthFunctions,
} from '../../src/next/index.js'

declare const auth: NextAuthFunctions

interface RouteContext {
  readonly params: Promise<{ readonly id: string }>
}

describe('App Router handlers', () => {
  it('need no annotation', () => {
    const GET = auth.requireAuth(async (request) => {
      expectTypeOf(request).toEqualTypeOf<AuthedRequest>()
      expectTypeOf(request.nextUrl.pathname).toEqualTypeOf<string>()
      expectTypeOf(request.auth).toEqualTypeOf<SignedInAuth>()
      return Response.json({ userId: request.auth.userId })
    })
    expectTypeOf(GET).parameter(0).toEqualTypeOf<NextRequest>()
    expectTypeOf(GET).returns.resolves.toEqualTypeOf<Response>()
  })

  it('keep their route parameters', () => {
    const GET = auth.requireAuth(async (_request, { params }: RouteContext) => {
      expectTypeOf((await params).id).toEqualTypeOf<string>()
      return new Response()
    })
    expectTypeOf(GET).parameters.toEqualTypeOf<[NextRequest, RouteContext]>()
    expectTypeOf(GET).toExtend<(request: NextRequest, context: RouteContext) => Promise<Response>>()
    // @ts-expect-error other parameters
    GET({} as NextRequest, { params: Promise.resolve({ slug: 'x' }) })
  })

  it('keep what they return', () => {
    const GET = auth.requireAuth(() => 'text' as const)
    expectTypeOf(GET).returns.resolves.toEqualTypeOf<'text' | Response>()
  })

  it('see both sides behind withAuth', () => {
    auth.withAuth((request) => {
      expectTypeOf(request.auth).toEqualTypeOf<Auth>()
      return new Response()
    })
  })
})

describe('Pages Router handlers', () => {
  it('annotate both parameters', () => {
    const handler = auth.requireAuth((request: AuthedApiRequest, response: NextApiResponse) => {
      expectTypeOf(request.auth.userId).toEqualTypeOf<string>()
      expectTypeOf(request.query).toEqualTypeOf<NextApiRequest['query']>()
      response.json({ userId: request.auth.userId })
    })
    expectTypeOf(handler).toExtend<NextApiHandler>()
    expectTypeOf(handler).parameter(0).toEqualTypeOf<NextApiRequest>()
  })

  it('keep the type of their body', () => {
    const handler = auth.requireAuth(
      (request: AuthedApiRequest, response: NextApiResponse<{ id: string }>) => {
        response.json({ id: request.auth.userId })
        // @ts-expect-error another body
        response.json({ name: 'x' })
      },
      { role: 'admin' },
    )
    expectTypeOf(handler).toExtend<NextApiHandler<{ id: string }>>()
  })

  it('behind withAuth may have nobody', () => {
    auth.withAuth((request: MaybeAuthedApiRequest, response: NextApiResponse) => {
      expectTypeOf(request.auth.userId).toEqualTypeOf<string | null>()
      response.end()
    })
    // @ts-expect-error nobody may be signed in
    auth.withAuth((_request: AuthedApiRequest, _response: NextApiResponse) => undefined)
  })
})

describe('functions without a request', () => {
  it('work on the current one', () => {
    expectTypeOf(auth.getAuth()).toEqualTypeOf<Promise<Auth>>()
    expectTypeOf(auth.protect()).toEqualTypeOf<Promise<SignedInAuth>>()
    expectTypeOf(auth.signOut()).toEqualTypeOf<Promise<void>>()
    void auth.protect({ returnTo: '/a', role: 'admin' })
    // @ts-expect-error misspelt
    void auth.protect({ returnto: '/a' })
    // @ts-expect-error every field of a policy is checked here too
    void auth.protect({ role: undefined })
  })

  it('serve the auth routes in either router', () => {
    const handlers = auth.authHandlers()
    expectTypeOf(handlers).toExtend<NextApiHandler>()
    expectTypeOf(handlers.GET).returns.resolves.toEqualTypeOf<Response>()
  })
})
