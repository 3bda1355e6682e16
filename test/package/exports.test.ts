import { execFile } from 'node:child_process'
import { mkdtemp, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const manifest = JSON.parse(await readFile('package.json', 'utf8'))

/** Every public name, by entry point: a change here is a change of the API. */
const publicNames = {
  authmux: ['AuthError', 'createAuth', 'isAuthError'],
  'authmux/next': ['createNextAuth'],
  'authmux/migrate': [
    'cutOver',
    'importUsers',
    'memoryIdentityMap',
    'readCoverage',
    'requireCoverage',
    'sqlIdentityMap',
  ],
  'authmux/migrate/browser': ['handOver', 'moveIn'],
  'authmux/user-events': ['createUserEvents', 'memoryUserEventStore', 'sqlUserEventStore'],
  'authmux/revocations': ['memoryRevocations', 'redisRevocations'],
  'authmux/providers/clerk': ['clerk'],
  'authmux/providers/supertokens': ['superTokensMoveIn', 'superTokensUserEvents', 'supertokens'],
  'authmux/opentelemetry': ['openTelemetry'],
  'authmux/testing': [
    'createTestKey',
    'createTestResponse',
    'describeProvider',
    'memoryProvider',
    'signedOut',
  ],
  'authmux/testing/clerk': ['createClerkTestInstance'],
  'authmux/testing/supertokens': ['createSuperTokensTestCore'],
} as const

describe('the packed package', () => {
  it.each(Object.entries(publicNames))(
    'exports from %s exactly what is listed',
    async (entry, names) => {
      const script = `import(${JSON.stringify(entry)}).then((m) => console.log(JSON.stringify(Object.keys(m).sort())))`
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
      expect(JSON.parse(stdout)).toEqual(names)
    },
  )

  it('lists every entry point here', () => {
    const entries = Object.keys(manifest.exports).filter((name) => !name.endsWith('.json'))
    const listed = Object.keys(publicNames).map((name) => name.replace('authmux', '.'))
    expect(listed.sort()).toEqual(entries.sort())
  })

  it.each(Object.keys(publicNames))(
    'loads no vendor and no framework by importing %s',
    async (entry) => {
      const script = `
      import { createRequire } from 'node:module'
      await import(${JSON.stringify(entry)})
      const loaded = Object.keys(createRequire(import.meta.url).cache)
      console.log(JSON.stringify(loaded.filter((path) => /supertokens-node|@clerk/.test(path))))`
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
      expect(JSON.parse(stdout)).toEqual([])
    },
  )

  it('passes publint, strictly', async () => {
    const { stdout } = await run('npx', ['publint', '--strict'])
    expect(stdout).toContain('All good')
  })

  it('has types that resolve in every ESM project', async () => {
    // Its exit code counts problems of CommonJS resolution even under the ESM profile, and its output
    // is cut off in a pipe; the report in a file is neither.
    const report = join(await mkdtemp(join(tmpdir(), 'authmux-attw-')), 'report.json')
    await run('sh', ['-c', `npx attw --pack . --format json > '${report}'`]).catch(() => undefined)
    const { analysis } = JSON.parse(await readFile(report, 'utf8'))
    const supported = ['node16-esm', 'bundler']
    const problems = analysis.problems.filter((problem: Record<string, string>) =>
      supported.includes(problem.resolutionKind ?? problem.resolutionOption ?? ''),
    )
    expect(Object.keys(analysis.entrypoints)).toContain('./providers/clerk')
    expect(problems).toEqual([])
  })

  it('can be required by CommonJS, where Node can require ES modules', () => {
    if (!process.features.require_module)
      return console.warn('skipped: this Node cannot require ESM')
    const { createAuth } = createRequire(import.meta.url)('authmux')
    expect(createAuth).toBeTypeOf('function')
  })
})
