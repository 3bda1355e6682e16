/** Part of `npm run build`: puts what is used of zod into the one file that `src/zod.ts` promises. */

import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const zod = dirname(createRequire(import.meta.url).resolve('zod/package.json'))
const { version } = JSON.parse(readFileSync(join(zod, 'package.json'), 'utf8'))
const licence = readFileSync(join(zod, 'LICENSE'), 'utf8').trim()

await build({
  entryPoints: [join(root, 'src/zod.ts')],
  outfile: join(root, 'dist/src/zod.js'),
  allowOverwrite: true,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  banner: { js: `/* From zod ${version}:\n\n${licence}\n*/` },
})
rmSync(join(root, 'dist/src/zod.js.map'), { force: true })
