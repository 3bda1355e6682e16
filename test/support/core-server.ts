import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface RawRequest {
  readonly method?: string
  /** The request target, sent as it is. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/** What a real Node server with this listener answers; a listener that fails gives status 500. */
export async function askServer(listener: Listener, ask: RawRequest = {}): Promise<RawAnswer> {
  const server = createServer(async (incoming, outgoing) => {
    try {
      await listener(incoming, outgoing)
    } catch (error) {
      if (!outgoing.headersSent) outgoing.statusCode = 500
      outgoing.end(`uncaught ${String(error)}`)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await send((server.address() as AddressInfo).port, ask)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function send(
  port: number,
  { method = 'GET', path = '/', headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, headers }
    const outgoing = request(options, async (incoming) => {
      let text = ''
      try {
        for await (const chunk of incoming.setEncoding('utf8')) text += chunk
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text })
      } catch (error) {
        reject(error)
      }
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
