import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const platform = fileURLToPath(new URL('src/platform/node.ts', import.meta.url))

const config: ViteUserConfig = defineConfig({
  resolve: { alias: { '#platform': platform } },
  test: { testTimeout: 30_000, hookTimeout: 60_000 },
})

export default config
