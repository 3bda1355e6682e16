/** What the command says when the stand-ins are up. */

import type { Vendor } from '../base/stand-in.js'
import { INSPECTOR_PATH } from '../inspector/inspector.js'

/** A stand-in that listens. */
export interface Service {
  readonly vendor: Vendor
  readonly url: string
  readonly environment: Readonly<Record<string, string>>
}

const NAMES: Readonly<Record<Vendor, string>> = {
  supertokens: 'SuperTokens core',
  clerk: 'Clerk instance',
}

const RULE = '='.repeat(78)

/** @param remarks More to say, line by line. */
export function toBanner(services: readonly Service[], remarks: readonly string[]): string {
  const lines = [
    RULE,
    'authmux-emulator: FOR DEVELOPMENT AND TESTS ONLY',
    'Anybody on this machine can read and change what is in here, passwords aside.',
    RULE,
    '',
    ...services.flatMap(({ vendor, url }) => [
      `${NAMES[vendor].padEnd(18)}${url}`,
      `${'  inspector'.padEnd(18)}${url}${INSPECTOR_PATH}/`,
    ]),
    '',
    '# for the environment of the app, .env.local for instance',
    ...services.flatMap(({ environment }) => Object.entries(environment).map(toLine)),
    '',
    ...remarks,
    'Ctrl+C stops.',
  ]
  return `${lines.join('\n')}\n`
}

/** A line of an environment file; text of several lines goes into quotes. */
function toLine([name, value]: readonly [string, string]): string {
  return value.includes('\n') ? `${name}="${value.replaceAll('\n', '\\n')}"` : `${name}=${value}`
}
