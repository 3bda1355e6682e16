import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expectTypeOf, it } from 'vitest'
import type { AuthFunctions } from '../../src/auth.js'
import type { Auth, Authed, MaybeAuthed, SignedInAuth } from '../../src/index.js'

declare const auth: AuthFunctions

describe('Fetch handlers', () => {
  it('need no annotation', () => {
    const guarded = auth.requireAuth(async (request) => {
      expectTypeOf(request).toExtend<Request>()
      expectTypeOf(request.auth).toEqualTypeOf<SignedInAuth>()
      expectTypeOf(request.auth.userId).toEqualTypeOf<string>()
      return Response.json({})
    })
    expectTypeOf(guarded).toEqualTypeOf<(request: Request) => Promise<Response>>()
  })

  it('keep what follows the request, and what they return', () => {
    const guarded = auth.requireAuth(
      (_request, context: { params: Promise<{ id: string }> }, more: number) => ({ context, more }),
    )
    expectTypeOf(guarded).parameters.toEqualTypeOf<
      [Request, { params: Promise<{ id: string }> }, number]
    >()
    expectTypeOf(guarded).returns.resolves.toEqualTypeOf<
      Response | { context: { params: Promise<{ id: string }> }; more: number }
    >()
    // @ts-expect-error the context is missing
    void guarded(new Request('http://localhost'))
  })

  it('see both sides behind withAuth', () => {
    auth.withAuth((request) => {
      expectTypeOf(request.auth).toEqualTypeOf<Auth>()
      const { isAuthenticated, userId } = request.auth
      if (isAuthenticated) expectTypeOf(userId).toEqualTypeOf<string>()
      else expectTypeOf(userId).toEqualTypeOf<null>()
      return new Response()
    })
  })

  it('cannot write to request.auth', () => {
    auth.requireAuth((request) => {
      // @ts-expect-error read only
      request.auth = null
      return new Response()
    })
  })
})

describe('Node handlers', () => {
  it('annotate both parameters, and are called with plain ones', () => {
    const guarded = auth.requireAuth(
      (request: Authed<IncomingMessage>, response: ServerResponse) => {
        expectTypeOf(request.auth.userId).toEqualTypeOf<string>()
        response.end()
        return 1
      },
    )
    expectTypeOf(guarded).parameter(1).toEqualTypeOf<ServerResponse>()
    expectTypeOf(guarded).returns.resolves.toEqualTypeOf<number | undefined>()
    expectTypeOf<IncomingMessage>().toExtend<Parameters<typeof guarded>[0]>()
  })

  it('keep what follows the response', () => {
    const guarded = auth.withAuth(
      (
        _request: MaybeAuthed<IncomingMessage>,
        _response: ServerResponse,
        _next: (error?: Error) => void,
      ) => undefined,
    )
    expectTypeOf(guarded).parameter(2).toEqualTypeOf<(error?: Error) => void>()
  })

  it('cannot ask for more than they get', () => {
    const guarded = auth.withAuth(
      (_request: Authed<IncomingMessage>, _response: ServerResponse) => undefined,
    )
    // @ts-expect-error behind withAuth nobody may be signed in
    void guarded({} as IncomingMessage, {} as ServerResponse)
  })

  it('serve the auth routes', () => {
    const handler = auth.authHandler()
    expectTypeOf(handler(new Request('http://localhost'))).toEqualTypeOf<Promise<Response>>()
    expectTypeOf(handler).toBeCallableWith({} as IncomingMessage, {} as ServerResponse)
  })
})
