/**
 * Prints the path of a Chromium, and installs one where that takes no questions: on Debian and its
 * like, as root. Exits with 1, and says why, where there is none.
 */

import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

const APT_TIMEOUT_MS = 300_000

const { CHROMIUM_PATH, PATH = '' } = process.env

const candidates = [
  ...(CHROMIUM_PATH ? [CHROMIUM_PATH] : []),
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap((name) =>
    PATH.split(':').map((folder) => `${folder}/${name}`),
  ),
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

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
    // What this prints to standard output is the path, and nothing else.
    stdio: ['ignore', 2, 2],
    timeout: APT_TIMEOUT_MS,
  })
  return status === 0
}

function install() {
  const parameters = ['install', '-y', '--no-install-recommends', 'chromium']
  return apt(...parameters) || (apt('update') && apt(...parameters))
}

const isRoot = process.getuid?.() === 0
const found =
  candidates.find(isExecutable) ??
  (isRoot && isExecutable('/usr/bin/apt-get') && install() ? candidates.find(isExecutable) : null)

if (found) {
  console.log(found)
} else {
  console.error('there is no Chromium here: install one, or name it in CHROMIUM_PATH')
  process.exitCode = 1
}
