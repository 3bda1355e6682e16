import { describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.js'
import { startServer } from '../support/next-app.js'

/** Ends at once when it is told to, and leaves somebody behind who still has something to say. */
const program = (port: number) => `
  const { spawn } = require('node:child_process')
  const lastWords = "setTimeout(() => console.error('last words'), 200)"
  require('node:http').createServer((_, response) => response.end()).listen(${port})
  process.on('SIGTERM', () => {
    spawn(process.execPath, ['-e', lastWords], { stdio: 'inherit' })
    process.exit()
  })
`

describe('a server that is stopped', () => {
  it('has been heard to the end', async () => {
    const port = await freePort()
    const server = await startServer(`http://localhost:${port}`, ['-e', program(port)], '.', {})
    await server.stop()
    expect(server.output()).toBe('last words\n')
  })

  it('says why when it does not start', async () => {
    const port = await freePort()
    const program = `console.error('there is no disk'); process.exit(1)`
    const started = startServer(`http://localhost:${port}`, ['-e', program], '.', {})
    await expect(started).rejects.toThrow('the server did not start:\nthere is no disk')
  })
})
