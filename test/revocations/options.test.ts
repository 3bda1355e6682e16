/** What lists refuse to be made with; nobody is asked for it. */

import { describe, expect, it } from 'vitest'
import { memoryRevocations, redisRevocations } from '../../src/revocations/index.js'

const lists: Readonly<Record<string, (options: object) => unknown>> = {
  memoryRevocations,
  redisRevocations: (options) => redisRevocations({ call: async () => null }, options),
}

describe.each(Object.entries(lists))('the options of %s', (name, make) => {
  it.each([
    ['keepSeconds', Number.NaN],
    ['keepSeconds', 0],
    ['keepSeconds', -1],
    ['keepSeconds', Number.POSITIVE_INFINITY],
    ['keepSeconds', '60'],
    ['now', 0],
    ['keepSecond', 60],
  ])('take no %s of %s', (option, value) => {
    expect(() => make({ [option]: value })).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        details: { issues: [expect.objectContaining({ name: `${name}({ ${option} })` })] },
      }),
    )
  })

  it('may be left out, or undefined', () => {
    expect(make({})).toMatchObject({ contract: 1 })
    expect(make({ keepSeconds: undefined, now: undefined })).toMatchObject({ contract: 1 })
  })
})
