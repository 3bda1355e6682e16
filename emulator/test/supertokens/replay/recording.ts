/** Exchanges recorded between an SDK and a real core, one file for each scenario. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Exchange {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly query: Readonly<Record<string, string>>
    readonly headers: Readonly<Record<string, string>>
    /** Parsed where it was JSON, text where it was not, `null` where there was none. */
    readonly body: unknown
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    /** As in the request. */
    readonly body: unknown
  }
}

export interface Recording {
  /** Name of the file without its ending. */
  readonly name: string
  readonly exchanges: readonly Exchange[]
}

/** The recordings of a folder in the order in which they were made; none without a folder. */
export function readRecordings(folder: string): Recording[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => ({
    name: name.replace(/\.json$/, ''),
    exchanges: JSON.parse(readFileSync(join(folder, name), 'utf8')),
  }))
}
