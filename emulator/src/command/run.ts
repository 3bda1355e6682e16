/** `authmux-emulator`: stand-ins from the command line. */

import { createRequire } from 'node:module'
import { z } from 'zod'
import { type Listener, listen } from '../base/listen.js'
import { refuseProduction } from '../base/production.js'
import type { Snapshot } from '../base/snapshot.js'
import type { StandIn, Vendor } from '../base/stand-in.js'
import { createClerkInstance } from '../clerk/instance.js'
import type { Seed } from '../seed/schema.js'
import { openStateFile } from '../state/state-file.js'
import { createSuperTokensCore } from '../supertokens/core.js'
import { readArguments, USAGE } from './arguments.js'
import { toBanner } from './banner.js'
import { readSeedFile } from './seed-file.js'

/** Where the command writes. */
export interface Output {
  out(text: string): void
  error(text: string): void
}

/** What runs until it is told to stop. */
export interface Running {
  /** @throws {EmulatorMisuse} when the state cannot be saved; everything is closed nevertheless. */
  close(): Promise<void>
}

type Create = (snapshot: Snapshot | undefined) => Promise<StandIn>

const create: Readonly<Record<Vendor, Create>> = {
  supertokens: (snapshot) => createSuperTokensCore(snapshot && { snapshot }),
  clerk: (snapshot) =>
    createClerkInstance({
      // Roles are in metadata, and apps look for them in the token.
      sessionTokenClaims: { metadata: '{{user.public_metadata}}' },
      ...(snapshot && { snapshot }),
    }),
}

/**
 * @returns `null` when there was nothing to run.
 * @throws {EmulatorMisuse} for bad arguments, a state file that cannot be used, or a taken port.
 * @throws {SeedError} for a seed that cannot be used.
 */
export async function run(given: readonly string[], output: Output): Promise<Running | null> {
  const { wantsHelp, wantsVersion, vendors, ports, seedPath, statePath } = readArguments(given)
  if (wantsHelp || wantsVersion) {
    output.out(wantsHelp ? USAGE : `${readVersion()}\n`)
    return null
  }
  refuseProduction()
  const seed = seedPath === null ? null : await readSeedFile(seedPath)
  const state = statePath === null ? null : await openStateFile(statePath)
  const standIns: StandIn[] = []
  for (const vendor of vendors) standIns.push(await create[vendor](state?.snapshotOf(vendor)))
  for (const { vendor, log } of standIns) {
    log.subscribe(({ missing }) => {
      if (missing !== undefined) output.error(`${vendor}: missing: ${missing}\n`)
    })
  }
  const remarks = seed ? await seedAll(standIns, seed) : []
  const listeners = await listenAll(standIns, ports)
  const keeper = state?.keep(standIns, ({ message }) => output.error(`${message}\n`))

  async function close(): Promise<void> {
    await Promise.all(listeners.map((listener) => listener.close()))
    await keeper?.save()
  }

  try {
    await keeper?.save()
  } catch (problem) {
    await Promise.all(listeners.map((listener) => listener.close()))
    throw problem
  }
  const services = standIns.map((standIn, index) => {
    const url = listeners[index]?.url ?? ''
    return { vendor: standIn.vendor, url, environment: standIn.environment(url) }
  })
  const aboutState = keeper
    ? `State: in ${statePath}, private keys included.`
    : 'State: none. Users, sessions and keys are gone when this ends; --state keeps them.'
  output.out(toBanner(services, [...remarks, aboutState]))
  return { close }
}

/** @returns What to say of it. */
async function seedAll(standIns: readonly StandIn[], seed: Seed): Promise<string[]> {
  const remarks: string[] = []
  for (const { vendor, admin } of standIns) {
    const { added, kept, skipped } = await admin.seed(seed)
    remarks.push(`Seed: ${vendor}: ${added} users added, ${kept} were there already.`)
    remarks.push(...skipped.map((what) => `Seed: ${vendor}: skipped: ${what}.`))
  }
  return remarks
}

/** All or none. */
async function listenAll(
  standIns: readonly StandIn[],
  ports: Readonly<Record<Vendor, number>>,
): Promise<Listener[]> {
  const listeners: Listener[] = []
  try {
    for (const standIn of standIns) listeners.push(await listen(standIn, ports[standIn.vendor]))
    return listeners
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()))
    throw error
  }
}

function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../../package.json')
  return z.object({ version: z.string() }).parse(manifest).version
}
