/** Building and serving the examples: what has changed is built, and what was started is ended. */

import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')

/** When the newest file below a folder was changed; 0 when there is none. */
function newest(folder, except = /node_modules|\.next|dist/) {
  let latest = 0
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (except.test(entry.name)) continue
    const path = join(folder, entry.name)
    const file = join(root, path)
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(file).mtimeMs)
  }
  return latest
}

function builtAt(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function build(what, command, parameters, directory = root) {
  console.log(`Building ${what} …`)
  const { status } = spawnSync(command, parameters, {
    cwd: directory,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}

/** Builds the library and the stand-ins, unless they are as their sources. */
export function buildPackages() {
  const isCurrent =
    builtAt('dist/src/index.js') >= Math.max(newest('src'), newest('providers')) &&
    builtAt('emulator/dist/index.js') >= newest('emulator/src')
  if (!isCurrent) build('the packages', 'npm', ['run', '--silent', 'build'])
}

/**
 * Builds an example, unless it is as its sources: those of its folder, of the library, and of what
 * it takes from other examples.
 */
export function buildExample(name, ...others) {
  const folders = ['src', 'providers', ...[name, ...others].map((its) => `examples/${its}`)]
  const changedAt = Math.max(...folders.map((folder) => newest(folder)))
  const directory = join(root, 'examples', name)
  if (builtAt(`examples/${name}/.next/BUILD_ID`) >= changedAt) return
  build(`examples/${name}`, process.execPath, [next, 'build'], directory)
}

/**
 * Serves an example until this process is told to end.
 * @param {string} name
 * @param {Record<string, string>} environment
 * @param {{ onReady: () => void, stop: () => Promise<void> }} work What to do once it answers, and
 * after its end.
 */
export function serveExample(name, environment, { onReady, stop }) {
  const { PORT = '3000' } = process.env
  const server = spawn(process.execPath, [next, 'start', '-p', PORT], {
    cwd: join(root, 'examples', name),
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  server.stdout.on('data', (chunk) => {
    process.stdout.write(chunk)
    if (String(chunk).includes('Ready in')) onReady()
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
}
