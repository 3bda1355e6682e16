import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const workshop = join(root, '.snippets')
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

interface Snippet {
  readonly language: string
  readonly path: string | null
  readonly code: string
}

const pages = [
  'README.md',
  ...(await readdir(join(root, 'docs'))).map((name) => `docs/${name}`),
  ...(await readdir(join(root, 'docs/migrate'))).map((name) => `docs/migrate/${name}`),
].filter((name) => name.endsWith('.md'))

async function readSnippets(page: string): Promise<Snippet[]> {
  const text = await readFile(join(root, page), 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
    language,
    code,
    path: /^\/\/ (\S+\.tsx?)\n/.exec(code)?.[1] ?? null,
  }))
}

const vendors = ['clerk', 'supertokens'] as const
type VendorName = (typeof vendors)[number]

async function readFiles(page: string): Promise<Map<string, string>> {
  const snippets = await readSnippets(page)
  return new Map(snippets.flatMap(({ path, code }) => (path ? [[path, code]] : [])))
}

/** What somebody has who followed the page of one vendor; the other's files do no harm. */
const gettingStarted: Readonly<Record<VendorName, ReadonlyMap<string, string>>> = {
  clerk: await readFiles('docs/getting-started-clerk.md'),
  supertokens: await readFiles('docs/getting-started-supertokens.md'),
}

/** As much of Express as the pages use; it is no dependency of this repository. */
const express = `declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  type Request = IncomingMessage
  interface Response extends ServerResponse { json(value: unknown): void }
  type Handler = (request: Request, response: Response, next: () => void) => unknown
  interface App {
    all(path: string | RegExp, handler: Handler): void
    get(path: string, handler: Handler): void
    use(handler: Handler): void
    listen(port: number): void
  }
  const express: { (): App; json(): Handler }
  export { express as default, type Request, type Response }
}
`

/** Further files the pages take for granted. */
const surroundings: Readonly<Record<string, string>> = {
  'lib/return-path.ts': await readFile(join(root, 'examples/nextjs/lib/return-path.ts'), 'utf8'),
  'express.d.ts': express,
  'lib/pool.ts':
    'export declare const pool: { query(text: string, values: string[]): Promise<{ rows: Record<string, unknown>[] }> }\n',
  'lib/plan.ts':
    "import type { CutOver } from 'authmux/migrate'\nexport declare const plan: CutOver\n",
  'lib/users.ts': 'export declare function allUserIds(): AsyncIterable<string>\n',
  'lib/identity-map.ts':
    "import { memoryIdentityMap } from 'authmux/migrate'\nexport const identityMap = memoryIdentityMap()\n",
}

const both = vendors.map((vendor) => `import 'authmux/providers/${vendor}'\n`).join('')

/** Writes the files of a page beside those of the page it comes after. */
async function layOut(page: string, vendor: VendorName, code: readonly Snippet[]): Promise<string> {
  const directory = join(workshop, vendor, page.replaceAll(/\W/g, '-'))
  const { clerk, supertokens } = gettingStarted
  const files = new Map([...clerk, ...supertokens, ...gettingStarted[vendor]])
  for (const [path, text] of Object.entries(surroundings)) files.set(path, text)
  // Who moves has both, and the names of both are known all over the app.
  if (page.startsWith('docs/migrate/')) files.set('lib/both.ts', both)
  for (const { path, code: text } of code) if (path) files.set(path, text)
  files.set('tsconfig.json', JSON.stringify({ compilerOptions, include: ['**/*'] }))
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  return directory
}

const compilerOptions = {
  target: 'es2022',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  jsx: 'react-jsx',
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
}

afterAll(() => rm(workshop, { recursive: true, force: true }))

describe.each(pages)('%s', async (page) => {
  const snippets = await readSnippets(page)
  const code = snippets.filter(({ language }) => language === 'ts' || language === 'tsx')

  it('names the file of every code block', () => {
    expect(code.filter(({ path }) => path === null).map((snippet) => snippet.code)).toEqual([])
  })

  it('shows files of this repository as they are', async () => {
    for (const { path, code: shown } of code) {
      if (!path?.startsWith('examples/')) continue
      const actual = await readFile(join(root, path), 'utf8')
      expect(shown).toBe(`// ${path}\n${actual}`)
    }
  })

  if (code.length === 0) return
  it.each(vendors)(
    'has code blocks that compile, after getting started with %s',
    async (vendor) => {
      const directory = await layOut(page, vendor, code)
      const compiler = join(root, 'node_modules/.bin/tsc')
      const { code: status = 0, stdout } = await run(compiler, ['-p', directory]).catch(
        (error) => error,
      )
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    },
  )

  it('links to files that exist', async () => {
    const text = await readFile(join(root, page), 'utf8')
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
    const missing = links.filter((link) => !existsSync(join(root, dirname(page), link)))
    expect(missing).toEqual([])
  })

  it('names npm scripts and entry points that exist', async () => {
    const text = await readFile(join(root, page), 'utf8')
    const scripts = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([])
    const entries = [...text.matchAll(/'authmux(\/[\w/]+)?'/g)].map(([, path = '']) => `.${path}`)
    expect(entries.filter((entry) => !(entry in manifest.exports))).toEqual([])
  })
})

describe('docs/testing.md', async () => {
  const code = await readSnippets('docs/testing.md')
  const tests = code.filter(({ path }) => path?.endsWith('.test.ts'))

  it.each(vendors)('has tests that pass, after getting started with %s', async (vendor) => {
    const directory = await layOut('docs/testing.md', vendor, code)
    const others = vendors.filter((name) => name !== vendor)
    const own = tests.filter((test) =>
      others.every((other) => !test.code.includes(`authmux/testing/${other}`)),
    )
    expect(own).toHaveLength(2)
    // Without a configuration of its own it would take the one of this repository.
    await writeFile(join(directory, 'vitest.config.mjs'), 'export default {}')
    const paths = own.flatMap(({ path }) => path ?? [])
    const program = [join(root, 'node_modules/.bin/vitest'), 'run', '--root', directory, ...paths]
    const { stdout, stderr } = await run(process.execPath, program).catch((error) => error)
    expect(stdout + stderr).toMatch(/Test Files .*2 passed/)
  })
})

describe('docs/options.md', () => {
  it('lists every option', async () => {
    const source = await readFile(join(root, 'src/options.ts'), 'utf8')
    const [, members = ''] = /^export interface AuthOptions {$(.*?)^}$/ms.exec(source) ?? []
    const options = [...members.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name = '']) => name)
    const page = await readFile(join(root, 'docs/options.md'), 'utf8')
    const listed = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name)
    expect(options).toContain('authBasePath')
    expect(listed.sort()).toEqual(options.sort())
  })
})

describe('README.md', () => {
  it('shows working code by line 25', async () => {
    const lines = (await readFile(join(root, 'README.md'), 'utf8')).split('\n').slice(0, 25)
    expect(lines.join('\n')).toMatch(/```ts\n[\s\S]+?```[\s\S]*requireAuth/)
  })
})
