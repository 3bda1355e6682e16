/** A real Redis for tests, with nothing kept: started here, or the one `REDIS_URL` names. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { inject } from 'vitest'
import type { RedisClient } from '../../src/revocations/index.js'
import { freePort } from './free-port.js'

export interface RedisServer {
  readonly url: string
  /** Begins again after `stop`, on the same port and without what it knew. */
  start(): Promise<void>
  stop(): Promise<void>
}

interface Running {
  readonly process: ChildProcess
  readonly folder: string
  readonly isOver: Promise<unknown>
}

/** A client of one of the libraries apps use. */
export interface OpenClient {
  readonly client: RedisClient
  /** Sends any command. */
  send(...command: string[]): Promise<unknown>
  close(): void
}

const executable = inject('redis')

/** Why tests that stop the server are skipped; `null` where they are not. */
export const noServerOfOurOwn: string | null = executable ? null : 'there is no Redis here'

/** Why tests of Redis are skipped; `null` where they are not. */
export const noServer: string | null = process.env.REDIS_URL ? null : noServerOfOurOwn

/**
 * Starts a server of our own; {@link noServerOfOurOwn} has to be `null`.
 * @throws {TypeError} With what it said, when it ends before it is ready.
 */
export async function startRedis(program: string = executable ?? ''): Promise<RedisServer> {
  const port = await freePort()
  let running: Running | null = null
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'authmux-redis-'))
      const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder]
      const child = spawn(program, [...options, '--save', '', '--appendonly', 'no'])
      running = { process: child, folder, isOver: once(child, 'close') }
      let said = ''
      child.stderr.on('data', (text) => {
        said += text
      })
      for await (const text of child.stdout) {
        said += text
        if (said.includes('Ready to accept')) return
      }
      await server.stop()
      throw new TypeError(`Redis did not start:\n${said}`)
    },
    async stop() {
      if (!running) return
      const { process: child, folder, isOver } = running
      running = null
      child.kill('SIGKILL')
      await isOver
      await rm(folder, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}

/** The server of the tests that only use it. */
export async function findRedis(): Promise<RedisServer> {
  const url = process.env.REDIS_URL
  if (!url) return startRedis()
  const nothing = async () => undefined
  return { url, start: nothing, stop: nothing }
}

const RECONNECT_MS = 20

/** Both libraries, by name. */
export const libraries: Readonly<Record<string, (url: string) => Promise<OpenClient>>> = {
  async redis(url) {
    const client = createClient({ url, socket: { reconnectStrategy: RECONNECT_MS } })
    client.on('error', () => undefined)
    await client.connect()
    const send = (...command: string[]) => client.sendCommand(command)
    return { client, send, close: () => client.destroy() }
  },
  async ioredis(url) {
    const client = new Redis(url, { retryStrategy: () => RECONNECT_MS })
    client.on('error', () => undefined)
    const send = ([name = '', ...rest]: string[]) => client.call(name, ...rest)
    return { client, send: (...command) => send(command), close: () => client.disconnect() }
  },
}
