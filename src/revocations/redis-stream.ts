/** The stream the list is kept in: who ends a session appends to it, and everybody reads what is new. */

import { withDeadline } from '../deadline.js'
import { AuthError } from '../errors.js'
import { parseEnded, printEnded } from './entry.js'
import { storeOutage } from './outage.js'
import type { EndedSession, EndedUser } from './revocations.js'

/** A connected client of `ioredis`, or one of `redis` (node-redis). */
export type RedisClient =
  | { call(command: string, ...parameters: string[]): Promise<unknown> }
  | { sendCommand(parameters: string[]): Promise<unknown> }

/** What {@link redisStream} goes by; times in milliseconds. */
export interface StreamOptions {
  readonly key: string
  readonly keepMs: number
  readonly timeoutMs: number
  /** Told of failures nobody waits for. */
  readonly tell: (error: AuthError) => void
}

export interface RedisStream {
  /**
   * @returns when, in milliseconds since the epoch: the server's clock is the one all instances share.
   * @throws {AuthError} `provider_unavailable`.
   */
  append(ended: EndedSession | EndedUser): Promise<number>
  /**
   * Reads what is new since the last time, and some that is not.
   * @throws whatever the client throws; what was read until then was taken.
   */
  read(take: (ended: EndedSession | EndedUser, at: number) => void): Promise<void>
}

/** Entries asked for at a time. */
const PAGE_SIZE = 1000

/** What is read again: a server that takes another's place may be behind by so much. */
const OVERLAP_MS = 2000

/** How often an instance that writes takes away what is outdated. */
const TRIM_EVERY_MS = 60_000

const FIELD = 'ended'

export function redisStream(
  client: RedisClient,
  { key, keepMs, timeoutMs, tell }: StreamOptions,
): RedisStream {
  let newest = 0
  let trimmedAt = 0

  async function send(...command: [string, ...string[]]): Promise<unknown> {
    const answer = 'call' in client ? client.call(...command) : client.sendCommand(command)
    return withDeadline(answer, 'Redis', timeoutMs)
  }

  /** By the time of an entry: a clock that is fast would take away what is needed. */
  async function trim(at: number): Promise<void> {
    if (at - trimmedAt < TRIM_EVERY_MS) return
    trimmedAt = at
    const oldest = String(Math.max(0, at - keepMs))
    await send('XTRIM', key, 'MINID', oldest).catch((cause) => tell(storeOutage(cause)))
  }

  return {
    async append(ended) {
      const answer = send('XADD', key, '*', FIELD, printEnded(ended))
      const at = timeOf(
        await answer.catch((cause) => {
          throw storeOutage(cause)
        }),
      )
      if (at === null) throw notAsExpected()
      await trim(at)
      return at
    },
    async read(take) {
      const known = newest
      let foreign = 0
      let start = known === 0 ? '-' : String(Math.max(0, known - OVERLAP_MS))
      for (let isMore = true; isMore; ) {
        const page = await send('XRANGE', key, start, '+', 'COUNT', String(PAGE_SIZE))
        if (!Array.isArray(page)) throw notAsExpected()
        let last: string | null = null
        for (const item of page) {
          const { id, at, ended } = readItem(item)
          last = id
          if (at !== null) newest = Math.max(newest, at)
          if (at !== null && ended) take(ended, at)
          else if (at === null || at > known) foreign++
        }
        isMore = page.length >= PAGE_SIZE && last !== null
        start = `(${last}`
      }
      if (foreign > 0) tell(leftOut(foreign))
    },
  }
}

/** An entry as the server gives it: its id, and a flat list of fields. */
function readItem(item: unknown): {
  readonly id: string | null
  readonly at: number | null
  readonly ended: EndedSession | EndedUser | null
} {
  const [first, fields] = Array.isArray(item) ? item : []
  const id = textOf(first)
  const [name, value] = Array.isArray(fields) ? fields.map(textOf) : []
  const ended = name === FIELD && typeof value === 'string' ? parseEnded(value) : null
  return { id, at: timeOf(id), ended }
}

/** The first half of an id; `null` for what is none, or is of no time. */
function timeOf(id: unknown): number | null {
  const [, time] = /^(\d{1,15})-\d+$/.exec(textOf(id) ?? '') ?? []
  return time === undefined ? null : Number(time)
}

/** Some clients are set up to give bytes. */
function textOf(value: unknown): string | null {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  return typeof value === 'string' ? value : null
}

function notAsExpected(): AuthError {
  return new AuthError('provider_unavailable', 'Redis did not answer as it should')
}

/** Whoever wrote them: they may have been meant to end sessions. */
function leftOut(count: number): AuthError {
  const message = `Left out of the list of ended sessions, as nobody can read them: ${count} entries`
  return new AuthError('provider_unavailable', message)
}
