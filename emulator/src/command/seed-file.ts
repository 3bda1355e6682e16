/** Reads a seed file. */

import { readFile } from 'node:fs/promises'
import { EmulatorMisuse } from '../base/production.js'
import type { Seed } from '../seed/schema.js'
import { parseSeed } from '../seed/seed.js'

/**
 * @throws {EmulatorMisuse} when there is no such file, or it is no JSON.
 * @throws {SeedError} naming every problem of what it says.
 */
export async function readSeedFile(path: string): Promise<Seed> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new EmulatorMisuse(`the seed ${path} cannot be read: ${oneLine(cause)}`)
  }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw new EmulatorMisuse(`the seed ${path} is no JSON: ${oneLine(cause)}`)
  }
  return parseSeed(data)
}

function oneLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).replaceAll(/\s+/g, ' ')
}
