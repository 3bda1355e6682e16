import { createAuth } from '../../src/auth.js'
import type { AuthOptions } from '../../src/options.js'
import type { HealResult, ProviderNavigation } from '../../src/provider.js'
import type { RequestView } from '../../src/request.js'
import { type Browser, createBrowser } from './core-browser.js'
import { type Clock, frozenClock } from './core-clock.js'
import { fakeProvider, only } from './core-provider.js'

export const APP = 'https://app.example'
const VENDOR = 'https://vendor.example'
export const HEAL = '/api/auth/session/refresh/continue'

export type Heal = (request: Request) => HealResult | Promise<HealResult>

export interface HealingApp extends Clock {
  readonly browser: Browser
  /** Requests healing was tried for. */
  readonly healed: readonly Request[]
}

/** What a vendor answers an attempt with: the cookie is the session from then on. */
export function outcome(kind: 'healed' | 'ended', session: string | null): HealResult {
  const cookie = session === null ? 's=; Max-Age=0' : `s=${session}; Max-Age=3600`
  return { outcome: kind, headers: new Headers({ 'set-cookie': cookie }) }
}

export function away(location = `${VENDOR}/handshake`): HealResult {
  return { outcome: 'away', headers: new Headers(), location }
}

/**
 * An app whose every page but `/sign-in` is guarded, and a browser. Sessions are named after their
 * state: `fresh…`, `old…` (healable), `dead…` (only the vendor's browser SDK can help).
 */
export function healingApp({
  heal = () => outcome('healed', 'fresh-1'),
  session = 'old-1',
  read = ({ cookies }) => cookies.get('s'),
  keep,
  ...options
}: {
  readonly heal?: Heal
  readonly session?: string
  /** How the vendor finds its cookie, where it only glances at a request. */
  readonly read?: (view: RequestView) => string | null
  readonly keep?: (name: string, value: string) => string | null
} & Partial<Pick<AuthOptions, 'signInPath'>> = {}): HealingApp {
  const clock = frozenClock()
  const healed: Request[] = []
  const navigation: ProviderNavigation = {
    async inspect(view) {
      const credential = read(view) ?? ''
      const states = { fresh: 'fresh', old: 'healable', dead: 'expired' } as const
      const kind = credential.split('-')[0] as keyof typeof states
      return { state: states[kind] ?? 'absent', credential }
    },
    async heal(request) {
      healed.push(request)
      return heal(request)
    },
  }
  const provider = fakeProvider({
    navigation,
    carries: (view) => read(view) !== null,
    session: ({ cookies }) => (cookies.get('s')?.startsWith('fresh') ? {} : 'token_expired'),
  })
  const auth = createAuth({
    providers: only(provider),
    origins: [APP, 'https://www.example'],
    now: clock.now,
    onError: () => undefined,
    ...options,
  })
  const routes = auth.authHandler()
  const page = auth.requireAuth((request) => new Response(`page ${request.url}`))
  const browser = createBrowser(
    async (request) => {
      const { origin, pathname } = new URL(request.url)
      if (origin === VENDOR) return back(request)
      if (origin !== APP) return new Response(`left for ${origin}`)
      if (pathname === '/sign-in') return new Response('sign-in')
      return pathname.startsWith('/api/auth') ? routes(request) : page(request)
    },
    APP,
    keep,
  )
  if (session) browser.cookies.set('s', session)
  return { ...clock, browser, healed }
}

/** The vendor sends the browser back to where it was healed. */
function back(request: Request): Response {
  const returnTo = new URL(request.url).searchParams.get('back') ?? `${HEAL}?returnTo=%2Fpage`
  return Response.redirect(`${APP}${returnTo}&handshake=1`, 307)
}

/** The cookies that count attempts. */
export function markers(browser: Browser): readonly (readonly [string, string])[] {
  return [...browser.cookies].filter(([name]) => name.startsWith('authmux_heal_'))
}
