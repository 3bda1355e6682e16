/**
 * `npm start`: the example on throw-away keys, without an account and without a network.
 *
 * Builds what has changed, starts a stand-in of the vendor named by AUTH_PROVIDER, signs a few users
 * in there, starts the built example, and prints what to try.
 */

import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const example = join(root, 'examples/nextjs')
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
const { AUTH_PROVIDER = 'supertokens', PORT = '3000' } = process.env
const origin = `http://localhost:${PORT}`

/** When the newest file below a folder was changed; 0 when there is none. */
function newest(folder, except = /node_modules|\.next|dist/) {
  let latest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (except.test(entry.name)) continue
    const path = join(folder, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? newest(path, except) : statSync(path).mtimeMs)
  }
  return latest
}

function builtAt(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function build(what, command, parameters, directory = root) {
  console.log(`Building ${what} …`)
  const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }
  const { status } = spawnSync(command, parameters, {
    cwd: directory,
    env: environment,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}

const library = Math.max(newest(join(root, 'src')), newest(join(root, 'providers')))
const emulator = newest(join(root, 'emulator/src'))
if (builtAt('dist/src/index.js') < library || builtAt('emulator/dist/index.js') < emulator) {
  build('the packages', 'npm', ['run', '--silent', 'build'])
}
if (builtAt('examples/nextjs/.next/BUILD_ID') < Math.max(library, newest(example))) {
  build('the example', process.execPath, [next, 'build'], example)
}

const { vendors } = await import('./stand-ins.mjs')
const startVendor = vendors[AUTH_PROVIDER]
if (!startVendor) {
  console.error(`AUTH_PROVIDER is ${AUTH_PROVIDER}. Use one of: ${Object.keys(vendors).join(', ')}`)
  process.exit(1)
}
const { environment, inspectorUrl, tokens, stop } = await startVendor(origin)

const server = spawn(process.execPath, [next, 'start', '-p', PORT], {
  cwd: example,
  env: {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: '1',
    AUTH_PROVIDER,
    APP_ORIGIN: origin,
    ...environment,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
})

const bearer = (token) => `-H 'Authorization: Bearer ${token}'`

server.stdout.on('data', (chunk) => {
  process.stdout.write(chunk)
  if (!String(chunk).includes('Ready in')) return
  console.log(`
# a fresh session: 200 and the normalised object
curl -i ${origin}/api/me ${bearer(tokens.member)}

# an expired session: 401 token_expired
curl -i ${origin}/api/me ${bearer(tokens.expired)}

# no session: 401 unauthenticated
curl -i ${origin}/api/me

# the wrong role: 403 forbidden
curl -i ${origin}/api/admin ${bearer(tokens.member)}

# the right role: 200
curl -i ${origin}/api/admin ${bearer(tokens.admin)}

# the same in the Pages Router
curl -i ${origin}/api/pages/me ${bearer(tokens.member)}

The example runs on ${AUTH_PROVIDER}, on throw-away keys. Try the lines above, or open

  ${origin}              to sign up, and to call the routes
  ${inspectorUrl}  to look into the stand-in, and to give roles
`)
})

const end = async () => {
  server.kill()
  await stop()
}
process.once('SIGINT', end)
process.once('SIGTERM', end)
server.once('exit', async (code) => {
  await stop()
  process.exit(code ?? 0)
})
