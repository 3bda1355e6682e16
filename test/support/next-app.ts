/** A built Next.js app in a process of its own. */

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.js'
import { searchLater } from './security-output.js'

export interface NextApp {
  readonly origin: string
  /** Everything the server has printed. */
  readonly output: () => string
  stop(): Promise<void>
}

/** Variables under which a server talks to nobody but this machine, and prints `left the machine`. */
export const loopbackOnly: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--import=${new URL('loopback-only.mjs', import.meta.url)}`,
}

const START_TIMEOUT_MS = 60_000
const example = fileURLToPath(new URL('../../examples/nextjs', import.meta.url))
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')

/**
 * Starts the example, built before.
 * @param environment Made once the origin is known; the machine's own variables are not passed on.
 */
export async function startExample(
  environment: (origin: string) => Promise<Record<string, string>> | Record<string, string>,
): Promise<NextApp> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  return startServer(origin, [next, 'start', '-p', String(port)], example, {
    APP_ORIGIN: origin,
    ...(await environment(origin)),
  })
}

/** Starts any server by a Node command and waits until it answers. */
export async function startServer(
  origin: string,
  parameters: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<NextApp> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, parameters, {
    cwd: directory,
    env: {
      PATH,
      HOME,
      NEXT_TELEMETRY_DISABLED: '1',
      ...environment,
    } as object as NodeJS.ProcessEnv,
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  // What it has printed is complete only once its streams have closed, which is after its exit.
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await answers(origin))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL')
      await closed
      throw new Error(`the server did not start:\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    origin,
    output: () => output,
    async stop() {
      child.kill('SIGTERM')
      await closed
      searchLater(output)
    },
  }
}

async function answers(origin: string): Promise<boolean> {
  try {
    await (await fetch(`${origin}/favicon.ico`)).arrayBuffer()
    return true
  } catch {
    return false
  }
}
