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
   * Reads what is new since the last time; all there is, from a store that has forgotten the last time.
   * @throws whatever the client throws; what was read until then was taken.
   */
  read(take: (ended: EndedSession | EndedUser, at: number) => void): Promise<void>
}

/** Entries asked for at a time. */
const PAGE_SIZE = 1000

/** How often an instance that writes takes away what is outdated. */
const TRIM_EVERY_MS = 60_000

const FIELD = 'ended'

export function redisStream(
  client: RedisClient,
  { key, keepMs, timeoutMs, tell }: StreamOptions,
): RedisStream {
  /** Id of the entry read last; `-` before the first. */
  let last = '-'
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
      let foreign = 0
      for (let isMore = true; isMore; ) {
        const answer = await send('XRANGE', key, last, '+', 'COUNT', String(PAGE_SIZE))
        const page = readPage(answer)
        isMore = page.length >= PAGE_SIZE
        // A server that takes another's place may not have it, and go on with earlier times.
        const isForgotten = last !== '-' && page[0]?.id !== last
        if (isForgotten) {
          last = '-'
          isMore = true
          continue
        }
        for (const { at, ended } of last === '-' ? page : page.slice(1)) {
          if (at !== null && ended) take(ended, at)
          else foreign++
        }
        last = page.at(-1)?.id ?? last
      }
      if (foreign > 0) tell(leftOut(foreign))
    },
  }
}

/** Entries as the server gives them: an id each, and a flat list of fields. */
function readPage(answer: unknown): readonly {
  readonly id: string
  readonly at: number | null
  readonly ended: EndedSession | EndedUser | null
}[] {
  if (!Array.isArray(answer)) throw notAsExpected()
  return answer.map((item) => {
    const [first, fields] = Array.isArray(item) ? item : []
    const id = textOf(first)
    if (id === null) throw notAsExpected()
    const [name, value] = Array.isArray(fields) ? fields.map(textOf) : []
    const ended = name === FIELD && typeof value === 'string' ? parseEnded(value) : null
    return { id, at: timeOf(id), ended }
  })
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
