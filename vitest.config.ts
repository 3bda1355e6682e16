import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const platform = fileURLToPath(new URL('src/platform/node.ts', import.meta.url))

const shared = {
  resolve: {
    alias: [
      { find: '#platform', replacement: platform },
      // The example imports the package by name; here that is the source, not a build of it.
      { find: /^authmux$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
    ],
  },
} satisfies ViteUserConfig

/** Searches whatever is printed for secrets. */
const setupFiles = ['test/support/security-output.ts']

const config: ViteUserConfig = defineConfig({
  test: {
    // Vitest leaves a core free, which of two is half of them. Every file has servers, ports and
    // folders of its own; what they share, the built packages and the built example, they only read.
    maxWorkers: '100%',
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: [
            'test/{unit,contract,clerk,supertokens,migrate,revocations}/**/*.test.ts',
            'emulator/test/**/*.test.ts',
          ],
          setupFiles,
          globalSetup: 'test/support/redis-executable.ts',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/security/next/next-16.test.ts'],
          setupFiles,
          globalSetup: 'test/support/build-example.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: [
            'test/browser/support/chromium.ts',
            'test/browser/support/build-migration.ts',
            'test/support/build-example.ts',
          ],
          // They wait for pages and for time more than they work.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          expect: { poll: { timeout: 60_000 } },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'security',
          include: ['test/security/*.test.ts'],
          setupFiles,
          testTimeout: 1_800_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts', 'test/security/next/next-15.test.ts'],
          setupFiles,
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
})

export default config
