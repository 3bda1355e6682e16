/**
 * The vendor of the example, offline: a stand-in, users, and sessions in the vendor's own format.
 *
 * @typedef {object} Vendor
 * @property {Record<string, string>} environment What the example has to be told.
 * @property {string} inspectorUrl Page of the stand-in that shows users, sessions and messages.
 * @property {Record<'member' | 'admin' | 'expired', string>} tokens Session tokens, by whose they are.
 * @property {() => Promise<void>} stop
 */

import { createClerkInstance, createClock, createSuperTokensCore, listen } from 'authmux-emulator'

const HOUR_SECONDS = 3600

/** Of everybody who is there from the start. */
const PASSWORD = 'correct horse battery 1'

/** Where a stand-in shows what it holds. */
const inspectorOf = (server) => `${server.url}/_emulator/`

/** Runs with the clock set back, so that what is issued then has expired by now. */
async function inThePast(clock, work) {
  clock.advance(-3 * HOUR_SECONDS)
  try {
    return await work()
  } finally {
    clock.advance(3 * HOUR_SECONDS)
  }
}

async function post(standIn, path, body, headers = {}) {
  const response = await standIn.fetch(
    new Request(`http://stand-in${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  )
  return response.json()
}

/** @returns {Promise<Vendor>} */
async function startSuperTokens(origin) {
  const clock = createClock()
  const core = await createSuperTokensCore({ clock })
  const server = await listen(core)

  async function signIn(email, roles) {
    const { user } = await post(core, '/public/recipe/signup', { email, password: PASSWORD })
    for (const role of roles) core.admin.giveRole(user.id, role)
    const claim = { v: roles, t: clock.now() }
    const { accessToken } = await post(core, '/public/recipe/session', {
      userId: user.id,
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

  return {
    environment: { ...core.environment(server.url), INSPECTOR_URL: inspectorOf(server) },
    inspectorUrl: inspectorOf(server),
    tokens: {
      expired: await inThePast(clock, () => signIn('old@example.com', [])),
      member: await signIn('member@example.com', ['member']),
      admin: await signIn('admin@example.com', ['admin']),
    },
    stop: server.close,
  }
}

/** @returns {Promise<Vendor>} */
async function startClerk(origin) {
  const clock = createClock()
  const instance = await createClerkInstance({
    clock,
    sessionTokenSeconds: HOUR_SECONDS,
    sessionTokenClaims: { metadata: '{{user.public_metadata}}' },
  })
  const server = await listen(instance)
  const headers = { authorization: `Bearer ${instance.secretKey}`, origin }

  async function signIn(email, roles) {
    const user = await post(
      instance,
      '/v1/users',
      { email_address: [email], password: PASSWORD, public_metadata: { roles } },
      headers,
    )
    const session = await post(instance, '/v1/sessions', { user_id: user.id }, headers)
    return (await post(instance, `/v1/sessions/${session.id}/tokens`, {}, headers)).jwt
  }

  return {
    environment: {
      ...instance.environment(server.url),
      NEXT_PUBLIC_CLERK_PROXY_URL: server.url,
      // For an address of its own, ClerkJS would load these over https.
      NEXT_PUBLIC_CLERK_JS_URL: `${server.url}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`,
      NEXT_PUBLIC_CLERK_UI_URL: `${server.url}/npm/@clerk/ui@1/dist/ui.browser.js`,
      INSPECTOR_URL: inspectorOf(server),
    },
    inspectorUrl: inspectorOf(server),
    tokens: {
      expired: await inThePast(clock, () => signIn('old@example.com', [])),
      member: await signIn('member@example.com', ['member']),
      admin: await signIn('admin@example.com', ['admin']),
    },
    stop: server.close,
  }
}

/** @type {Record<string, (origin: string) => Promise<Vendor>>} */
export const vendors = { clerk: startClerk, supertokens: startSuperTokens }
