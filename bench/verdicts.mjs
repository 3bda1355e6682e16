/**
 * What every bench of verdicts needs: requests, and calls that make sure of the verdict.
 *
 * @typedef {import('authmux/testing').TestCredentials} TestCredentials
 */

export const ORIGIN = 'https://app.example.com'

/** Turns each contender gets. */
export const TURNS = Number(process.env.BENCH_TURNS ?? 40)

/** Distinct sessions; each is forgotten again before its turn comes once more. */
const DISTINCT_SESSIONS = 12_000

export const withCookie = (credentials) =>
  new Request(ORIGIN, { headers: { cookie: credentials.cookie } })

export const withBearer = (credentials) =>
  new Request(ORIGIN, { headers: { authorization: `Bearer ${credentials.token}` } })

export const asNode = ({ cookie }) => ({
  method: 'GET',
  url: '/',
  headers: { host: 'app.example.com', cookie },
})

/** Sessions that nobody has seen yet, one after the other. */
export async function createSessions(signIn) {
  const sessions = []
  for (let index = 0; index < DISTINCT_SESSIONS; index++) sessions.push(await signIn(index))
  let next = 0
  return () => sessions[next++ % sessions.length]
}

/**
 * The contenders every vendor has in common.
 * @param {(request: object) => Promise<{ isAuthenticated: boolean }>} getAuth
 * @param {TestCredentials} known
 * @param {() => TestCredentials} unseen
 * @returns {import('./measure.mjs').Contender[]}
 */
export function ourContenders(getAuth, known, unseen) {
  const expecting = (isAuthenticated) => async (request) => {
    const auth = await getAuth(request)
    if (auth.isAuthenticated !== isAuthenticated) throw new TypeError(`verdict: ${auth.reason}`)
  }
  const [isIn, isOut] = [expecting(true), expecting(false)]
  return [
    { name: 'seen before, cookie', input: () => withCookie(known), call: isIn },
    { name: 'seen before, cookie, Node', input: () => asNode(known), call: isIn },
    { name: 'seen before, bearer', input: () => withBearer(known), call: isIn },
    { name: 'first seen, cookie', input: () => withCookie(unseen()), call: isIn },
    { name: 'no credentials', input: () => new Request(ORIGIN), call: isOut },
    { name: 'garbage bearer', input: () => withBearer({ token: 'garbage' }), call: isOut },
  ]
}
