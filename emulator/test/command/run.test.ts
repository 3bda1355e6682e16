/** The command, in this process: arguments, seed, state, banner. */

import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../../test/support/free-port.js'
import { type Running, run } from '../../src/command/run.js'
import { useFolder } from './folder.js'

const file = useFolder()
const seed = JSON.stringify({
  roles: { admin: [] },
  users: [{ email: 'ada@example.com', password: 'correct horse battery', roles: ['admin'] }],
  organizations: [{ name: 'x', slug: 'x', members: [{ email: 'ada@example.com' }] }],
})

let running: Running | null = null
afterEach(async () => {
  await running?.close()
  running = null
  vi.unstubAllEnvs()
})

interface Started {
  readonly out: string
  readonly errors: string[]
  /** By name. */
  readonly environment: Readonly<Record<string, string>>
}

async function start(...given: readonly string[]): Promise<Started> {
  let out = ''
  const errors: string[] = []
  running = await run(given, {
    out: (text) => {
      out += text
    },
    error: (text) => errors.push(text),
  })
  const lines = [...out.matchAll(/^([A-Z_]+)="?(.*?)"?$/gm)]
  const environment = Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]))
  return { out, errors, environment }
}

describe('without arguments but a port', () => {
  it('has both vendors, each where the environment says, with an inspector', async () => {
    const { out, environment } = await start('--port', '0')
    expect(out).toContain('FOR DEVELOPMENT AND TESTS ONLY')
    const urls = [environment.SUPERTOKENS_CONNECTION_URI, environment.CLERK_API_URL]
    expect(new Set(urls).size).toBe(2)
    for (const url of urls) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect(out).toContain(`${url}/_emulator/`)
      expect((await fetch(`${url}/_emulator/`)).status).toBe(200)
    }
    const hello = await fetch(`${environment.SUPERTOKENS_CONNECTION_URI}/hello`)
    expect(await hello.text()).toBe('Hello\n')
    const count = await fetch(`${environment.CLERK_API_URL}/v1/users/count`, {
      headers: { authorization: `Bearer ${environment.CLERK_SECRET_KEY}` },
    })
    expect(count.status).toBe(200)
    expect(environment.CLERK_JWT_KEY).toMatch(/^-----BEGIN PUBLIC KEY-----\\n.*\\n-----END/)
    expect(environment.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY).toMatch(/^pk_test_/)
  })

  it('says on the spot what is missing', async () => {
    const { errors, environment } = await start('--port', '0')
    await fetch(`${environment.SUPERTOKENS_CONNECTION_URI}/recipe/nothing`)
    await fetch(`${environment.CLERK_API_URL}/v1/nothing`)
    expect(errors).toEqual([
      'supertokens: missing: endpoint GET /recipe/nothing\n',
      'clerk: missing: The stand-in has no endpoint for GET /v1/nothing\n',
    ])
  })
})

describe('with one vendor', () => {
  it.each([
    { vendor: 'supertokens', has: 'SUPERTOKENS_CONNECTION_URI', hasNot: 'CLERK_SECRET_KEY' },
    { vendor: 'clerk', has: 'CLERK_SECRET_KEY', hasNot: 'SUPERTOKENS_CONNECTION_URI' },
  ])('$vendor: has no other', async ({ vendor, has, hasNot }) => {
    const { environment } = await start(`--${vendor}`, '--port', '0')
    expect(environment).toHaveProperty(has)
    expect(environment).not.toHaveProperty(hasNot)
  })
})

describe('with a seed', () => {
  it('has its users at both vendors, and says what it skipped', async () => {
    await writeFile(file('seed.json'), seed)
    const { out, environment } = await start('--port', '0', '--seed', file('seed.json'))
    expect(out).toContain('Seed: supertokens: skipped: organizations, because')
    for (const url of [environment.SUPERTOKENS_CONNECTION_URI, environment.CLERK_API_URL]) {
      expect(await (await fetch(`${url}/_emulator/api/users`)).json()).toMatchObject([
        { identifiers: ['ada@example.com'], roles: ['admin'] },
      ])
    }
  })

  it('puts roles into the session tokens of Clerk', async () => {
    await writeFile(file('seed.json'), seed)
    const { environment } = await start('--clerk', '--port', '0', '--seed', file('seed.json'))
    const url = environment.CLERK_API_URL
    const post = async (path: string, body: object) => {
      const headers = {
        authorization: `Bearer ${environment.CLERK_SECRET_KEY}`,
        'content-type': 'application/json',
      }
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      return (await fetch(`${url}/v1/${path}`, init)).json()
    }
    const [user] = await (await fetch(`${url}/_emulator/api/users`)).json()
    const session = await post('sessions', { user_id: user.id })
    const { jwt } = await post(`sessions/${session.id}/tokens`, {})
    const claims = JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString())
    expect(claims.metadata.roles).toEqual(['admin'])
  })
})

describe('with a state file', () => {
  it('goes on with users and keys, also with the same seed', async () => {
    await writeFile(file('seed.json'), seed)
    const given = ['--port', '0', '--state', file('state.json'), '--seed', file('seed.json')]
    const first = await start(...given)
    await fetch(`${first.environment.SUPERTOKENS_CONNECTION_URI}/_emulator/api/rotate-keys`, {
      method: 'POST',
    })
    await running?.close()
    const second = await start(...given)
    expect(second.out).toContain('Seed: clerk: 0 users added, 1 were there already.')
    for (const name of ['CLERK_SECRET_KEY', 'CLERK_JWT_KEY']) {
      expect(second.environment[name]).toBe(first.environment[name])
    }
  })

  it('has other keys without one', async () => {
    const first = await start('--clerk', '--port', '0')
    await running?.close()
    const second = await start('--clerk', '--port', '0')
    expect(second.environment.CLERK_SECRET_KEY).not.toBe(first.environment.CLERK_SECRET_KEY)
    expect(second.environment.CLERK_JWT_KEY).not.toBe(first.environment.CLERK_JWT_KEY)
  })
})

describe('refuses in one line', () => {
  it.each([
    { given: ['--nothing'], message: "Unknown option '--nothing'; see --help" },
    { given: ['word'], message: "Unexpected argument 'word'; see --help" },
    { given: ['--port'], message: "Option '--port <value>' argument missing; see --help" },
    { given: ['--port', 'http'], message: '--port must be a number from 0 to 65535, not "http"' },
    { given: ['--port', '65536'], message: 'not "65536"' },
    { given: ['--port', '65535'], message: 'not "65535"' },
    { given: ['--port', ''], message: 'not ""' },
    { given: ['--port=-1'], message: 'not "-1"' },
    { given: ['--seed='], message: '--seed needs the name of a file' },
    { given: ['--state='], message: '--state needs the name of a file' },
    { given: ['--seed', 'nowhere.json'], message: 'the seed nowhere.json cannot be read: ENOENT' },
  ])('$given', async ({ given, message }) => {
    const error = await start(...given).catch((caught) => caught)
    expect(error.message).toContain(message)
    expect(error.message).not.toContain('\n')
  })

  it('a seed that is no JSON', async () => {
    await writeFile(file('seed.json'), '{\n  "users": [}\n')
    const error = await start('--seed', file('seed.json')).catch((caught) => caught)
    expect(error.message).toContain('is no JSON')
    expect(error.message).not.toContain('\n')
  })

  it('a state file of somebody else, which stays as it is', async () => {
    await writeFile(file('state.json'), '{}')
    await expect(start('--state', file('state.json'))).rejects.toThrow('is no state file')
    expect(await readFile(file('state.json'), 'utf8')).toBe('{}')
  })

  it('production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    await expect(start('--port', '0')).rejects.toThrow('NODE_ENV is production')
  })

  it('a port in use, and leaves no other open', async () => {
    const first = await freePort(2)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(first + 1, '127.0.0.1', resolve))
    await expect(start('--port', String(first))).rejects.toThrow(
      `port ${first + 1} is in use; choose another`,
    )
    await expect(fetch(`http://127.0.0.1:${first}/hello`)).rejects.toThrow('fetch failed')
    await new Promise((done) => server.close(done))
  })
})

it('names every problem of a seed, each in a line', async () => {
  await writeFile(file('seed.json'), '{"users": [{"email": "no"}, {"roles": ["x"]}], "x": 1}')
  const error = await start('--seed', file('seed.json')).catch((caught) => caught)
  const [, ...lines] = error.message.split('\n')
  expect(lines.map((line: string) => line.trim().split(':')[0])).toEqual([
    'users.0.email',
    'users.1.email',
    'x',
    'users.1.roles.0',
  ])
})

it.each([
  { given: ['--help'], text: 'Usage: authmux-emulator [options]' },
  { given: ['-h'], text: 'Usage: authmux-emulator [options]' },
  { given: ['--version'], text: '0.' },
])('$given starts nothing', async ({ given, text }) => {
  const { out } = await start(...given)
  expect(out.startsWith(text)).toBe(true)
  expect(running).toBeNull()
})
