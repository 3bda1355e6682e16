import { describe, expect, it } from 'vitest'
import type { AuthProvider } from '../../src/provider.js'
import { type Resolution, resolveProvider } from '../../src/resolve-provider.js'
import { activate, fakeProvider, viewOf } from '../support/core-provider.js'
import { compact } from '../support/core-token.js'

function providerOf(name: string): AuthProvider {
  return fakeProvider({
    name,
    owns: ({ payload }) => payload.iss === name,
    carries: ({ cookies }) => cookies.get(name) !== null,
  })
}

const active = [activate(providerOf('one')), activate(providerOf('two'))]
const tokenOf = (iss: unknown) => compact('{"alg":"RS256"}', JSON.stringify({ iss }))
const one = tokenOf('one')
const two = tokenOf('two')
const foreign = tokenOf('https://elsewhere.example')

function summary(resolution: Resolution): string {
  if (resolution.kind !== 'owned') return resolution.kind
  return `${resolution.active.name} by ${resolution.credential.source}`
}

describe('resolveProvider', () => {
  it.each([
    ['nothing', {}, 'none'],
    ['a foreign cookie', { cookie: 'three=1' }, 'none'],
    ['the cookie of the first', { cookie: 'one=1' }, 'one by cookie'],
    ['the cookie of the second', { cookie: 'two=1' }, 'two by cookie'],
    ['cookies of both', { cookie: 'two=1; one=1' }, 'one by cookie'],
    ['a token of the first', { authorization: `Bearer ${one}` }, 'one by bearer'],
    ['a token of the second', { authorization: `Bearer ${two}` }, 'two by bearer'],
    [
      'a token of one and the cookie of the other',
      { authorization: `Bearer ${two}`, cookie: 'one=1' },
      'two by bearer',
    ],
    ['a token of nobody', { authorization: `Bearer ${foreign}` }, 'foreign'],
    ['a token without issuer', { authorization: `Bearer ${tokenOf(undefined)}` }, 'foreign'],
    ['a token with a list of issuers', { authorization: `Bearer ${tokenOf(['one'])}` }, 'foreign'],
    ['a bearer that is no token', { authorization: 'Bearer garbage' }, 'foreign'],
    ['a malformed token of the first', { authorization: `Bearer ${one}=` }, 'foreign'],
    [
      'a token too long',
      { authorization: `Bearer ${compact('{}', '{"iss":"one"}', 'A'.repeat(9000))}` },
      'foreign',
    ],
    [
      'a token of nobody and a cookie',
      { authorization: `Bearer ${foreign}`, cookie: 'one=1' },
      'one by cookie',
    ],
    ['garbage and a cookie', { authorization: 'Bearer garbage', cookie: 'two=1' }, 'two by cookie'],
    [
      'a token too long and a cookie',
      { authorization: `Bearer ${'A'.repeat(8193)}`, cookie: 'two=1' },
      'foreign',
    ],
    [
      'a malformed token and a cookie',
      { authorization: `Bearer ${one}=`, cookie: 'two=1' },
      'foreign',
    ],
    [
      'a token behind two blanks and a cookie',
      { authorization: `Bearer  ${one}`, cookie: 'two=1' },
      'foreign',
    ],
    ['two tokens', { authorization: `Bearer ${one}, Bearer ${two}` }, 'foreign'],
    ['another scheme', { authorization: `Basic ${one}` }, 'none'],
    [
      'another scheme and a cookie',
      { authorization: 'Basic YTpi', cookie: 'one=1' },
      'one by cookie',
    ],
    ['no scheme', { authorization: one }, 'none'],
    ['a longer scheme', { authorization: `Bearers ${one}` }, 'none'],
    ['a scheme alone', { authorization: 'Bearer' }, 'none'],
    ['a tab behind the scheme', { authorization: `Bearer\t${one}` }, 'none'],
    ['a token in another header', { 'x-authorization': `Bearer ${one}` }, 'none'],
    ['a provider the client names', { 'x-auth-provider': 'one', 'x-authmux': 'one' }, 'none'],
  ] as const)('%s: %s', (_, headers, expected) => {
    expect(summary(resolveProvider(viewOf(headers), active))).toBe(expected)
  })

  it('hands the token over taken apart', () => {
    const resolution = resolveProvider(viewOf({ authorization: `Bearer ${one}` }), active)
    expect(resolution).toMatchObject({
      credential: { source: 'bearer', token: { text: one, payload: { iss: 'one' } } },
    })
  })

  it('looks for no token in the address', () => {
    const url = `https://app.example/?token=${one}&access_token=${one}&__session=${one}`
    expect(summary(resolveProvider(viewOf({}, 'GET', url), active))).toBe('none')
  })

  it('asks no further provider once one owns the token', () => {
    const asked: string[] = []
    const spy = (name: string, isOwner: boolean) => {
      const owns = () => {
        asked.push(name)
        return isOwner
      }
      return activate(fakeProvider({ name, owns }))
    }
    resolveProvider(viewOf({ authorization: `Bearer ${one}` }), [
      spy('a', false),
      spy('b', true),
      spy('c', true),
    ])
    expect(asked).toEqual(['a', 'b'])
  })

  it('takes a provider without cookies for what it is', () => {
    const { carries: _, ...bearerOnly } = fakeProvider()
    expect(summary(resolveProvider(viewOf({ cookie: 'fake=1' }), [activate(bearerOnly)]))).toBe(
      'none',
    )
  })

  it('finds nobody where nobody is active', () => {
    expect(resolveProvider(viewOf({ authorization: `Bearer ${one}` }), []).kind).toBe('foreign')
    expect(resolveProvider(viewOf({ cookie: 'one=1' }), []).kind).toBe('none')
  })
})
