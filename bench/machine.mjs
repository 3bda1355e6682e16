/** What a figure was taken with and on, without which it means little. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, loadavg } from 'node:os'

const packages = ['@clerk/backend', '@clerk/nextjs', 'supertokens-node', 'next', 'jose']
const require = createRequire(import.meta.url)

/** Not every package exports its manifest, so that of the folder is read. */
function versionOf(name) {
  const folder = require.resolve.paths(name).find((path) => readManifest(`${path}/${name}`))
  return readManifest(`${folder}/${name}`)?.version ?? 'not installed'
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  } catch {
    return null
  }
}

export function describeMachine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    /** Processes that wanted to run in the minute before; about nothing on a quiet machine. */
    loadAverage: loadavg()[0],
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  }
}
