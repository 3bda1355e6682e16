/** A site whose sessions are of both vendors in turns, with a clock of its own, and what its verdicts cost. */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createAuth } from 'authmux'
import { clerk } from 'authmux/providers/clerk'
import { supertokens } from 'authmux/providers/supertokens'
import { callsOf, FEW_CALLS, measure } from '../measure.mjs'
import { rawVerify } from '../raw.mjs'
import { createStock, ORIGIN, TURNS, withCookie } from '../verdicts.mjs'

/** Sessions signed at a time. */
export const BATCH_SESSIONS = 500

/** Sessions that are asked about again. */
const KNOWN_SESSIONS = 500

/** Calls of {@link measureClasses} that take a session nobody has seen. */
export const UNSEEN_SESSIONS = callsOf(TURNS, FEW_CALLS)

const clock = { time: Math.floor(Date.now() / 1000) * 1000 }
const signer = fork(new URL('signer.mjs', import.meta.url))
const [{ environment, jwks }] = await once(signer, 'message')
const getAuths = createVerdicts()
let begun = 0

/** @param {number} time What the clock says from now on, in milliseconds since the epoch. */
export function setTime(time) {
  clock.time = time
}

export const startTime = clock.time

export function close() {
  signer.kill()
}

/** Both vendors with a clock of the simulation's own. */
function createVerdicts() {
  const appInfo = {
    appName: 'bench',
    apiDomain: ORIGIN,
    websiteDomain: ORIGIN,
    apiBasePath: '/api/auth',
  }
  const providers = {
    clerk: () =>
      clerk({
        publishableKey: environment.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
        secretKey: environment.CLERK_SECRET_KEY,
        jwtKey: environment.CLERK_JWT_KEY,
        authorizedParties: [ORIGIN],
      }),
    supertokens: () =>
      supertokens({
        appInfo,
        connectionURI: 'http://127.0.0.1:3567',
        jwks: JSON.stringify(jwks),
        requiredClaims: {},
        session: { useDynamicAccessTokenSigningKey: false },
        recipes: async () => ({ recipeList: [] }),
      }),
  }
  const now = () => clock.time
  return Object.keys(providers).map(
    (provider) => createAuth({ provider, providers, origins: [ORIGIN], now }).getAuth,
  )
}

/**
 * Sessions that are signed, and not seen by anybody yet.
 * @param {readonly number[]} times When each begins, in milliseconds since the epoch; as many as a batch has.
 */
export async function beginSessions(times) {
  signer.send({ first: begun, times })
  const [signed] = await once(signer, 'message')
  return signed.map((credentials) => ({ ...credentials, ...siteOf(begun), index: begun++ }))
}

/** Every other session is of the other vendor. */
function siteOf(index) {
  return { getAuth: getAuths[index % 2] }
}

export async function expectVerdict({ getAuth, request, isAuthenticated }) {
  const auth = await getAuth(request)
  if (auth.isAuthenticated !== isAuthenticated) throw new TypeError(`verdict: ${auth.reason}`)
}

/** A token as it was sent, with another payload: well formed, and signed by nobody. */
export function tampered({ token, cookie, index }) {
  const [header, , signature] = token.split('.')
  const claims = { iss: 'https://evil.example', sub: `user_${index}`, iat: 0, exp: 1 }
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return withCookie({ cookie: cookie.replaceAll(token, `${header}.${payload}.${signature}`) })
}

export function stranger({ index }) {
  return new Request(ORIGIN, { headers: { authorization: `Bearer garbage-${index}` } })
}

/** What each class of verdicts costs now. */
export async function measureClasses() {
  const known = await beginSessions(Array(KNOWN_SESSIONS).fill(clock.time))
  for (const { getAuth, ...session } of known) await getAuth(withCookie(session))
  let [next, unseenIndex] = [0, begun]
  const turn = () => known[next++ % known.length]
  const stock = await stockUp(UNSEEN_SESSIONS)
  const unseen = () => ({ cookie: stock.take(), ...siteOf(unseenIndex++) })
  const asking = (name, isAuthenticated, session, toRequest, callsPerTurn) => ({
    name,
    input() {
      const one = session()
      return { getAuth: one.getAuth, request: toRequest(one), isAuthenticated }
    },
    call: expectVerdict,
    ...(callsPerTurn && { callsPerTurn }),
  })
  const contenders = [
    rawVerify(known[0].token, jwks.keys[0]),
    asking('hit', true, turn, withCookie),
    asking('miss', true, unseen, withCookie, FEW_CALLS),
    asking('refused, wrong signature', false, turn, tampered),
    asking('refused, garbage', false, turn, stranger),
  ]
  return measure(contenders, TURNS)
}

/** Cookies of sessions nobody has seen, as many as are asked for. */
async function stockUp(count) {
  const stock = createStock()
  for (let made = 0; made < count; made += BATCH_SESSIONS) {
    const batch = Array(Math.min(BATCH_SESSIONS, count - made)).fill(clock.time)
    for (const { cookie } of await beginSessions(batch)) stock.add(cookie)
  }
  return stock
}
