import { createClerkClient } from '@clerk/backend'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readCookies, suffixedNames } from '../../providers/clerk/cookies.js'
import { readClerkSettings } from '../../providers/clerk/settings.js'
import { viewRequest } from '../../src/request.js'
import {
  createInstance,
  NOW,
  NOW_SECONDS,
  ORIGIN,
  optionsOf,
  suffixOf,
} from '../support/clerk-app.js'
import { isolateNetwork } from '../support/clerk-backend.js'

isolateNetwork()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

type Values = Readonly<Record<string, string | undefined>>

/**
 * A token nobody signed. Its first seven characters, which is all that Clerk's `debug()` shows of a
 * token, tell it from the others.
 */
function token(mark: string, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ [mark]: 0, alg: 'RS256', typ: 'JWT' })}.${encode(claims)}.AAAA`
}

async function subjects(isProduction: boolean) {
  const instance = await createInstance(isProduction)
  const options = optionsOf(instance)
  const { publishableKey = '', secretKey = '', jwtKey = '' } = options
  const client = createClerkClient({
    publishableKey,
    secretKey,
    jwtKey,
    telemetry: { disabled: true },
  })
  const settings = readClerkSettings(options)
  const suffix = suffixOf(publishableKey)
  const names = await suffixedNames(publishableKey)

  function toRequest(plain: Values, suffixed: Values): Request {
    const cookies = [
      ...Object.entries(plain).map(([name, value]) => [name, value]),
      ...Object.entries(suffixed).map(([name, value]) => [`${name}_${suffix}`, value]),
    ]
    const cookie = cookies.flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value}`],
    )
    return new Request(ORIGIN, { headers: { cookie: cookie.join('; ') } })
  }

  return {
    issuer: instance.issuer,
    settings,
    names,
    /** What we take for the session, as far as Clerk lets its own choice be seen. */
    ours(plain: Values, suffixed: Values) {
      const cookies = readCookies(
        viewRequest(toRequest(plain, suffixed)),
        names,
        settings,
        () => NOW,
      )
      return {
        session: cookies.session?.slice(0, 7) ?? '',
        updatedAt: cookies.clientUpdatedAt,
        devBrowser: cookies.devBrowser?.slice(0, 7) ?? '',
      }
    },
    async clerks(plain: Values, suffixed: Values) {
      const state = await client.authenticateRequest(toRequest(plain, suffixed))
      const seen = state.toAuth()?.debug() ?? {}
      return {
        session: String(seen.sessionTokenInCookie),
        updatedAt: Number(seen.clientUat),
        devBrowser: String(seen.devBrowserToken),
      }
    },
  }
}

const development = await subjects(false)
const production = await subjects(true)

const times = { iat: NOW_SECONDS - 30, exp: NOW_SECONDS + 30 }
const PLAIN = 'p0'
const SUFFIXED = 's0'
const uat = String(NOW_SECONDS - 100)

describe('which set of cookies counts', () => {
  const own = (mark: string, claims: object = {}) =>
    token(mark, { iss: production.issuer, ...times, ...claims })
  const both = {
    plain: { __session: own(PLAIN), __client_uat: uat },
    suffixed: { __session: own(SUFFIXED), __client_uat: uat },
  }
  const newer = { iat: times.iat + 1 }

  const rows: readonly { says: string; plain: Values; suffixed: Values; counts: string }[] = [
    { says: 'the suffixed set, of two alike', ...both, counts: SUFFIXED },
    { says: 'the plain set, alone', plain: both.plain, suffixed: {}, counts: PLAIN },
    { says: 'the suffixed set, alone', plain: {}, suffixed: both.suffixed, counts: SUFFIXED },
    {
      says: 'the plain set, when its token names no issuer',
      plain: { ...both.plain, __session: own(PLAIN, { iss: undefined }) },
      suffixed: both.suffixed,
      counts: PLAIN,
    },
    {
      says: 'the plain set, when its token is garbage',
      plain: { ...both.plain, __session: 'p0-garbage' },
      suffixed: both.suffixed,
      counts: 'p0-garbage',
    },
    {
      says: 'the suffixed set, when the plain token is of another instance',
      plain: { ...both.plain, __session: own(PLAIN, { iss: 'https://clerk.elsewhere.test' }) },
      suffixed: both.suffixed,
      counts: SUFFIXED,
    },
    {
      says: 'the suffixed set, when the issuer of the plain token is no text',
      plain: { ...both.plain, __session: own(PLAIN, { iss: [production.issuer] }) },
      suffixed: both.suffixed,
      counts: SUFFIXED,
    },
    {
      says: 'the empty suffixed set, rather than one of another instance',
      plain: { ...both.plain, __session: own(PLAIN, { iss: 'https://clerk.elsewhere.test' }) },
      suffixed: {},
      counts: '',
    },
    {
      says: 'the plain set, when its token is newer',
      plain: { ...both.plain, __session: own(PLAIN, newer) },
      suffixed: both.suffixed,
      counts: PLAIN,
    },
    {
      says: 'the suffixed set, when its token is newer',
      plain: both.plain,
      suffixed: { ...both.suffixed, __session: own(SUFFIXED, newer) },
      counts: SUFFIXED,
    },
    {
      says: 'the suffixed set, when the plain one is newer but signed out',
      plain: { __session: own(PLAIN, newer), __client_uat: '0' },
      suffixed: both.suffixed,
      counts: SUFFIXED,
    },
    {
      says: 'the plain set, when only the suffixed one is signed out',
      plain: both.plain,
      suffixed: { ...both.suffixed, __client_uat: '0' },
      counts: PLAIN,
    },
    {
      says: 'the suffixed set, when both are signed out',
      plain: { ...both.plain, __client_uat: '0' },
      suffixed: { ...both.suffixed, __client_uat: '0' },
      counts: SUFFIXED,
    },
    {
      says: 'the plain set, when the suffixed session has no companion',
      plain: both.plain,
      suffixed: { __session: own(SUFFIXED) },
      counts: PLAIN,
    },
    {
      says: 'the suffixed set, when it has a companion but no session',
      plain: { __client_uat: uat },
      suffixed: { __client_uat: uat },
      counts: '',
    },
    {
      says: 'the suffixed set in production, when it has expired and the plain one is signed out',
      plain: { __client_uat: '0' },
      suffixed: { ...both.suffixed, __session: own(SUFFIXED, { exp: NOW_SECONDS - 1 }) },
      counts: SUFFIXED,
    },
    { says: 'neither, when both are empty', plain: { __session: '' }, suffixed: {}, counts: '' },
  ]

  for (const { says, plain, suffixed, counts } of rows) {
    it(says, async () => {
      const ours = production.ours(plain, suffixed)
      const mark = counts.length > 2 ? counts : counts && own(counts)
      expect(ours.session).toBe(mark.slice(0, 7))
      expect(ours).toEqual(await production.clerks(plain, suffixed))
    })
  }

  it('falls back to a signed-out plain set in development, once the suffixed one expired', async () => {
    for (const [exp, mark] of [
      [NOW_SECONDS, PLAIN],
      [NOW_SECONDS - 1, PLAIN],
      [NOW_SECONDS + 1, SUFFIXED],
    ] as const) {
      const claims = { iss: development.issuer, ...times }
      const plain = { __session: token(PLAIN, claims), __client_uat: '0' }
      const suffixed = { __session: token(SUFFIXED, { ...claims, exp }), __client_uat: uat }
      expect(development.ours(plain, suffixed).session).toBe(token(mark, {}).slice(0, 7))
      expect(development.ours(plain, suffixed)).toEqual(await development.clerks(plain, suffixed))
    }
  })

  it('takes the development browser from the set that counts', async () => {
    const claims = { iss: development.issuer, ...times }
    const plain = { __session: token(PLAIN, claims), __client_uat: uat, __clerk_db_jwt: 'plain-1' }
    const suffixed = { __session: token(SUFFIXED, claims), __client_uat: uat }
    expect(development.ours(plain, suffixed).devBrowser).toBe('')
    expect(development.ours(plain, {}).devBrowser).toBe('plain-1')
  })
})

describe('the choice is the one of @clerk/backend', () => {
  const sessions = (issuer: string, mark: string): readonly (string | undefined)[] => [
    undefined,
    token(mark, { iss: issuer, ...times }),
    token(mark, { iss: issuer, ...times, iat: times.iat + 1 }),
    token(mark, { iss: issuer, iat: times.iat - 100, exp: NOW_SECONDS }),
    token(mark, { iss: 'https://clerk.elsewhere.test', ...times }),
    token(mark, { iss: issuer.replace('https', 'HTTP'), ...times, iat: String(times.iat + 5) }),
    token(mark, times),
    `${mark}-garbage`,
  ]
  const updates = [undefined, '0', uat, '-5', 'soon']

  for (const [kind, subject] of Object.entries({ development, production })) {
    it(`for every mix of cookies in ${kind}`, async () => {
      let count = 0
      for (const plain of sessions(subject.issuer, PLAIN)) {
        for (const suffixed of sessions(subject.issuer, SUFFIXED)) {
          for (const plainUat of updates) {
            for (const suffixedUat of updates) {
              const one = { __session: plain, __client_uat: plainUat, __clerk_db_jwt: 'plain-1' }
              const two = {
                __session: suffixed,
                __client_uat: suffixedUat,
                __clerk_db_jwt: 'suffd-1',
              }
              const mix = JSON.stringify([one, two])
              expect(subject.ours(one, two), mix).toEqual(await subject.clerks(one, two))
              count++
            }
          }
        }
      }
      expect(count).toBe(8 * 8 * 5 * 5)
    })
  }
})

describe('cookies as they travel', () => {
  const session = token(PLAIN, { iss: production.issuer, ...times })

  it.each([
    ['twice, of which the first counts', `__session=${session}; __session=other`],
    ['percent-encoded', `__session=${session.replaceAll('.', '%2E')}`],
    ['between blanks and tabs', ` \t__session = ${session} \t`],
    ['after a neighbour that cannot be decoded', `a=%E0%A4%A; __session=${session}`],
    ['after a neighbour without a value', `a; =; ;;__session=${session}`],
    [
      'after a neighbour named like a prototype',
      `__proto__=1; constructor=2; __session=${session}`,
    ],
  ])('are read %s', (_says, cookie) => {
    const { settings, names } = production
    const view = viewRequest(new Request(ORIGIN, { headers: { cookie } }))
    expect(readCookies(view, names, settings, () => NOW).session).toBe(session)
  })
})
