/** Finds a program once for all tests that need it, and says so where there is none. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ProvidedContext } from 'vitest'
import type { TestProject } from 'vitest/node'

/**
 * @param script In `scripts`: prints the path, or says why there is none.
 * @param skipped The tests that are skipped then.
 */
export function provideProgram(
  project: TestProject,
  name: keyof ProvidedContext & ('chromium' | 'redis'),
  script: string,
  skipped: string,
): void {
  const file = fileURLToPath(new URL(`../../scripts/${script}`, import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' })
  if (status !== 0) console.warn(`skipped: ${skipped}, because ${stderr.trim().split('\n').at(-1)}`)
  project.provide(name, status === 0 ? stdout.trim() : null)
}
