import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Gzipped, of a route that only reads sessions, with everything it loads before it answers. */
const CEILING_BYTES = 20 * 1024

const { stdout } = await promisify(execFile)(process.execPath, ['bench/size.mjs'])
const sizes = Object.entries<{ gzipBytes: number }>(JSON.parse(stdout))

it.each(sizes)('a route that reads %s sessions stays small', (_, { gzipBytes }) => {
  expect(gzipBytes).toBeGreaterThan(1024)
  expect(gzipBytes).toBeLessThanOrEqual(CEILING_BYTES)
})

it('is measured for both vendors', () => {
  expect(sizes.map(([vendor]) => vendor)).toEqual(['Clerk', 'SuperTokens'])
})
