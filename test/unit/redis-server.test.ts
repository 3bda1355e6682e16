import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../support/redis-server.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authmux-redis-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A program in the place of Redis. */
async function programThat(script: string): Promise<string> {
  const file = join(folder, `redis-${crypto.randomUUID()}`)
  await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return file
}

describe('a Redis', () => {
  it.each([
    ['ends without a word', 'exit 1', ''],
    ['ends', 'echo loading; exit 1', 'loading\n'],
    ['refuses its options', 'echo no such option >&2; exit 1', 'no such option\n'],
  ])('that %s has not started, and why is told', async (_, script, said) => {
    const started = startRedis(await programThat(script))
    await expect(started).rejects.toThrow(new TypeError(`Redis did not start:\n${said}`))
  })

  it('that is slow to say so has started once it has', async () => {
    const script = 'printf "Ready to "; sleep 0.1; printf "accept connections"; exec sleep 60'
    const server = await startRedis(await programThat(script))
    await server.stop()
  }, 5000)
})
