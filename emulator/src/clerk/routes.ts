/** Which endpoint a request is for. */

import type { ClerkEndpoint } from './call.js'

/** An endpoint that was found. */
export interface Route {
  readonly endpoint: ClerkEndpoint
  readonly parameters: Readonly<Record<string, string>>
}

/** The first endpoint for a method and a path, and what its `:parameters` are. */
export function findRoute(
  endpoints: readonly ClerkEndpoint[],
  method: string,
  pathname: string,
): Route | null {
  for (const endpoint of endpoints) {
    const parameters = endpoint.method === method ? matchPath(endpoint.path, pathname) : null
    if (parameters) return { endpoint, parameters }
  }
  return null
}

/** @returns `null` when the path is another. `*` at the end of a pattern takes all the rest. */
function matchPath(pattern: string, pathname: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = pathname.replace(/\/$/, '').split('/')
  if (wanted.at(-1) === '*') {
    const rest = given.splice(wanted.length - 1).join('/')
    given.push('*')
    return rest === '' || wanted.join('/') !== given.join('/') ? null : { '*': rest }
  }
  if (wanted.length !== given.length) return null
  const parameters: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    if (segment.startsWith(':') && value !== '') parameters[segment.slice(1)] = decode(value)
    else if (segment !== value) return null
  }
  return parameters
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    // No percent-encoding after all: the value is what it says.
    return value
  }
}
