import type { TestProject } from 'vitest/node'
import { provideProgram } from '../../support/program.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of Chromium's executable; `null` where there is none. */
    readonly chromium: string | null
  }
}

export function setup(project: TestProject): void {
  provideProgram(project, 'chromium', 'install-chromium.mjs', 'every test in a browser')
}
