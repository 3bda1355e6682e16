/**
 * What every bench of verdicts needs: requests, and calls that make sure of the verdict.
 *
 * @typedef {import('authmux/testing').TestCredentials} TestCredentials
 */

import { callsOf, FEW_CALLS } from './measure.mjs'
import { rawVerify, verdictAndRaw } from './raw.mjs'

export const ORIGIN = 'https://app.example.com'

/** Turns each contender gets. */
export const TURNS = Number(process.env.BENCH_TURNS ?? 40)

const newRequestHere = (origin, headers) => new Request(origin, { headers })

export const withCookie = (credentials, newRequest = newRequestHere) =>
  newRequest(ORIGIN, { cookie: credentials.cookie })

const withBearer = (credentials, newRequest) =>
  newRequest(ORIGIN, { authorization: `Bearer ${credentials.token}` })

const asNode = ({ cookie }) => ({
  method: 'GET',
  url: '/',
  headers: { host: 'app.example.com', cookie },
})

/** Sessions that nobody has seen yet, one for every call of the bench; none comes twice. */
export async function createSessions(signIn, turns = TURNS) {
  const stock = createStock()
  const calls = callsOf(turns, FEW_CALLS)
  for (let index = 0; index < calls; index++) stock.add((await signIn(index)).cookie)
  return () => ({ cookie: stock.take() })
}

/**
 * Texts for later, in the order they came. They are outside of the heap: a hundred megabytes of them would
 * keep the collector of garbage busy, and whoever has its turn just then would pay for it.
 */
export function createStock() {
  const texts = []
  let taken = 0
  return {
    add: (text) => texts.push(Buffer.from(text)),
    take: () => texts[taken++].toString(),
  }
}

/**
 * The contenders every vendor has in common.
 * @param {(request: object) => Promise<{ isAuthenticated: boolean }>} getAuth
 * @param {TestCredentials} known
 * @param {() => TestCredentials} unseen
 * @param {(origin: string, headers: Record<string, string>) => object} newRequest Default one of Node's.
 * @returns {import('./measure.mjs').Contender[]}
 */
export function ourContenders(getAuth, known, unseen, newRequest = newRequestHere) {
  const asking = (name, check, input) => ({ name, input, call: getAuth, check })
  const garbage = { token: 'garbage' }
  return [
    asking('seen before, cookie', isIn, () => withCookie(known, newRequest)),
    asking('seen before, cookie, Node', isIn, () => asNode(known)),
    asking('seen before, bearer', isIn, () => withBearer(known, newRequest)),
    {
      ...asking('first seen, cookie', isIn, () => withCookie(unseen(), newRequest)),
      callsPerTurn: FEW_CALLS,
    },
    asking('no credentials', isOut, () => newRequest(ORIGIN, {})),
    asking('garbage bearer', isOut, () => withBearer(garbage, newRequest)),
  ]
}

/** The same on Node, beside the unit they are measured in. */
export function contendersOnNode(getAuth, known, unseen, jwk) {
  const raw = rawVerify(known.token, jwk)
  const ours = ourContenders(getAuth, known, unseen)
  return [raw, ...ours, verdictAndRaw(ours[0], raw)]
}

/** Of `getAuth`, and of Clerk's `authenticateRequest`, which says it by the same names. */
export function isIn({ isAuthenticated, reason }) {
  if (!isAuthenticated) throw new TypeError(`verdict: ${reason}`)
}

function isOut({ isAuthenticated }) {
  if (isAuthenticated) throw new TypeError('verdict: signed in')
}
