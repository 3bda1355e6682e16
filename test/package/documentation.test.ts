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

/** Files the pages take for granted, after the getting-started pages. */
const surroundings: Readonly<Record<string, string>> = {
  'lib/auth.ts': await readFile(join(root, 'examples/nextjs/lib/auth.ts'), 'utf8'),
  'lib/recipes.ts': await readFile(join(root, 'examples/nextjs/lib/recipes.ts'), 'utf8'),
  'lib/mail.ts': await readFile(join(root, 'examples/nextjs/lib/mail.ts'), 'utf8'),
  'lib/app-info.ts': `${await readFile(join(root, 'examples/nextjs/lib/app-info.ts'), 'utf8')}
export const appInfo = toAppInfo('https://app.example.com')
`,
  'lib/settings.ts': await readFile(join(root, 'examples/nextjs/lib/settings.ts'), 'utf8'),
  'lib/pool.ts':
    'export declare const pool: { query(text: string, values: string[]): Promise<{ rows: Record<string, unknown>[] }> }\n',
  'lib/plan.ts':
    "import type { CutOver } from 'authmux/migrate'\nexport declare const plan: CutOver\n",
  'lib/users.ts': 'export declare function allUserIds(): AsyncIterable<string>\n',
  'lib/identity-map.ts':
    "import { memoryIdentityMap } from 'authmux/migrate'\nexport const identityMap = memoryIdentityMap()\n",
  'app/api/me/route.ts': await readFile(join(root, 'examples/nextjs/app/api/me/route.ts'), 'utf8'),
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
  it('has code blocks that compile', async () => {
    const directory = join(workshop, page.replaceAll(/\W/g, '-'))
    const files = new Map(Object.entries(surroundings))
    for (const { path, code: text } of code) if (path) files.set(path, text)
    files.set('tsconfig.json', JSON.stringify({ compilerOptions, include: ['**/*'] }))
    for (const [path, text] of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true })
      await writeFile(join(directory, path), text)
    }
    const compiler = join(root, 'node_modules/.bin/tsc')
    const { code: status = 0, stdout } = await run(compiler, ['-p', directory]).catch(
      (error) => error,
    )
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  })

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

describe('README.md', () => {
  it('shows working code by line 25', async () => {
    const lines = (await readFile(join(root, 'README.md'), 'utf8')).split('\n').slice(0, 25)
    expect(lines.join('\n')).toMatch(/```ts\n[\s\S]+?```[\s\S]*requireAuth/)
  })
})
