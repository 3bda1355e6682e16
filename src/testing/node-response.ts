/** A Node response that keeps what is written to it. */

import type { NodeResponseLike } from '../response.js'

/** What a Pages Router handler writes to in a test. */
export interface TestResponse extends NodeResponseLike {
  /** Everything sent so far, as text. */
  readonly body: string
  /** Sets the status, and is there for more. */
  status(code: number): TestResponse
  /** Ends the answer with a value as JSON. */
  json(value: unknown): void
  /** Ends the answer with a text as it is, or anything else as JSON. */
  send(value: unknown): void
}

/** Makes a response that nothing has been written to: status 200, no header, an empty body. */
export function createTestResponse(): TestResponse {
  const headers = new Map<string, number | string | string[]>()
  let sent = false
  let body = ''
  const response: TestResponse = {
    statusCode: 200,
    get headersSent() {
      return sent
    },
    get body() {
      return body
    },
    getHeader: (name) => headers.get(name.toLowerCase()),
    setHeader(name, value) {
      headers.set(name.toLowerCase(), typeof value === 'string' ? value : [...value])
      return response
    },
    removeHeader: (name) => void headers.delete(name.toLowerCase()),
    writeHead(status) {
      response.statusCode = Number(status)
      sent = true
      return response
    },
    end(chunk) {
      if (!sent) response.writeHead(response.statusCode)
      body += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
    },
    status(code) {
      response.statusCode = code
      return response
    },
    json(value) {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(value))
    },
    send(value) {
      response.end(typeof value === 'string' ? value : JSON.stringify(value))
    },
  }
  return response
}
