#!/usr/bin/env node
import { EmulatorMisuse } from './base/production.js'
import { run } from './command/run.js'
import { SeedError } from './seed/error.js'

const output = {
  out: (text: string) => process.stdout.write(text),
  error: (text: string) => process.stderr.write(text),
}

/** What the user can mend is told in words; anything else is a mistake of ours, and shows where. */
function fail(error: unknown): void {
  const isTheirs = error instanceof EmulatorMisuse || error instanceof SeedError
  const text = isTheirs ? error.message : String(error instanceof Error ? error.stack : error)
  output.error(`${text}\n`)
  process.exitCode = 1
}

try {
  const running = await run(process.argv.slice(2), output)
  for (const signal of running ? ['SIGINT', 'SIGTERM'] : []) {
    process.once(signal, () => running?.close().catch(fail))
  }
} catch (error) {
  fail(error)
}
