/** Ports for servers that are told theirs before they start. */

import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below those an operating system hands out by itself: no connection of another test takes one
// between the look at it and its use.
const LOWEST = 20_000
const HIGHEST = 32_000

/**
 * A port nobody listens on right now.
 * @param count How many in a row are free, beginning with it.
 */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST)
    const ports = Array.from({ length: count }, (_, index) => port + index)
    const verdicts = await Promise.all(ports.map(isFree))
    if (verdicts.every(Boolean)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
