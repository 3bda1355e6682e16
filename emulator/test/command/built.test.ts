/** The package as it is built: the command as a process of its own, and what the pages show. */

import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseSeed } from '../../src/seed/seed.js'
import { useFolder } from './folder.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'dist/bin.js')
const workshop = join(root, '.snippets')
const execute = promisify(execFile)
const BUILD_MS = 180_000

const readme = await readFile(join(root, 'README.md'), 'utf8')
const page = await readFile(join(root, '../docs/emulator.md'), 'utf8')

/** Blocks of a language, in their order. */
function blocks(text: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms')
  return [...text.matchAll(pattern)].map(([, code = '']) => code)
}

beforeAll(() => execute('npx', ['tsc', '-p', root]), BUILD_MS)
afterAll(() => rm(workshop, { recursive: true, force: true }))

interface Process {
  readonly environment: Readonly<Record<string, string>>
  readonly inspectors: readonly string[]
  stop(signal: NodeJS.Signals): Promise<{ code: number | null; errors: string }>
}

/** Resolves when the banner is out. */
async function start(given: readonly string[], directory: string): Promise<Process> {
  const child = spawn(process.execPath, [bin, ...given], { cwd: directory })
  let out = ''
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    child.once('close', () => reject(new TypeError(`the command ended: ${errors}`)))
    child.stdout.on('data', (chunk) => {
      out += chunk
      if (out.includes('Ctrl+C stops.')) resolve()
    })
  })
  return {
    environment: Object.fromEntries(
      [...out.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    ),
    inspectors: [...out.matchAll(/inspector +(\S+)/g)].map(([, url = '']) => url),
    async stop(signal) {
      child.kill(signal)
      return { code: await ended, errors }
    },
  }
}

describe('the command', () => {
  const file = useFolder()

  it('runs as the README says, and stops when told to, with its state saved', async () => {
    const [line = ''] = blocks(readme, 'sh')
    const [npx, name, ...given] = line.trim().split(' ')
    expect([npx, name]).toEqual(['npx', 'authmux-emulator'])
    await writeFile(file('seed.json'), blocks(readme, 'json')[0] ?? '')
    const running = await start([...given, '--port', '0'], dirname(file('seed.json')))
    expect(running.inspectors).toHaveLength(2)
    for (const url of running.inspectors) {
      expect(await (await fetch(`${url}api/users`)).json()).toHaveLength(2)
    }
    expect(await running.stop('SIGINT')).toEqual({ code: 0, errors: '' })
    expect(await readFile(file('state.json'), 'utf8')).toContain('ada@example.com')
  })

  it('is the same after a restart, also for sessions', async () => {
    const given = ['--supertokens', '--port', '0', '--state', file('state.json')]
    const first = await start(given, root)
    const post = async (url: string | undefined, path: string, body: object) =>
      (await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
    const { accessToken } = await post(
      first.environment.SUPERTOKENS_CONNECTION_URI,
      '/recipe/session',
      { userId: 'u', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false },
    )
    expect((await first.stop('SIGTERM')).code).toBe(0)
    const second = await start(given, root)
    const verified = await post(
      second.environment.SUPERTOKENS_CONNECTION_URI,
      '/recipe/session/verify',
      {
        accessToken: accessToken.token,
        enableAntiCsrf: false,
        doAntiCsrfCheck: false,
        checkDatabase: true,
      },
    )
    await second.stop('SIGINT')
    expect(verified.status).toBe('OK')
  })

  it('ends with 1 and one line when it cannot start', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(Object(server.address()).port))
    })
    for (const given of [['--clerk', '--port', String(port)], ['--no'], ['--seed', 'nowhere']]) {
      const { code, stderr, stdout } = await execute(process.execPath, [bin, ...given]).catch(
        (error) => error,
      )
      expect(code).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^authmux-emulator: [^\n]+\n$/)
    }
    await new Promise((done) => server.close(done))
  })

  it('does not start in production', async () => {
    const env = { ...process.env, NODE_ENV: 'production' }
    const { code, stderr } = await execute(process.execPath, [bin], { env }).catch((error) => error)
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/production/) })
  })
})

describe('README.md', () => {
  it('shows working code by line 25', () => {
    expect(readme.split('\n').slice(0, 25).join('\n')).toMatch(/```ts\n[\s\S]+?```/)
  })

  it('has seeds that can be used', () => {
    for (const json of blocks(readme, 'json')) parseSeed(JSON.parse(json))
    expect(blocks(readme, 'json')).toHaveLength(1)
  })

  it.each(blocks(readme, 'ts').map((code, index) => ({ code, name: `readme-${index}.ts` })))(
    'runs $name',
    async ({ code, name }) => {
      await write(name, code)
      await import(pathToFileURL(join(workshop, name)).href)
    },
    BUILD_MS,
  )

  it(
    'has code that compiles',
    async () => {
      const options = { extends: '../../tsconfig.json', include: ['*.ts'] }
      const compilerOptions = { rootDir: '..', isolatedDeclarations: false, declaration: false }
      await write('tsconfig.json', JSON.stringify({ ...options, compilerOptions }))
      const { code = 0, stdout } = await execute('npx', ['tsc', '-p', workshop]).catch(
        (error) => error,
      )
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    },
    BUILD_MS,
  )

  it('names switches that exist', async () => {
    const { actions } = await import('../../src/inspector/actions.js')
    const { views } = await import('../../src/inspector/views.js')
    for (const name of [...actions.keys(), ...views.keys()]) expect(readme).toContain(name)
  })

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([])
  })
})

/** A page may show tests, which run here as they would there. */
describe('docs/emulator.md', async () => {
  const tests = blocks(page, 'ts').filter((code) => code.includes("'vitest'"))
  it('shows a test', () => expect(tests).toHaveLength(1))
  const [code = ''] = tests
  await write('page.test.ts', code)
  await import(pathToFileURL(join(workshop, 'page.test.ts')).href)
})

async function write(name: string, text: string): Promise<void> {
  await mkdir(workshop, { recursive: true })
  await writeFile(join(workshop, name), text)
}
