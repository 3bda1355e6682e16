/**
 * A vendor's JWK set, fetched when needed and never more often than that.
 *
 * One fetch at a time; a refresh in the background once the set is 30 s old and in use, so a key
 * published before its first use is known by then; an unknown `kid` fetches at most every 30 s; and
 * keys once seen keep working while the vendor does not answer. An answer without them is an answer.
 */

import type { VerificationKey } from '#platform'
import { chunksOf } from '../chunks.js'
import { withDeadline } from '../deadline.js'
import { AuthError, configError, isAuthError } from '../errors.js'
import { type KeySet, type KeySource, readKeySet } from './keys.js'

/** Where and how to fetch a JWK set. */
export interface RemoteKeysOptions {
  /** Addresses that serve the same set, tried in order starting with the last one that worked. */
  readonly urls: readonly string[]
  /** Request headers, for a set that is not public. */
  readonly headers?: Readonly<Record<string, string>>
  /** Setting those headers come from, to be named when the vendor refuses it. */
  readonly secretName?: string
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Name of the vendor, for the error message. */
  readonly vendor: string
  /** How long keys stay good while no address answers, in seconds; default 86 400 (a day). */
  readonly staleIfErrorSeconds?: number
  /** How long all addresses together may take, in milliseconds; default 5000. */
  readonly timeoutMs?: number
}

/** Age at which a set in use is refreshed, and least time between two fetches. */
export const REFRESH_INTERVAL_MS = 30_000

/** Age at which a set is no longer used without asking first, as after an idle night. */
export const MAX_UNASKED_AGE_MS = 300_000

/** Time during which a failed first fetch is not repeated. */
export const RETRY_INTERVAL_MS = 1000

/** No vendor's JWK set comes near this many bytes. */
const MAX_DOCUMENT_BYTES = 256 * 1024

export function remoteKeys(options: RemoteKeysOptions): KeySource {
  const { urls, now, staleIfErrorSeconds = 86_400, timeoutMs = 5000 } = options
  let keys: KeySet | null = null
  let fetchedAt = 0
  let attemptedAt = Number.NEGATIVE_INFINITY
  let failure: unknown = null
  let pending: Promise<void> | null = null
  let preferred = 0

  /** Milliseconds passed, either way: a clock may be set back. */
  function since(time: number): number {
    return Math.abs(now() - time)
  }

  async function refresh(): Promise<void> {
    attemptedAt = now()
    const causes: unknown[] = []
    for (let turn = 0; turn < urls.length; turn++) {
      const index = (preferred + turn) % urls.length
      // A host that swallows packets may use up its share of the time, not the others'.
      const shareMs = Math.ceil(timeoutMs / urls.length)
      try {
        const signal = AbortSignal.timeout(shareMs)
        const fetched = fetchKeySet(urls[index] as string, signal, options, keys)
        // Not every `fetch` that can be given to us listens to the signal.
        keys = await withDeadline(fetched, options.vendor, shareMs)
        if (keys.size === 0) throw unavailable('The JWK set holds no usable key')
        fetchedAt = now()
        failure = null
        preferred = index
        return
      } catch (cause) {
        causes.push(cause)
      }
    }
    failure = causes.length === 1 ? causes[0] : new AggregateError(causes)
  }

  function refreshOnce(): Promise<void> {
    pending ??= refresh().finally(() => {
      pending = null
    })
    return pending
  }

  function known(kid: string): VerificationKey | null {
    if (keys && failure !== null && since(fetchedAt) > staleIfErrorSeconds * 1000) keys = null
    return keys?.get(kid) ?? null
  }

  function isIdle(): boolean {
    return failure === null && since(fetchedAt) >= MAX_UNASKED_AGE_MS
  }

  async function findAnew(kid: string): Promise<VerificationKey | null> {
    const wait = keys?.size ? REFRESH_INTERVAL_MS : RETRY_INTERVAL_MS
    if (pending || since(attemptedAt) >= wait) await refreshOnce()
    const key = known(kid)
    // While the set cannot be read, an unknown key is not a wrong one.
    if (!key && failure !== null) throw toFailure(options.vendor, failure)
    return key
  }

  return {
    find(kid) {
      if (kid === null) return null
      const key = known(kid)
      if (!key || isIdle()) return findAnew(kid)
      if (since(attemptedAt) >= REFRESH_INTERVAL_MS) void refreshOnce()
      return key
    },
  }
}

async function fetchKeySet(
  url: string,
  signal: AbortSignal,
  options: RemoteKeysOptions,
  known: KeySet | null,
): Promise<KeySet> {
  const request: RequestInit = { signal, redirect: 'manual', cache: 'no-store' }
  if (options.headers) request.headers = options.headers
  const response = await options.fetch(url, request)
  if (!response.ok) {
    await response.body?.cancel()
    const { status } = response
    if (options.secretName && (status === 401 || status === 403)) {
      const message = `was refused by ${options.vendor} with ${status}`
      throw configError([{ name: options.secretName, message }])
    }
    throw unavailable(`The JWK set answered ${status}`)
  }
  const keys = await readKeySet(JSON.parse(await readText(response)), known)
  if (!keys) throw unavailable('The JWK set is none')
  return keys
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of chunksOf(response.body)) {
    size += chunk.byteLength
    if (size > MAX_DOCUMENT_BYTES) {
      throw unavailable('The JWK set is unreasonably large')
    }
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function unavailable(message: string): AuthError {
  return new AuthError('provider_unavailable', message)
}

function toFailure(vendor: string, cause: unknown): AuthError {
  if (isAuthError(cause) && cause.code === 'config_invalid') return cause
  return new AuthError('provider_unavailable', `The keys of ${vendor} cannot be fetched`, {
    cause,
    details: { retryAfterSeconds: RETRY_INTERVAL_MS / 1000 },
  })
}
