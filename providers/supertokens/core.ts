/** Calls to the core that the SDK has no function for. */

import { AuthError, configError } from '../../src/errors.js'
import type { JsonObject } from '../../src/jwt/token.js'
import type { SuperTokensSettings } from './settings.js'

/** How long a call may take, in milliseconds: a password is hashed, and users are made one by one. */
const TIMEOUT_MS = 10_000

/** What the core answered: an object, or the text of its refusal (status 400). */
export type CoreAnswer = { readonly body: JsonObject } | { readonly refusal: string }

export type AskCore = (method: 'POST' | 'PUT', path: string, body: object) => Promise<CoreAnswer>

/** @returns a function that throws {AuthError} `provider_unavailable`, `config_invalid`. */
export function askCore({ hosts, apiKey }: SuperTokensSettings): AskCore {
  return async (method, path, body) => {
    const response = await send(hosts, path, {
      method,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(apiKey !== undefined && { 'api-key': apiKey }),
      },
      body: JSON.stringify(body),
    })
    const { status, text } = response
    if (status === 400) return { refusal: text }
    if (status === 401 || status === 403) {
      const message = `was refused by the core with ${status}`
      throw configError([{ name: 'SUPERTOKENS_API_KEY', message }])
    }
    const answer = status === 200 ? readObject(text) : null
    if (answer) return { body: answer }
    const wait = Number(response.retryAfter ?? Number.NaN)
    throw new AuthError('provider_unavailable', `The core answered with ${status}`, {
      details: Number.isFinite(wait) ? { retryAfterSeconds: wait } : {},
    })
  }
}

/** The answer of the first host that gives one. */
async function send(
  hosts: readonly string[],
  path: string,
  init: RequestInit,
): Promise<{ status: number; text: string; retryAfter: string | null }> {
  let cause: unknown
  for (const host of hosts) {
    try {
      const response = await fetch(host + path, {
        ...init,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const retryAfter = response.headers.get('retry-after')
      return { status: response.status, text: await response.text(), retryAfter }
    } catch (error) {
      cause = error
    }
  }
  throw new AuthError('provider_unavailable', 'The SuperTokens core does not answer', { cause })
}

function readObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as JsonObject) : null
  } catch {
    return null
  }
}
