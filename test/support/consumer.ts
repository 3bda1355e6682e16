/** An app outside this repository that installs the packed package. */

import { execFile } from 'node:child_process'
import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Consumer {
  readonly directory: string
  /** Runs a command in the app; resolves with what it printed, rejects when it fails. */
  run(command: string, ...parameters: readonly string[]): Promise<string>
  remove(): Promise<void>
}

/** Whether the registry packages come from can be reached; consumers cannot be installed otherwise. */
export async function canInstall(): Promise<boolean> {
  try {
    await run('npm', ['ping'], { timeout: 20_000 })
    return true
  } catch {
    return (await npmView()) !== null
  }
}

async function npmView(): Promise<string | null> {
  try {
    return (await run('npm', ['view', 'zod', 'version'], { timeout: 60_000 })).stdout
  } catch {
    return null
  }
}

/** Packs the package, copies the fixture next to it, and installs. */
export async function installConsumer(fixture: string): Promise<Consumer> {
  const directory = await mkdtemp(join(tmpdir(), `authmux-${fixture}-`))
  await cp(join(root, 'test/consumers', fixture), directory, { recursive: true })
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', directory], {
    cwd: root,
  })
  await rename(join(directory, packed.stdout.trim()), join(directory, 'authmux.tgz'))
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, NEXT_TELEMETRY_DISABLED: '1' }
  const consumer: Consumer = {
    directory,
    async run(command, ...parameters) {
      try {
        const options = { cwd: directory, env: env as never, maxBuffer: 2 ** 24 }
        const { stdout, stderr } = await run(command, parameters, options)
        return stdout + stderr
      } catch (error) {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
        throw new Error(`${command} ${parameters.join(' ')} failed:\n${stdout}\n${stderr}`)
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
  await consumer.run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund')
  return consumer
}
