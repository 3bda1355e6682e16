/** What a fresh process pays until its first verdict, and what the vendors' SDKs pay to be loaded. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createTestKey } from 'authmux/testing'
import { createClerkTestInstance } from 'authmux/testing/clerk'
import { createSuperTokensTestCore } from 'authmux/testing/supertokens'
import { ORIGIN } from './verdicts.mjs'

const RUNS = Number(process.env.BENCH_RUNS ?? 15)

const instance = await createClerkTestInstance({ origin: ORIGIN, isProduction: true })
const key = await createTestKey('s-bench')
const core = await createSuperTokensTestCore({ issuer: `${ORIGIN}/api/auth`, isStatic: true, key })
const clerkSession = await instance.signedIn({ userId: 'user_1', expiresInSeconds: 3600 })
const superTokensSession = await core.signedIn({ userId: 'user-1' })

const clerk = { ...instance.environment, ORIGIN, COOKIE: clerkSession.cookie }
const supertokens = {
  SUPERTOKENS_CONNECTION_URI: 'http://127.0.0.1:3567',
  SUPERTOKENS_JWKS: JSON.stringify(core.jwks),
  ORIGIN,
  COOKIE: superTokensSession.cookie,
}
const contenders = [
  { name: 'nothing', environment: {} },
  { name: 'clerk', environment: clerk, isOurs: true },
  { name: 'clerk-sdk', environment: clerk },
  { name: 'supertokens', environment: supertokens, isOurs: true },
  { name: 'supertokens-sdk', environment: supertokens },
]

const fileOf = (name) => fileURLToPath(new URL(`cold-start/${name}.mjs`, import.meta.url))

function run({ name, environment }, flags = []) {
  const report = 'process.on("exit",()=>console.log(JSON.stringify(process.cpuUsage())))'
  const importing = ['--import', `data:text/javascript,${report}`]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, ...importing, fileOf(name)],
    {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new TypeError(`${name} failed: ${stderr}`)
  const { user, system } = JSON.parse(stdout)
  return (user + system) / 1000
}

for (const contender of contenders.filter(({ isOurs }) => isOurs)) {
  run(contender, ['--import', fileOf('no-vendor')])
}

const spent = new Map(contenders.map(({ name }) => [name, []]))
for (let turn = 0; turn < RUNS; turn++) {
  for (const contender of contenders) spent.get(contender.name).push(run(contender))
}
const median = (values) => values.sort((left, right) => left - right)[Math.floor(values.length / 2)]
const boot = median(spent.get('nothing'))
const figures = contenders.map(({ name }) => {
  const cpuMilliseconds = median(spent.get(name)) - (name === 'nothing' ? 0 : boot)
  return [name, { cpuMilliseconds }]
})
console.log(JSON.stringify(Object.fromEntries(figures)))
