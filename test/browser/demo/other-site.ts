/** A page of somebody else, which posts to the example with whatever cookies the browser sends along. */

import { createServer } from 'node:http'

export interface OtherSite {
  /** @param host Loopback under one of its names: for browsers they are different sites. */
  url(host: 'localhost' | '127.0.0.1'): string
  close(): Promise<void>
}

/** @param target Where the form of the page is sent to. */
export function startOtherSite(target: string): Promise<OtherSite> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>Win a prize</title><link rel="icon" href="data:,">
<form method="post" action="${target}"><button>Win</button></form>`)
  })
  return new Promise((resolve) => {
    server.listen(0, () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      resolve({
        url: (host) => `http://${host}:${port}/`,
        close: () => new Promise((done) => server.close(() => done())),
      })
    })
  })
}
