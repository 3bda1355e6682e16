/** What the command line says. */

import { parseArgs } from 'node:util'
import { EmulatorMisuse } from '../base/production.js'
import type { Vendor } from '../base/stand-in.js'

/** What the command is to do. */
export interface Arguments {
  readonly wantsHelp: boolean
  readonly wantsVersion: boolean
  /** Never empty. */
  readonly vendors: readonly Vendor[]
  /** The port of each vendor; 0 for any that is free. */
  readonly ports: Readonly<Record<Vendor, number>>
  readonly seedPath: string | null
  readonly statePath: string | null
}

export const USAGE = `Usage: authmux-emulator [options]

Offline stand-ins of a SuperTokens core and a Clerk instance, for development and tests only.

  --supertokens       the SuperTokens core only
  --clerk             the Clerk instance only
  --port <number>     port of the first stand-in, the second takes the next; 0 for free ports
                      (default 3567: SuperTokens on 3567, Clerk on 3568)
  --seed <file>       users, roles and organisations to begin with, in JSON
  --state <file>      keep users, sessions and keys here from one run to the next
  --help              print this
  --version           print the version
`

const DEFAULT_PORT = 3567
const MAX_PORT = 65_535

const options = {
  supertokens: { type: 'boolean' },
  clerk: { type: 'boolean' },
  port: { type: 'string' },
  seed: { type: 'string' },
  state: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

/** @throws {EmulatorMisuse} naming what cannot be understood. */
export function readArguments(given: readonly string[]): Arguments {
  const values = parse(given)
  const chosen = (['supertokens', 'clerk'] as const).filter((vendor) => values[vendor])
  const vendors: readonly Vendor[] = chosen.length > 0 ? chosen : ['supertokens', 'clerk']
  return {
    wantsHelp: values.help ?? false,
    wantsVersion: values.version ?? false,
    vendors,
    ports: readPorts(values.port, vendors),
    seedPath: readPath('seed', values.seed),
    statePath: readPath('state', values.state),
  }
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options, allowPositionals: false }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    // The first sentence says it; the others are about the syntax of options in general.
    const [reason = ''] = error.message.split(/\. |\n/)
    throw new EmulatorMisuse(`${reason.replace(/\.$/, '')}; see --help`)
  }
}

function readPorts(
  given: string | undefined,
  vendors: readonly Vendor[],
): Readonly<Record<Vendor, number>> {
  if (given === undefined) return { supertokens: DEFAULT_PORT, clerk: DEFAULT_PORT + 1 }
  const port = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN
  // Free ports are not next to one another.
  const second = port === 0 || vendors.length === 1 ? port : port + 1
  if (!(second <= MAX_PORT)) {
    throw new EmulatorMisuse(`--port must be a number from 0 to ${MAX_PORT}, not "${given}"`)
  }
  return { supertokens: port, clerk: second }
}

function readPath(name: string, given: string | undefined): string | null {
  if (given === '') throw new EmulatorMisuse(`--${name} needs the name of a file`)
  return given ?? null
}
