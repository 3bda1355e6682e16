/**
 * What the app's recipes demand of a session, read from the Session recipe they initialise.
 *
 * The SDK offers no function for it, so this reads members of its recipe object (`supertokens-node`
 * 24.0.3, recipe/session/recipe.ts, read 2026-11-21). An override that cannot be read is taken for
 * one that decides about sessions; such sessions are put before the SDK after they have passed here.
 */

import type {
  SessionClaimValidator,
  RecipeInterface as SessionFunctions,
} from 'supertokens-node/recipe/session'
import type { RecipeListFunction } from 'supertokens-node/types'
import type { ConfigIssue } from '../../src/errors.js'
import { type RequestView, viewRequest } from '../../src/request.js'
import type { SessionRules } from './rules.js'
import { tellOfEnds } from './sdk-ends.js'
import { toSdkRequest } from './sdk-http.js'
import type { AntiCsrfMode, SuperTokensSettings, TransferMethod } from './settings.js'

type Overridable = Readonly<Record<string, unknown>>
/** Plugins hand their layers to the builder; so does every `override` of the app. */
type Override = (original: Overridable, builder: object) => Overridable

/** The members of the SDK's Session recipe that are read here. */
interface SessionRecipe {
  readonly config: {
    readonly useDynamicAccessTokenSigningKey: boolean
    readonly sessionExpiredStatusCode: number
    readonly invalidClaimStatusCode: number
    readonly antiCsrfFunctionOrString: AntiCsrfMode | ((input: object) => AntiCsrfMode)
    readonly getTokenTransferMethod: (input: object) => TransferMethod
    readonly getCookieNameForTokenType: (request: object, type: 'access', context: object) => string
    readonly override: {
      readonly functions: Override
      readonly apis: Override
    }
  }
  /** What the app's overrides have made of the recipe's functions; all of the SDK calls them here. */
  readonly recipeInterfaceImpl: SessionFunctions
  getClaimValidatorsAddedByOtherRecipes(): readonly SessionClaimValidator[]
}

/** What was learned from the recipes. */
export interface LearnedRules extends SessionRules {
  /** Claim validators every session has to pass. */
  readonly validators: readonly SessionClaimValidator[]
  /** Whether the app replaces what decides about sessions, so that only the SDK can. */
  readonly isCustom: boolean
  /** What authmux cannot work with at all; `null` when there is nothing. */
  readonly problem: string | null
}

/** A recipe list that hands out the Session recipe it makes. */
export function watchRecipes(list: readonly RecipeListFunction[]): {
  readonly list: RecipeListFunction[]
  readonly learn: () => LearnedRules
} {
  let session: SessionRecipe | undefined
  return {
    list: list.map((create) => (...parameters) => {
      const recipe = create(...parameters)
      if (recipe.getRecipeId() === 'session') {
        session = recipe as unknown as SessionRecipe
        tellOfEnds(session.recipeInterfaceImpl)
      }
      return recipe
    }),
    learn: () => learnRules(session),
  }
}

function learnRules(recipe: SessionRecipe | undefined): LearnedRules {
  const config = recipe?.config
  const antiCsrf = config?.antiCsrfFunctionOrString ?? 'NONE'
  const input = (view: RequestView) => ({
    request: toSdkRequest(view),
    req: toSdkRequest(view),
    forCreateNewSession: false,
    userContext: {},
  })
  return {
    usesDynamicKeys: config?.useDynamicAccessTokenSigningKey ?? true,
    sessionExpiredStatusCode: config?.sessionExpiredStatusCode ?? 401,
    invalidClaimStatusCode: config?.invalidClaimStatusCode ?? 403,
    antiCsrf: (view) => (typeof antiCsrf === 'function' ? antiCsrf(input(view)) : antiCsrf),
    transferMethod: (view) => config?.getTokenTransferMethod(input(view)) ?? 'any',
    validators: recipe?.getClaimValidatorsAddedByOtherRecipes() ?? [],
    isCustom: !recipe || isOverridden(recipe),
    problem: findProblem(recipe),
  }
}

function findProblem(recipe: SessionRecipe | undefined): string | null {
  if (!recipe) return 'lacks the Session recipe'
  try {
    const name = recipe.config.getCookieNameForTokenType({}, 'access', {})
    return name === 'sAccessToken' ? null : 'renames the cookies of the session'
  } catch {
    return 'renames the cookies of the session'
  }
}

/** Whether an override replaces a function that has a say in verification. */
function isOverridden({ config }: SessionRecipe): boolean {
  const functions = { getSession: {}, getGlobalClaimValidators: {}, validateClaims: {} }
  const apis = { verifySession: {} }
  try {
    return replaces(config.override.functions, functions) || replaces(config.override.apis, apis)
  } catch {
    return true
  }
}

function replaces(override: Override, original: Overridable) {
  const layers = [override]
  const builder: { override(layer: Override): object } = {
    override(layer) {
      layers.push(layer)
      return builder
    },
  }
  // Layers are added while they are gone through.
  for (const layer of layers) {
    const result = layer({ ...original }, builder)
    if (Object.keys(original).some((name) => result[name] !== original[name])) return true
  }
  return false
}

/** Every way in which the options say something else than the recipes do. */
export async function findDrift(
  learned: LearnedRules,
  declared: SessionRules,
  { requiredClaims, session = {} }: SuperTokensSettings,
): Promise<readonly ConfigIssue[]> {
  const issues: ConfigIssue[] = []
  if (learned.problem) return [{ name: 'supertokens({ recipes })', message: learned.problem }]
  const fixed = [
    'useDynamicAccessTokenSigningKey',
    'sessionExpiredStatusCode',
    'invalidClaimStatusCode',
    'antiCsrf',
    'getTokenTransferMethod',
  ] as const
  const view = viewRequest(new Request('http://authmux.invalid', { method: 'POST' }))
  const pairs = {
    useDynamicAccessTokenSigningKey: [declared.usesDynamicKeys, learned.usesDynamicKeys],
    sessionExpiredStatusCode: [declared.sessionExpiredStatusCode, learned.sessionExpiredStatusCode],
    invalidClaimStatusCode: [declared.invalidClaimStatusCode, learned.invalidClaimStatusCode],
    antiCsrf: [declared.antiCsrf(view), learned.antiCsrf(view)],
    getTokenTransferMethod: [declared.transferMethod(view), learned.transferMethod(view)],
  }
  for (const name of fixed) {
    const [said, found] = pairs[name]
    const isSaid = requiredClaims !== undefined || session[name] !== undefined
    if (isSaid && said !== found) {
      issues.push({
        name: `supertokens({ session.${name} })`,
        message: `is ${found} in Session.init`,
      })
    }
  }
  if (!requiredClaims) return issues
  if (learned.isCustom) {
    const message = 'cannot be used while Session.init overrides how sessions are verified'
    issues.push({ name: 'supertokens({ requiredClaims })', message })
  }
  const demanded = new Set(learned.validators.map(({ id }) => id))
  for (const id of Object.keys(requiredClaims).filter((name) => !demanded.has(name))) {
    const name = `supertokens({ requiredClaims: { '${id}' } })`
    issues.push({ name, message: 'is demanded by no recipe, so nothing holds sessions to it' })
  }
  for (const validator of learned.validators) {
    const problem = await compareValidator(validator, requiredClaims[validator.id])
    if (problem) {
      const name = `supertokens({ requiredClaims: { '${validator.id}' } })`
      issues.push({ name, message: problem })
    }
  }
  return issues
}

/** Whether a validator accepts exactly the declared value, however old; the problem if it does not. */
async function compareValidator(
  validator: SessionClaimValidator,
  value: string | number | boolean | undefined,
): Promise<string | null> {
  if (value === undefined) return 'is missing: a recipe demands this claim'
  const context = {} as Parameters<SessionClaimValidator['validate']>[1]
  const accepts = async (payload: object) => {
    const refetches = 'claim' in validator && (await validator.shouldRefetch(payload, context))
    return !refetches && (await validator.validate(payload, context)).isValid
  }
  const wrapped = (v: unknown, t: number) => ({ [validator.id]: { v, t, c: {} } })
  if (!(await accepts(wrapped(value, Date.now())))) return 'is not the value the recipe demands'
  if (!(await accepts(wrapped(value, 1)))) return 'cannot be declared: the recipe limits its age'
  return null
}
