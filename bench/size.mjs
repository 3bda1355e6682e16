/** What a route that only reads sessions brings along: everything it loads before it answers, with pinned keys. */

import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const routes = {
  Clerk: `
    import { createAuth } from 'authmux'
    import { clerk } from 'authmux/providers/clerk'
    export const { getAuth } = createAuth({ origins: [], providers: { clerk: () => clerk() } })`,
  SuperTokens: `
    import { createAuth } from 'authmux'
    import { supertokens } from 'authmux/providers/supertokens'
    const provider = () => supertokens({ requiredClaims: {} })
    export const { getAuth } = createAuth({ origins: [], providers: { supertokens: provider } })`,
}

/**
 * The route as a bundler makes it for Node: minified, what is imported later in files of its own.
 * @param {string} contents
 */
async function sizeOf(contents) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: new URL('.', import.meta.url).pathname, loader: 'js' },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outdir: '/bundle',
    external: ['@clerk/*', 'supertokens-node'],
    logLevel: 'error',
  })
  const bytes = new Map(outputFiles.map(({ path, contents: file }) => [path.slice(1), file]))
  const outputs = Object.entries(metafile.outputs)
  const named = new Map(
    outputs.map(([path, output]) => [path.slice(path.indexOf('bundle/')), output]),
  )
  const entry = [...named].find(([, { entryPoint }]) => entryPoint === '<stdin>')?.[0] ?? ''
  const wanted = new Set([entry])
  // A set grows while it is walked, which is what is wanted here.
  for (const path of wanted) {
    for (const { kind, path: imported, external } of named.get(path)?.imports ?? []) {
      if (external || kind !== 'import-statement') continue
      wanted.add(imported.slice(imported.indexOf('bundle/')))
    }
  }
  const files = [...wanted].map((path) => bytes.get(path) ?? new Uint8Array())
  // As one text: where a bundler cuts it is not the library's doing.
  const text = Buffer.concat(files)
  return { bytes: text.length, gzipBytes: gzipSync(text, { level: 9 }).length, files: files.length }
}

const figures = {}
for (const [name, contents] of Object.entries(routes)) figures[name] = await sizeOf(contents)
console.log(JSON.stringify(figures))
