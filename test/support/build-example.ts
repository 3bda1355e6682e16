/** Builds the example once before the tests that run it, in an environment that says nothing. */

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const example = fileURLToPath(new URL('../../examples/nextjs', import.meta.url))

/** Every project of a run loads this file anew; one build does for all of them. */
const BUILT = 'built by this run'

export default function buildExample(): void {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
  const { PATH = '', HOME = '', SKIP_EXAMPLE_BUILD } = process.env
  if (SKIP_EXAMPLE_BUILD === BUILT) return
  if (SKIP_EXAMPLE_BUILD) {
    console.warn('SKIP_EXAMPLE_BUILD is set: the example is tested as it was built last')
    return
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [next, 'build'], {
    cwd: example,
    env: { PATH, HOME, NEXT_TELEMETRY_DISABLED: '1' } as unknown as NodeJS.ProcessEnv,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the example does not build:\n${stdout}\n${stderr}`)
  process.env.SKIP_EXAMPLE_BUILD = BUILT
}
