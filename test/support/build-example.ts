/** Builds the example once before the integration tests, in an environment that says nothing. */

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const example = fileURLToPath(new URL('../../examples/nextjs', import.meta.url))

export default function buildExample(): void {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
  const { PATH = '', HOME = '', SKIP_EXAMPLE_BUILD } = process.env
  if (SKIP_EXAMPLE_BUILD) {
    console.warn('SKIP_EXAMPLE_BUILD is set: testing the example as it was built last')
    return
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [next, 'build'], {
    cwd: example,
    env: { PATH, HOME, NEXT_TELEMETRY_DISABLED: '1' } as unknown as NodeJS.ProcessEnv,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the example does not build:\n${stdout}\n${stderr}`)
}
