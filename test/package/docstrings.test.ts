import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

const DECLARATION =
  /^export (?:declare )?(?:abstract )?(?:interface|type|class|function|const) (\w+)/gm
const LIST = /^export (?:type )?\{([^}]*)\}(?: from '(\.[^']+)')?;/gm
const IMPORT = /^import (?:type )?\{([^}]*)\} from '(\.[^']+)';/gm

/** Declarations of the packages, as their users get them. */
function readDeclarations(file: string): Promise<string> {
  return readFile(file.replace(/\.js$/, '.d.ts'), 'utf8')
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim().replace(/^type /, ''))
    .filter((item) => item !== '' && !item.includes(' as '))
}

/** Every public name of a file, and the docstring in front of where it is declared; '' without one. */
async function docstringsOf(file: string): Promise<[name: string, docstring: string][]> {
  const text = await readDeclarations(file)
  const imports = new Map(
    [...text.matchAll(IMPORT)].flatMap(([, list = '', from = '']) =>
      namesIn(list).map((name) => [name, from] as const),
    ),
  )
  const own = [...text.matchAll(DECLARATION)].map(
    ({ 1: name = '', index }) => [name, docstringBefore(text, index)] as [string, string],
  )
  const listed = [...text.matchAll(LIST)].map(async ([, list = '', from]) => {
    const found = namesIn(list).map(async (name): Promise<[string, string][]> => {
      const source = from ?? imports.get(name)
      if (source === undefined) return []
      const declared = await docstringsOf(join(file, '..', source))
      return declared.filter(([other]) => other === name)
    })
    return (await Promise.all(found)).flat()
  })
  return [...own, ...(await Promise.all(listed)).flat()]
}

function docstringBefore(text: string, index: number): string {
  return /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(text.slice(0, index))?.[1] ?? ''
}

const packages = ['.', 'emulator']
const entries: string[] = []
for (const name of packages) {
  const manifest = JSON.parse(await readFile(join(root, name, 'package.json'), 'utf8'))
  for (const entry of Object.values<{ types?: string }>(manifest.exports)) {
    if (entry.types) entries.push(join(name, entry.types))
  }
}

describe.each(entries)('%s', async (entry) => {
  const docstrings = await docstringsOf(join(root, entry.replace(/\.d\.ts$/, '.js')))

  it('has public names', () => {
    expect(docstrings.length).toBeGreaterThan(0)
  })

  it('says of every public name what it is', () => {
    const silent = docstrings.filter(([, docstring]) => !/^[\s*]*[A-Z`]/.test(docstring))
    expect(silent.map(([name]) => name)).toEqual([])
  })
})
