/**
 * The real SDK and authmux, asked about the same requests: what it refuses is refused, what is
 * refused besides belongs to a named row, and whom both accept is the same person.
 *
 * `FUZZ_CASES` asks for more cases, `FUZZ_SEED` for others, `FUZZ_REPORT` for the counts.
 */

import nock from 'nock'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AntiCsrfMode, TransferMethod } from '../../providers/supertokens/settings.js'
import type { AuthFunctions } from '../../src/auth.js'
import type { AuthErrorCode } from '../../src/errors.js'
import { createRandom, seed as firstSeed } from '../support/random.js'
import { grouped, record } from '../support/security-figures.js'
import {
  askSdk,
  createAuthOver,
  NOW,
  recipeListOf,
  resetSdk,
  type SdkVerdict,
} from '../support/supertokens-app.js'
import { createScriptedCore } from '../support/supertokens-core.js'
import {
  type GeneratedCase,
  type Material,
  randomCase,
  systematicCases,
} from '../support/supertokens-generator.js'
import { type OurVerdict, strictRow } from '../support/supertokens-rows.js'
import { createSigningKey, payloadOf } from '../support/supertokens-tokens.js'

const foreign = createSigningKey('d-1763000000000')
const odd = createSigningKey('x-1')

const modes = (['NONE', 'VIA_CUSTOM_HEADER', 'VIA_TOKEN'] as const).flatMap((antiCsrf) =>
  (['any', 'cookie', 'header'] as const).flatMap((transfer) =>
    [true, false].map((isDynamic): Omit<Mode, 'seed'> => {
      // With a claim to check, everything a recipe of the app has to say is said by the SDK.
      return { antiCsrf, transfer, isDynamic, hasClaims: antiCsrf === 'NONE' && isDynamic }
    }),
  ),
)
const CASES_PER_MODE = Math.ceil(Number(process.env.FUZZ_CASES ?? 0) / modes.length)
const RANDOM_CASES = 60

const counts = new Map<string, number>()

/** Puts a pair of verdicts on record as one of a known kind, in which nothing is wrong. */
function fits(row: string): null {
  counts.set(row, (counts.get(row) ?? 0) + 1)
  return null
}

beforeAll(() => nock.disableNetConnect())
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }))
afterAll(() => {
  vi.useRealTimers()
  if (process.env.FUZZ_REPORT) console.table(Object.fromEntries([...counts].sort()))
})

interface Mode {
  readonly antiCsrf: AntiCsrfMode
  readonly transfer: TransferMethod
  readonly isDynamic: boolean
  /** Whether a recipe demands a verified address of every session. */
  readonly hasClaims: boolean
  readonly seed: number
}

/** The SDK, authmux in both its ways, and the sessions of two people. */
function start({ antiCsrf, transfer, isDynamic, hasClaims }: Mode) {
  resetSdk()
  const core = createScriptedCore()
  core.extraKeys.push(odd)
  const session = { antiCsrf, useDynamicAccessTokenSigningKey: isDynamic }
  for (const id of ['user-1', 'user-2']) core.users.add({ id })
  const recipeList = recipeListOf({
    recipes: hasClaims ? [EmailVerification.init({ mode: 'REQUIRED' })] : [],
    session: { ...session, getTokenTransferMethod: () => transfer },
  })
  const learned = createAuthOver(recipeList)
  const declared = createAuthOver(recipeList, {
    provider: {
      requiredClaims: hasClaims ? { 'st-ev': true } : {},
      session: { ...session, getTokenTransferMethod: transfer },
    },
  })
  const claims = { 'st-ev': { v: true, t: NOW } }
  const kinds = { own: core.keys.dynamic, other: core.keys.static }
  const keys = isDynamic ? kinds : { own: kinds.other, other: kinds.own }
  const material: Material = {
    antiCsrf,
    keys: { ...keys, foreign: { ...foreign, kid: keys.own.kid }, odd },
    mine: core.issue({ userId: 'user-1', isStatic: !isDynamic, claims }),
    theirs: core.issue({ userId: 'user-2', isStatic: !isDynamic, claims }),
  }
  return { learned, declared, material }
}

async function ask(auth: AuthFunctions, entry: GeneratedCase): Promise<OurVerdict> {
  const policy = entry.asksVendor ? { revocation: 'session' as const } : {}
  const guarded = auth.requireAuth(({ auth: { userId, sessionId, tenantId } }) => {
    return Response.json({ outcome: 'accepted', userId, handle: sessionId, tenantId })
  }, policy)
  const response = await guarded(entry.request())
  const body = await response.json()
  if (response.status === 200) return body as OurVerdict
  return { outcome: 'refused', code: (body as { code: AuthErrorCode }).code }
}

const handleIn = (entry: GeneratedCase): string | null => {
  try {
    return String(payloadOf(entry.cookie?.text ?? '').sessionHandle).trim()
  } catch {
    return null
  }
}

const isSame = (theirs: SdkVerdict, ours: OurVerdict) =>
  theirs.outcome === 'accepted' &&
  ours.outcome === 'accepted' &&
  theirs.userId === ours.userId &&
  theirs.handle === ours.handle &&
  theirs.tenantId === ours.tenantId

/** What is wrong with a pair of verdicts; `null` when nothing is. */
function judge(
  entry: GeneratedCase,
  theirs: SdkVerdict,
  ours: OurVerdict,
  { transfer }: Mode,
): string | null {
  if (ours.outcome === 'refused') {
    const isServerFault = ['config_invalid', 'provider_unavailable'].includes(ours.code)
    if (isServerFault || ours.code === undefined) return `fails with ${ours.code}`
    if (theirs.outcome !== 'accepted') return fits('both refuse')
    const row = strictRow(entry, theirs, ours, transfer, handleIn(entry))
    if (row === null) return `is refused with ${ours.code}, and no row says why`
    return fits(`refused here only: ${row}`)
  }
  if (isSame(theirs, ours)) return fits('both accept')
  const said = theirs.outcome === 'accepted' ? `${theirs.userId}’s` : 'nobody’s'
  return `is ${ours.userId}’s in ${ours.tenantId}, and ${said} to the SDK`
}

/**
 * Every change alone where tokens travel either way, a third of them elsewhere, another third each
 * time; then combinations.
 */
function* cases(material: Material, { transfer, seed }: Mode): Generator<GeneratedCase> {
  let made = 0
  for (const [index, entry] of [...systematicCases(material)].entries()) {
    if (transfer !== 'any' && index % 3 !== seed % 3) continue
    made++
    yield entry
  }
  const random = createRandom(seed)
  const wanted = Math.max(RANDOM_CASES, CASES_PER_MODE - made)
  for (let index = 0; index < wanted; index++) yield randomCase(material, random)
}

describe(`authmux against the SDK, seed ${firstSeed}`, () => {
  it.each(modes.map((mode, index) => ({ ...mode, seed: firstSeed + index })))(
    'anti-CSRF $antiCsrf, tokens in $transfer, dynamic keys $isDynamic, claims $hasClaims',
    async (mode) => {
      const { learned, declared, material } = start(mode)
      await learned.checkAuthConfig()
      const problems: string[] = []
      for (const entry of cases(material, mode)) {
        const theirs = await askSdk(
          entry.request(),
          entry.asksVendor ? { checkDatabase: true } : {},
        )
        const ours = await ask(learned, entry)
        const problem = judge(entry, theirs, ours, mode)
        if (problem) problems.push(`${entry.says} ${problem}`)
        if (entry.asksVendor && ours.outcome === 'accepted') {
          const plain = await ask(learned, { ...entry, asksVendor: false })
          if (JSON.stringify(plain) !== JSON.stringify(ours)) {
            problems.push(`${entry.says} is ${ours.userId}’s, and ${JSON.stringify(plain)} unasked`)
          }
        }
        const light = await ask(declared, entry)
        if (JSON.stringify(light) !== JSON.stringify(ours)) {
          problems.push(`${entry.says} is ${JSON.stringify(light)} where rules are declared`)
        }
      }
      const more = problems.length - 10
      expect(problems.slice(0, 10), `seed ${mode.seed}; ${Math.max(0, more)} more`).toEqual([])
    },
    600_000,
  )

  it('differ by named rows only', (context) => {
    const asked = [...counts.values()].reduce((sum, times) => sum + times, 0)
    const strict = [...counts.keys()].filter((row) => row.startsWith('refused here only'))
    expect(strict.length).toBeGreaterThan(0)
    record(
      context,
      'differential',
      `supertokens: ${grouped(asked)} requests, seed ${firstSeed}; nothing accepted here only; refused here only by ${strict.length} named rows`,
    )
  })
})
