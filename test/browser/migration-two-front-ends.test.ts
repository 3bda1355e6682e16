/** SuperTokens' browser SDK and ClerkJS on one page, while both vendors count. */

import { fileURLToPath } from 'node:url'
import { createClerkClient } from '@clerk/backend'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session from 'supertokens-node/recipe/session'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Listener, listen } from '../../emulator/src/base/listen.js'
import { type ClerkInstance, createClerkInstance } from '../../emulator/src/clerk/instance.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../emulator/src/supertokens/core.js'
import { clerk } from '../../providers/clerk/index.js'
import { supertokens } from '../../providers/supertokens/index.js'
import { type AuthFunctions, createAuth } from '../../src/auth.js'
import { cutOver } from '../../src/migrate/cut-over.js'
import { hasChromium, useChromium, type Visitor } from './support/browser.js'

const CLERK_PATH = '/__clerk'
const REFRESH_PATH = '/api/auth/session/refresh'
const PASSWORD = 'correct horse battery 1'

/** Life of SuperTokens' access tokens, in seconds: longer than signing in takes, and no more. */
const TOKEN_SECONDS = 6

/** Where the browser SDK that the example depends on is found. */
const example = fileURLToPath(new URL('../../examples/nextjs', import.meta.url))

let step = 'dual-old-primary'
let core: SuperTokensCore
let instance: ClerkInstance
let script = ''
let app: Listener
let coreServer: Listener
let auth: AuthFunctions

/** The page; `?expired=401` sets SuperTokens' browser SDK up as it is by default. */
function pageOf({ searchParams }: URL): string {
  const expired = Number(searchParams.get('expired') ?? 440)
  return `<!doctype html>
<title>Two front ends</title><link rel="icon" href="data:,"><p id="state">loading</p>
<script src="/supertokens.js"></script>
<script src="${CLERK_PATH}/npm/@clerk/clerk-js@6/dist/clerk.browser.js"
  data-clerk-publishable-key="${instance.publishableKey}"
  data-clerk-proxy-url="${CLERK_PATH}"></script>
<script type="module">
  startSuperTokens(${expired})
  await Clerk.load({ telemetry: false })
  document.getElementById('state').textContent = 'ready'
</script>`
}

async function serve(request: Request): Promise<Response> {
  const url = new URL(request.url)
  if (url.pathname.startsWith(`${CLERK_PATH}/`)) {
    const path = url.pathname.slice(CLERK_PATH.length)
    return instance.fetch(new Request(new URL(path + url.search, url), request))
  }
  if (url.pathname.startsWith('/api/auth/')) return auth.authHandler()(request)
  if (url.pathname === '/api/me') {
    return auth.requireAuth(({ auth: { provider } }) => Response.json({ provider }))(request)
  }
  const isScript = url.pathname === '/supertokens.js'
  const headers = { 'content-type': isScript ? 'text/javascript' : 'text/html; charset=utf-8' }
  return new Response(isScript ? script : pageOf(url), { headers })
}

async function bundleSdk(): Promise<string> {
  const contents = `
    import SuperTokens from 'supertokens-web-js'
    import Session from 'supertokens-web-js/recipe/session'
    window.startSuperTokens = (sessionExpiredStatusCode) => SuperTokens.init({
      appInfo: { appName: 'app', apiDomain: location.origin, apiBasePath: '/api/auth' },
      recipeList: [Session.init({ sessionExpiredStatusCode, tokenTransferMethod: 'cookie' })],
    })`
  const stdin = { contents, resolveDir: example }
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'iife' })
  return outputFiles[0]?.text ?? ''
}

beforeAll(async () => {
  if (!hasChromium) return
  core = await createSuperTokensCore({ accessTokenValiditySeconds: TOKEN_SECONDS })
  instance = await createClerkInstance({ sessionTokenSeconds: 3600 })
  script = await bundleSdk()
  coreServer = await listen(core)
  app = await listen({ ...instance, fetch: serve })
  const appInfo = {
    appName: 'app',
    apiDomain: app.url,
    websiteDomain: app.url,
    apiBasePath: '/api/auth',
  }
  const recipeList = [EmailPassword.init(), Session.init({ sessionExpiredStatusCode: 440 })]
  auth = createAuth({
    migration: cutOver({ from: 'supertokens', to: 'clerk', step: () => step }),
    origins: [app.url],
    providers: {
      supertokens: () =>
        supertokens({
          appInfo,
          connectionURI: coreServer.url,
          recipes: async () => ({ recipeList }),
          requiredClaims: {},
          session: { sessionExpiredStatusCode: 440, antiCsrf: 'NONE' },
        }),
      clerk: () =>
        clerk({
          publishableKey: instance.publishableKey,
          secretKey: instance.secretKey,
          apiUrl: app.url + CLERK_PATH,
        }),
    },
  })
})
afterAll(async () => {
  await app?.close()
  await coreServer?.close()
})

let people = 0

/** Opens the page as somebody who is signed in at both vendors. */
async function openAsBoth({ page }: Visitor, search = ''): Promise<void> {
  const email = `person-${++people}@example.com`
  await page.goto(`${app.url}/${search}`)
  await page.getByText('ready').waitFor()
  await page.evaluate(
    async ([id, password]) => {
      const fields = [
        { id: 'email', value: id },
        { id: 'password', value: password },
      ]
      await fetch('/api/auth/signup', {
        method: 'POST',
        headers: { 'content-type': 'application/json', rid: 'emailpassword' },
        body: JSON.stringify({ formFields: fields }),
      })
    },
    [email, PASSWORD],
  )
  const backend = createClerkClient({
    apiUrl: app.url + CLERK_PATH,
    secretKey: instance.secretKey,
    telemetry: { disabled: true },
  })
  const userId = [...core.store.sessions.values()].at(-1)?.userId ?? ''
  const user = await backend.users.createUser({
    emailAddress: [email],
    password: PASSWORD,
    externalId: userId,
  })
  const { token } = await backend.signInTokens.createSignInToken({
    userId: user.id,
    expiresInSeconds: 60,
  })
  await page.evaluate(async (ticket) => {
    const { Clerk } = window as never as { Clerk: LoadedClerk }
    const { createdSessionId } = await Clerk.client.signIn.create({ strategy: 'ticket', ticket })
    await Clerk.setActive({ session: createdSessionId })
  }, token)
}

interface LoadedClerk {
  readonly client: {
    readonly signIn: { create(step: object): Promise<{ createdSessionId: string | null }> }
  }
  readonly session: { getToken(): Promise<string> }
  setActive(target: { session: string | null }): Promise<void>
}

interface Seen {
  readonly status: number
  readonly body: { readonly provider?: string; readonly code?: string }
}

/** Asks for `/api/me` the way a page does, through whatever the SDKs have put around `fetch`. */
function ask(page: Page, headers: Record<string, string> = {}): Promise<Seen> {
  return page.evaluate(async (sent) => {
    const response = await fetch('/api/me', { headers: sent })
    return { status: response.status, body: await response.json() }
  }, headers)
}

/** The page's Clerk token with another signature. */
async function forgedToken(page: Page): Promise<string> {
  const token = await page.evaluate(() =>
    (window as never as { Clerk: LoadedClerk }).Clerk.session.getToken(),
  )
  return `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(342)}`
}

/** What the page has sent to either vendor's endpoints that replace tokens. */
function refreshes({ requests }: Visitor, mark: number) {
  const posts = requests.slice(mark).filter(({ method }) => method === 'POST')
  return {
    supertokens: posts.filter(({ url }) => url.pathname === REFRESH_PATH).length,
    clerk: posts.filter(({ url }) => /\/sessions\/\w+\/tokens/.test(url.pathname)).length,
  }
}

/** Time for a loop to show itself. */
const watchFor = (page: Page) => page.waitForTimeout(1500)

const expire = (page: Page) => page.waitForTimeout(TOKEN_SECONDS * 1000 + 500)

describe.skipIf(!hasChromium)('two front ends on one page', () => {
  const visit = useChromium()
  beforeEach(() => {
    step = 'dual-old-primary'
  })

  it('leave SuperTokens alone after a 401 about a Clerk token', async () => {
    const visitor = await visit()
    const { page } = visitor
    await openAsBoth(visitor)
    const authorization = `Bearer ${await forgedToken(page)}`
    const mark = visitor.requests.length
    for (let turn = 0; turn < 3; turn++) {
      const { status, body } = await ask(page, { authorization })
      expect([status, body.code]).toEqual([401, 'token_invalid'])
    }
    await watchFor(page)
    expect(refreshes(visitor, mark)).toEqual({ supertokens: 0, clerk: 0 })
    expect(await ask(page)).toMatchObject({ status: 200, body: { provider: 'supertokens' } })
  })

  it('leave SuperTokens alone after a 401 about a Clerk cookie', async () => {
    const visitor = await visit()
    const { page, context } = visitor
    await openAsBoth(visitor)
    step = 'dual-new-primary'
    expect(await ask(page)).toMatchObject({ status: 200, body: { provider: 'clerk' } })
    const value = await forgedToken(page)
    const cookies = await context.cookies()
    const its = cookies.filter(({ name }) => name.startsWith('__session'))
    await context.addCookies(its.map((cookie) => ({ ...cookie, value })))
    const mark = visitor.requests.length
    const { status, body } = await ask(page)
    expect([status, body.code]).toEqual([401, 'token_invalid'])
    await watchFor(page)
    expect(refreshes(visitor, mark)).toEqual({ supertokens: 0, clerk: 0 })
  })

  it('refresh once at a 440 about SuperTokens, and leave Clerk alone', async () => {
    const visitor = await visit()
    const { page } = visitor
    await openAsBoth(visitor)
    await expire(page)
    const mark = visitor.requests.length
    expect(await ask(page)).toMatchObject({ status: 200, body: { provider: 'supertokens' } })
    await watchFor(page)
    expect(refreshes(visitor, mark)).toEqual({ supertokens: 1, clerk: 0 })
    const asked = visitor.requests.slice(mark).filter(({ url }) => url.pathname === '/api/me')
    expect(asked).toHaveLength(2)
  })

  it('give up after one refresh when the SuperTokens session is over', async () => {
    const visitor = await visit()
    const { page } = visitor
    await openAsBoth(visitor)
    await expire(page)
    core.store.sessions.clear()
    const mark = visitor.requests.length
    await ask(page)
    await watchFor(page)
    expect(refreshes(visitor, mark)).toEqual({ supertokens: 1, clerk: 0 })
    // SuperTokens' cookies are gone, so the other session decides.
    expect(await ask(page)).toMatchObject({ status: 200, body: { provider: 'clerk' } })
    expect(refreshes(visitor, mark).supertokens).toBe(1)
  })

  it('would refresh in vain at a 401 about Clerk, had SuperTokens no status of its own', async () => {
    const visitor = await visit()
    const { page } = visitor
    await openAsBoth(visitor, '?expired=401')
    const authorization = `Bearer ${await forgedToken(page)}`
    const mark = visitor.requests.length
    await expect(ask(page, { authorization })).rejects.toThrow('maximum session refresh limit')
    expect(refreshes(visitor, mark).supertokens).toBe(10)
  })
})
