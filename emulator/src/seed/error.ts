import type { Problem } from './problem.js'

/** A seed cannot be used; nothing of it was. */
export class SeedError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ path, message }) => `\n  ${path || 'the whole'}: ${message}`)
    super(`authmux-emulator: the seed cannot be used:${lines.join('')}`)
    this.name = 'SeedError'
    this.problems = problems
  }
}
