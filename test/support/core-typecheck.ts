import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * What the compiler says about an app of one file that imports `authmux`, a program of its own: what
 * it declares in `Register` reaches nobody else.
 */
export async function typecheck(source: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'authmux-types-'))
  try {
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        rootDir: '/',
        isolatedDeclarations: false,
        declaration: false,
        typeRoots: [join(root, 'node_modules/@types')],
        paths: {
          '#platform': [join(root, 'src/platform/node.ts')],
          authmux: [join(root, 'src/index.ts')],
          'authmux/testing': [join(root, 'src/testing/index.ts')],
        },
      },
      include: ['app.ts'],
      exclude: [],
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'app.ts'), source)
    const output = await run(join(root, 'node_modules/.bin/tsc'), [
      '--pretty',
      'false',
      '-p',
      folder,
    ])
    const errors = output.split('\n').filter((line) => line.includes('app.ts('))
    return errors.map((line) => line.slice(line.indexOf('app.ts(')))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(command: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, parameters, { cwd: root }, (_error, stdout) => resolve(stdout))
  })
}
