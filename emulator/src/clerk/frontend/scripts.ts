/** ClerkJS and its components, as the packages that are installed beside the stand-in have them. */

import { join } from 'node:path'
import type { Call, ClerkEndpoint } from '../call.js'
import { findPackage, readOrNull } from '../installed-package.js'
import { ClerkProblem } from '../problem.js'

const PATH =
  /^(?<name>@clerk\/(?:clerk-js|ui))@(?<version>[\w.+-]+)\/dist\/(?<file>(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.(?<type>js|mjs|css|map))$/

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  map: 'application/json',
}

/** Files of one version never change; those of a range do with the next installation. */
const CACHE = { exact: 'public, max-age=31536000, immutable', range: 'no-cache' } as const

export const scriptEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/npm/*', handle: serveScript },
]

async function serveScript({ parameter }: Call): Promise<Response> {
  const { name = '', version = '', file = '', type = '' } = PATH.exec(parameter('*'))?.groups ?? {}
  if (name === '')
    throw missing('The stand-in serves files below dist of @clerk/clerk-js and @clerk/ui')
  const installed = await findPackage(name)
  const advice = `npm install --save-dev ${name}@${version}`
  if (!installed) throw missing(`${name} is not installed beside the stand-in: ${advice}`)
  if (!satisfies(installed.version, version)) {
    throw missing(`${name} is installed as ${installed.version}, not as ${version}: ${advice}`)
  }
  const content = await readOrNull(join(installed.directory, 'dist', file))
  if (!content) throw missing(`${name} ${installed.version} has no file dist/${file}`)
  return new Response(new Uint8Array(content), {
    headers: {
      'content-type': CONTENT_TYPES[type] ?? '',
      'cache-control': installed.version === version ? CACHE.exact : CACHE.range,
    },
  })
}

/** Whether a version is meant by what comes after the `@`: itself, its beginning or a tag. */
function satisfies(version: string, wanted: string): boolean {
  return version === wanted || version.startsWith(`${wanted}.`) || /^[a-z]+$/.test(wanted)
}

function missing(message: string): ClerkProblem {
  return new ClerkProblem({ code: 'resource_not_found', message })
}
