import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loopbackOnly } from '../support/next-app.js'

/** Runs code in a process that may talk to this machine only. */
function run(code: string): Promise<{ readonly isFailure: boolean; readonly stderr: string }> {
  const env = { ...process.env, ...loopbackOnly }
  return new Promise((resolve) => {
    const parameters = ['--input-type=module', '-e', code]
    execFile(process.execPath, parameters, { env, timeout: 20_000 }, (error, _, stderr) =>
      resolve({ isFailure: error !== null, stderr }),
    )
  })
}

const wait = 'await new Promise((resolve) => socket.once("connect", resolve))'

describe('a server that may talk to this machine only', () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
  let port = 0

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    port = typeof address === 'object' && address ? address.port : 0
  })
  afterAll(() => void server.close())

  // Addresses that are for documentation (RFC 5737, RFC 3849), and a name that has none (RFC 6761).
  it.each([
    { by: 'fetch', code: 'await fetch("http://192.0.2.1/")', host: '192.0.2.1' },
    {
      by: 'fetch over TLS',
      code: 'await fetch("https://vendor.invalid/")',
      host: 'vendor.invalid',
    },
    {
      by: 'http.get',
      code: 'import http from "node:http"; http.get("http://[2001:db8::1]/")',
      host: '2001:db8::1',
    },
    {
      by: 'net.connect with options',
      code: 'import net from "node:net"; net.connect({ port: 80, host: "192.0.2.1" })',
      host: '192.0.2.1',
    },
    {
      by: 'net.connect with port and host',
      code: 'import net from "node:net"; net.connect(80, "vendor.invalid")',
      host: 'vendor.invalid',
    },
    {
      by: 'a socket of its own',
      code: 'import net from "node:net"; new net.Socket().connect(80, "192.0.2.1")',
      host: '192.0.2.1',
    },
    {
      by: 'tls.connect',
      code: 'import tls from "node:tls"; tls.connect(443, "192.0.2.1")',
      host: '192.0.2.1',
    },
  ])('is refused, and reported, when it asks another by $by', async ({ code, host }) => {
    const { isFailure, stderr } = await run(code)
    expect(stderr).toContain(`left the machine: ${host}\n`)
    expect(stderr).toContain(`${host} is not this machine`)
    expect(isFailure).toBe(true)
  })

  it.each([
    { by: 'fetch', code: (to: number) => `await fetch("http://127.0.0.1:${to}/")` },
    {
      by: 'port and host',
      code: (to: number) =>
        `import net from "node:net"; const socket = net.connect(${to}, "127.0.0.1"); ${wait}`,
    },
  ])('reaches this machine by $by, and nothing is reported', async ({ code }) => {
    const { isFailure, stderr } = await run(code(port))
    expect(stderr).toBe('')
    expect(isFailure).toBe(false)
  })
})
