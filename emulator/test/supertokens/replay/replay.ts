/** Asks a stand-in what was asked of a core, and compares the answers. */

import { isDeepStrictEqual } from 'node:util'
import type { SuperTokensCore } from '../../../src/supertokens/core.js'
import type { Bindings } from './bindings.js'
import type { Exchange } from './recording.js'

/**
 * What is different about the live answer; nothing if it says the same.
 * @param hasOwnValues Whether only the names of the members have to be the same.
 */
export async function replay(
  core: SuperTokensCore,
  { request, response }: Exchange,
  bindings: Bindings,
  hasOwnValues = false,
): Promise<string[]> {
  const live = await core.fetch(toRequest(request, bindings.toLive))
  const body = request.method === 'HEAD' ? null : parse(await live.text())
  const headers = toHeaders(live.headers)
  const expected = toHeaders(new Headers(response.headers))
  const outside = [
    ...(live.status === response.status ? [] : [`status: ${live.status}, not ${response.status}`]),
    ...(isDeepStrictEqual(headers, expected) ? [] : [`headers: ${JSON.stringify(headers)}`]),
  ]
  if (!hasOwnValues) return [...outside, ...bindings.differences(response.body, body)]
  const names = Object.keys(Object(body))
  const isSame = isDeepStrictEqual(names, Object.keys(Object(response.body)))
  return isSame ? outside : [...outside, `members: ${names}`]
}

function toRequest(request: Exchange['request'], toLive: (value: unknown) => unknown): Request {
  const url = new URL(`http://core.test${request.path}`)
  for (const [name, value] of Object.entries(request.query)) {
    url.searchParams.set(name, String(toLive(value)))
  }
  const body = toLive(request.body)
  return new Request(url, {
    method: request.method,
    headers: request.headers,
    body: body === null || typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** The headers a core decides on. */
function toHeaders(headers: Headers): object {
  return {
    type: headers.get('content-type'),
    cache: headers.get('cache-control')?.replace(/\d+/, '<seconds>'),
  }
}

/** JSON where it is, else the text. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
