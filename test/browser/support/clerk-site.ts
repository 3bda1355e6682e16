/** A small site with ClerkJS and its components, on a stand-in that is served below `/__clerk`. */

import { type ClerkClient, createClerkClient } from '@clerk/backend'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { type Listener, listen } from '../../../emulator/src/base/listen.js'
import { type ClerkInstance, createClerkInstance } from '../../../emulator/src/clerk/instance.js'
import type { ClerkInstanceOptions } from '../../../emulator/src/clerk/options.js'
import type { SentMessage } from '../../../emulator/src/clerk/records.js'
import { hasChromium, TIMEOUT_MS } from './browser.js'

export interface ClerkSite extends Listener {
  readonly instance: ClerkInstance
  /** Clerk's own server SDK, on the same stand-in. */
  readonly backend: ClerkClient
  /** Waits for a code nobody has read yet, by e-mail or text message: forms ask for one on their way. */
  readCode(address: string): Promise<string>
}

/** Somebody with an account, who knows their password. */
export interface Person {
  readonly id: string
  readonly email: string
  readonly password: string
}

const PROXY_PATH = '/__clerk'

/** Pages, and what ClerkJS is to mount there. */
const PAGES: Readonly<Record<string, string>> = {
  '/': `Clerk.mountUserButton(element('user'))
        Clerk.mountOrganizationSwitcher(element('organization'))`,
  '/sign-in': `Clerk.mountSignIn(element('form'), {
        routing: 'hash', signUpUrl: '/sign-up', forceRedirectUrl: '/' })`,
  '/sign-up': `Clerk.mountSignUp(element('form'), {
        routing: 'hash', signInUrl: '/sign-in', forceRedirectUrl: '/' })`,
  '/account': `Clerk.mountUserProfile(element('form'), { routing: 'hash' })`,
  '/team': `Clerk.mountOrganizationProfile(element('form'), { routing: 'hash' })`,
}

/** Serves the site; `/me` says who Clerk's own server SDK takes a request's sender for. */
async function startClerkSite(options: ClerkInstanceOptions = {}): Promise<ClerkSite> {
  const instance = await createClerkInstance(options)
  const { publishableKey, secretKey, jwtKey } = instance
  const app = await listen({ ...instance, fetch })
  const backend = createClerkClient({
    apiUrl: app.url + PROXY_PATH,
    publishableKey,
    secretKey,
    jwtKey,
    telemetry: { disabled: true },
  })

  async function answerMe(request: Request, origin: string): Promise<Response> {
    const state = await backend.authenticateRequest(request, {
      authorizedParties: [origin],
      proxyUrl: origin + PROXY_PATH,
    })
    const { headers } = state
    if (headers.has('location')) return new Response(null, { status: 307, headers })
    const auth = state.toAuth()
    const { orgId = null, orgRole = null } = auth && 'orgId' in auth ? auth : {}
    const { status, reason } = state
    const answer = Response.json({ status, reason, ...auth, orgId, orgRole })
    for (const [name, value] of headers) answer.headers.append(name, value)
    return answer
  }

  async function fetch(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const origin = `http://${request.headers.get('host')}`
    if (url.pathname.startsWith(`${PROXY_PATH}/`)) {
      const path = url.pathname.slice(PROXY_PATH.length)
      return instance.fetch(new Request(new URL(path + url.search, url), request))
    }
    if (url.pathname === '/me') return answerMe(request, origin)
    const mount = PAGES[url.pathname]
    if (mount === undefined) return new Response('not here', { status: 404 })
    const headers = { 'content-type': 'text/html; charset=utf-8' }
    return new Response(page(publishableKey, mount), { headers })
  }

  const read = new Set<SentMessage>()

  function readCode(address: string): Promise<string> {
    return vi.waitFor(
      () => {
        const { emails, textMessages } = instance.store
        const isNew = (message: SentMessage) => message.to === address && !read.has(message)
        const message = [...emails, ...textMessages].findLast(isNew)
        if (!message) throw new TypeError(`nothing has been sent to ${address}`)
        read.add(message)
        return message.code
      },
      { timeout: TIMEOUT_MS },
    )
  }

  return { ...app, instance, backend, readCode }
}

/**
 * Serves a site to the tests of a file. After each test: fails it when ClerkJS has asked the stand-in
 * for something it does not know.
 * @returns the site, once it is up.
 */
export function useClerkSite(options: ClerkInstanceOptions = {}): () => ClerkSite {
  let site: ClerkSite | undefined
  let mark = 0

  beforeAll(async () => {
    site = hasChromium ? await startClerkSite(options) : undefined
  })
  afterAll(() => site?.close())
  afterEach(() => {
    const calls = site?.instance.log.entries.slice(mark) ?? []
    mark += calls.length
    expect(calls.flatMap(({ missing = [] }) => missing)).toEqual([])
  })

  return () => {
    if (!site) throw new TypeError('The site is there while tests are running')
    return site
  }
}

/** Both kinds of keys: browsers are recognised differently under each. */
export const KEYS = [
  { keys: 'development', isProduction: false },
  { keys: 'production', isProduction: true },
] as const

const PASSWORD = 'correct horse battery'

let people = 0

/** Makes a user who has a password and a verified e-mail address. */
export async function createPerson({ backend }: ClerkSite): Promise<Person> {
  const email = `person-${++people}@example.com`
  const { id } = await backend.users.createUser({ emailAddress: [email], password: PASSWORD })
  return { id, email, password: PASSWORD }
}

/** Opens a page of the site as somebody who is signed in, by a ticket. */
export async function openAs(
  { url, backend }: ClerkSite,
  page: Page,
  { id }: Person,
  path = '/',
): Promise<void> {
  const { token } = await backend.signInTokens.createSignInToken({
    userId: id,
    expiresInSeconds: 60,
  })
  await page.goto(`${url}/`)
  await page.getByText('signed out').waitFor()
  await page.evaluate((ticket) => {
    const { Clerk } = window as never as { Clerk: LoadedClerk }
    // Not waited for here: the page may be on its way to another before the promise settles.
    void Clerk.client.signIn
      .create({ strategy: 'ticket', ticket })
      .then(({ createdSessionId }) => Clerk.setActive({ session: createdSessionId }))
  }, token)
  await page.getByText(`signed in as ${id}`).waitFor()
  await page.goto(url + path)
  await page.getByText(`signed in as ${id}`).waitFor()
}

/** Enters a code once the field for it is empty; the form hands it in by itself. */
export async function enterCode(page: Page, code: string): Promise<void> {
  const field = page.locator('input[autocomplete="one-time-code"]')
  await expect.poll(() => field.inputValue()).toBe('')
  await field.fill(code)
}

/** Who the server takes the page's visitor for. */
export function askServer(page: Page): Promise<ServerView> {
  return page.evaluate(async () => (await fetch('/me')).json())
}

/**
 * Waits until the server sees nobody: Clerk's script shows that somebody has signed out before it takes
 * the cookie away, and may open another page in between.
 */
export async function seeNobody(page: Page): Promise<void> {
  await expect
    .poll(() => askServer(page), { timeout: 15_000 })
    .toMatchObject({
      isAuthenticated: false,
    })
}

/** What `/me` answers, as far as tests look at it. */
interface ServerView {
  readonly isAuthenticated: boolean
  readonly reason: string | null
  readonly userId: string | null
  readonly sessionId: string | null
  readonly sessionStatus: string | null
  readonly factorVerificationAge: readonly [number, number] | null
  readonly orgId: string | null
  readonly orgRole: string | null
}

/** As much of ClerkJS as tests call. */
interface LoadedClerk {
  readonly client: {
    readonly signIn: { create(step: object): Promise<{ createdSessionId: string | null }> }
  }
  setActive(target: { session: string | null }): Promise<void>
}

function page(publishableKey: string, mount: string): string {
  return `<!doctype html>
<title>A site with Clerk</title><link rel="icon" href="data:,">
<div id="user"></div><div id="organization"></div><div id="form"></div><p id="state">loading</p>
<script src="${PROXY_PATH}/npm/@clerk/ui@1/dist/ui.browser.js"></script>
<script src="${PROXY_PATH}/npm/@clerk/clerk-js@6/dist/clerk.browser.js"
  data-clerk-publishable-key="${publishableKey}"
  data-clerk-proxy-url="${PROXY_PATH}"></script>
<script type="module">
  const element = (id) => document.getElementById(id)
  await Clerk.load({
    ui: { ClerkUI: window.__internal_ClerkUICtor },
    telemetry: false,
    signInUrl: '/sign-in',
    signUpUrl: '/sign-up',
  })
  Clerk.addListener(({ user }) => {
    element('state').textContent = user ? 'signed in as ' + user.id : 'signed out'
  })
  ${mount}
</script>`
}
