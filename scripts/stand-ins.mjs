/**
 * The vendor of the example, offline: a stand-in, users, and sessions in the vendor's own format.
 *
 * @typedef {object} Vendor
 * @property {Record<string, string>} environment What the example has to be told.
 * @property {string} inspectorUrl Page of the stand-in that shows users, sessions and messages.
 * @property {Record<'member' | 'admin' | 'expired', string>} tokens Session tokens, by whose they are.
 * @property {() => Promise<void>} stop
 */

import { createClerkInstance, createSuperTokensCore, listen, seed } from 'authmux-emulator'

const HOUR_SECONDS = 3600
const PASSWORD = 'correct horse battery 1'

/** Everybody who is there from the start. */
const people = {
  roles: { admin: [], member: [] },
  users: [
    { email: 'member@example.com', password: PASSWORD, roles: ['member'] },
    { email: 'admin@example.com', password: PASSWORD, roles: ['admin'] },
  ],
}

/** Where a stand-in shows what it holds. */
export const inspectorOf = (server) => `${server.url}/_emulator/`

/** Runs with the clock set back, so that what is issued then has expired by now. */
async function inThePast(clock, work) {
  clock.advance(-3 * HOUR_SECONDS)
  try {
    return await work()
  } finally {
    clock.advance(3 * HOUR_SECONDS)
  }
}

export async function post(standIn, path, body, headers = {}) {
  const response = await standIn.fetch(
    new Request(`http://stand-in${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  )
  return response.json()
}

/**
 * Puts the people into a stand-in and serves it.
 * @param openSession Makes a session of a user; resolves with its token.
 * @param environmentOf What the example has to be told, by stand-in and where it is served.
 * @returns {Promise<Vendor>}
 */
async function serve(standIn, openSession, environmentOf) {
  await seed(standIn, people)
  const users = standIn.admin.users()
  const signIn = (email) =>
    openSession(users.find(({ identifiers }) => identifiers.includes(email)))
  const server = await listen(standIn)
  return {
    environment: { ...environmentOf(standIn, server), INSPECTOR_URL: inspectorOf(server) },
    inspectorUrl: inspectorOf(server),
    tokens: {
      expired: await inThePast(standIn.clock, () => signIn('member@example.com')),
      member: await signIn('member@example.com'),
      admin: await signIn('admin@example.com'),
    },
    stop: server.close,
  }
}

async function startSuperTokens(origin) {
  const core = await createSuperTokensCore()
  async function openSession({ id, roles }) {
    const claim = { v: roles, t: core.clock.now() }
    const { accessToken } = await post(core, '/public/recipe/session', {
      userId: id,
      userDataInJWT: {
        iss: `${origin}/api/auth`,
        'st-role': claim,
        'st-perm': { ...claim, v: [] },
      },
      userDataInDatabase: {},
      enableAntiCsrf: false,
    })
    return accessToken.token
  }
  return serve(core, openSession, (_, { url }) => core.environment(url))
}

/** What an app in a browser has to know of an instance at an address of its own. */
export function clerkEnvironment(instance, server) {
  return {
    ...instance.environment(server.url),
    NEXT_PUBLIC_CLERK_PROXY_URL: server.url,
    // For an address of its own, ClerkJS would load these over https.
    NEXT_PUBLIC_CLERK_JS_URL: `${server.url}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`,
    NEXT_PUBLIC_CLERK_UI_URL: `${server.url}/npm/@clerk/ui@1/dist/ui.browser.js`,
  }
}

async function startClerk(origin) {
  const instance = await createClerkInstance({
    sessionTokenSeconds: HOUR_SECONDS,
    sessionTokenClaims: { metadata: '{{user.public_metadata}}' },
  })
  const headers = { authorization: `Bearer ${instance.secretKey}`, origin }
  async function openSession({ id }) {
    const session = await post(instance, '/v1/sessions', { user_id: id }, headers)
    return (await post(instance, `/v1/sessions/${session.id}/tokens`, {}, headers)).jwt
  }
  return serve(instance, openSession, clerkEnvironment)
}

/** @type {Record<string, (origin: string) => Promise<Vendor>>} */
export const vendors = { clerk: startClerk, supertokens: startSuperTokens }
