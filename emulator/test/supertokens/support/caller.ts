/** Calls a stand-in of a core as an SDK does, without a socket. */

import { expect } from 'vitest'
import type { SuperTokensCore } from '../../../src/supertokens/core.js'

// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of an answer themselves
export type Body = any

/** The body of the answer, which has to have status 200. */
export type Caller = (method: string, path: string, input?: object) => Promise<Body>

export function callerOf(
  core: SuperTokensCore,
  headers: Readonly<Record<string, string>> = {},
): Caller {
  return async (method, path, input) => {
    const { status, text } = await send(core, method, path, input, headers)
    expect(status, `${method} ${path}: ${text}`).toBe(200)
    return JSON.parse(text)
  }
}

/** Status and text of an answer, whatever it is; input of a GET goes into the query. */
export async function send(
  core: SuperTokensCore,
  method: string,
  path: string,
  input?: object | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
  const url = new URL(`http://core.test${path}`)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  if (!hasBody && typeof input === 'object') {
    for (const [name, value] of Object.entries(input)) url.searchParams.set(name, String(value))
  }
  const body = typeof input === 'string' ? input : JSON.stringify(input ?? {})
  const init = { method, headers: { 'cdi-version': '5.4', ...headers } }
  const response = await core.fetch(new Request(url, hasBody ? { ...init, body } : init))
  return { status: response.status, text: await response.text(), headers: response.headers }
}
