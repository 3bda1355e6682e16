/** Finds a program, and installs it where that takes no questions: on Debian and its like, as root. */

import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const APT_TIMEOUT_MS = 300_000

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function apt(...parameters) {
  const { status } = spawnSync('apt-get', parameters, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    // What a script prints to standard output is the path, and nothing else.
    stdio: ['ignore', 2, 2],
    timeout: APT_TIMEOUT_MS,
  })
  return status === 0
}

function install(name) {
  const parameters = ['install', '-y', '--no-install-recommends', name]
  return apt(...parameters) || (apt('update') && apt(...parameters))
}

/**
 * Prints the path of a program; exits with 1, and says why, where there is none.
 *
 * @param {object} program
 * @param {string} program.title For whoever reads why there is none.
 * @param {string} program.variable Names the program, and comes first.
 * @param {readonly string[]} program.names What it is called on the `PATH`.
 * @param {readonly string[]} [program.paths] Where else it may be.
 * @param {string} program.package What Debian calls it.
 */
export function findOrInstall({ title, variable, names, paths = [], package: debian }) {
  const { [variable]: named, PATH = '' } = process.env
  const folders = PATH.split(delimiter)
  const candidates = [
    ...(named ? [named] : []),
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...paths,
  ]
  const isRoot = process.getuid?.() === 0
  const mayInstall = isRoot && isExecutable('/usr/bin/apt-get')
  const found =
    candidates.find(isExecutable) ??
    (mayInstall && install(debian) ? candidates.find(isExecutable) : undefined)
  if (found) {
    console.log(found)
  } else {
    console.error(`there is no ${title} here: install one, or name it in ${variable}`)
    process.exitCode = 1
  }
}
