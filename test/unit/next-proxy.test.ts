import type { NextFetchEvent } from 'next/server.js'
import { NextRequest } from 'next/server.js'
import { describe, expect, it } from 'vitest'
import { createNextAuth } from '../../src/next/index.js'
import { NAVIGATION } from '../support/core-auth.js'
import { fakeProvider } from '../support/core-provider.js'

const APP = 'https://app.example.com'
const event = {} as NextFetchEvent

/** Sees no session in the cookies of anybody. */
const provider = fakeProvider({
  navigation: {
    inspect: async () => ({ state: 'absent', credential: '' }),
    heal: async () => ({ outcome: 'ended', headers: new Headers() }),
  },
})

/** Where a person without a session is sent; `null` where the page is left to itself. */
async function visit(path: string, signInPath?: string): Promise<string | null> {
  const { authProxy } = createNextAuth({
    origins: [APP],
    providers: { fake: () => provider } as object,
    ...(signInPath && { signInPath }),
  })
  const request = new NextRequest(APP + path, { headers: NAVIGATION })
  const response = await authProxy({ publicPaths: ['/pricing', '/blog/*'] })(request, event)
  return response.headers.get('location')
}

describe('authProxy', () => {
  it.each([
    { says: 'a public page', path: '/pricing' },
    { says: 'what is below a public path', path: '/blog/2026/news' },
    { says: 'the sign-in page', path: '/sign-in?returnTo=%2Fpage' },
    { says: 'a later step of a form on it', path: '/sign-in/sso-callback?code=1' },
    { says: 'the same with slashes at the end', path: '/sign-in/factor-one/' },
    { says: 'an API', path: '/api/me' },
    { says: 'the auth routes', path: '/api/auth/session/refresh' },
  ])('leaves $says alone', async ({ path }) => {
    expect(await visit(path, '/sign-in')).toBeNull()
    expect(await visit(path, '/sign-in/')).toBeNull()
  })

  it.each([
    { says: 'any other page', path: '/page', signInPath: '/sign-in' },
    { says: 'a page that only begins like a public one', path: '/pricing-x', signInPath: '/auth' },
    { says: 'what is below a public page', path: '/pricing/x', signInPath: '/auth' },
    {
      says: 'a page that only begins like the sign-in page',
      path: '/authors',
      signInPath: '/auth',
    },
    { says: 'a sign-up page elsewhere', path: '/sign-up', signInPath: '/sign-in' },
    { says: 'what is below a sign-in page that is the home page', path: '/page', signInPath: '/' },
  ])('sends $says to sign in', async ({ path, signInPath }) => {
    expect(await visit(path, signInPath)).toBe(
      `${APP}${signInPath}?returnTo=${encodeURIComponent(path)}`,
    )
  })

  it('leaves the home page alone where it is the sign-in page', async () => {
    expect(await visit('/?from=mail', '/')).toBeNull()
  })

  it('sends nobody anywhere without a sign-in page', async () => {
    expect(await visit('/page')).toBeNull()
  })
})
