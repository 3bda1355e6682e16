/**
 * A simulated day: a million distinct sessions of both vendors begin, come back, run out and go.
 *
 * Every session is a token of its own with a valid signature, made by a process beside this one. At
 * 2, 1000, 10 000, … sessions the day stops: the cost of each class of verdicts is measured, and the
 * heap is read after the garbage has been collected.
 */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createAuth } from 'authmux'
import { clerk } from 'authmux/providers/clerk'
import { supertokens } from 'authmux/providers/supertokens'
import { callsOf, FEW_CALLS, measure } from './measure.mjs'
import { rawVerify } from './raw.mjs'
import { ORIGIN, withCookie } from './verdicts.mjs'

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 1_000_000)
const TURNS = Number(process.env.BENCH_TURNS ?? 16)
const DAY_MS = 86_400_000
const BATCH_SESSIONS = 500
/** Sessions that come back now and then; the bench keeps their tokens, which is not counted. */
const RECENT_SESSIONS = 500
/** The heap is read this often. */
const SAMPLE_SESSIONS = Math.ceil(SESSIONS / 100)
/** As docs/performance.md promises. */
const CEILING_MEGABYTES = 40
/** The first two are one of each vendor. */
const CHECKPOINTS = [...[2, 1000, 10_000, 100_000].filter((count) => count < SESSIONS), SESSIONS]

const start = Math.floor(Date.now() / 1000) * 1000
let time = start
const now = () => time

const signer = fork(new URL('growth/signer.mjs', import.meta.url))
const [{ environment, jwks }] = await once(signer, 'message')
const getAuths = createVerdicts()
let begun = 0
const recent = []

const collectGarbage = exposeCollector()
const before = heapMegabytes()
// What comes first is compiled while it runs, which is no matter of the number of sessions.
await measureClasses(RECENT_SESSIONS)
const warmUpSessions = begun
begun = 0

const states = []
const heaps = []
for (const count of CHECKPOINTS) {
  while (begun < count) {
    await live(Math.min(BATCH_SESSIONS, SAMPLE_SESSIONS, count - begun))
    if (begun >= heaps.length * SAMPLE_SESSIONS) heaps.push(sampleHeap())
  }
  states.push({ sessions: begun, figures: await measureClasses(count) })
  heaps.push(sampleHeap())
}
signer.kill()
console.log(JSON.stringify({ classes: summarise(), memory: summariseMemory() }))

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
  return Object.keys(providers).map(
    (provider) => createAuth({ provider, providers, origins: [ORIGIN], now }).getAuth,
  )
}

/** The next sessions of the day, signed but not seen by anybody yet; spread over time, or all at once. */
async function beginSessions(count, at) {
  const times = Array.from({ length: count }, (_, offset) => at ?? timeOf(begun + offset))
  signer.send({ first: begun, times })
  const [signed] = await once(signer, 'message')
  const sessions = signed.map((credentials, offset) => ({
    ...credentials,
    index: begun + offset,
    getAuth: getAuths[(begun + offset) % 2],
  }))
  begun += count
  return sessions
}

function timeOf(index) {
  return start + Math.floor((index / SESSIONS) * DAY_MS)
}

async function expectVerdict({ getAuth, request, isAuthenticated }) {
  const auth = await getAuth(request)
  if (auth.isAuthenticated !== isAuthenticated) throw new TypeError(`verdict: ${auth.reason}`)
}

/** A piece of the day: new sessions, their second requests, and what else knocks on the door. */
async function live(count) {
  for (const session of await beginSessions(count)) {
    time = timeOf(session.index)
    const { getAuth } = session
    for (const visit of [withCookie(session), withCookie(session)]) {
      await expectVerdict({ getAuth, request: visit, isAuthenticated: true })
    }
    recent[session.index % RECENT_SESSIONS] = session
    if (session.index % 5 > 0) continue
    for (const request of [new Request(ORIGIN), tampered(session), stranger(session)]) {
      await expectVerdict({ getAuth, request, isAuthenticated: false })
    }
    const late = recent[(session.index * 7) % recent.length]
    // Whoever comes back late has run out, or not: either is a verdict.
    if (late) await late.getAuth(withCookie(late))
  }
}

/** A token as it was sent, with another payload: well formed, and signed by nobody. */
function tampered({ token, cookie, index }) {
  const [header, , signature] = token.split('.')
  const claims = { iss: 'https://evil.example', sub: `user_${index}`, iat: 0, exp: 1 }
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return withCookie({ cookie: cookie.replaceAll(token, `${header}.${payload}.${signature}`) })
}

function stranger({ index }) {
  return new Request(ORIGIN, { headers: { authorization: `Bearer garbage-${index}` } })
}

async function measureClasses(size) {
  const at = timeOf(begun)
  time = at
  const known = await beginMany(Math.min(size, RECENT_SESSIONS), at)
  for (const { getAuth, ...session } of known) await getAuth(withCookie(session))
  const unseen = await beginMany(callsOf(TURNS, FEW_CALLS), at)
  const newcomers = unseen.values()
  let next = 0
  const turn = () => known[next++ % known.length]
  const asking = (name, isAuthenticated, session, toRequest) => ({
    name,
    input() {
      const one = session()
      return { getAuth: one.getAuth, request: toRequest(one), isAuthenticated }
    },
    call: expectVerdict,
    callsPerTurn: FEW_CALLS,
  })
  return measure(
    [
      rawVerify(known[0].token, jwks.keys[0]),
      asking('hit', true, turn, withCookie),
      asking('miss', true, () => newcomers.next().value, withCookie),
      asking('refused, wrong signature', false, turn, tampered),
      asking('refused, garbage', false, turn, stranger),
    ],
    TURNS,
  )
}

async function beginMany(count, at) {
  const sessions = []
  while (sessions.length < count) {
    const wanted = Math.min(BATCH_SESSIONS, count - sessions.length)
    sessions.push(...(await beginSessions(wanted, at)))
  }
  return sessions
}

/** Per class, what it cost at each size and how far the farthest is from the middle. */
function summarise() {
  const names = Object.keys(states[0].figures).filter((name) => name !== 'raw verify')
  const classes = names.map((name) => {
    const costs = states.map(({ sessions, figures }) => ({
      sessions,
      timesRawVerify: figures[name].cpuMicroseconds / figures['raw verify'].cpuMicroseconds,
      ...figures[name],
    }))
    const ratios = costs.map(({ timesRawVerify }) => timesRawVerify)
    const middle = [...ratios].sort((left, right) => left - right)[Math.floor(ratios.length / 2)]
    const deviation = Math.max(...ratios.map((ratio) => Math.abs(ratio / middle - 1)))
    return [name, { deviation, costs }]
  })
  return Object.fromEntries(classes)
}

/** The heap goes up and down with every generation, so the highest points are compared. */
function summariseMemory() {
  const highest = (samples) => Math.max(...samples.map(({ megabytes }) => megabytes))
  const early = heaps.filter(({ sessions }) => sessions <= SESSIONS / 2)
  const late = heaps.filter(({ sessions }) => sessions > SESSIONS / 2)
  return {
    sessions: begun + warmUpSessions,
    hours: (timeOf(begun) - start) / 3_600_000,
    ceilingMegabytes: CEILING_MEGABYTES,
    highestMegabytes: highest(heaps),
    lateGrowthMegabytes: highest(late) - highest(early),
    heaps,
  }
}

function sampleHeap() {
  return { sessions: begun, megabytes: heapMegabytes() - before }
}

function exposeCollector() {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

function heapMegabytes() {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}
