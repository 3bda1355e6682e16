/** Serves a stand-in on the loopback interface, and on no other. */

import { serve } from '@hono/node-server'
import { refuseProduction } from './production.js'
import type { StandIn } from './stand-in.js'

export interface Listener {
  /** Address of the stand-in: `http://127.0.0.1:<port>`. */
  readonly url: string
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

/**
 * @param port Port to listen on; default 0, which takes a free one.
 * @throws when `NODE_ENV` is `production`, or the port is taken.
 */
export async function listen(standIn: StandIn, port = 0): Promise<Listener> {
  refuseProduction()
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: standIn.fetch, hostname: LOOPBACK, port }, (address) => {
      resolve({
        url: `http://${LOOPBACK}:${address.port}`,
        close: () => new Promise((done) => server.close(() => done())),
      })
    })
    server.once('error', reject)
  })
}
