/** Finds a Redis server once for all tests that start one, and says so where there is none. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the executable; `null` where there is none. */
    readonly redis: string | null
  }
}

const script = fileURLToPath(new URL('../../scripts/install-redis.mjs', import.meta.url))

export function setup(project: TestProject): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
  if (status !== 0) {
    console.warn(`skipped: every test on Redis, because ${stderr.trim().split('\n').at(-1)}`)
  }
  project.provide('redis', status === 0 ? stdout.trim() : null)
}
