/**
 * `node bench/revocations.mjs`: what each way to notice an ended session costs per request, as in
 * docs/revocation.md. Needs `npm run build`, and a Redis: the one `REDIS_URL` names, or `redis-server`.
 */

import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createAuth } from 'authmux'
import { clerk } from 'authmux/providers/clerk'
import { memoryRevocations, redisRevocations } from 'authmux/revocations'
import { createClerkTestInstance } from 'authmux/testing/clerk'
import { createClient } from 'redis'
import { describeMachine } from './machine.mjs'
import { FEW_CALLS, measure } from './measure.mjs'
import { ORIGIN, TURNS, withCookie } from './verdicts.mjs'

const ENDED = 10_000
const SESSION_ID = 'sess_1'
const USER_ID = 'user_1'

/** Clerk's Backend API as it would be next door: says at once that the session is active. */
async function serveVendor() {
  const session = { object: 'session', id: SESSION_ID, user_id: USER_ID, status: 'active' }
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(session))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.send?.(server.address().port)
}

/** A process of its own, so that its work is not counted. */
async function startVendor() {
  const child = fork(fileURLToPath(import.meta.url), ['vendor'])
  const [port] = await once(child, 'message')
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() }
}

async function startRedis() {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, stop: () => undefined }
  const port = 20_000 + (process.pid % 20_000)
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', options)
  for await (const text of child.stdout) if (String(text).includes('Ready to accept')) break
  return { url: `redis://127.0.0.1:${port}`, stop: () => child.kill() }
}

async function compare() {
  const [redis, vendor] = [await startRedis(), await startVendor()]
  const client = createClient({ url: redis.url })
  await client.connect()
  const { redis_version: version } = Object.fromEntries(
    (await client.info('server')).split('\r\n').map((line) => line.split(':')),
  )
  const key = `authmux:bench:${process.pid}`
  const shared = (options) => redisRevocations(client, { key, ...options })

  const writer = shared({})
  const began = performance.now()
  for (let index = 0; index < ENDED; index++) {
    await writer.revoke({ provider: 'clerk', sessionId: `sess_of_somebody_else_${index}` })
  }
  const writeMicroseconds = ((performance.now() - began) / ENDED) * 1000

  const instance = await createClerkTestInstance({ origin: ORIGIN, isProduction: true })
  const { environment } = instance
  const known = await instance.signedIn({
    userId: USER_ID,
    sessionId: SESSION_ID,
    expiresInSeconds: 3600,
  })
  const contender = (name, revocations, policy = {}, callsPerTurn = FEW_CALLS) => {
    const auth = createAuth({
      origins: [ORIGIN],
      providers: {
        clerk: () =>
          clerk({
            publishableKey: environment.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
            secretKey: environment.CLERK_SECRET_KEY,
            jwtKey: environment.CLERK_JWT_KEY,
            apiUrl: vendor.url,
          }),
      },
      ...(revocations && { revocations }),
    })
    const call = auth.requireAuth(() => new Response('in'), policy)
    const check = ({ status }) => {
      if (status !== 200) throw new TypeError(`answer: ${status}`)
    }
    return { name, input: () => withCookie(known), call, check, callsPerTurn }
  }

  const loading = shared({})
  const loadBegan = performance.now()
  const now = Date.now()
  const session = { subject: USER_ID, sessionId: SESSION_ID, issuedAt: Math.floor(now / 1000) }
  await loading.check('clerk', session, now)
  const loadMilliseconds = performance.now() - loadBegan

  const cheap = [
    contender('token', undefined),
    contender('list in memory', memoryRevocations()),
    contender('shared list, every 5 s', shared({})),
  ]
  const dear = [
    contender('shared list, every request', shared({ checkEverySeconds: 0 })),
    contender("revocation: 'session'", undefined, { revocation: 'session' }, 100),
  ]
  // Apart: what those who wait leave behind would be counted with whoever comes next.
  const figures = { ...(await measure(cheap, TURNS)), ...(await measure(dear, TURNS)) }
  const machine = describeMachine()
  console.log(
    `${machine.date}, Node.js ${machine.node}, Redis ${version}, ` +
      `${machine.processors} × ${machine.processor}, load average ${machine.loadAverage.toFixed(2)}\n`,
  )
  console.log(
    '| mode | processor time | waiting, p50 | waiting, p99 |\n| --- | ---: | ---: | ---: |',
  )
  for (const [name, { cpuMicroseconds, p50Microseconds, p99Microseconds }] of Object.entries(
    figures,
  )) {
    const cells = [cpuMicroseconds, p50Microseconds, p99Microseconds].map(
      (value) => `${value.toFixed(0)} µs`,
    )
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
  console.log(
    `\none write ${writeMicroseconds.toFixed(0)} µs; ` +
      `${ENDED} entries loaded by a new instance in ${loadMilliseconds.toFixed(0)} ms`,
  )
  await client.del(key)
  client.destroy()
  redis.stop()
  vendor.stop()
}

await (process.argv[2] === 'vendor' ? serveVendor() : compare())
