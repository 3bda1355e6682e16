import type { TestProject } from 'vitest/node'
import { provideProgram } from './program.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of a Redis server's executable; `null` where there is none. */
    readonly redis: string | null
  }
}

export function setup(project: TestProject): void {
  provideProgram(project, 'redis', 'install-redis.mjs', 'every test on Redis')
}
