/** Serves a stand-in on the loopback interface, and on no other. */

import { type Http2Bindings, type HttpBindings, serve } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { createInspector, isForInspector } from '../inspector/inspector.js'
import { Offline } from './faults.js'
import { EmulatorMisuse, refuseProduction } from './production.js'
import type { StandIn } from './stand-in.js'

/** A stand-in that is served over HTTP, on this machine only. */
export interface Listener {
  /** Address of the stand-in: `http://127.0.0.1:<port>`. */
  readonly url: string
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

/** What the system says of ports that cannot be had. */
const PORT_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'is not ours to use',
}

/**
 * Serves a stand-in, and its inspector below `/_emulator/`, on this machine only.
 * @param port Port to listen on; default 0, which takes a free one.
 * @throws {EmulatorMisuse} when `NODE_ENV` is `production`, or the port is taken.
 */
export async function listen(standIn: StandIn, port = 0): Promise<Listener> {
  refuseProduction()
  const inspect = createInspector(standIn)
  async function fetch(
    request: Request,
    { outgoing }: HttpBindings | Http2Bindings,
  ): Promise<Response> {
    try {
      return await (isForInspector(request) ? inspect(request) : standIn.fetch(request))
    } catch (error) {
      if (!(error instanceof Offline)) throw error
      // A host that is gone does not answer with an error either.
      outgoing.destroy()
      return RESPONSE_ALREADY_SENT
    }
  }
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: LOOPBACK, port }, (address) => {
      resolve({
        url: `http://${LOOPBACK}:${address.port}`,
        close: () => new Promise((done) => server.close(() => done())),
      })
    })
    server.once('error', (error: NodeJS.ErrnoException) => {
      const problem = PORT_PROBLEMS[error.code ?? '']
      reject(problem ? new EmulatorMisuse(`port ${port} ${problem}; choose another`) : error)
    })
  })
}
