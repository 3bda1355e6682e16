/** The tests mutants of the verifier, the router and the guard have to get past: their own. */

import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: {
      '#platform': fileURLToPath(new URL('src/platform/node.ts', import.meta.url)),
    },
  },
  test: {
    include: ['test/unit/{jwt-*,resolve-provider,guard,handler-*,csrf,return-path}.test.ts'],
    // What is bundled for an edge runtime is out of reach of the mutant switch.
    exclude: ['test/unit/jwt-edge.test.ts'],
    testTimeout: 30_000,
  },
})

export default config
