import { afterEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod/mini'
import { type AuthError, isAuthError } from '../../src/errors.js'
import { oneOf } from '../../src/schema-problems.js'
import { readSettings } from '../../src/settings.js'

const schema = z.strictObject({
  secret: z.string().check(z.startsWith('sk_', 'does not start with sk_')),
  url: z.optional(z.string().check(z.url('is not an address'))),
  mode: z.optional(oneOf('first', 'second')),
  nested: z.optional(z.strictObject({ inner: z.string() })),
})
const sources = {
  secret: { variables: ['ACME_SECRET', 'ACME_OLD_SECRET'], hint: 'Copy it from the dashboard' },
  url: { variables: ['ACME_URL'] },
}

function read(options: Record<string, unknown>, environment: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  return readSettings('acme', schema, sources, options)
}

function refusalOf(options: Record<string, unknown>, environment?: Record<string, string>) {
  try {
    read(options, environment)
  } catch (error) {
    if (isAuthError(error)) return error
    throw error
  }
  throw new TypeError('The settings were taken')
}

const namesOf = (error: AuthError) => error.details.issues?.map(({ name }) => name)

afterEach(() => vi.unstubAllEnvs())

describe('readSettings', () => {
  it.each([
    ['the option', { secret: 'sk_option' }, { ACME_SECRET: 'sk_env' }, 'sk_option'],
    ['the variable', {}, { ACME_SECRET: 'sk_env' }, 'sk_env'],
    [
      'the variable where the option is undefined',
      { secret: undefined },
      { ACME_SECRET: 'sk_env' },
      'sk_env',
    ],
    ['the first variable', {}, { ACME_SECRET: 'sk_new', ACME_OLD_SECRET: 'sk_old' }, 'sk_new'],
    ['the second variable', {}, { ACME_OLD_SECRET: 'sk_old' }, 'sk_old'],
    [
      'the second where the first is empty',
      {},
      { ACME_SECRET: '', ACME_OLD_SECRET: 'sk_old' },
      'sk_old',
    ],
  ])('takes %s', (_, options, environment, expected) => {
    expect(read(options, environment).secret).toBe(expected)
  })

  it.each([
    ['a missing setting', {}, {}, 'ACME_SECRET', 'is not set. Copy it from the dashboard'],
    [
      'an empty variable',
      {},
      { ACME_SECRET: '' },
      'ACME_SECRET',
      'is not set. Copy it from the dashboard',
    ],
    [
      'a wrong variable',
      {},
      { ACME_SECRET: 'pk_hunter2' },
      'ACME_SECRET',
      'does not start with sk_. Copy it from the dashboard',
    ],
    [
      'a wrong option',
      { secret: 'pk_hunter2' },
      {},
      'acme({ secret })',
      'does not start with sk_. Copy it from the dashboard',
    ],
    [
      'an empty option, whatever the variable',
      { secret: '' },
      { ACME_SECRET: 'sk_env' },
      'acme({ secret })',
      'does not start with sk_. Copy it from the dashboard',
    ],
    [
      'a wrong optional variable',
      { secret: 'sk_a' },
      { ACME_URL: 'hunter2' },
      'ACME_URL',
      'is not an address',
    ],
  ])('names %s', (_, options, environment, name, message) => {
    const error = refusalOf(options, environment as Record<string, string>)
    expect(error.details.issues).toEqual([{ name, message }])
    expect(error.message).not.toContain('hunter2')
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })

  it('names the variable the wrong value came from', () => {
    const error = refusalOf({}, { ACME_OLD_SECRET: 'pk_hunter2' })
    expect(namesOf(error)).toEqual(['ACME_OLD_SECRET'])
  })

  it('names everything at once', () => {
    const error = refusalOf({ mode: 'third', nested: {} }, { ACME_URL: 'x' })
    expect(namesOf(error)).toEqual([
      'ACME_SECRET',
      'ACME_URL',
      'acme({ mode })',
      'acme({ nested.inner })',
    ])
  })

  it('names an option nobody knows', () => {
    const error = refusalOf({ secret: 'sk_a', secretKey: 'hunter2' })
    expect(error.message).toContain('secretKey')
    expect(error.message).not.toMatch(/acme\(\{ +\}\)|is not set|hunter2/)
  })

  it('names an option nobody knows inside of another', () => {
    const error = refusalOf({ secret: 'sk_a', nested: { inner: 'x', innner: 'hunter2' } })
    expect(error.message).toContain('innner')
    expect(error.message).not.toContain('hunter2')
  })

  it('says in words what is wrong with a choice', () => {
    const error = refusalOf({ secret: 'sk_a', mode: 'hunter2' })
    expect(error.message).toMatch(/first.*second/)
    expect(error.message).not.toContain('hunter2')
  })

  it('reads no variable that is not a source', () => {
    vi.stubEnv('mode', 'third')
    expect(read({ secret: 'sk_a' }).mode).toBeUndefined()
  })

  it('works where there is no process', () => {
    vi.stubGlobal('process', undefined)
    try {
      expect(read({ secret: 'sk_a' }).secret).toBe('sk_a')
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
