/** A list of ended sessions that all instances share, in Redis or Valkey, through the app's own client. */

import type { AuthError } from '../errors.js'
import { amount } from '../schema-problems.js'
import { readSettings } from '../settings.js'
import * as z from '../zod.js'
import { functionSchema, positive } from './common-options.js'
import { createRevocations } from './create.js'
import { createEndedList } from './ended-list.js'
import { DEFAULT_KEEP_SECONDS, MARGIN_MS } from './limits.js'
import { keepCurrent } from './reader.js'
import { type RedisClient, redisStream } from './redis-stream.js'
import type { Revocations } from './revocations.js'

/** Options of {@link redisRevocations}. */
export interface RedisRevocationsOptions {
  /** Key of the stream; default `authmux:revocations`. Apps with different users need different ones. */
  readonly key?: string
  /**
   * How long a session that was ended elsewhere may go on at most, in seconds: news are asked for
   * when they are older. 0 asks on every verdict. Default 5.
   */
  readonly checkEverySeconds?: number
  /** How long an instance goes by what it knows while Redis does not answer, in seconds; default 60. */
  readonly staleIfErrorSeconds?: number
  /**
   * How long a session stays on the list, in seconds: as long as a token lives at most. A token that
   * is older is refused. Default 86 400, a day.
   */
  readonly keepSeconds?: number
  /** How long one call may take, in milliseconds; default 1000. */
  readonly timeoutMs?: number
  /** Told of failures a verdict may have got over, not waited for; default `console.error`. */
  readonly onError?: (error: AuthError) => void
  /** Clock, in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
}

const notNegative = amount()

const schema = z.strictObject({
  client: z.custom(isClient, 'must be a client of redis or ioredis'),
  key: z.optional(z.string().check(z.refine((value) => value !== '', 'must not be empty'))),
  checkEverySeconds: z.optional(notNegative),
  staleIfErrorSeconds: z.optional(notNegative),
  keepSeconds: z.optional(positive),
  timeoutMs: z.optional(positive),
  onError: z.optional(functionSchema),
  now: z.optional(functionSchema),
})

/**
 * Makes a list that is kept in a stream of Redis 6.2 or later, or Valkey. Nothing is sent before the
 * first verdict, and the client is left for the app to connect and to close.
 * @throws {AuthError} `config_invalid`.
 * @see https://redis.io/docs/latest/develop/data-types/streams/ (read 2026-11-22)
 */
export function redisRevocations(
  client: RedisClient,
  options: RedisRevocationsOptions = {},
): Revocations {
  readSettings('redisRevocations', schema, {}, { ...options, client })
  const {
    key = 'authmux:revocations',
    checkEverySeconds = 5,
    staleIfErrorSeconds = 60,
    keepSeconds = DEFAULT_KEEP_SECONDS,
    timeoutMs = 1000,
    onError = console.error,
    now = Date.now,
  } = options
  const tell = (error: AuthError) => {
    Promise.resolve(error).then(onError).catch(console.error)
  }
  const list = createEndedList(keepSeconds * 1000)
  const keepMs = keepSeconds * 1000 + MARGIN_MS
  const stream = redisStream(client, { key, keepMs, timeoutMs, tell })

  async function read(): Promise<void> {
    await stream.read(list.add)
    list.sweep(now() - MARGIN_MS)
  }

  return createRevocations(list, {
    append: stream.append,
    catchUp: keepCurrent(read, {
      checkEveryMs: checkEverySeconds * 1000,
      staleMs: staleIfErrorSeconds * 1000,
      now,
      onFailure: tell,
    }),
  })
}

function isClient(value: unknown): boolean {
  const { call, sendCommand } = (value ?? {}) as Record<string, unknown>
  return typeof (call ?? sendCommand) === 'function'
}
