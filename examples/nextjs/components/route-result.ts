import type { DemoRoute } from './routes'

/** What came back from a route. */
export interface RouteResult {
  /** Milliseconds since the epoch; tells two answers of the same route apart. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** The body, indented where it is JSON. */
  readonly body: string
}

export interface Explanation {
  readonly title: string
  readonly detail: string
  /** What a person can do about it; `null` where nothing helps. */
  readonly advice: string | null
  readonly isAboutRoles: boolean
}

/** The members of a problem document (RFC 9457) that are shown. */
interface Problem {
  readonly title?: string
  readonly detail?: string
  readonly code?: string
}

const advice: Readonly<Record<string, string>> = {
  unauthenticated: 'Sign in first.',
  token_expired: 'Refresh the session.',
  token_invalid: 'Sign in again.',
  session_revoked: 'Sign in again.',
  session_pending: 'Finish signing in.',
  provider_unavailable: 'The vendor cannot be reached. You are not signed out: try again.',
}

/** Calls a route as any script of a page would: the vendor's client may add to it. */
export async function call({ method, path }: DemoRoute): Promise<RouteResult> {
  const response = await fetch(path, { method })
  const { status, statusText, headers } = response
  const body = indent(await response.text())
  return { at: Date.now(), method, path, status, statusText, headers, body }
}

function indent(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** A refusal in words; `null` when the route let the request in. */
export function explain({ headers, body }: RouteResult): Explanation | null {
  if (headers.get('content-type') !== 'application/problem+json') return null
  const { title = 'Refused', detail = '', code = '' } = JSON.parse(body) as Problem
  const isAboutAge = headers.get('www-authenticate')?.includes('max_age') ?? false
  const isAboutRoles = code === 'forbidden' && !isAboutAge
  const forbidden = isAboutAge
    ? 'You signed in too long ago for this. Sign in again, then repeat it within a minute.'
    : 'Give yourself the role admin, then refresh the session: roles travel in the token.'
  return {
    title,
    detail,
    advice: code === 'forbidden' ? forbidden : (advice[code] ?? null),
    isAboutRoles,
  }
}
