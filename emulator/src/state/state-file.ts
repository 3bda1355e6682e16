/** A file that keeps what stand-ins remember from one run to the next. */

import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { EmulatorMisuse } from '../base/production.js'
import type { Snapshot } from '../base/snapshot.js'
import type { StandIn, Vendor } from '../base/stand-in.js'

/** A state file that can be used. */
export interface StateFile {
  /** What the file has of a vendor's stand-in; `undefined` where it has nothing. */
  snapshotOf(vendor: Vendor): Snapshot | undefined
  /**
   * Saves after every call that stand-ins answer from now on, a moment later.
   * @param onProblem Told once when the file cannot be written; nothing is saved from then on.
   */
  keep(standIns: readonly StandIn[], onProblem: (problem: EmulatorMisuse) => void): Keeper
}

/** What saves. */
export interface Keeper {
  /**
   * Saves now.
   * @throws {EmulatorMisuse} when the file cannot be written, or is not as it was left.
   */
  save(): Promise<void>
}

/** Goes up when what is kept can no longer be read by releases before, or of releases before. */
const VERSION = 1
const FORMAT = 'authmux-emulator state'
/** Calls often come in bunches. */
const WAIT_MS = 200
/** Keys and passwords are nobody else's business. */
const OWNER_ONLY = 0o600

const snapshot = z.record(z.string(), z.unknown())
const schema = z.object({
  format: z.literal(FORMAT),
  version: z.number(),
  standIns: z.strictObject({ supertokens: snapshot.optional(), clerk: snapshot.optional() }),
})

/**
 * Reads a state file; there need not be one yet.
 * @throws {EmulatorMisuse} when what is there is no state file, or one of another release.
 */
export async function openStateFile(path: string): Promise<StateFile> {
  let known = await readText(path)
  const content = known === null ? {} : parse(path, known)

  async function write(text: string): Promise<void> {
    if ((await readText(path)) !== known) {
      throw new EmulatorMisuse(`${path} was changed by somebody else, and is left as it is`)
    }
    if (text === known) return
    const temporary = `${path}.${process.pid}.tmp`
    try {
      await writeFile(temporary, text, { mode: OWNER_ONLY, flush: true })
      await rename(temporary, path)
    } catch (cause) {
      await rm(temporary, { force: true })
      throw new EmulatorMisuse(`${path} cannot be written: ${reasonOf(cause)}`)
    }
    known = text
  }

  return {
    snapshotOf: (vendor) => content[vendor],
    keep(standIns, onProblem) {
      let last: Promise<void> = Promise.resolve()
      let timer: NodeJS.Timeout | null = null
      let hasFailed = false

      async function saveAll(): Promise<void> {
        const snapshots = standIns.map(async (its) => [its.vendor, await its.snapshot()] as const)
        const kept = { ...content, ...Object.fromEntries(await Promise.all(snapshots)) }
        const file = { format: FORMAT, version: VERSION, standIns: kept }
        await write(`${JSON.stringify(file, null, 1)}\n`)
      }

      const keeper: Keeper = {
        save() {
          if (timer) clearTimeout(timer)
          timer = null
          // One after the other, whatever became of the one before.
          last = last.catch(() => undefined).then(saveAll)
          return last
        },
      }

      function saveSoon(): void {
        if (hasFailed) return
        timer ??= setTimeout(() => {
          keeper.save().catch((problem) => {
            hasFailed = true
            onProblem(problem)
          })
        }, WAIT_MS).unref()
      }

      for (const { log } of standIns) log.subscribe(saveSoon)
      return keeper
    },
  }
}

function parse(path: string, text: string): Partial<Record<Vendor, Snapshot>> {
  const { data } = schema.safeParse(parseJson(text))
  if (!data) throw new EmulatorMisuse(`${path} is no state file, and is left as it is`)
  if (data.version !== VERSION) {
    const reason = `is of version ${data.version}, and this release needs ${VERSION}`
    throw new EmulatorMisuse(`${path} ${reason}; delete it to start anew`)
  }
  return {
    ...(data.standIns.supertokens && { supertokens: data.standIns.supertokens }),
    ...(data.standIns.clerk && { clerk: data.standIns.clerk }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** `null` when there is no such file. */
async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw new EmulatorMisuse(`${path} cannot be read: ${reasonOf(cause)}`)
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
