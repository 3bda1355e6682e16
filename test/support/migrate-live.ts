/** One app, both vendors' real SDKs, and a stand-in behind each. */

import { type ClerkClient, createClerkClient } from '@clerk/backend'
import { createUserIdMapping } from 'supertokens-node'
import AccountLinking from 'supertokens-node/recipe/accountlinking'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session from 'supertokens-node/recipe/session'
import UserMetadata from 'supertokens-node/recipe/usermetadata'
import type { RecipeListFunction } from 'supertokens-node/types'
import { listen } from '../../emulator/src/base/listen.js'
import { type ClerkInstance, createClerkInstance } from '../../emulator/src/clerk/instance.js'
import type { ClerkInstanceOptions } from '../../emulator/src/clerk/options.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../emulator/src/supertokens/core.js'
import { APP, type Browser as ClerkPage, openBrowser } from '../../emulator/test/clerk/browser.js'
import { clerk } from '../../providers/clerk/index.js'
import { superTokensUserEvents, supertokens } from '../../providers/supertokens/index.js'
import { type AuthFunctions, createAuth } from '../../src/auth.js'
import { type CutOver, cutOver } from '../../src/migrate/cut-over.js'
import type { CutOverOptions } from '../../src/migrate/cut-over-options.js'
import type { MigrationEvent } from '../../src/migrate/events.js'
import type { AuthProvider } from '../../src/provider.js'
import type { SignedInAuth, SignedOutAuth } from '../../src/session.js'
import type { UserEvents } from '../../src/user-events/user-events.js'
import { keepCookies, toCookieHeader } from './cookie-jar.js'
import { documentHeaders } from './http.js'
import { resetSdk } from './supertokens-app.js'

const WEBHOOK_SECRET = `whsec_${btoa('the secret of the endpoint')}`

const PASSWORD = 'correct horse battery 9'

/** A browser on the app's origin in which both vendors' scripts may run. */
export interface Visitor {
  readonly email: string
  readonly page: ClerkPage
  readonly cookies: Map<string, string>
  post(path: string, body?: object, headers?: Record<string, string>): Promise<Answer>
  /** Loads a document below the auth path, as a browser does. */
  open(path: string, headers?: Record<string, string>): Promise<Response>
  who(): Promise<SignedInAuth | SignedOutAuth>
}

/** A visitor who has an account. */
export interface Person extends Visitor {
  /** The app's id: that of the old vendor. */
  readonly userId: string
  /** Id at Clerk. */
  readonly clerkId: string
}

export interface Answer {
  readonly status: number
  readonly body: { readonly status?: string; readonly ticket?: string; readonly code?: string }
  readonly headers: Headers
}

export interface LiveMove {
  readonly auth: AuthFunctions
  readonly plan: CutOver
  readonly core: SuperTokensCore
  readonly instance: ClerkInstance
  /** Clerk's own server SDK, on the same stand-in. */
  readonly backend: ClerkClient
  readonly events: MigrationEvent[]
  /** Everybody's. */
  readonly password: string
  /** The two providers, each made anew. */
  readonly providers: Readonly<Record<'supertokens' | 'clerk', () => AuthProvider>>
  /** Somebody neither vendor knows. */
  visitor(): Promise<Visitor>
  /** Somebody both vendors know, signed in at the old one. */
  person(options?: { isMapped?: boolean }): Promise<Person>
  /** Signs somebody else in as a person, at Clerk. */
  impersonate(person: Person): Promise<void>
  /** Living sessions: at SuperTokens, and at Clerk. */
  living(person: Person): { supertokens: number; clerk: number }
  stop(): Promise<void>
}

let count = 0

export async function startMove(
  from: 'supertokens' | 'clerk',
  options: Partial<CutOverOptions> = {},
  clerkOptions: ClerkInstanceOptions = {},
  makeRecipes: ((plan: CutOver) => RecipeListFunction[]) | null = null,
  makeUserEvents: ((plan: CutOver) => UserEvents) | null = null,
): Promise<LiveMove> {
  // A process has one SDK.
  resetSdk()
  const core = await createSuperTokensCore()
  // Webhooks are sent to the app, which is made once the vendors are there.
  const app = await listen({ ...core, fetch: (request) => auth.authHandler()(request) })
  const webhook = { url: `${app.url}/api/auth/webhooks`, secret: WEBHOOK_SECRET }
  const instance = await createClerkInstance({
    ...(makeUserEvents && { webhook }),
    ...clerkOptions,
  })
  const [coreServer, clerkServer] = [await listen(core), await listen(instance)]
  const events: MigrationEvent[] = []
  const plan = cutOver({
    from,
    to: from === 'clerk' ? 'supertokens' : 'clerk',
    step: 'dual-new-primary',
    onEvent: (event) => void events.push(event),
    ...options,
  })
  const userEvents = makeUserEvents?.(plan)
  const recipeList = makeRecipes?.(plan) ?? recipeListWith(userEvents)
  const providers = {
    supertokens: () =>
      supertokens({
        appInfo: {
          appName: 'move',
          apiDomain: APP,
          websiteDomain: APP,
          apiBasePath: '/api/auth',
        },
        connectionURI: coreServer.url,
        recipes: async () => ({ recipeList }),
        requiredClaims: {},
      }),
    clerk: () =>
      clerk({
        publishableKey: instance.publishableKey,
        secretKey: instance.secretKey,
        apiUrl: clerkServer.url,
        webhookSigningSecret: WEBHOOK_SECRET,
        ...(userEvents && { userEvents }),
      }),
  }
  const auth: AuthFunctions = createAuth({
    migration: plan,
    origins: [APP],
    onError: () => undefined,
    // A function of its own keeps keys and attempts to this app.
    now: () => Date.now(),
    providers,
  })
  const backend = createClerkClient({
    secretKey: instance.secretKey,
    apiUrl: clerkServer.url,
    telemetry: { disabled: true },
  })
  await auth.checkAuthConfig()

  async function visitor(): Promise<Visitor> {
    const email = `person-${++count}@example.com`
    const page = await openBrowser(instance)
    const { cookies } = page
    const send = async (path: string, init: RequestInit, headers: Record<string, string>) => {
      const cookie = toCookieHeader(cookies)
      const request = new Request(new URL(path, APP), {
        ...init,
        headers: { 'sec-fetch-site': 'same-origin', origin: APP, cookie, ...headers },
      })
      const response = await auth.authHandler()(request)
      keepCookies(cookies, response)
      return response
    }
    return {
      email,
      page,
      cookies,
      async post(path: string, body: object = {}, headers: Record<string, string> = {}) {
        const json = { 'content-type': 'application/json', ...headers }
        const init = { method: 'POST', body: JSON.stringify(body) }
        const response = await send(`/api/auth${path}`, init, json)
        const text = await response.text()
        return {
          status: response.status,
          body: text.startsWith('{') ? JSON.parse(text) : {},
          headers: response.headers,
        }
      },
      open: (path: string, headers: Record<string, string> = {}) =>
        send(`/api/auth${path}`, {}, { ...documentHeaders, 'sec-fetch-site': 'none', ...headers }),
      who() {
        const cookie = toCookieHeader(cookies)
        return auth.getAuth(new Request(APP, { headers: { cookie } }))
      },
    }
  }

  async function person({ isMapped = true } = {}): Promise<Person> {
    const someone = await visitor()
    const { email, page } = someone
    if (from === 'supertokens') {
      await someone.post(
        '/signup',
        {
          formFields: [
            { id: 'email', value: email },
            { id: 'password', value: PASSWORD },
          ],
        },
        { rid: 'emailpassword', 'st-auth-mode': 'cookie' },
      )
      const userId = (await someone.who()).userId ?? ''
      const { id: clerkId } = await backend.users.createUser({
        emailAddress: [email],
        password: PASSWORD,
        ...(isMapped && { externalId: userId }),
      })
      return { ...someone, userId, clerkId }
    }
    const { id: clerkId } = await backend.users.createUser({
      emailAddress: [email],
      password: PASSWORD,
    })
    const made = await EmailPassword.signUp('public', email, PASSWORD)
    const superTokensUserId = made.status === 'OK' ? made.user.id : ''
    if (isMapped) await createUserIdMapping({ superTokensUserId, externalUserId: clerkId })
    const fields = { strategy: 'password', identifier: email, password: PASSWORD }
    await page.post('/v1/client/sign_ins', fields)
    await page.sync()
    return { ...someone, userId: clerkId, clerkId }
  }

  return {
    auth,
    plan,
    core,
    instance,
    backend,
    events,
    password: PASSWORD,
    providers,
    visitor,
    person,
    async impersonate(someone) {
      const made = await backend.actorTokens.create({
        userId: someone.clerkId,
        actor: { sub: 'support' },
        expiresInSeconds: 60,
      })
      await redeemTicket(someone, made.token ?? '')
    },
    living: ({ userId, clerkId }) => ({
      supertokens: [...core.store.sessions.values()].filter((its) => its.userId === userId).length,
      clerk: [...instance.store.sessions.values()].filter(
        (its) => its.userId === clerkId && its.status === 'active',
      ).length,
    }),
    async stop() {
      await app.close()
      await coreServer.close()
      await clerkServer.close()
    },
  }
}

function recipeListWith(userEvents: UserEvents | undefined) {
  if (!userEvents) return [EmailPassword.init(), Session.init()]
  const overrides = superTokensUserEvents(userEvents)
  return [
    AccountLinking.init({ override: { functions: overrides.accountLinking } }),
    EmailPassword.init({ override: { functions: overrides.emailPassword } }),
    Session.init({ override: { functions: overrides.session } }),
    UserMetadata.init({ override: { functions: overrides.userMetadata } }),
  ]
}

/** What the browser helper does at Clerk: signs in with a ticket. */
export async function redeemTicket(
  { page }: Pick<Person, 'page'>,
  ticket: string,
): Promise<number> {
  const { status } = await page.post('/v1/client/sign_ins', { strategy: 'ticket', ticket })
  if (status === 200) await page.sync()
  return status
}
