import { fileURLToPath } from 'node:url'
import { EdgeVM } from '@edge-runtime/vm'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Runs code of the core in an edge runtime, over WebCrypto, with nothing of Node in reach. */
export async function inEdgeRuntime<Exports>(source: string): Promise<Exports> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'exported',
    platform: 'browser',
    target: 'es2023',
    plugins: [
      {
        name: 'platform',
        setup({ onResolve }) {
          onResolve({ filter: /^#platform$/ }, () => ({ path: `${root}src/platform/web.ts` }))
        },
      },
    ],
  })
  const vm = new EdgeVM()
  vm.evaluate(outputFiles[0]?.text ?? '')
  return vm.evaluate<Exports>('exported')
}
