import { describe, expect, it } from 'vitest'
import { AuthError, configError, isAuthError } from '../../src/errors.js'
import { openTelemetry } from '../../src/opentelemetry/index.js'
import { type AuthOptions, checkOptions, resolveSetup } from '../../src/options.js'
import type { AuthProvider } from '../../src/provider.js'
import { fakeProvider } from '../support/core-provider.js'

const good = { providers: { fake: () => fakeProvider() }, origins: ['https://app.example'] }

function refusalOf(run: () => unknown): AuthError {
  try {
    run()
  } catch (error) {
    if (isAuthError(error)) return error
    throw error
  }
  throw new TypeError('The options were taken')
}

function issuesOf(options: object): Record<string, string> {
  const error = refusalOf(() => resolveSetup({ ...good, ...options } as unknown as AuthOptions))
  expect(error.code).toBe('config_invalid')
  return Object.fromEntries(
    (error.details.issues ?? []).map((issue) => [issue.name, issue.message]),
  )
}

describe('checkOptions', () => {
  it.each([
    {},
    { provider: undefined },
    { provider: 'whatever' },
    { origins: [] },
    { origins: [undefined] },
    { origins: ['not checked yet'] },
    { authBasePath: '/api/auth', signInPath: '/sign-in' },
    { signInPath: '/~user/sign_in.html' },
    { fetch, now: Date.now, onError: () => undefined },
    { onEvent: () => undefined, telemetry: openTelemetry() },
  ])('takes what an environment could make right: %o', (options) => {
    expect(() => checkOptions({ ...good, ...options } as AuthOptions)).not.toThrow()
  })

  it.each([
    ['providers', { providers: undefined }],
    ['providers', { providers: {} }],
    ['providers', { providers: [] }],
    ['providers.fake', { providers: { fake: fakeProvider() } }],
    ['providers.fake', { providers: { fake: undefined } }],
    ['origins', { origins: undefined }],
    ['origins', { origins: 'https://app.example' }],
    ['origins.1', { origins: ['https://app.example', null] }],
    ['origins.0', { origins: [new URL('https://app.example')] }],
    ['provider', { provider: 1 }],
    ['provider', { provider: null }],
    ['authBasePath', { authBasePath: 'api/auth' }],
    ['authBasePath', { authBasePath: '/api/auth?x' }],
    ['authBasePath', { authBasePath: '//evil.example/auth' }],
    ['authBasePath', { authBasePath: '/api/auth\n' }],
    ['authBasePath', { authBasePath: '' }],
    ['signInPath', { signInPath: 'https://accounts.example/sign-in' }],
    ['onEvent', { onEvent: 'log' }],
    ['telemetry', { telemetry: true }],
    ['telemetry', { telemetry: null }],
    ['telemetry', { telemetry: openTelemetry }],
    ['telemetry', { telemetry: { authenticate: () => undefined } }],
    ['signInPath', { signInPath: '//accounts.example/sign-in' }],
    ['signInPath', { signInPath: '/\\accounts.example' }],
    ['signInPath', { signInPath: '/sign-in#top' }],
    ['signInPath', { signInPath: '/sign in' }],
    ['signInPath', { signInPath: 'javascript:alert(1)' }],
    ['fetch', { fetch: 'fetch' }],
    ['now', { now: 1 }],
    ['onError', { onError: console }],
    ['orgins', { orgins: [] }],
    ['basePath', { basePath: '/api/auth' }],
  ])('refuses %s: %o', (name, options) => {
    const error = refusalOf(() => checkOptions({ ...good, ...options } as unknown as AuthOptions))
    expect(error.code).toBe('config_invalid')
    expect(error.message).toMatch(new RegExp(`\\b${name.replaceAll('.', '\\.')}\\b`))
  })

  it.each([
    ['null', null],
    ['nothing', undefined],
    ['a text', 'x'],
    ['a list', []],
  ])('refuses %s for options', (_, options) => {
    const error = refusalOf(() => checkOptions(options as unknown as AuthOptions))
    expect(error.code).toBe('config_invalid')
  })

  it('names every mistake at once', () => {
    const bad = { ...good, provider: 1, origins: 1, signInPath: 'x', now: 1 }
    const { message } = refusalOf(() => checkOptions(bad as unknown as AuthOptions))
    for (const name of ['provider', 'origins', 'signInPath', 'now']) expect(message).toContain(name)
  })

  it('makes no provider', () => {
    let made = 0
    const fake = () => {
      made++
      return fakeProvider()
    }
    checkOptions({ ...good, providers: { fake } } as unknown as AuthOptions)
    expect(made).toBe(0)
  })
})

describe('resolveSetup', () => {
  it('fills in what was left out', () => {
    expect(resolveSetup(good as unknown as AuthOptions)).toMatchObject({
      active: [{ name: 'fake' }],
      origins: ['https://app.example'],
      authBasePath: '/api/auth',
      publicAuthPath: '/api/auth',
      signInPath: null,
      realm: 'app.example',
    })
  })

  it('makes only the provider in use', () => {
    const providers = {
      one: () => fakeProvider(),
      two: () => {
        throw new TypeError('made by mistake')
      },
    }
    const setup = resolveSetup({ ...good, providers, provider: 'one' } as unknown as AuthOptions)
    expect(setup.active.map(({ name }) => name)).toEqual(['one'])
  })

  it.each([
    ['nothing', undefined, undefined, '/api/auth'],
    ['the app', '/auth', undefined, '/auth'],
    ['the app, with a slash behind', '/auth//', undefined, '/auth'],
    ['the provider', undefined, '/st/auth', '/st/auth'],
    ['both', '/st/auth/', '/st/auth', '/st/auth'],
  ])('takes the auth path from %s', (_, authBasePath, mountedAt, expected) => {
    expect(resolveSetup(mounted(mountedAt, authBasePath)).authBasePath).toBe(expected)
  })

  it('refuses two auth paths that differ', () => {
    const error = refusalOf(() => resolveSetup(mounted('/st/auth', '/api/auth')))
    expect(error.details.issues).toMatchObject([{ name: 'authBasePath' }])
    expect(error.message).toMatch(/\/api\/auth.*\/st\/auth/)
  })

  it('puts the path of the gateway in front, for browsers', () => {
    const setup = resolveSetup(mounted('/auth', undefined, '/gateway'))
    expect([setup.authBasePath, setup.publicAuthPath]).toEqual(['/auth', '/gateway/auth'])
  })

  function mounted(basePath?: string, authBasePath?: string, gatewayPath?: string): AuthOptions {
    const endpoints = {
      corsHeaders: [],
      acceptsCrossSite: () => false,
      handle: async () => null,
      ...(basePath !== undefined && { basePath }),
      ...(gatewayPath !== undefined && { gatewayPath }),
    }
    const providers = { fake: () => fakeProvider({ endpoints }) }
    return { ...good, providers, ...(authBasePath && { authBasePath }) } as unknown as AuthOptions
  }

  it.each([
    [[], 'origins', /empty/],
    [[undefined], 'origins[0]', /is not set/],
    [['https://a.example', undefined], 'origins[1]', /is not set/],
    [[''], 'origins[0]', /Write it as/],
    [['app.example'], 'origins[0]', /Write it as/],
    [['localhost:3000'], 'origins[0]', /Write it as/],
    [['https://app.example/'], 'origins[0]', /Write https:\/\/app\.example$/],
    [['https://app.example/path'], 'origins[0]', /Write https:\/\/app\.example$/],
    [['https://app.example:443'], 'origins[0]', /Write https:\/\/app\.example$/],
    [['https://APP.example'], 'origins[0]', /Write https:\/\/app\.example$/],
    [['https://user:hunter2@app.example'], 'origins[0]', /Write https:\/\/app\.example$/],
    [[' https://app.example'], 'origins[0]', /Write https:\/\/app\.example$/],
    [['ws://app.example'], 'origins[0]', /Write (?!ws:)/],
    [['ftp://app.example'], 'origins[0]', /Write (?!ftp:)/],
    [['file:///'], 'origins[0]', /Write it as/],
    [['null'], 'origins[0]', /Write it as/],
    [['*'], 'origins[0]', /Write it as/],
    [['https://*.example'], 'origins[0]', /./],
  ])('refuses the origins %j', (origins, name, message) => {
    expect(issuesOf({ origins })).toEqual({ [name]: expect.stringMatching(message) })
  })

  it.each([
    [{ provider: 'other' }, 'is not one of'],
    [{ provider: '' }, 'is not one of'],
    [{ provider: 'Fake' }, 'is not one of'],
    [{ provider: '__proto__' }, 'is not one of'],
    [{ provider: 'constructor' }, 'is not one of'],
    [{ providers: { a: good.providers.fake, b: good.providers.fake } }, 'is not set'],
  ])('lists the keys there are when given %o', (options, message) => {
    const issues = issuesOf(options)
    expect(issues.provider).toContain(message)
    expect(issues.provider).toMatch(/Use one of: (?:fake|a, b)$/)
  })

  it('does not repeat the provider it was given', () => {
    expect(JSON.stringify(issuesOf({ provider: 'hunter2' }))).not.toContain('hunter2')
  })

  it('names every problem at once, those of the provider included', () => {
    const providers = {
      fake: () => {
        throw configError([
          { name: 'FAKE_KEY', message: 'is not set' },
          { name: 'FAKE_URL', message: 'is odd' },
        ])
      },
    }
    const issues = issuesOf({ providers, origins: ['x', undefined] })
    expect(Object.keys(issues)).toEqual(['origins[0]', 'origins[1]', 'FAKE_KEY', 'FAKE_URL'])
  })

  it.each([
    ['config_invalid', new AuthError('config_invalid', 'Set ACME_KEY first')],
    ['provider_unavailable', new AuthError('provider_unavailable', 'Set ACME_KEY first')],
  ])('passes on what a provider says with a plain %s', (_, thrown) => {
    const providers = {
      acme: () => {
        throw thrown
      },
    }
    const error = refusalOf(() => resolveSetup({ ...good, providers } as unknown as AuthOptions))
    expect(error.message).toContain('Set ACME_KEY first')
  })

  it.each([
    ['another contract', { ...fakeProvider(), contract: 2 }],
    ['no contract', { ...fakeProvider(), contract: undefined }],
    ['a promise', Promise.resolve(fakeProvider())],
    ['nothing', undefined],
    ['null', null],
  ])('refuses a factory that gives %s', (_, provider) => {
    const providers = { fake: () => provider as unknown as AuthProvider }
    expect(Object.keys(issuesOf({ providers }))).toEqual(['providers.fake'])
  })

  it('does not hide errors that are none of its own', () => {
    const thrown = new RangeError('bug in the app')
    const providers = {
      fake: () => {
        throw thrown
      },
    }
    expect(() => resolveSetup({ ...good, providers } as unknown as AuthOptions)).toThrow(thrown)
  })
})
