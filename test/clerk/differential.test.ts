/**
 * Every request is judged twice, by authmux and by `@clerk/backend`, at the same moment and with the
 * same configuration. `FUZZ_CASES` sets how many mixtures, `FUZZ_SEED` which ones, and `FUZZ_REPORT`
 * has the differences counted.
 */

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { NodeRequestLike, RequestSource } from '../../src/request.js'
import { isolateNetwork } from '../support/clerk-backend.js'
import {
  explainLeniency,
  explainStrictness,
  isSame,
  leniencyNames,
  strictnessNames,
} from '../support/clerk-differences.js'
import {
  type Carrier,
  carriers,
  draftRequest,
  type RequestDraft,
  renderRequest,
} from '../support/clerk-draft.js'
import { type Bench, createBenches, type Identity } from '../support/clerk-oracle.js'
import { requestChanges } from '../support/clerk-request-changes.js'
import { type Change, tokenChanges } from '../support/clerk-token-changes.js'
import { createRandom, type Random, seed } from '../support/random.js'
import { grouped, record } from '../support/security-figures.js'

isolateNetwork()

const size = Number(process.env.FUZZ_CASES ?? 3000)
const benches = createBenches()

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  // The SDK tells its reader about loops, clocks and handshakes; there is no reader here.
  for (const method of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => undefined)
  }
})
afterAll(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A request to be judged, and how it came about. */
interface Case {
  readonly bench: Bench
  readonly carrier: Carrier
  readonly changes: readonly Change[]
}

/** How the two verdicts on a case compare; unexplained ones are what this is all about. */
type Comparison =
  | { readonly kind: 'accepted by both' | 'refused by both' }
  | { readonly kind: 'only us' | 'only Clerk' | 'somebody else'; readonly why: readonly string[] }

async function compare({ bench, carrier, changes }: Case): Promise<Comparison> {
  const draft: RequestDraft = draftRequest(bench.instance, carrier)
  for (const change of changes) change.apply(draft, bench.instance)
  vi.setSystemTime(draft.now)
  const request = renderRequest(draft, bench.instance)
  const ours = await weSee(request, bench)
  expect(await weSee(toNodeRequest(request), bench), 'as Node has it').toEqual(ours)
  const judgement = await bench.judge(request)
  if (judgement.kind === 'refused') {
    if (!ours) return { kind: 'refused by both' }
    return { kind: 'only us', why: (await explainLeniency(request, ours, bench)) ?? [] }
  }
  if (!ours) return { kind: 'only Clerk', why: explainStrictness(request, judgement, bench) }
  if (isSame(ours, judgement.identity)) return { kind: 'accepted by both' }
  return { kind: 'somebody else', why: (await explainLeniency(request, ours, bench)) ?? [] }
}

async function weSee(request: RequestSource, { auth }: Bench): Promise<Identity | null> {
  const seen = await auth.getAuth(request)
  if (!seen.isAuthenticated) return null
  const { userId, sessionId, orgId, orgRole, orgPermissions } = seen
  return { userId, sessionId, orgId, orgRole, orgPermissions }
}

/** The same request as a Pages Router handler gets it. */
function toNodeRequest({ method, url, headers }: Request): NodeRequestLike {
  const { pathname, search } = new URL(url)
  return { method, url: pathname + search, headers: Object.fromEntries(headers) }
}

/** What a configuration beyond the simplest has an effect on. */
const configurable = ['iss', 'azp', 'aud', 'query', 'document', 'handshake']

/** One change at a time, wherever it can make a difference: the table of facts, row by row. */
function singles(bench: Bench): Case[] {
  const isSimple = !bench.name.includes(',')
  const matters = ({ place }: Change) => isSimple || configurable.includes(place)
  return carriers.flatMap((carrier) => {
    const tokens = ['bearer', 'cookies'].includes(carrier) ? tokenChanges : []
    const chosen = [...tokens, ...requestChanges].filter(matters)
    return [[], ...chosen.map((change) => [change])].map((changes) => ({ bench, carrier, changes }))
  })
}

/** Up to five changes at a time, all in different places. */
function mixture(random: Random): Case {
  const count = random.pick([1, 2, 2, 2, 3, 3, 4, 5])
  const chosen = new Map<string, Change>()
  for (let index = 0; index < count; index++) {
    const change = random.pick(random.chance(0.4) ? tokenChanges : requestChanges)
    chosen.set(change.place, change)
  }
  return {
    bench: random.pick(benches),
    carrier: random.pick(carriers.slice(0, random.chance(0.1) ? 6 : 5)),
    changes: [...chosen.values()],
  }
}

function describeCase({ bench, carrier, changes }: Case): string {
  return `${bench.name}; ${carrier}; ${changes.map(({ says }) => says).join('; ') || 'nothing else'}`
}

/** How often each verdict was reached, and how often each listed difference was the reason. */
const tally = new Map<string, number>()
const reasons = new Map<string, { alone: number; among: number }>()

function count(comparison: Comparison): void {
  const { kind } = comparison
  tally.set(kind, (tally.get(kind) ?? 0) + 1)
  const why = 'why' in comparison ? comparison.why : []
  for (const name of why) {
    const row = `${kind}: ${name}`
    const { alone, among } = reasons.get(row) ?? { alone: 0, among: 0 }
    const isAlone = why.length === 1
    reasons.set(row, { alone: alone + Number(isAlone), among: among + Number(!isAlone) })
  }
}

function report(): string {
  const rows = [...reasons].map(
    ([row, { alone, among }]) => `${row}: ${alone} alone, ${among} with others`,
  )
  const kinds = [...tally].map(([kind, times]) => `${kind}: ${times}`)
  return [`seed ${seed}`, ...kinds.sort(), ...rows.sort(), ''].join('\n')
}

async function compareAll(cases: Iterable<Case>): Promise<void> {
  const unexplained: string[] = []
  for (const entry of cases) {
    const comparison = await compare(entry)
    count(comparison)
    if ('why' in comparison && comparison.why.length === 0) {
      unexplained.push(`${comparison.kind}; ${describeCase(entry)}`)
    }
  }
  expect(unexplained, `seed ${seed}`).toEqual([])
}

// The last test counts what all before it have found.
describe('verdicts', { shuffle: false }, () => {
  for (const bench of benches) {
    it(`agree on every single change: ${bench.name}`, () => compareAll(singles(bench)), 120_000)
  }

  it('agree on mixtures of changes, but for the rows that are listed', async () => {
    const random = createRandom(seed)
    await compareAll(Array.from({ length: size }, () => mixture(random)))
  }, 7_200_000)

  it('differ by every row that is listed, and by no other', (context) => {
    if (process.env.FUZZ_REPORT) process.stdout.write(report())
    const rows = [...reasons.keys()].flatMap((row) => row.split(': ')[1] ?? [])
    expect([...new Set(rows)].sort()).toEqual([...leniencyNames, ...strictnessNames].sort())
    const asked = [...tally.values()].reduce((sum, times) => sum + times, 0)
    record(
      context,
      'differential',
      `clerk: ${grouped(asked)} requests, seed ${seed}; accepted here only by the ${leniencyNames.length} rows of the closed list; refused here only by ${strictnessNames.length} named rows`,
    )
  })
})
