/** Packages that are installed beside the stand-in, or where the process runs. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** A package as it lies on the disk. */
export interface InstalledPackage {
  readonly directory: string
  readonly version: string
}

/**
 * @param starts Files to look from, the first that sees the package counts; default: this one, and
 *   one in the working directory.
 * @returns `null` when it is not installed.
 */
export async function findPackage(
  name: string,
  starts: readonly string[] = [import.meta.url, join(process.cwd(), 'package.json')],
): Promise<InstalledPackage | null> {
  for (const start of starts) {
    // Not by resolving the name: what packages export may leave out their manifests.
    for (const folder of createRequire(start).resolve.paths(name) ?? []) {
      const directory = join(folder, name)
      const manifest = await readOrNull(join(directory, 'package.json'))
      if (manifest) return { directory, version: String(JSON.parse(`${manifest}`).version) }
    }
  }
  return null
}

/** What a file holds; `null` when it cannot be read, whatever the reason. */
export async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch {
    return null
  }
}
