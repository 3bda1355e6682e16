import { createPublicKey } from 'node:crypto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ClerkOptions, clerk } from '../../providers/clerk/index.js'
import { readClerkSettings } from '../../providers/clerk/settings.js'
import type { ConfigIssue } from '../../src/errors.js'
import { memoryUserEventStore } from '../../src/user-events/store.js'
import { createUserEvents } from '../../src/user-events/user-events.js'
import { createApp, createInstance, errorOf, optionsOf, testKey } from '../support/clerk-app.js'
import { isolateNetwork } from '../support/clerk-backend.js'

isolateNetwork()

const TEST_HOST = 'happy-otter-12.clerk.accounts.dev'
const LIVE_HOST = 'clerk.example.com'
const PK_TEST = `pk_test_${btoa(`${TEST_HOST}$`)}`
const PK_LIVE = `pk_live_${btoa(`${LIVE_HOST}$`)}`

/** The variables of a development instance that is set up as it should be. */
const good = {
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PK_TEST,
  CLERK_SECRET_KEY: 'sk_test_0123456789',
} as const

const variables = [
  'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
  'CLERK_PUBLISHABLE_KEY',
  'CLERK_SECRET_KEY',
  'CLERK_JWT_KEY',
  'CLERK_API_URL',
  'CLERK_WEBHOOK_SIGNING_SECRET',
  'NEXT_PUBLIC_CLERK_PROXY_URL',
  'NEXT_PUBLIC_CLERK_DOMAIN',
  'NEXT_PUBLIC_CLERK_IS_SATELLITE',
  'NEXT_PUBLIC_CLERK_SIGN_IN_URL',
  'CLERK_AUTHORIZED_PARTIES',
] as const

type Environment = { readonly [Name in (typeof variables)[number]]?: string }

beforeEach(() => {
  setEnvironment({})
  return () => void vi.unstubAllEnvs()
})

function setEnvironment(environment: Environment): void {
  for (const name of variables) vi.stubEnv(name, environment[name])
}

async function issuesOf(
  environment: Environment,
  options: object = {},
): Promise<readonly ConfigIssue[]> {
  setEnvironment(environment)
  const error = await errorOf(() => clerk(options))
  expect(error.code).toBe('config_invalid')
  return error.details.issues ?? []
}

describe('settings that are as they should be', () => {
  const accepted: readonly { says: string; environment: Environment; expected: object }[] = [
    {
      says: 'a development instance',
      environment: good,
      expected: {
        publishableKey: PK_TEST,
        isProduction: false,
        frontendApi: TEST_HOST,
        apiUrl: 'https://api.clerk.com',
        clockSkewInMs: 5000,
        audience: null,
        authorizedParties: undefined,
      },
    },
    {
      says: 'a production instance',
      environment: {
        NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PK_LIVE,
        CLERK_SECRET_KEY: 'sk_live_0123456789',
      },
      expected: { isProduction: true, frontendApi: LIVE_HOST },
    },
    {
      says: 'a publishable key without its padding',
      environment: { ...good, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PK_TEST.replace(/=+$/, '') },
      expected: { frontendApi: TEST_HOST },
    },
    {
      says: 'the publishable key in the variable that is not public',
      environment: { CLERK_PUBLISHABLE_KEY: PK_TEST, CLERK_SECRET_KEY: good.CLERK_SECRET_KEY },
      expected: { publishableKey: PK_TEST },
    },
    {
      says: 'both publishable keys, of which the public one counts',
      environment: { ...good, CLERK_PUBLISHABLE_KEY: PK_LIVE },
      expected: { publishableKey: PK_TEST },
    },
    {
      says: 'an empty variable, which is none',
      environment: { ...good, CLERK_API_URL: '', NEXT_PUBLIC_CLERK_IS_SATELLITE: '' },
      expected: { apiUrl: 'https://api.clerk.com' },
    },
    {
      says: 'a pinned key instead of a secret key',
      environment: { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PK_TEST, CLERK_JWT_KEY: 'anything' },
      expected: { jwtKey: 'anything' },
    },
    {
      says: 'another Backend API with a slash too many',
      environment: { ...good, CLERK_API_URL: 'http://localhost:4011/' },
      expected: { apiUrl: 'http://localhost:4011' },
    },
    {
      says: 'authorized parties with blanks and a trailing comma',
      environment: { ...good, CLERK_AUTHORIZED_PARTIES: 'https://a.test, https://b.test ,' },
      expected: { authorizedParties: ['https://a.test', 'https://b.test'] },
    },
  ]

  for (const { says, environment, expected } of accepted) {
    it(says, () => {
      setEnvironment(environment)
      expect(readClerkSettings({})).toMatchObject(expected)
    })
  }

  it('prefers an option to its variable', () => {
    setEnvironment({ ...good, CLERK_API_URL: 'https://one.test' })
    expect(readClerkSettings({ apiUrl: 'https://two.test' }).apiUrl).toBe('https://two.test')
  })

  it.each(['true', '1'])('takes NEXT_PUBLIC_CLERK_IS_SATELLITE=%s for a satellite', (value) => {
    setEnvironment({
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PK_LIVE,
      CLERK_SECRET_KEY: 'sk_live_0123456789',
      NEXT_PUBLIC_CLERK_DOMAIN: 'satellite.test',
      NEXT_PUBLIC_CLERK_IS_SATELLITE: value,
    })
    expect(readClerkSettings({})).toMatchObject({ isSatellite: true })
  })

  it.each(['false', '0'])('takes NEXT_PUBLIC_CLERK_IS_SATELLITE=%s for none', (value) => {
    setEnvironment({ ...good, NEXT_PUBLIC_CLERK_IS_SATELLITE: value })
    expect(readClerkSettings({})).toMatchObject({ isSatellite: false })
  })
})

describe('issuers', () => {
  const live = { publishableKey: PK_LIVE, secretKey: 'sk_live_x' }
  const test = { publishableKey: PK_TEST, secretKey: 'sk_test_x' }
  const domain = 'satellite.test'

  const table: readonly { says: string; options: ClerkOptions; issuers: readonly string[] }[] = [
    { says: 'come from the publishable key', options: live, issuers: [`https://${LIVE_HOST}`] },
    {
      says: 'are not changed by a proxy',
      options: { ...live, proxyUrl: 'https://app.example.com/__clerk' },
      issuers: [`https://${LIVE_HOST}`],
    },
    {
      says: 'are not changed by a proxy path',
      options: { ...live, proxyUrl: '/__clerk' },
      issuers: [`https://${LIVE_HOST}`],
    },
    {
      says: 'of a production satellite are those of its own domain and of its primary',
      options: { ...live, domain, isSatellite: true },
      issuers: [`https://${LIVE_HOST}`, `https://clerk.${domain}`],
    },
    {
      says: 'of a development satellite are the primary alone',
      options: { ...test, domain, isSatellite: true, signInUrl: 'https://primary.test/sign-in' },
      issuers: [`https://${TEST_HOST}`],
    },
    {
      says: 'are not widened by the domain of an app that is no satellite',
      options: { ...live, domain },
      issuers: [`https://${LIVE_HOST}`],
    },
    {
      says: 'can be one that is given',
      options: { ...live, issuer: 'https://other.test' },
      issuers: ['https://other.test'],
    },
    {
      says: 'can be several that are given',
      options: { ...live, issuer: ['https://one.test', 'https://two.test'] },
      issuers: ['https://one.test', 'https://two.test'],
    },
  ]

  for (const { says, options, issuers } of table) {
    it(says, () => {
      expect([...new Set(readClerkSettings(options).issuers)]).toEqual(issuers)
    })
  }
})

describe('settings that are wrong', () => {
  const secret = good.CLERK_SECRET_KEY
  const refused: readonly { says: string; environment: Environment; names: readonly string[] }[] = [
    {
      says: 'an empty environment: everything that is missing, at once',
      environment: {},
      names: ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', 'CLERK_SECRET_KEY'],
    },
    {
      says: 'no publishable key',
      environment: { CLERK_SECRET_KEY: secret },
      names: ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY'],
    },
    {
      says: 'neither a secret key nor a pinned one',
      environment: { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PK_TEST },
      names: ['CLERK_SECRET_KEY'],
    },
    ...[
      ['a word', 'nonsense'],
      ['no prefix', btoa(`${TEST_HOST}$`)],
      ['another prefix', `pk_prod_${btoa(`${TEST_HOST}$`)}`],
      ['no host', 'pk_test_'],
      ['no base64', 'pk_test_%%%'],
      ['no dollar sign', `pk_test_${btoa(TEST_HOST)}`],
      ['two dollar signs', `pk_test_${btoa(`${TEST_HOST}$$`)}`],
      ['a host without a dot', `pk_test_${btoa('localhost$')}`],
      ['four parts', `${PK_TEST}_x`],
      ['the secret key', secret],
    ].map(([what, value]) => ({
      says: `a publishable key that is ${what}`,
      environment: { ...good, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: value ?? '' },
      names: ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY'],
    })),
    {
      says: 'a secret key without its prefix',
      environment: { ...good, CLERK_SECRET_KEY: '0123456789' },
      names: ['CLERK_SECRET_KEY'],
    },
    {
      says: 'a publishable key in place of the secret key',
      environment: { ...good, CLERK_SECRET_KEY: PK_TEST },
      names: ['CLERK_SECRET_KEY'],
    },
    {
      says: 'a live secret key beside a test publishable key',
      environment: { ...good, CLERK_SECRET_KEY: 'sk_live_0123456789' },
      names: ['CLERK_SECRET_KEY'],
    },
    {
      says: 'a test secret key beside a live publishable key',
      environment: { ...good, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PK_LIVE },
      names: ['CLERK_SECRET_KEY'],
    },
    {
      says: 'a Backend API that is no address',
      environment: { ...good, CLERK_API_URL: 'api.clerk.com' },
      names: ['CLERK_API_URL'],
    },
    {
      says: 'a proxy that is neither an address nor a path',
      environment: { ...good, NEXT_PUBLIC_CLERK_PROXY_URL: 'app.example.com/__clerk' },
      names: ['NEXT_PUBLIC_CLERK_PROXY_URL'],
    },
    {
      says: 'a satellite that is neither yes nor no',
      environment: { ...good, NEXT_PUBLIC_CLERK_IS_SATELLITE: 'yes' },
      names: ['NEXT_PUBLIC_CLERK_IS_SATELLITE'],
    },
    {
      says: 'a production satellite without domain and proxy, which the SDK refuses to serve',
      environment: {
        NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PK_LIVE,
        CLERK_SECRET_KEY: 'sk_live_0123456789',
        NEXT_PUBLIC_CLERK_IS_SATELLITE: 'true',
      },
      names: ['NEXT_PUBLIC_CLERK_DOMAIN'],
    },
    {
      says: 'a development satellite without a sign-in address, which the SDK refuses to serve',
      environment: {
        ...good,
        NEXT_PUBLIC_CLERK_IS_SATELLITE: 'true',
        NEXT_PUBLIC_CLERK_DOMAIN: 'satellite.test',
      },
      names: ['NEXT_PUBLIC_CLERK_SIGN_IN_URL'],
    },
    {
      says: 'several problems, each by its name',
      environment: {
        NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: 'nonsense',
        CLERK_SECRET_KEY: '0123456789',
        CLERK_API_URL: 'nowhere',
        NEXT_PUBLIC_CLERK_PROXY_URL: 'nowhere',
        NEXT_PUBLIC_CLERK_IS_SATELLITE: 'perhaps',
      },
      names: [
        'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
        'CLERK_SECRET_KEY',
        'CLERK_API_URL',
        'NEXT_PUBLIC_CLERK_PROXY_URL',
        'NEXT_PUBLIC_CLERK_IS_SATELLITE',
      ],
    },
  ]

  for (const { says, environment, names } of refused) {
    it(says, async () => {
      const issues = await issuesOf(environment)
      // Every problem once, and none that is not there.
      expect(issues.map(({ name }) => name).sort()).toEqual([...names].sort())
    })
  }

  it('names an option that was given instead of the variable behind it', async () => {
    const issues = await issuesOf(good, { secretKey: 'nonsense' })
    expect(issues.map(({ name }) => name)).toContain('clerk({ secretKey })')
  })

  const wrongOptions: readonly { says: string; options: object; name: string }[] = [
    { says: 'a negative clock skew', options: { clockSkewInMs: -1 }, name: 'clockSkewInMs' },
    { says: 'an endless clock skew', options: { clockSkewInMs: Infinity }, name: 'clockSkewInMs' },
    { says: 'a clock skew that is text', options: { clockSkewInMs: '5' }, name: 'clockSkewInMs' },
    { says: 'a callback that is none', options: { onWebhook: 'url' }, name: 'onWebhook' },
    { says: 'a taker of events that is none', options: { userEvents: {} }, name: 'userEvents' },
    { says: 'a claim path that is empty', options: { claims: { roles: '' } }, name: 'claims' },
    { says: 'a misspelt claim kind', options: { claims: { role: 'x' } }, name: 'claims' },
    { says: 'an audience that is a number', options: { audience: 5 }, name: 'audience' },
    {
      says: 'an authorized party that is not set',
      options: { authorizedParties: [undefined] },
      name: 'authorizedParties',
    },
    {
      says: 'an authorized party that is empty, which would switch the check off',
      options: { authorizedParties: [''] },
      name: 'authorizedParties',
    },
    { says: 'a misspelt option', options: { publishablekey: PK_TEST }, name: 'publishablekey' },
  ]

  for (const { says, options, name } of wrongOptions) {
    it(says, async () => {
      const [issue, ...others] = await issuesOf(good, options)
      expect(others).toEqual([])
      expect(`${issue?.name}: ${issue?.message}`).toContain(name)
      expect(issue?.message).not.toContain('is not set')
    })
  }

  it('has no authorized party in a list of commas, which would switch the check off', async () => {
    const issues = await issuesOf({ ...good, CLERK_AUTHORIZED_PARTIES: ' , ' })
    expect(issues.map(({ name }) => name)).toEqual(['CLERK_AUTHORIZED_PARTIES'])
  })

  it('asks for the webhook secret once a webhook is to be received', async () => {
    const store = memoryUserEventStore()
    const userEvents = createUserEvents({ store, onUserEvent: () => undefined })
    for (const options of [{ onWebhook: () => undefined }, { userEvents }]) {
      const issues = await issuesOf(good, options)
      expect(issues.map(({ name }) => name)).toEqual(['CLERK_WEBHOOK_SIGNING_SECRET'])
    }
  })

  it('refuses a webhook secret no signature can be checked with', async () => {
    const environment = { ...good, CLERK_WEBHOOK_SIGNING_SECRET: 'whsec_is not base64' }
    const issues = await issuesOf(environment, { onWebhook: () => undefined })
    expect(issues.map(({ name }) => name)).toEqual(['CLERK_WEBHOOK_SIGNING_SECRET'])
  })

  it('does not split an issuer or audience given in code at its commas', () => {
    setEnvironment(good)
    const settings = readClerkSettings({ issuer: 'urn:a,b', audience: 'urn:c,d' })
    expect([settings.issuers, settings.audience]).toEqual([['urn:a,b'], ['urn:c,d']])
  })

  it('echoes no value of any variable', async () => {
    const values = variables.map((name) => [name, `SECRET-${name}-VALUE`])
    const environment: Environment = Object.fromEntries(values)
    setEnvironment(environment)
    const error = await errorOf(() => clerk({ onWebhook: () => undefined }))
    const told = JSON.stringify([error.message, error.details, String(error), error.stack])
    expect(told).not.toMatch(/SECRET-|-VALUE/)
  })
})

describe('opening 4: CLERK_JWT_KEY, however it was pasted,', async () => {
  const key = await testKey()
  const body = key.publicPem.replaceAll(/-----[^-]+-----|\s/g, '')
  const pkcs1 = createPublicKey(key.publicPem).export({ type: 'pkcs1', format: 'pem' }).toString()

  const readable = [
    { says: 'a PEM block', value: key.publicPem },
    { says: 'a PEM block with Windows line ends', value: key.publicPem.replaceAll('\n', '\r\n') },
    { says: 'a PEM block with \\n for line ends', value: key.publicPem.replaceAll('\n', '\\n') },
    { says: 'the base64 body on one line', value: body },
  ]

  for (const { says, value } of readable)
    it(`verifies as ${says}`, async () => {
      const instance = await createInstance(false)
      const auth = createApp({ ...optionsOf(instance), jwtKey: value })
      const { request } = await instance.signedIn({ userId: 'user_1' })
      expect(await auth.getAuth(request('/'))).toMatchObject({ userId: 'user_1' })
      await expect(auth.checkAuthConfig()).resolves.toBeUndefined()
      // What our verifier reads, the SDK has to be able to read as well.
      const seen = await auth.getAuth(request('/again'))
      expect(await seen.native()).toMatchObject({ userId: 'user_1' })
    })

  const broken = [
    { says: 'half a key', value: body.slice(0, 200) },
    { says: 'words', value: 'not a key' },
    { says: 'a certificate', value: `-----BEGIN CERTIFICATE-----\n${body}` },
    { says: 'a PKCS #1 key', value: pkcs1 },
    { says: 'a key in quotes', value: `"${key.publicPem}"` },
    { says: 'the secret key', value: 'sk_test_0123456789' },
  ]

  for (const { says, value } of broken)
    it(`is config_invalid as ${says}`, async () => {
      const instance = await createInstance(false)
      const { request } = await instance.signedIn({ userId: 'user_1' })
      const auth = createApp({ ...optionsOf(instance), jwtKey: value })
      for (const call of [() => auth.checkAuthConfig(), () => auth.getAuth(request('/'))]) {
        const error = await errorOf(call)
        expect(error.code).toBe('config_invalid')
        expect(error.details.issues?.map(({ name }) => name)).toEqual(['CLERK_JWT_KEY'])
        expect(error.message).not.toContain(value)
      }
      const answer = await auth.requireAuth(() => new Response('in'))(request('/'))
      expect(answer.status).toBe(500)
      expect(await answer.text()).not.toContain('CLERK_JWT_KEY')
    })
})
