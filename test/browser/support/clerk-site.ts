/** A small site with ClerkJS and its components, on a stand-in that is served below `/__clerk`. */

import { createClerkClient } from '@clerk/backend'
import { type Listener, listen } from '../../../emulator/src/base/listen.js'
import { type ClerkInstance, createClerkInstance } from '../../../emulator/src/clerk/instance.js'
import type { ClerkInstanceOptions } from '../../../emulator/src/clerk/options.js'

export interface ClerkSite extends Listener {
  readonly instance: ClerkInstance
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
export async function startClerkSite(options: ClerkInstanceOptions = {}): Promise<ClerkSite> {
  const instance = await createClerkInstance(options)
  const { publishableKey, secretKey, jwtKey, clock, faults, log } = instance
  const server = createClerkClient({
    publishableKey,
    secretKey,
    jwtKey,
    telemetry: { disabled: true },
  })

  async function answerMe(request: Request, origin: string): Promise<Response> {
    const state = await server.authenticateRequest(request, {
      authorizedParties: [origin],
      proxyUrl: origin + PROXY_PATH,
    })
    const { headers } = state
    if (headers.has('location')) return new Response(null, { status: 307, headers })
    const auth = state.toAuth()
    const answer = Response.json({ status: state.status, reason: state.reason, ...auth })
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

  return { ...(await listen({ fetch, clock, faults, log })), instance }
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
