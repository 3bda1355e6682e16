import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClerkTestInstance } from '../../providers/clerk/testing.js'
import { createTestKey } from '../../src/testing/index.js'

afterEach(() => vi.unstubAllEnvs())

const ready = await createTestKey('ins_1')

describe('a test instance', () => {
  it.each([
    ['with a key of its own', undefined],
    ['with a key it is given', ready],
  ])('does not exist in production: %s', async (_says, key) => {
    vi.stubEnv('NODE_ENV', 'production')
    const instance = createClerkTestInstance(key && { key })
    await expect(instance).rejects.toMatchObject({ code: 'config_invalid' })
  })
})
