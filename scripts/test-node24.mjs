/** `npm run test:node24`: the unit and integration tests again, under the Node.js 24 npm fetches. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))

const where = ['--yes', '--package', 'node@24', '--', 'node', '-p', 'process.execPath']
const { status, stdout } = spawnSync('npx', where, { cwd: root, encoding: 'utf8' })
if (status !== 0) {
  console.warn('skipped: the tests under Node.js 24, because npm cannot fetch it here')
  process.exit(0)
}

for (const project of ['unit', 'integration']) {
  const { status: outcome } = spawnSync(stdout.trim(), [vitest, 'run', '--project', project], {
    cwd: root,
    // The example has just been built by the tests under this version.
    env: { ...process.env, SKIP_EXAMPLE_BUILD: '1' },
    stdio: 'inherit',
  })
  if (outcome !== 0) process.exit(outcome ?? 1)
}
