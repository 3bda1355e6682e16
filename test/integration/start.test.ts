import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.js'
import { request } from '../support/http.js'
import { vendors } from '../support/vendor-kits.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A printed line of the form `curl -i <address> -H '<name>: <value>'`, sent. */
function send(line: string) {
  const [, url = '', name, value] = /^curl -i (\S+)(?: -H '([^:]+): ([^']+)')?$/.exec(line) ?? []
  return request(url, { headers: name && value ? { [name]: value } : {} })
}

describe.each(vendors)('npm start with AUTH_PROVIDER=%s', (vendor) => {
  it('prints lines that show 200, 401 and 403', async () => {
    const port = await freePort()
    const { PATH = '', HOME = '' } = process.env
    const child = spawn('npm', ['start', '--silent'], {
      cwd: root,
      env: {
        PATH,
        HOME,
        AUTH_PROVIDER: vendor,
        PORT: String(port),
      } as unknown as NodeJS.ProcessEnv,
      detached: true,
    })
    const closed = once(child, 'close')
    let output = ''
    const isComplete = () => /^curl -i \S+pages\/me .*'$/m.test(output)
    try {
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk) => {
          output += String(chunk)
          if (isComplete()) resolve()
        })
        child.once('close', () => reject(new TypeError(`it ended:\n${output}`)))
      })
      const lines = output.split('\n').filter((line) => line.startsWith('curl '))
      const answers = await Promise.all(lines.map(send))
      expect(answers.map(({ status }) => status)).toEqual([200, 401, 401, 403, 200, 200])
      expect(answers[0]?.json()).toMatchObject({ isAuthenticated: true, provider: vendor })
      expect(answers[1]?.json()).toMatchObject({ code: 'token_expired' })
      expect(answers[2]?.json()).toMatchObject({ code: 'unauthenticated' })
      expect(answers[3]?.json()).toMatchObject({ code: 'forbidden' })
      expect(answers[4]?.json()).toHaveProperty('admin')
    } finally {
      if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM')
      await closed
    }
  })
})
