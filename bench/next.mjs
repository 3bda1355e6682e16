/**
 * Routes of one Next.js app under concurrent load: unguarded, guarded here, guarded by the vendors; and
 * with the least that any guard can do.
 *
 * Each guarded route takes turns with the unguarded one, many and short, in servers of their own: what
 * one library leaves to be collected, no other has to pay for. Several servers one after another, since
 * one route is faster than its twin in this process and slower in that. All of them get all cookies. The
 * processor time is the server's.
 */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { createClerkTestInstance } from 'authmux/testing/clerk'
import { createSuperTokensTestCore } from 'authmux/testing/supertokens'
import autocannon from 'autocannon'
import { cheapestQuarter, middleHalf } from './measure.mjs'

const SERVERS = 4
/** Of each route in each server. */
const TURNS = Number(process.env.BENCH_TURNS ?? 8)
/** Next.js is at its speed after some thousand requests, not before. */
const WARM_UP_TURNS = 5
const REQUESTS_PER_TURN = 600
const CONNECTIONS = 20

const routers = { 'App Router': '/api', 'Pages Router': '/api/pages' }
const UNGUARDED = 'unguarded'
const contenders = {
  'authmux, Clerk': 'authmux-clerk',
  'authmux, SuperTokens': 'authmux-supertokens',
  'a digest, a lookup and two headers': 'by-hand',
  'clerkMiddleware and auth()': 'clerk',
  'withSession or verifySession': 'supertokens',
}

const app = fileURLToPath(new URL('next', import.meta.url))
const require = createRequire(import.meta.url)
const next = require.resolve('next/dist/bin/next')
const { PATH = '', HOME = '' } = process.env
const base = { PATH, HOME, NEXT_TELEMETRY_DISABLED: '1', NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1' }

const port = await freePort()
const origin = `http://localhost:${port}`
const instance = await createClerkTestInstance({ origin, isProduction: true })
const core = await createSuperTokensTestCore({ issuer: `${origin}/api/auth` })
// Keys are all that anybody asks the core for.
const coreServer = createServer((_request, response) => response.end(JSON.stringify(core.jwks)))
coreServer.listen(0, '127.0.0.1')
await once(coreServer, 'listening')
const environment = {
  ...base,
  ...instance.environment,
  APP_ORIGIN: origin,
  SUPERTOKENS_CONNECTION_URI: `http://127.0.0.1:${coreServer.address().port}`,
}
const cookie = await signIn()

buildApp()
try {
  console.log(JSON.stringify(await measureRoutes()))
} finally {
  coreServer.close()
}

/** One browser that is signed in at both. */
async function signIn() {
  const atClerk = await instance.signedIn({ userId: 'user_1', expiresInSeconds: 86_400 })
  const atSuperTokens = await core.signedIn({ userId: 'user-1', expiresInSeconds: 86_400 })
  return `${atClerk.cookie}; ${atSuperTokens.cookie}`
}

function buildApp() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [next, 'build'], {
    cwd: app,
    env: environment,
    encoding: 'utf8',
  })
  if (status !== 0) throw new TypeError(`the app does not build:\n${stdout}\n${stderr}`)
}

async function startApp() {
  const child = spawn(process.execPath, [next, 'start', '-p', String(port)], {
    cwd: app,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  await new Promise((resolve, reject) => {
    // Goes on listening: the server must not stop at a full pipe.
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (output.includes('Ready in')) resolve()
    })
    child.once('exit', () => reject(new TypeError(`the app does not start:\n${output}`)))
  })
  return child
}

/** By router and name, what each server has measured. */
async function measureRoutes() {
  const measured = Object.fromEntries(Object.keys(routers).map((router) => [router, {}]))
  const record = (router, name, figure) => {
    measured[router][name] ??= []
    measured[router][name].push(figure)
  }
  for (let number = 0; number < SERVERS; number++) {
    for (const [name, route] of Object.entries(contenders)) {
      const server = await startApp()
      try {
        for (const [router, prefix] of Object.entries(routers)) {
          const [free, kept] = await measurePair(name, `${origin}${prefix}`, route)
          record(router, UNGUARDED, summarise(free, free))
          record(router, name, summarise(kept, free))
        }
      } finally {
        server.kill()
        await once(server, 'exit')
      }
    }
  }
  return Object.fromEntries(
    Object.entries(measured).map(([router, routes]) => {
      const entries = Object.entries(routes).map(([name, servers]) => [name, averageOf(servers)])
      return [router, Object.fromEntries(entries)]
    }),
  )
}

/** Of each figure, the mean over the servers; and what each of them has measured. */
function averageOf(servers) {
  const names = Object.keys(servers[0])
  const meanOf = (name) => servers.reduce((sum, figure) => sum + figure[name], 0) / servers.length
  return { ...Object.fromEntries(names.map((name) => [name, meanOf(name)])), servers }
}

/** Turns of the unguarded route, and of another. */
async function measurePair(name, prefix, route) {
  const pair = [
    { name: UNGUARDED, url: `${prefix}/unguarded`, turns: [] },
    { name, url: `${prefix}/${route}`, turns: [] },
  ]
  for (const { name, url } of pair) await expectAnswer(name, url)
  for (let turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
    // There and back: nobody always goes first.
    for (const { url, turns } of turn % 2 === 0 ? pair : pair.toReversed()) {
      const figure = await load(url)
      if (turn >= 0) turns.push(figure)
    }
  }
  return pair.map(({ turns }) => turns)
}

async function expectAnswer(name, url) {
  const response = await fetch(url, { headers: { cookie } })
  const { userId } = await response.json()
  const isRight = name === UNGUARDED ? userId === 'nobody asked' : /^user[_-]1$/.test(userId)
  if (!isRight) throw new TypeError(`${name}: ${response.status} ${userId}`)
  if (name === UNGUARDED) return
  const refused = await fetch(url)
  if (refused.status !== 401) throw new TypeError(`${name} lets anybody in: ${refused.status}`)
}

/** One turn of load on one route. */
async function load(url) {
  const spentBefore = await processorTime()
  const began = performance.now()
  let ended = began
  const run = autocannon({
    url,
    connections: CONNECTIONS,
    amount: REQUESTS_PER_TURN,
    headers: { cookie },
    sampleInt: 25,
  })
  run.on('response', () => {
    ended = performance.now()
  })
  const result = await run
  const spent = (await processorTime()) - spentBefore
  const { total } = result.requests
  if (result.non2xx > 0 || result.errors > 0 || total !== REQUESTS_PER_TURN) {
    throw new TypeError(
      `${url}: ${result.non2xx} refusals, ${result.errors} errors, ${total} answers`,
    )
  }
  return {
    requestsPerSecond: total / ((ended - began) / 1000),
    cpuMicroseconds: spent / total,
    p50Milliseconds: result.latency.p50,
    p99Milliseconds: result.latency.p99,
  }
}

async function processorTime() {
  const response = await fetch(`${origin}/api/processor-time`)
  return (await response.json()).microseconds
}

/**
 * What one server has measured: of a route alone, the cheapest quarter of the turns; beside the unguarded
 * route, turn compared with turn.
 */
function summarise(turns, unguarded) {
  const best = (read) => cheapestQuarter(turns.map(read))
  const compare = (read) => middleHalf(turns.map((turn, index) => read(turn, unguarded[index])))
  return {
    requestsPerSecond: 1 / best((turn) => 1 / turn.requestsPerSecond),
    shareOfUnguarded: compare((kept, free) => kept.requestsPerSecond / free.requestsPerSecond),
    cpuMicroseconds: best((turn) => turn.cpuMicroseconds),
    cpuAddedMicroseconds: compare((kept, free) => kept.cpuMicroseconds - free.cpuMicroseconds),
    p50Milliseconds: best((turn) => turn.p50Milliseconds),
    p99Milliseconds: best((turn) => turn.p99Milliseconds),
  }
}

async function freePort() {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port: found } = probe.address()
  probe.close()
  await once(probe, 'close')
  return found
}
