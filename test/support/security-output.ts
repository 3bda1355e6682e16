/**
 * Everything a test file prints, and every server it starts, searched for secrets when it is done.
 * Set up for all projects: no test has to remember it.
 */

import { appendFileSync } from 'node:fs'
import { format } from 'node:util'
import { afterAll, expect } from 'vitest'

/** What nothing may print, by what it is. */
const secrets: Readonly<Record<string, RegExp>> = {
  'a token': /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{16,}/,
  'the claims of a token': /eyJ[\w-]{80,}/,
  'a signature': /\.[\w-]{340,}/,
  'a session cookie': /(?:__session\w*|__clerk_handshake|s(?:Access|Refresh)Token)=[\w%.-]{16,}/,
  'a secret key': /\bsk_(?:test|live)_\w{4,}/,
  'a signing secret': /\bwhsec_\w{8,}/,
  'a private key': /-----BEGIN (?:RSA )?PRIVATE KEY-----|"d":"[\w-]{40,}"/,
}

/** Kinds of secrets in a text; never the secrets themselves. */
export function findSecrets(text: string): readonly string[] {
  return Object.keys(secrets).filter((kind) => secrets[kind]?.test(text))
}

/** What has been printed so far, in order. */
const printed: string[] = []

/** Adds what a process of its own has printed. */
export function searchLater(text: string): void {
  printed.push(text)
}

for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  const print = console[method]
  console[method] = (...parts: unknown[]) => {
    printed.push(format(...parts))
    print.apply(console, parts)
  }
}

for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream) as (...parts: readonly unknown[]) => boolean
  stream.write = ((...parts: readonly unknown[]) => {
    printed.push(String(parts[0]))
    return write(...parts)
  }) as typeof stream.write
}

afterAll(() => {
  const text = printed.splice(0).join('\n')
  const log = process.env.SECURITY_OUTPUT_LOG
  if (log) appendFileSync(log, `${Buffer.byteLength(text)}\n`)
  expect(findSecrets(text), 'secrets in what this file has printed').toEqual([])
})
