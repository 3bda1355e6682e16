import { vi } from 'vitest'

export type Platform = 'node' | 'web'

export const platforms: readonly Platform[] = ['node', 'web']

/** Loads modules of the core anew, over the cryptography of one platform. */
export async function onPlatform<Module>(
  platform: Platform,
  load: () => Promise<Module>,
): Promise<Module> {
  vi.resetModules()
  if (platform === 'web') vi.doMock('#platform', () => import('../../src/platform/web.js'))
  try {
    return await load()
  } finally {
    vi.doUnmock('#platform')
  }
}
