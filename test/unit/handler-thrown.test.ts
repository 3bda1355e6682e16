import { forbidden, notFound, permanentRedirect, redirect, unauthorized } from 'next/navigation.js'
import { NextRequest } from 'next/server.js'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createNextAuth } from '../../src/next/index.js'
import { ORIGIN } from '../support/core-auth.js'
import { fakeProvider, only } from '../support/core-provider.js'

const provider = fakeProvider({
  session: (_view, { responseHeaders }) => {
    responseHeaders.append('set-cookie', 'fake=again')
    return {}
  },
})
const { requireAuth, withAuth } = createNextAuth({ providers: only(provider), origins: [ORIGIN] })
type Guarded = (request: NextRequest, context: unknown) => Promise<Response>

const ask = (guarded: Guarded) =>
  guarded(new NextRequest(ORIGIN, { headers: { cookie: 'fake=user-1' } }), {})

// `forbidden` and `unauthorized` throw what they are for only where the app has asked for them.
beforeAll(() => vi.stubEnv('__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS', 'true'))

describe('what Next.js makes of a thrown answer', () => {
  it.each<[string, () => never, number, string | null]>([
    ['redirect', () => redirect('/users/user-1?a=1;b=2#c'), 307, '/users/user-1?a=1;b=2#c'],
    [
      'a redirect that replaces',
      () => redirect('https://a.test/', 'replace' as never),
      307,
      'https://a.test/',
    ],
    ['permanentRedirect', () => permanentRedirect('/users/user-1'), 308, '/users/user-1'],
    ['notFound', () => notFound(), 404, null],
    ['forbidden', () => forbidden(), 403, null],
    ['unauthorized', () => unauthorized(), 401, null],
  ])('%s is as private as any answer, with new tokens', async (_, leave, status, location) => {
    for (const guarded of [requireAuth(leave), withAuth(async () => leave())]) {
      const response = await ask(guarded)
      const { headers } = response
      expect([response.status, headers.get('location')]).toEqual([status, location])
      expect(headers.get('cache-control')).toBe('private, no-store')
      expect(headers.get('vary')).toContain('Cookie')
      expect(headers.getSetCookie()).toEqual(['fake=again'])
    }
  })

  it.each([
    'NEXT_REDIRECT',
    'NEXT_REDIRECT;replace;/x;200;',
    'NEXT_HTTP_ERROR_FALLBACK;200',
    'HANGING_PROMISE_REJECTION',
    'DYNAMIC_SERVER_USAGE',
    307,
    null,
  ])('leaves what is thrown with digest %s alone', async (digest) => {
    const thrown = Object.assign(new TypeError('x'), { digest })
    const guarded = requireAuth(() => {
      throw thrown
    })
    await expect(ask(guarded)).rejects.toBe(thrown)
  })
})
