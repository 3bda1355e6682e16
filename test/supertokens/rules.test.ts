import { createRequire } from 'node:module'
import nock from 'nock'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import MultiFactorAuth from 'supertokens-node/recipe/multifactorauth'
import OpenId from 'supertokens-node/recipe/openid'
import { BooleanClaim } from 'supertokens-node/recipe/session/claims'
import { beforeEach, describe, expect, it } from 'vitest'
import type { SuperTokensOptions } from '../../providers/supertokens/settings.js'
import { isAuthError } from '../../src/errors.js'
import {
  APP_INFO,
  type AppOptions,
  askSdk,
  createApp,
  ORIGIN,
  requestWith,
} from '../support/supertokens-app.js'

beforeEach(() => nock.disableNetConnect())

const verification = () => EmailVerification.init({ mode: 'REQUIRED' })
const optional = () => EmailVerification.init({ mode: 'OPTIONAL' })
const secondFactor = () => MultiFactorAuth.init()
const claim = new BooleanClaim({ key: 'st-ev', fetchValue: async () => true })

const build = (path: string) => createRequire(import.meta.url)(`supertokens-node/lib/build/${path}`)

type SessionInit = NonNullable<AppOptions['session']>

/** What is wrong with an app's options, by name; empty when nothing is. */
async function drift(app: AppOptions): Promise<string[]> {
  try {
    await createApp(app).auth.checkAuthConfig()
    return []
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'config_invalid') throw error
    return (error.details.issues ?? []).map(({ name }) => name)
  }
}

const declared = (
  requiredClaims: NonNullable<SuperTokensOptions['requiredClaims']>,
  session: NonNullable<SuperTokensOptions['session']> = {},
): Partial<SuperTokensOptions> => ({ requiredClaims, session })

describe('claims that are declared', () => {
  it.each([
    ['nothing where nothing is demanded', [], {}, []],
    ['nothing where a recipe only offers it', [optional], {}, []],
    ['what a recipe demands', [verification], { 'st-ev': true }, []],
    [
      'what two recipes demand',
      [verification, secondFactor],
      { 'st-ev': true, 'st-mfa': true },
      [],
    ],
    [
      'less than a recipe demands',
      [verification],
      {},
      ["supertokens({ requiredClaims: { 'st-ev' } })"],
    ],
    [
      'less than two recipes demand',
      [verification, secondFactor],
      {},
      [
        "supertokens({ requiredClaims: { 'st-ev' } })",
        "supertokens({ requiredClaims: { 'st-mfa' } })",
      ],
    ],
    [
      'another value than a recipe demands',
      [verification],
      { 'st-ev': false },
      ["supertokens({ requiredClaims: { 'st-ev' } })"],
    ],
    [
      'a value of another type',
      [verification],
      { 'st-ev': 'true' },
      ["supertokens({ requiredClaims: { 'st-ev' } })"],
    ],
  ] as const)('%s', async (_says, recipes, claims, expected) => {
    const made = [EmailPassword.init(), ...recipes.map((recipe) => recipe())]
    expect(await drift({ recipes: made, provider: declared(claims) })).toEqual(expected)
  })

  it('that no recipe demands are an error: nothing else would hold them against a session', async () => {
    const provider = declared({ plan: 'pro' })
    expect(await drift({ provider })).toEqual(["supertokens({ requiredClaims: { 'plan' } })"])
  })

  it('keep a session out that does not have them, as nobody else would', async () => {
    const { auth, core } = createApp({ provider: declared({ plan: 'pro' }) })
    const { accessToken: bearer } = core.issue({ claims: { plan: { v: 'free', t: 1 } } })
    await expect(auth.getAuth(requestWith({ bearer }))).rejects.toMatchObject({
      code: 'config_invalid',
      details: { issues: [{ name: "supertokens({ requiredClaims: { 'plan' } })" }] },
    })
  })
})

describe('claims cannot be declared where only the SDK can tell', () => {
  const functions = (
    name: 'getGlobalClaimValidators' | 'getSession' | 'validateClaims',
  ): SessionInit => ({
    override: {
      functions: (original) => ({ ...original, [name]: (input: never) => original[name](input) }),
    },
  })
  const aged: SessionInit = {
    override: {
      functions: (original) => ({
        ...original,
        getGlobalClaimValidators: async (input) => [
          ...(await original.getGlobalClaimValidators(input)),
          claim.validators.hasValue(true, 300),
        ],
      }),
    },
  }
  const inPlace: SessionInit = {
    override: {
      functions(original) {
        const { getSession } = original
        original.getSession = (input) => getSession(input)
        return original
      },
    },
  }
  const verifySession: SessionInit = {
    override: {
      apis: (original) => ({
        ...original,
        verifySession: async (input) => original.verifySession(input),
      }),
    },
  }

  it.each([
    ['an override of getGlobalClaimValidators', functions('getGlobalClaimValidators')],
    ['an override of getSession', functions('getSession')],
    ['an override of validateClaims', functions('validateClaims')],
    ['an override of verifySession', verifySession],
    ['an override that changes the original in place', inPlace],
    ['a validator that limits the age of a claim', aged],
  ])('%s', async (_says, session) => {
    expect(await drift({ session, provider: declared({}) })).toEqual([
      'supertokens({ requiredClaims })',
    ])
    expect(await drift({ session })).toEqual([])
  })

  it.each([
    [
      'an override of createNewSession',
      {
        override: {
          functions: (original) => ({
            ...original,
            createNewSession: (input) => original.createNewSession(input),
          }),
        },
      } satisfies SessionInit,
    ],
    [
      'an override of signOutPOST',
      {
        override: { apis: (original) => ({ ...original, signOutPOST: undefined }) },
      } satisfies SessionInit,
    ],
  ])('%s has no say in verification', async (_says, session) => {
    expect(await drift({ session, provider: declared({}) })).toEqual([])
  })
})

describe('a validator a recipe brings along', () => {
  const bringing = (maxAgeInSeconds?: number) => {
    const create = EmailPassword.init()
    return (...parameters: Parameters<typeof create>) => {
      const { PostSuperTokensInitCallbacks: later } = build('postSuperTokensInitCallbacks')
      const session = () => build('recipe/session/recipe').default.getInstanceOrThrowError()
      const validator = claim.validators.hasValue(true, maxAgeInSeconds)
      later.addPostInitCallback(() => session().addClaimValidatorFromOtherRecipe(validator))
      return create(...parameters)
    }
  }

  it.each([
    ['can be declared where it only looks at the value', undefined, true, []],
    ['has to be declared', undefined, undefined, ["supertokens({ requiredClaims: { 'st-ev' } })"]],
    [
      'cannot be where it limits the age',
      300,
      true,
      ["supertokens({ requiredClaims: { 'st-ev' } })"],
    ],
  ] as const)('%s', async (_says, maxAge, value, expected) => {
    const provider = declared(value === undefined ? {} : { 'st-ev': value })
    expect(await drift({ recipes: [bringing(maxAge)], provider })).toEqual(expected)
  })
})

describe('the options of Session.init, said again', () => {
  it.each([
    ['useDynamicAccessTokenSigningKey', { useDynamicAccessTokenSigningKey: false }],
    ['sessionExpiredStatusCode', { sessionExpiredStatusCode: 440 }],
    ['invalidClaimStatusCode', { invalidClaimStatusCode: 499 }],
    ['antiCsrf', { antiCsrf: 'VIA_TOKEN' }],
    ['antiCsrf', { antiCsrf: 'VIA_CUSTOM_HEADER' }],
    ['getTokenTransferMethod', { getTokenTransferMethod: (): 'header' => 'header' }],
    ['getTokenTransferMethod', { getTokenTransferMethod: (): 'cookie' => 'cookie' }],
  ] as const)('%s: %j has to be said where claims are declared', async (name, session) => {
    expect(await drift({ session: { ...session }, provider: declared({}) })).toEqual([
      `supertokens({ session.${name} })`,
    ])
    expect(await drift({ session: { ...session } })).toEqual([])
  })

  it.each([
    ['useDynamicAccessTokenSigningKey', false],
    ['sessionExpiredStatusCode', 440],
    ['invalidClaimStatusCode', 499],
    ['antiCsrf', 'VIA_TOKEN'],
    ['getTokenTransferMethod', 'header'],
  ])('%s: %j has to be true, wherever it is said', async (name, value) => {
    const session = { [name]: value }
    expect(await drift({ provider: { session } })).toEqual([`supertokens({ session.${name} })`])
    expect(await drift({ provider: declared({}, session) })).toEqual([
      `supertokens({ session.${name} })`,
    ])
  })

  it('agree, and all is well', async () => {
    const session = {
      useDynamicAccessTokenSigningKey: false,
      sessionExpiredStatusCode: 440,
      invalidClaimStatusCode: 499,
      antiCsrf: 'VIA_TOKEN',
    } as const
    expect(
      await drift({
        session: { ...session, getTokenTransferMethod: () => 'cookie' },
        provider: declared({}, { ...session, getTokenTransferMethod: 'cookie' }),
      }),
    ).toEqual([])
  })

  it('are named together, with the claims', async () => {
    const session = { useDynamicAccessTokenSigningKey: false, sessionExpiredStatusCode: 440 }
    const recipes = [verification()]
    expect(await drift({ session, recipes, provider: declared({}) })).toEqual([
      'supertokens({ session.useDynamicAccessTokenSigningKey })',
      'supertokens({ session.sessionExpiredStatusCode })',
      "supertokens({ requiredClaims: { 'st-ev' } })",
    ])
  })
})

describe('an issuer that is not the one of the SDK', () => {
  it.each(['https://api.example.com/auth', 'localhost/auth', '//auth', '/auth//'])(
    'apiBasePath %j: the issuer agrees, or is named',
    async (apiBasePath) => {
      const provider = { appInfo: { ...APP_INFO, apiBasePath } }
      const issues = [[], ['supertokens({ appInfo })'], ['authBasePath']]
      expect(issues).toContainEqual(await drift({ provider }))
    },
  )

  it('is named where the app overrides it', async () => {
    const openId = OpenId.init({
      override: {
        functions: (original) => ({
          ...original,
          getOpenIdDiscoveryConfiguration: async (input) => ({
            ...(await original.getOpenIdDiscoveryConfiguration(input)),
            issuer: 'https://elsewhere.example',
          }),
        }),
      },
    })
    expect(await drift({ recipes: [openId] })).toEqual(['supertokens({ appInfo })'])
  })
})

describe('rules that are learned', () => {
  it('refuse a custom cookie name, and let nobody in by it', async () => {
    const getCookieNameForTokenType: SessionInit['getCookieNameForTokenType'] = (_req, type) =>
      type === 'access' ? 'myAccessToken' : 'myRefreshToken'
    const app = createApp({ session: { getCookieNameForTokenType } })
    const { accessToken } = app.core.issue()
    const request = new Request(ORIGIN, { headers: { cookie: `myAccessToken=${accessToken}` } })
    await expect(app.auth.checkAuthConfig()).rejects.toMatchObject({ code: 'config_invalid' })
    expect(await app.auth.getAuth(request)).toMatchObject({ isAuthenticated: false })
  })

  it('are complete: without a Session recipe, the options are wrong', async () => {
    const recipes = async () => ({ recipeList: [EmailPassword.init()] })
    expect(await drift({ provider: { recipes } })).not.toEqual([])
  })

  it('say what the SDK says where getTokenTransferMethod depends on the request', async () => {
    const getTokenTransferMethod: SessionInit['getTokenTransferMethod'] = ({ req }) =>
      req.getHeaderValue('x-app') === 'mobile' ? 'header' : 'cookie'
    const { auth, core } = createApp({ session: { getTokenTransferMethod } })
    const { accessToken } = core.issue()
    await auth.checkAuthConfig()
    for (const headers of [{ 'x-app': 'mobile' }, {}]) {
      for (const parts of [{ bearer: accessToken }, { cookie: accessToken }]) {
        const request = () => requestWith({ ...parts, headers })
        const { outcome } = await askSdk(request())
        const { isAuthenticated } = await auth.getAuth(request())
        expect(isAuthenticated).toBe(outcome === 'accepted')
      }
    }
  })
})
