/** Builds the example of a move, unless it is as its sources. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../../scripts/start-migration.mjs', import.meta.url))

export function setup(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--build'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`examples/migration does not build:\n${stdout}\n${stderr}`)
}
